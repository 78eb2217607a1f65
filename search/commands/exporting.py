"""`signpost export related`: all lists as JSON, and what changed since an earlier export."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from search import terminal, terminal_reports
from search.commands.shared import (
    FOLDER,
    Command,
    index_option,
    json_option,
    print_json,
    processes_option,
    source_of,
)
from search.engine import DEFAULT_RELATED_LIMIT, MAX_RELATED_LIMIT
from search.every_post import every_post
from search.export_related import (
    ExportedList,
    check_file_names,
    exported_list,
    is_single_file,
    write_folder,
    write_single_file,
)
from search.related_diff import compare, read_export


@click.group()
def export() -> None:
    """Write what the index knows to files."""


@export.command("related", cls=Command)
@click.option(
    "--out",
    type=FOLDER,
    metavar="DIR|FILE",
    help="Where to: a file whose name ends in .json has all lists, a folder a file for each post.",
)
@index_option
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_RELATED_LIMIT),
    default=DEFAULT_RELATED_LIMIT,
    show_default=True,
    metavar="N",
    help="How many posts in each list.",
)
@click.option(
    "--diff",
    "old",
    type=FOLDER,
    metavar="OLD",
    help="An earlier export: tell which lists differ. Without --out, nothing is written.",
)
@processes_option
@json_option
@click.pass_context
def export_related(ctx: click.Context, /, **given: Any) -> None:
    """Write every post's related list as JSON, for sites without a server.

    From the same index the files are the same, byte by byte. With --diff they can be compared with
    an earlier export, to see what a change of the posts or of the weights does.
    """
    _export(ctx, _Wanted(**given))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The options of the command."""

    out: Path | None
    index_dir: Path | None
    limit: int
    old: Path | None
    processes: int | None
    as_json: bool


def _export(ctx: click.Context, wanted: _Wanted) -> None:
    if wanted.out is None and wanted.old is None:
        raise click.UsageError("Say where to write (--out), or what to compare with (--diff).")
    started = time.monotonic()
    earlier = read_export(wanted.old) if wanted.old else None
    source = source_of(ctx, wanted.index_dir)
    ask, check = partial(exported_list, limit=wanted.limit), _check_for(wanted.out)
    listed: dict[str, tuple[str, ...]] = {}
    with terminal.progress_bar() as progress:
        told = partial(progress, "Relating posts")
        with closing(every_post(source, ask, wanted.processes, told, check)) as lists:
            _write(wanted.out, _noting(lists, listed))
    diff = compare(earlier, listed) if earlier is not None else None
    seconds = time.monotonic() - started
    if wanted.as_json:
        out = str(wanted.out) if wanted.out else None
        answer = {"posts": len(listed), "out": out, "seconds": seconds}
        print_json(answer | ({"diff": diff.as_json()} if diff else {}))
        return
    if wanted.out:
        terminal_reports.print_exported(len(listed), wanted.out, seconds)
    if diff:
        terminal_reports.print_diff(diff)


def _check_for(out: Path | None) -> Callable[[Sequence[str]], None]:
    if out is None or is_single_file(out):
        return lambda _paths: None
    return check_file_names


def _write(out: Path | None, lists: Iterable[tuple[str, ExportedList]]) -> None:
    if out is None:
        for _ in lists:
            pass
    elif is_single_file(out):
        write_single_file(out, lists)
    else:
        write_folder(out, lists)


def _noting(
    lists: Iterable[tuple[str, ExportedList]], noted: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, ExportedList]]:
    """The lists as they come, with the paths in each of them noted."""
    for path, listed in lists:
        noted[path] = listed.paths
        yield path, listed
