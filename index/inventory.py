"""What generations there are, and whether each of them is whole."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from index.errors import IndexDamagedError, IndexVersionError
from index.generation import (
    MANIFEST_FILE,
    FileDamage,
    Manifest,
    current_name,
    damaged_files,
    directory_of,
    generation_names,
    read_manifest,
)
from index.holds import Hold, hold
from index.pruning import size_bytes

State = Literal["listed", "whole", "damaged", "other version"]
"""`listed`: its manifest is in order, and its files were not looked at. `other version`: made by
another version of Signpost, so that this one doesn't read it."""


@dataclass(frozen=True, slots=True)
class GenerationEntry:
    """A generation on disk; `created_at` and `posts` are None where its manifest can't be read."""

    generation: str
    is_current: bool
    state: State
    created_at: str | None
    posts: int | None
    size_bytes: int
    damage: tuple[FileDamage, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        fields = asdict(self)
        return fields | {"damage": [damage._asdict() for damage in self.damage]}


@dataclass(frozen=True, slots=True)
class Inventory:
    """All generations, newest first; `current` is None where CURRENT names none of them.

    `pointer_damage` is what is wrong with CURRENT, in a sentence, and empty if nothing is.
    """

    current: str | None
    pointer_damage: str
    generations: tuple[GenerationEntry, ...]

    @property
    def is_sound(self) -> bool:
        """Whether the published generation is whole and this version's, and none is damaged."""
        return self.current is not None and all(
            entry.state in {"listed", "whole"} if entry.is_current else entry.state != "damaged"
            for entry in self.generations
        )

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            "current": self.current,
            "is_sound": self.is_sound,
            "error": self.pointer_damage or None,
            "generations": [entry.as_json() for entry in self.generations],
        }


def take_inventory(
    index_dir: Path,
    *,
    verifies: bool,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Inventory:
    """Every generation in `index_dir`; with `verifies`, every checksum of each is compared.

    `progress` is told how many generations of how many are done. Raises IndexNotFoundError where
    nothing was ever published.
    """
    current, pointer_damage = None, ""
    try:
        current = current_name(index_dir)
    except IndexDamagedError as error:
        pointer_damage = str(error)
    names = generation_names(index_dir)
    if current is not None and current not in names:
        pointer_damage = f"CURRENT names {current}, and there is no such generation."
        current = None
    entries = []
    for done, name in enumerate(names, 1):
        entries.append(_entry(index_dir, name, is_current=name == current, verifies=verifies))
        progress(done, len(names))
    return Inventory(current, pointer_damage, tuple(filter(None, entries)))


def _entry(
    index_dir: Path, name: str, *, is_current: bool, verifies: bool
) -> GenerationEntry | None:
    """What there is to say of one generation; None where it was pruned a moment ago."""
    directory = directory_of(index_dir, name)
    state: State = "listed"
    manifest: Manifest | None = None
    damage: tuple[FileDamage, ...] = ()
    claim: Hold | None = None
    try:
        claim = hold(directory)  # so that it is not pruned while it is looked at
        manifest = read_manifest(index_dir, name)
        if verifies:
            damage = tuple(damaged_files(directory, manifest))
            state = "damaged" if damage else "whole"
    except IndexVersionError:
        state = "other version"
    except IndexDamagedError as error:
        reason = error.reason.removeprefix(f"{name}/{MANIFEST_FILE} ")
        state, damage = "damaged", (FileDamage(MANIFEST_FILE, reason),)
    except OSError as error:
        if not directory.exists():
            return None
        state, damage = "damaged", (FileDamage(MANIFEST_FILE, f"can't be read ({error.strerror})"),)
    entry = GenerationEntry(
        name,
        is_current,
        state,
        manifest.created_at if manifest else None,
        manifest.counts.posts if manifest else None,
        size_bytes(directory),
        damage,
    )
    del claim
    return entry
