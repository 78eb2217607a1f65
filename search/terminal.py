"""What the `signpost` command shows to a person."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from index.errors import SignpostError, StrictBuildError
from index.post import Problem
from index.report import BuildReport
from index.report import Progress as ReportProgress
from search.evaluate import SearchEvaluation
from search.evaluate_related import RelatedEvaluation
from search.results import EngineStatus, Hit, SearchResults

MAX_SHOWN_PROBLEMS: Final = 20
MAX_SHOWN_REASONS: Final = 8
"""A terminal's worth; `--json` has them all."""


@contextmanager
def progress_bar() -> Iterator[ReportProgress]:
    """Where the steps of long work are shown: a bar on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_lines()
        return
    columns = TextColumn("{task.description:17}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        tasks = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total)
            progress.update(tasks[step], completed=done, total=total)

        yield report


def _plain_lines() -> ReportProgress:
    """A line for each step as it ends."""

    def report(step: str, done: int, total: int) -> None:
        if done == total:
            click.echo(f"{step}: {done} of {total}", err=True)

    return report


def print_build(report: BuildReport, index_dir: Path) -> None:
    """What became of the files, and where the index is."""
    click.echo(f"{_published(report)} in {index_dir}.")
    if report.cluster_index:
        click.echo(f"In the cluster: {report.cluster_index}.")
    if report.left_out:
        click.echo(f"Left out: {count(len(report.left_out), 'file')}.")
        reasons = Counter(entry.reason for entry in report.left_out)
        for reason, files in reasons.most_common(MAX_SHOWN_REASONS):
            click.echo(f"  {files} x {safe(reason)}")
        if len(reasons) > MAX_SHOWN_REASONS:
            click.echo(f"  and {len(reasons) - MAX_SHOWN_REASONS} other reasons; see --json")
    print_problems(report.problems)


def print_build_line(report: BuildReport) -> None:
    """The same in a line, with the first problem."""
    cluster = f", in the cluster {report.cluster_index}" if report.cluster_index else ""
    click.echo(f"{_published(report)}{cluster}.{_first_problem(report.problems)}")


def print_failed_build_line(error: SignpostError) -> None:
    """Why a build could not be done, with the first problem that is in its way, in a line."""
    problems = error.problems if isinstance(error, StrictBuildError) else ()
    click.echo(f"signpost: {safe(str(error))}{_first_problem(problems)}", err=True)


def _published(report: BuildReport) -> str:
    posts = f"{count(report.posts, 'post')} of {count(report.files, 'file')}"
    if report.is_unchanged:
        return f"Nothing has changed: {posts}, generation {report.generation}"
    return f"Published {posts} in {report.seconds:.1f} s: generation {report.generation}"


def _first_problem(problems: Sequence[Problem]) -> str:
    """What to add to a line about a build; empty where there is no problem."""
    if not problems:
        return ""
    first = problems[0]
    told = f"{safe(first.file)}:{first.line}: {safe(first.reason)}"
    more = f" (and {len(problems) - 1:,} more)" if len(problems) > 1 else ""
    return f" Problem: {told}{more}"


def print_problems(problems: Sequence[Problem]) -> None:
    """The problems with their files and lines, on standard error."""
    if not problems:
        return
    click.echo(f"{count(len(problems), 'problem')}:", err=True)
    for problem in problems[:MAX_SHOWN_PROBLEMS]:
        click.echo(f"  {safe(problem.file)}:{problem.line}: {safe(problem.reason)}", err=True)
    if len(problems) > MAX_SHOWN_PROBLEMS:
        click.echo(f"  and {len(problems) - MAX_SHOWN_PROBLEMS} more; see --json", err=True)


def print_results(results: SearchResults, *, explains: bool = False) -> None:
    """A numbered list of hits; with `explains`, what each score is made of."""
    console = Console(highlight=False)
    if results.corrected:
        console.print(Text(f"Showing results for: {safe(results.corrected)}"))
    if results.missing:
        words = ", ".join(safe(word) for word in results.missing)
        console.print(Text(f"No post has all the words. Missing: {words}"))
    for notice in results.notices:
        console.print(Text(notice))
    if not results.hits:
        console.print(Text("Nothing found."))
        if results.nearest:
            console.print(Text("The nearest posts:"))
        for post in results.nearest:
            console.print(Text(f"  {safe(post.title)}  {safe(post.path)}"))
        return
    console.print(Text(f"{count(results.total, 'post')} in {results.took_ms:.1f} ms"))
    for number, hit in enumerate(results.hits, start=1):
        missing = () if hit.missing == results.missing else hit.missing
        _print_hit(console, number, hit, missing, explains=explains)


def _print_hit(
    console: Console, number: int, hit: Hit, missing: Sequence[str], *, explains: bool
) -> None:
    date = f"  {hit.date}" if hit.date else ""
    console.print(
        Text(f"\n{number:2}. "), _marked(hit.title_html), Text(date), sep="", soft_wrap=True
    )
    section = f"  § {safe(hit.section.title)}" if hit.section.title else ""
    console.print(Text(f"    {safe(hit.url)}{section}", style="dim"), soft_wrap=True)
    if hit.snippet_html:
        console.print(Text("    "), _marked(hit.snippet_html), sep="")
    if missing:
        words = ", ".join(safe(word) for word in missing)
        console.print(Text(f"    Missing: {words}", style="dim"))
    if explains:
        console.print(Text(f"    {_score_line(hit)}", style="dim"), soft_wrap=True)


def print_status(status: EngineStatus, cluster_index: str = "") -> None:
    """What is published, and what that is called in a cluster."""
    click.echo(f"generation  {status.generation}")
    click.echo(f"made        {status.created_at}")
    click.echo(f"posts       {status.posts}")
    if cluster_index:
        click.echo(f"cluster     {cluster_index}")
    else:
        click.echo("checksums   every file is as it was written")


def print_evaluation(evaluation: SearchEvaluation) -> None:
    """A table of the measures: all queries, then each kind."""
    table = Table(box=None, pad_edge=False)
    table.add_column("", min_width=len("all"))
    table.add_column("queries", justify="right")
    for name in evaluation.overall.means:
        table.add_column(name, justify="right")
    for kind, measured in {"all": evaluation.overall, **evaluation.by_kind}.items():
        means = (f"{mean:.4f}" for mean in measured.means.values())
        table.add_row(Text(safe(kind)), f"{measured.queries:,}", *means)
    Console(highlight=False).print(table)


def print_related_evaluation(evaluation: RelatedEvaluation) -> None:
    """The measures of related lists, in one row."""
    measured = evaluation.measured
    table = Table("sources", *measured, box=None, pad_edge=False)
    table.add_row(f"{evaluation.sources:,}", *(f"{value:.4f}" for value in measured.values()))
    Console(highlight=False).print(table)


def print_notes(notes: Sequence[str]) -> None:
    """What one ought to know beside the answer, on standard error."""
    for note in notes:
        click.echo(safe(note), err=True)


def _score_line(hit: Hit) -> str:
    """A score and its parts, the largest first, what takes away last."""
    by_size = sorted(hit.explanation.items(), key=lambda part: (part[1] < 0, -abs(part[1])))
    signed = [f"{'-' if part < 0 else '+'} {safe(name)} {abs(part):.3f}" for name, part in by_size]
    parts = " ".join(signed).removeprefix("+ ")
    return f"score {hit.score:.3f} = {parts}" if parts else f"score {hit.score:.3f}"


def _marked(html: str) -> Text:
    """Escaped text with `<mark>`, for a terminal."""
    text = Text()
    for at, piece in enumerate(html.replace("</mark>", "<mark>").split("<mark>")):
        text.append(safe(unescape(piece)), style="bold" if at % 2 else "")
    return text


def safe(text: str) -> str:
    """Text from posts without what would steer the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
