"""Building again whenever posts are saved, or become due."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from watchfiles import Change, watch
from watchfiles.main import FileChange

from index.buildoptions import BuildOptions
from index.errors import (
    BuildError,
    BuildLockedError,
    ClusterError,
    ContentChangedError,
    WatchingError,
)
from index.files import is_skipped
from index.report import BuildReport
from index.updating import update_index

DEBOUNCE_MS: Final = 1_000
"""How long changes that go on are gathered before a build."""

QUIET_MS: Final = 100
"""How long nothing must change for a build to begin before that: editors save in several steps."""

LOOK_MS: Final = 500
"""How often there is a look at the clock and the folder itself, while nothing changes."""

CLUSTER_PAUSE_SECONDS: Final = 5.0
"""How long a cluster that failed is left alone."""

Build = Callable[[Path, Path, BuildOptions], BuildReport]


def build_on_save(
    content_dir: Path,
    index_dir: Path,
    options: BuildOptions,
    tell: Callable[[BuildReport | BuildError | ClusterError], None],
    first_build: Build = update_index,
    next_build: Build = update_index,
) -> None:
    """Builds at once and then after every change, until it is interrupted.

    `tell` gets the report of each build that published something, that of the first and of one
    after an error in any case; and the error of each that could not be done, with whatever was
    published before untouched. A build in whose way another one stood, or posts that went away
    meanwhile, or a cluster that failed, is tried again until it is done, and told once.
    Raises KeyboardInterrupt when it is interrupted, and WatchingError.
    """
    build, is_first = first_build, True
    is_due, changes_at, told = False, None, ""
    paused_until = 0.0
    for is_changed in looks(content_dir, index_dir):
        now = datetime.now(UTC)
        is_due = is_due or is_changed or (changes_at is not None and changes_at <= now)
        if not is_due or time.monotonic() < paused_until:
            continue
        is_due, changes_at = False, None
        try:
            report = build(
                content_dir, index_dir, replace(options, load=replace(options.load, now=now))
            )
        except (BuildError, ClusterError) as error:
            is_due = isinstance(error, BuildLockedError | ContentChangedError | ClusterError)
            if isinstance(error, ClusterError):
                paused_until = time.monotonic() + CLUSTER_PAUSE_SECONDS
            if not is_due or str(error) != told:
                tell(error)
            told = str(error)
            continue
        if is_first or told or not report.is_unchanged:
            tell(report)
        build, is_first = next_build, False
        changes_at, told = report.changes_at, ""


def looks(content_dir: Path, index_dir: Path) -> Iterator[bool]:
    """Whether the posts have changed since the last look, from now on and every LOOK_MS.

    The first look says that they have. No change after it is missed, nor that the folder goes away
    or another one takes its place. What happens in `index_dir`, and in folders and files that are
    not read whatever is in them, is no change. Raises WatchingError.
    """
    is_changed = True
    while True:
        watched = _identity(content_dir)
        if watched is None:
            yield is_changed
            is_changed = False
            time.sleep(LOOK_MS / 1000)
            continue
        is_changed = True
        for changes in _changes(content_dir, index_dir):
            yield is_changed or bool(changes)
            is_changed = False
            if _identity(content_dir) != watched:
                break
        is_changed = True


def _changes(content_dir: Path, index_dir: Path) -> Iterator[set[FileChange]]:
    """What changed, again and again; nothing any more where the folder is gone."""
    root, index = content_dir.resolve(), index_dir.resolve()

    def is_of_posts(_change: Change, path: str) -> bool:
        place = Path(path)
        if place.is_relative_to(index) or not place.is_relative_to(root):
            return False
        return not any(is_skipped(part) for part in place.relative_to(root).parts)

    try:
        yield from watch(
            root,
            watch_filter=is_of_posts,
            debounce=DEBOUNCE_MS,
            step=QUIET_MS,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            ignore_permission_denied=True,  # the build names what can't be read
        )
    except FileNotFoundError:
        return
    except (OSError, RuntimeError) as error:  # RuntimeError: of the library's own
        raise WatchingError(
            f"{content_dir} can't be watched: {error}. Raise the system's limit on watched files, "
            "or build without --watch."
        ) from error


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another that took its place; None where there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
