"""What is asked of a cluster, and whether it was met."""

import os
from collections.abc import Sequence
from typing import Final, NamedTuple

import click
import numpy as np

PERCENTILES: Final = ("p50 ms", "p95 ms", "p99 ms", "slowest ms")


class Bar(NamedTuple):
    """One thing that is asked, what was measured of it, and what was wanted."""

    what: str
    measured: str
    wanted: str
    is_met: bool


def print_bars(bars: Sequence[Bar]) -> None:
    """A line for each."""
    click.echo()
    print_head("bar", "measured", "wanted", "")
    for bar in bars:
        print_row(bar.what, bar.measured, bar.wanted, "met" if bar.is_met else "missed")


def print_heading(what: str) -> None:
    """What is measured now, and how busy the machine is before that begins."""
    click.echo(f"\n{what} (load of the machine before: {os.getloadavg()[0]:.1f})\n")


def print_head(*columns: str) -> None:
    """The first two lines of a Markdown table."""
    print_row(*columns)
    print_row(*("---" for _ in columns))


def print_row(*cells: object) -> None:
    """A line of a Markdown table; fractions with one digit, whole numbers with commas."""
    click.echo(f"| {' | '.join(map(_shown, cells))} |")


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def milliseconds_cells(seconds: Sequence[float]) -> list[float]:
    """What PERCENTILES head."""
    taken = np.array(seconds or [np.nan]) * 1000
    return [*np.percentile(taken, (50, 95, 99)).tolist(), float(taken.max())]
