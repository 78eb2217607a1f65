"""`signpost build`: making an index."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from index.errors import StrictBuildError
from search import terminal
from search.build_settings import build_of, build_options
from search.commands.shared import (
    DONE_WITH_PROBLEMS,
    FOLDER,
    Command,
    index_option,
    json_option,
    print_json,
    settings_of,
)


@click.command(cls=Command)
@click.argument("content", type=FOLDER, required=False)
@index_option
@click.option("--full", is_flag=True, help="Read every post again, whatever has changed.")
@click.option("--strict", is_flag=True, help="Publish nothing if any post has a problem.")
@click.option("--watch", is_flag=True, help="Go on, and build again whenever posts are saved.")
@click.option("--allow-shrink", is_flag=True, help="Publish however many posts are gone.")
@json_option
@click.pass_context
def build(ctx: click.Context, /, **given: Any) -> None:
    """Make the index of a folder of posts, and publish it.

    CONTENT is the folder; its default is the one in signpost.toml, or ./content. A server that is
    running goes over to the new index by itself.
    """
    _build(ctx, _Wanted(**given))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The options of the command."""

    content: Path | None
    index_dir: Path | None
    full: bool
    strict: bool
    watch: bool
    allow_shrink: bool
    as_json: bool


def _build(ctx: click.Context, wanted: _Wanted) -> None:
    settings = settings_of(ctx, posts={"content": wanted.content}, index={"dir": wanted.index_dir})
    content, index_dir = settings.posts.content, settings.index.dir
    options = build_options(settings, is_strict=wanted.strict, allows_shrink=wanted.allow_shrink)
    build, update = build_of(settings, is_full=wanted.full), build_of(settings)
    if wanted.watch:
        from search.watching import watch_posts  # noqa: PLC0415  # only for this

        watch_posts(content, index_dir, options, build, update, as_json=wanted.as_json)
        return
    try:
        with terminal.progress_bar() as progress:
            report = build(content, index_dir, options, progress)
    except StrictBuildError as error:
        if wanted.as_json:
            print_json(error.as_json())
        else:
            terminal.print_problems(error.problems)
            click.echo(f"signpost: {error}", err=True)
        ctx.exit(DONE_WITH_PROBLEMS)
    if wanted.as_json:
        print_json(report.as_json())
    else:
        terminal.print_build(report, index_dir)
