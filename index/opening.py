"""Opening a generation: verified, held, and another one in its place where it is damaged."""

from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import IndexDamagedError, IndexUnavailableError
from index.generation import (
    MANIFEST_FILE,
    Manifest,
    current_name,
    damaged_files,
    directory_of,
    generation_names,
    read_manifest,
)
from index.holds import Hold, hold


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation that is open: it was verified, and stays on disk for as long as this lives.

    `fallback_reason` is empty for the published one. For one that stands in for it, it is the
    sentence that says why.
    """

    directory: Path
    manifest: Manifest
    hold: Hold
    fallback_reason: str = ""


def open_current(index_dir: Path) -> Generation:
    """The published generation, every checksum verified.

    Raises IndexNotFoundError, IndexVersionError or IndexDamagedError, each saying what to do.
    """
    name = current_name(index_dir)
    while True:
        try:
            return _open(index_dir, name)
        except IndexDamagedError:
            # Builds may have published and pruned past it between two reads: look once more.
            latest = current_name(index_dir)
            if latest == name:
                raise
            name = latest


def open_newest_good(index_dir: Path, at_hand: Generation | None = None) -> Generation:
    """The published generation or, where that is damaged, the newest one that is whole.

    `at_hand`, one that is open already, is not verified again when its turn comes. Raises what
    `open_current` raises where no generation can stand in. One that another version of Signpost
    has made is never stood in for: that is no damage, and its owner has to rebuild it.
    """
    try:
        return open_current(index_dir)
    except IndexDamagedError as error:
        for name in generation_names(index_dir):
            found = _whole(index_dir, name, at_hand)
            if found:
                return replace(found, fallback_reason=str(error))
        raise


def _whole(index_dir: Path, name: str, at_hand: Generation | None) -> Generation | None:
    """The generation of this name; None where it can't be opened either."""
    if at_hand and at_hand.manifest.generation == name:
        return at_hand
    try:
        return _open(index_dir, name)
    except IndexUnavailableError:
        return None


def _open(index_dir: Path, name: str) -> Generation:
    directory = directory_of(index_dir, name)
    try:
        claim = hold(directory)
    except OSError as error:
        reason = f"{name}/{MANIFEST_FILE} can't be read ({error.strerror})"
        raise IndexDamagedError.of(index_dir, reason) from error
    manifest = read_manifest(index_dir, name)
    for file, what in damaged_files(directory, manifest):
        raise IndexDamagedError.of(index_dir, f"{name}/{file} {what}")
    return Generation(directory, manifest, claim)
