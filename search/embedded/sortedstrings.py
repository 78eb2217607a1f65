"""Strings in alphabetical order, in a file: found by their beginning without being read in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_BEFORE_ANY_BYTE: Final = b"\0"
_PAST_ANY_BYTE: Final = b"\xff"  # stands in no UTF-8


class SortedStrings(Sequence[str]):
    """The strings written as `name` in a folder; `extent` needs them to be in order."""

    def __init__(self, directory: Path, name: str) -> None:
        self._bytes = load_array(directory, f"{name}.bytes").data
        self._ends = load_array(directory, f"{name}.ends").data

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, at: Any) -> Any:
        """The string at a place, counted from 0, or those of a slice without a step."""
        if isinstance(at, slice):
            start, end, _ = at.indices(len(self))
            return self._text(start, end).split("\n")[:-1] if start < end else []
        return self._text(at, at + 1)[:-1]

    def extent(self, prefix: str) -> range:
        """The places of the strings that begin with `prefix`."""
        encoded = _as_stored(prefix)
        start = self._first_from(encoded, 0)
        return range(start, self._first_from(encoded + _PAST_ANY_BYTE, start))

    def place(self, string: str) -> range:
        """The place of the first string that is `string`; an empty range where there is none."""
        at = self._first_from(_as_stored(string), 0)
        return range(at, at + (at < len(self) and self[at] == string))

    def places(self, string: str) -> range:
        """The places of all strings that are `string`."""
        encoded = _as_stored(string)
        start = self._first_from(encoded, 0)
        return range(start, self._first_from(encoded + _BEFORE_ANY_BYTE, start))

    def _first_from(self, bound: bytes, low: int) -> int:
        """The first place, from `low` on, of a string that is not before `bound`."""
        high = len(self._ends)
        while low < high:
            middle = (low + high) // 2
            if self._raw(middle, middle + 1)[:-1] < bound:
                low = middle + 1
            else:
                high = middle
        return low

    def _text(self, start: int, end: int) -> str:
        return self._raw(start, end).decode()

    def _raw(self, start: int, end: int) -> bytes:
        first = self._ends[start - 1] if start else 0
        return bytes(self._bytes[first : self._ends[end - 1]])


def _as_stored(string: str) -> bytes:
    """The bytes of a string; those of a lone surrogate, which a file of UTF-8 has nowhere."""
    return string.encode(errors="surrogatepass")


def load_array(directory: Path, name: str) -> npt.NDArray[Any]:
    """An array that stays on disk until it is needed."""
    array = np.load(directory / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return np.asarray(array)
