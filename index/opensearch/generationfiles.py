"""The files of a finished generation, read piece by piece through the page cache."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.opensearch.layout import Keys, term_keys

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


def within(values: Ints, starts: Ints, first: int, end: int) -> tuple[Ints, Ints]:
    """Of values that belong to owners in turn: those from `first` to before `end`, rising.

    Owner n has the values from `starts[n]` to `starts[n + 1]`. Gives the values, and the owner of
    each; owners of equal values rise.
    """
    places = np.concatenate([*_places(values, first, end), np.zeros(0, np.int64)])
    owners = np.searchsorted(starts, places.astype(starts.dtype), side="right") - 1
    found = values[places].astype(np.int64)
    order = np.argsort(found, kind="stable")
    return found[order], owners[order]


def _places(values: Ints, first: int, end: int) -> Iterator[Ints]:
    for start in range(0, len(values), NUMBERS_AT_ONCE):
        some = values[start : start + NUMBERS_AT_ONCE]
        yield np.flatnonzero((some >= first) & (some < end)) + start
