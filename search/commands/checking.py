"""`signpost check`: what there is to fix in the posts."""

from functools import partial
from pathlib import Path

import click

from search import terminal, terminal_sites
from search.commands.shared import (
    DONE_WITH_PROBLEMS,
    FOLDER,
    Command,
    json_option,
    print_json,
    settings_of,
)


@click.command(cls=Command)
@click.argument("content", type=FOLDER, required=False)
@click.option("--all", "shows_all", is_flag=True, help="Show everything, not just the first ten.")
@click.option("--strict", is_flag=True, help="Exit with 1 if there is anything to fix.")
@json_option
@click.pass_context
def check(
    ctx: click.Context, content: Path | None, shows_all: bool, strict: bool, as_json: bool
) -> None:
    """Look for what there is to fix in a folder of posts, and build nothing.

    CONTENT is the folder; its default is the one in signpost.toml, or ./content. Told by file and
    line are missing and double titles, paths and dates, links that lead nowhere, tags that differ
    only by case, posts too short to be found, and fields that look misspelt.
    """
    from index.check import check_posts  # noqa: PLC0415  # the parser of Markdown: a while
    from index.loader import LoadOptions  # noqa: PLC0415

    settings = settings_of(ctx, posts={"content": content})
    options = LoadOptions(settings.permalinks, frozenset(settings.posts.include))
    with terminal.progress_bar() as progress:
        report = check_posts(
            settings.posts.content,
            options,
            settings.site.base_url,
            partial(progress, "Reading posts"),
        )
    if as_json:
        print_json(report.as_json())
    else:
        terminal_sites.print_check(report, shows_all=shows_all)
    if strict and report.findings:
        ctx.exit(DONE_WITH_PROBLEMS)
