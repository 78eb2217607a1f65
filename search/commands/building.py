"""`signpost build`: making an index."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from index.errors import StrictBuildError
from index.safeguards import ANY_SHRINK
from search import terminal
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
@click.option("--full", is_flag=True, help="Start over. In this version every build does.")
@click.option("--strict", is_flag=True, help="Publish nothing if any post has a problem.")
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
    full: bool  # as every build is, in this version
    strict: bool
    allow_shrink: bool
    as_json: bool


def _build(ctx: click.Context, wanted: _Wanted) -> None:
    from index.build import BuildOptions, build_index  # noqa: PLC0415  # scikit-learn: a second
    from index.loader import LoadOptions  # noqa: PLC0415

    settings = settings_of(ctx, posts={"content": wanted.content}, index={"dir": wanted.index_dir})
    options = BuildOptions(
        load=LoadOptions(settings.permalinks, frozenset(settings.posts.include)),
        base_url=settings.site.base_url,
        language=settings.site.language,
        is_strict=wanted.strict,
        keep_generations=settings.index.keep_generations,
        max_shrink=ANY_SHRINK if wanted.allow_shrink else settings.index.max_shrink,
    )
    try:
        with terminal.progress_bar() as progress:
            report = build_index(settings.posts.content, settings.index.dir, options, progress)
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
        terminal.print_build(report, settings.index.dir)
