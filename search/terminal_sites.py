"""What a person is shown of a site that was looked at: its settings, and what there is to fix."""

from collections.abc import Iterator, Sequence
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.findings import KINDS, CheckReport, Finding
from search.settings_sources import DEFAULT_CONFIG
from search.starter import Start, base_url_of, from_here
from search.terminal import count, safe

MAX_SHOWN: Final = 10
"""A terminal's worth of each kind of finding; `--all` and `--json` have them all."""


def print_start(start: Start) -> None:
    """What was found, where it was written, and what to do next."""
    site = start.site
    if site.config:
        click.echo(safe(f"Made with {site.generator}, by {from_here(site.config)}."))
    else:
        click.echo("A folder of Markdown, with no generator's configuration in sight.")
    click.echo(safe(f"  posts      {start.content}"))
    click.echo(f"  address    {safe(base_url_of(site)) or 'not known: set base_url'}")
    for folder, patterns in _patterns(start):
        click.echo(safe(f"  paths      {', or '.join(patterns)}{folder}"))
    click.echo(
        f"{count(len(start.loaded.posts), 'post')} of {count(start.loaded.files, 'file')} would be "
        f"indexed; {count(len(start.loaded.problems), 'problem')}."
    )
    for note in site.notes:
        click.echo(safe(f"Note: {note}"))
    named = "" if start.file == DEFAULT_CONFIG else f"--config {start.file} "
    click.echo(safe(f"Wrote {start.file}. Look it over, then: signpost {named}build"))


def _patterns(start: Start) -> list[tuple[str, list[str]]]:
    """Where patterns hold, in words, with the patterns."""
    site = start.site
    by_folder = [
        ("" if folder == "." else f"  (in {folder})", list(patterns))
        for folder, patterns in site.permalinks.items()
    ]
    if site.permalink:
        return [("", [site.permalink]), *by_folder]
    return by_folder or [("", ["as the files are named"])]


def print_check(report: CheckReport, *, shows_all: bool) -> None:
    """What there is to fix: a table of how much, then each kind by file and line."""
    read = f"{count(report.posts, 'post')} of {count(report.files, 'file')}"
    if not report.findings:
        click.echo(f"Nothing to fix in {read}.")
        return
    click.echo(f"{count(len(report.findings), 'thing')} to fix in {read}:\n")
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    for kind, number in report.by_kind.items():
        table.add_row(f"{number:,}", Text(KINDS[kind]))
    console.print(table)
    for kind in report.by_kind:
        found = [finding for finding in report.findings if finding.kind == kind]
        click.echo(f"\n{KINDS[kind]}:")
        lines = list(_each(found) if shows_all else _together(found))
        shown = len(lines) if shows_all else MAX_SHOWN
        for line in lines[:shown]:
            click.echo(f"  {safe(line)}")
        if len(lines) > shown:
            click.echo(f"  and {len(lines) - shown:,} more; see --all or --json")


def _each(findings: Sequence[Finding]) -> Iterator[str]:
    return (f"{each.file}:{each.line}: {each.reason}" for each in findings)


def _together(findings: Sequence[Finding]) -> Iterator[str]:
    """A line for each thing that is said, with the places where it holds; in order of the first."""
    by_reason: dict[str, list[Finding]] = {}
    for finding in findings:
        by_reason.setdefault(finding.reason, []).append(finding)
    for reason, found in by_reason.items():
        first, *others = found
        yield f"{first.file}:{first.line}: {reason}" + (
            f" (and in {count(len(others), 'other place')})" if others else ""
        )
