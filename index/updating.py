"""A build, where there is anything to build."""

from contextlib import suppress
from pathlib import Path

from index.buildoptions import BuildOptions
from index.errors import BuildLockedError, IndexUnavailableError, StrictBuildError
from index.generation import generation_names
from index.lock import build_lock
from index.pruning import prune
from index.report import BuildReport, Progress
from index.unchanged import find_unchanged


def update_index(
    content_dir: Path,
    index_dir: Path,
    options: BuildOptions | None = None,
    progress: Progress = lambda _step, _done, _total: None,
) -> BuildReport:
    """Builds as build_index does, unless the published generation is what that would make.

    The report then says so. Raises what build_index raises, StrictBuildError for the problems of
    an unchanged folder too.
    """
    options = options or BuildOptions()
    report = find_unchanged(content_dir, index_dir, options)
    if report is None:
        from index.build import build_index  # noqa: PLC0415  # scikit-learn: a second

        return build_index(content_dir, index_dir, options, progress, starts_over=False)
    _prune(index_dir, options.keep_generations)
    if options.is_strict and report.problems:
        raise StrictBuildError(report.problems, report.left_out)
    return report


def _prune(index_dir: Path, keep: int) -> None:
    """Removes generations that are too many by now, as far as that can be done."""
    if len(generation_names(index_dir)) <= keep:
        return
    with suppress(BuildLockedError, IndexUnavailableError, OSError), build_lock(index_dir):
        prune(index_dir, keep)
