"""Removing old generations: never the published one, and none that a reader has open."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from index.errors import PruningError
from index.generation import GENERATIONS_DIR, current_name, directory_of, generation_names
from index.holds import kept_from_readers
from index.lock import build_lock
from index.opening import open_current

STAGING_PREFIX: Final = ".staging-"
"""What the names of folders begin with that builds write to."""

REMOVED_PREFIX: Final = ".removed-"
"""What the name of a generation begins with as soon as it is none any more."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What pruning did: the names of generations, newest first.

    `in_use` were old enough to go, but readers have them open; they are among `kept`.
    """

    removed: tuple[str, ...]
    kept: tuple[str, ...]
    in_use: tuple[str, ...]
    freed_bytes: int

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return asdict(self)


def prune_index(index_dir: Path, keep: int) -> Pruned:
    """Prunes when no build is at work, and the published generation is found to be whole.

    If it were damaged, an older one might be all that is left. Raises IndexUnavailableError,
    BuildLockedError and PruningError, with what to do.
    """
    open_current(index_dir)
    try:
        with build_lock(index_dir):
            return prune(index_dir, keep)
    except OSError as error:
        raise PruningError(
            f"What is old in {index_dir} can't be removed: {error.strerror}. Run this as the user "
            "who builds the index, or change the folder's owner."
        ) from error


def prune(index_dir: Path, keep: int) -> Pruned:
    """Removes all but the newest `keep` generations, and what killed builds left.

    The published one is kept whatever its age, and so is one that a reader has open. To be called
    with the build lock held. Raises IndexUnavailableError where none is published, and OSError
    where one can't be removed.
    """
    freed_bytes = remove_leftovers(index_dir)
    names, published = generation_names(index_dir), current_name(index_dir)
    removed, in_use = [], []
    for name in names[keep:]:
        if name == published:
            continue
        size = size_bytes(directory_of(index_dir, name))
        if _remove(directory_of(index_dir, name)):
            removed.append(name)
            freed_bytes += size
        else:
            in_use.append(name)
    kept = tuple(name for name in names if name not in removed)
    return Pruned(tuple(removed), kept, tuple(in_use), freed_bytes)


def remove_leftovers(index_dir: Path) -> int:
    """Removes what killed builds and prunings left; gives its bytes."""
    leftovers = list(_leftovers(index_dir / GENERATIONS_DIR))
    freed_bytes = sum(size_bytes(folder) for folder in leftovers)
    for folder in leftovers:
        shutil.rmtree(folder)
    return freed_bytes


def size_bytes(directory: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.lstat().st_size for path in directory.rglob("*") if path.is_file())


def _leftovers(generations: Path) -> Iterator[Path]:
    yield from generations.glob(f"{STAGING_PREFIX}*")
    yield from generations.glob(f"{REMOVED_PREFIX}*")


def _remove(directory: Path) -> bool:
    """Removes a generation, unless a reader has it.

    It is renamed first, so that nobody ever finds half of it.
    """
    with kept_from_readers(directory) as is_free:
        if is_free:
            shutil.rmtree(directory.rename(directory.with_name(REMOVED_PREFIX + directory.name)))
    return is_free
