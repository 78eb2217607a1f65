"""What builds come to when they may have so much memory: done or refused, how long, how much of it.

    python -m bench memory --corpus ../shared/corpora/windows-drivers

Each build is made in a process of its own, with all that it starts, and where it is done, a second
one that goes on from it. Without `--bound`, bounds are shares of what a build without one has.
Fails if a build that was done had more than it may. Needs Linux.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from bench.machine import machine
from bench.processtree import Taken, run_apart
from index.build import build_index
from index.buildoptions import BuildOptions
from index.errors import MemoryBoundError

SHARES: Final = (0.15, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.3)
"""Bounds, as shares of what a build without one has at the highest."""

_REFUSAL: Final = "refused.txt"


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--bound", "bounds", type=click.IntRange(1), multiple=True, help="In MiB.")
def main(corpus: Path, bounds: Sequence[int]) -> None:
    """Build within more and more memory, and see what builds really have."""
    click.echo(f"{machine()}\n")
    click.echo("| bound MB | | seconds | peak MB | peak MB of the next build |")
    click.echo("| --- | --- | --- | --- | --- |")
    unbounded_mb = _row(corpus, 0)
    exceeded = [
        bound
        for bound in bounds or [round(share * unbounded_mb) for share in SHARES]
        if _row(corpus, bound) > bound
    ]
    if exceeded:
        raise click.ClickException(f"builds had more than they may: bounds {exceeded} MB")


def _row(corpus: Path, bound_mb: int) -> float:
    """Prints what a build comes to; the most that was had by builds that were done, 0 for none."""
    with tempfile.TemporaryDirectory() as scratch:
        first = run_apart(_build, corpus, Path(scratch), bound_mb, True)
        told, peak_mb, again = f"{bound_mb:,}" if bound_mb else "none", first.memory_mb, ""
        refusal = _refusal(Path(scratch))
        if refusal:
            peak_mb = 0.0
        else:
            second = run_apart(_build, corpus, Path(scratch), bound_mb, False)
            again = _told_again(second, _refusal(Path(scratch)))
            if not _refusal(Path(scratch)):
                peak_mb = max(peak_mb, second.memory_mb)
        outcome = "refused" if refusal else "done"
        click.echo(
            f"| {told} | {outcome} | {first.seconds:.1f} | {first.memory_mb:,.0f} | {again} |"
        )
        if refusal:
            click.echo(refusal, err=True)
        return peak_mb


def _told_again(taken: Taken, refusal: str) -> str:
    return "refused" if refusal else f"{taken.memory_mb:,.0f}"


def _build(corpus: Path, scratch: Path, bound_mb: int, starts_over: bool) -> None:
    options = BuildOptions(max_memory_mb=bound_mb)
    try:
        build_index(corpus, scratch / "index", options, starts_over=starts_over)
    except MemoryBoundError as error:
        (scratch / _REFUSAL).write_text(str(error), encoding="utf-8")


def _refusal(scratch: Path) -> str:
    file = scratch / _REFUSAL
    return file.read_text(encoding="utf-8") if file.exists() else ""
