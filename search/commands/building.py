"""`signpost build` and `signpost status`: making an index, and what is published."""

from pathlib import Path

import click

from index.errors import StrictBuildError
from search import terminal
from search.commands.shared import (
    DONE_WITH_PROBLEMS,
    FOLDER,
    Command,
    engine_of,
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
@json_option
@click.pass_context
def build(
    ctx: click.Context,
    content: Path | None,
    index_dir: Path | None,
    full: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Make the index of a folder of posts, and publish it.

    CONTENT is the folder; its default is the one in signpost.toml, or ./content. A server that is
    running goes over to the new index by itself.
    """
    from index.build import BuildOptions, build_index  # noqa: PLC0415  # scikit-learn: a second
    from index.loader import LoadOptions  # noqa: PLC0415

    del full  # every build starts over
    settings = settings_of(ctx, posts={"content": content}, index={"dir": index_dir})
    options = BuildOptions(
        load=LoadOptions(settings.permalinks, frozenset(settings.posts.include)),
        base_url=settings.site.base_url,
        language=settings.site.language,
        is_strict=strict,
    )
    try:
        with terminal.progress_bar() as progress:
            report = build_index(settings.posts.content, settings.index.dir, options, progress)
    except StrictBuildError as error:
        if as_json:
            print_json(error.as_json())
        else:
            terminal.print_problems(error.problems)
            click.echo(f"signpost: {error}", err=True)
        ctx.exit(DONE_WITH_PROBLEMS)
    if as_json:
        print_json(report.as_json())
    else:
        terminal.print_build(report, settings.index.dir)


@click.command(cls=Command)
@index_option
@json_option
@click.pass_context
def status(ctx: click.Context, index_dir: Path | None, as_json: bool) -> None:
    """Say which generation is published, and whether it is whole."""
    answer = engine_of(ctx, index_dir).status()
    if as_json:
        print_json(answer.as_json())
    else:
        terminal.print_status(answer)
