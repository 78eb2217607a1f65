"""`--watch`: builds whenever posts are saved, told in a line each, until it is interrupted."""

import signal
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click

from index.buildoptions import BuildOptions
from index.errors import BuildError, ClusterError, StrictBuildError
from index.report import BuildReport
from index.updating import update_index
from index.watching import Build, build_on_save
from search.commands.shared import print_json
from search.terminal import print_build_line, print_failed_build_line


def watch_posts(
    content_dir: Path,
    index_dir: Path,
    options: BuildOptions,
    first_build: Build = update_index,
    next_build: Build = update_index,
    *,
    as_json: bool = False,
) -> None:
    """Builds now and on every change; returns on Ctrl-C, and when it is told to end by SIGTERM.

    With `as_json`, each build is a line of standard output with the object of `build --json`.
    Raises WatchingError.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    with suppress(KeyboardInterrupt):
        if not as_json:
            click.echo(f"Watching {content_dir} (Ctrl+C ends it)")
        tell = _print_object if as_json else _print_line
        build_on_save(content_dir, index_dir, options, tell, first_build, next_build)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _print_line(outcome: BuildReport | BuildError | ClusterError) -> None:
    if isinstance(outcome, BuildReport):
        print_build_line(outcome)
    else:
        print_failed_build_line(outcome)


def _print_object(outcome: BuildReport | BuildError | ClusterError) -> None:
    if isinstance(outcome, BuildReport | StrictBuildError):
        print_json(outcome.as_json())
    else:
        print_json({"error": str(outcome)})
