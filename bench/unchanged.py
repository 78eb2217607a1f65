"""How long `signpost build` takes where nothing has changed.

    python -m bench unchanged --corpus ../shared/corpora/windows-drivers

Builds once, then runs the command again and again, each time in a new process.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import click

from bench.machine import machine
from index.build import build_index

ROUNDS: Final = 10
COMMAND: Final = (sys.executable, "-c", "from search.cli import main; main()", "build")


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--index", type=click.Path(path_type=Path), help="One that is built already.")
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True)
def main(corpus: Path, index: Path | None, rounds: int) -> None:
    """Time a build that has nothing to do."""
    click.echo(machine())
    with tempfile.TemporaryDirectory() as scratch:
        folder = index or Path(scratch)
        if index is None:
            build_index(corpus, folder)
        seconds = [_seconds(corpus, folder) for _ in range(rounds)]
    click.echo(f"nothing changed: {min(seconds):.2f} s at best, median {median(seconds):.2f} s")


def _seconds(corpus: Path, index: Path) -> float:
    started = perf_counter()
    done = subprocess.run(
        [*COMMAND, corpus.resolve(), "--index", index.resolve()],
        cwd=index,
        check=True,
        capture_output=True,
        text=True,
    )
    if not done.stdout.startswith("Nothing has changed"):
        raise click.ClickException(done.stdout)
    return perf_counter() - started
