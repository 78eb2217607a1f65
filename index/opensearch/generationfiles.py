"""The files of a finished generation, read piece by piece through the page cache."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.opensearch.layout import Keys, term_keys
from index.ranges import ranges

Ints = npt.NDArray[np.integer[Any]]

NUMBERS_AT_ONCE: Final = 4_000_000
"""Numbers that are looked through at a time, at some ten bytes each."""

STRINGS_AT_ONCE: Final = 100_000


def load(directory: Path, name: str) -> npt.NDArray[Any]:
    """An array that stays on disk until it is needed."""
    array = np.load(directory / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return np.asarray(array)


class Strings:
    """The strings that `index.arrays.write_strings` wrote as `name`."""

    def __init__(self, directory: Path, name: str) -> None:
        self._bytes = load(directory, f"{name}.bytes")
        self._ends = load(directory, f"{name}.ends")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, at: int) -> str:
        return self.between(at, at + 1)[0]

    def at(self, places: Ints) -> list[str]:
        """Those at some places, in their order."""
        ends = self._ends[places].astype(np.int64)
        starts = np.where(places > 0, self._ends[places - 1], 0).astype(np.int64)
        return self._bytes[ranges(starts, ends - starts)].tobytes().decode().split("\n")[:-1]

    def between(self, first: int, end: int) -> list[str]:
        """Those from one place to before another."""
        start = int(self._ends[first - 1]) if first else 0
        stop = int(self._ends[end - 1]) if end else 0
        return self._bytes[start:stop].tobytes().decode().split("\n")[:-1]

    def keys(self) -> Keys:
        """The key of each."""
        parts = [
            term_keys(self.between(first, min(first + STRINGS_AT_ONCE, len(self))))
            for first in range(0, len(self), STRINGS_AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.uint64)


class MostlySmall:
    """The numbers that `index.arrays.write_mostly_small` wrote as `name`."""

    def __init__(self, directory: Path, name: str) -> None:
        self._small = load(directory, name)
        self._places = load(directory, f"{name}.places")
        self._large = load(directory, f"{name}.large")

    def between(self, first: int, end: int, dtype: npt.DTypeLike) -> Ints:
        """Those from one place to before another."""
        numbers: Ints = self._small[first:end].astype(dtype)
        low, high = np.searchsorted(self._places, (first, end))
        numbers[self._places[low:high].astype(np.int64) - first] = self._large[low:high]
        return numbers


def within(values: Ints, starts: Ints, bounds: Ints) -> tuple[Ints, Ints]:
    """Of values that belong to owners in turn: those within some bounds, rising.

    Owner n has the values from `starts[n]` to `starts[n + 1]`. The bounds are those of `spans`.
    Gives the values, and the owner of each; owners of equal values rise.
    """
    places = np.concatenate([*_places(values, bounds), np.zeros(0, np.int64)])
    owners = np.searchsorted(starts, places.astype(starts.dtype), side="right") - 1
    found = values[places].astype(np.int64)
    order = np.argsort(found, kind="stable")
    return found[order], owners[order]


def spans(firsts: Ints, ends: Ints) -> Ints:
    """Where numbers begin and end that go from each first to before its end, in turn.

    Both rise; those side by side become one.
    """
    is_apart = firsts[1:] != ends[:-1]
    begins = np.concatenate([firsts[:1], firsts[1:][is_apart]])
    stops = np.concatenate([ends[:-1][is_apart], ends[-1:]])
    return np.stack([begins, stops], axis=1).ravel().astype(np.int64)


def _places(values: Ints, bounds: Ints) -> Iterator[Ints]:
    first, end = (int(bounds[0]), int(bounds[-1])) if len(bounds) else (0, 0)
    for start in range(0, len(values), NUMBERS_AT_ONCE):
        some = values[start : start + NUMBERS_AT_ONCE]
        places = np.flatnonzero((some >= first) & (some < end))
        if len(bounds) > _ONE_SPAN:
            places = places[np.searchsorted(bounds, some[places], side="right") % 2 == 1]
        yield places + start


_ONE_SPAN: Final = 2


def open_documents(file: Path) -> sqlite3.Connection:
    """The documents of a generation, to be read only."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def names_of_documents(
    database: sqlite3.Connection, docs: range
) -> tuple[Mapping[int, list[str]], Mapping[int, list[str]]]:
    """The aliases and the pins of each of these posts, rising; empty for a post that has none."""
    found = []
    for selection in ("SELECT docnum, alias FROM aliases", "SELECT docnum, key FROM pins"):
        names: dict[int, list[str]] = defaultdict(list)
        rows = database.execute(
            f"{selection} WHERE docnum >= ? AND docnum < ? ORDER BY 2", (docs.start, docs.stop)
        )
        for docnum, name in rows:
            names[docnum].append(name)
        found.append(names)
    aliases, pins = found
    return aliases, pins


def title_keys_of_documents(database: sqlite3.Connection, docs: range) -> Mapping[int, str]:
    """The key of the title of each of these posts."""
    selection = "SELECT docnum, key FROM titles WHERE docnum >= ? AND docnum < ?"
    return dict(database.execute(selection, (docs.start, docs.stop)))
