"""`signpost report related`: what an owner should know about the lists and the tags."""

from contextlib import closing
from functools import partial
from pathlib import Path

import click

from search import terminal, terminal_reports
from search.commands.shared import (
    Command,
    index_option,
    json_option,
    print_json,
    processes_option,
    source_of,
)
from search.every_post import every_post
from search.report_related import facts_of, report_on


@click.group()
def report() -> None:
    """Tell what an owner should know about the site."""


@report.command("related", cls=Command)
@index_option
@processes_option
@json_option
@click.pass_context
def report_related(
    ctx: click.Context, index_dir: Path | None, processes: int | None, as_json: bool
) -> None:
    """Look at all related lists, and at the tags.

    Which posts no list leads to, and which stand in many; which posts are nearly the same; which
    tags are likely to be one, lead nowhere, or are on most posts.
    """
    source = source_of(ctx, index_dir)
    with terminal.progress_bar() as progress:
        told = partial(progress, "Relating posts")
        with closing(every_post(source, facts_of, processes, told)) as facts:
            found = report_on(facts)
    if as_json:
        print_json(found.as_json())
    else:
        terminal_reports.print_report(found)
