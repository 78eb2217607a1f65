"""Tags, categories, authors and the like, as columns: filters and facet counts over all posts."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.analysis import fold
from search.embedded.sortedstrings import SortedStrings, load_array

REMEMBERED_VALUES: Final = 1_024
"""Values of one column that are kept at hand: those that answers list."""

Mask = npt.NDArray[np.bool_]
"""One flag per document."""

Ints = npt.NDArray[np.integer[Any]]


class LabelColumn:
    """The values that each document has in one field, letter case and accents aside.

    `values` are the distinct values, each in the spelling that most posts use, in the order of
    their folded forms.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self._keys = SortedStrings(directory, f"{name}.keys")
        self.values = SortedStrings(directory, f"{name}.values")
        self._starts = load_array(directory, f"{name}.starts")
        self._numbers = load_array(directory, f"{name}.numbers")
        self._lengths = np.diff(self._starts)
        self._is_single = bool(self._lengths.max(initial=0) <= 1)
        self._value = lru_cache(maxsize=REMEMBERED_VALUES)(self.values.__getitem__)

    def shown(self, folded: str) -> str:
        """The spelling of a folded value that most posts use."""
        return str(self.values[self._keys.place(folded).start])

    def mask(self, wanted: Sequence[str]) -> Mask:
        """The documents that have any of the wanted values."""
        places = [place for value in wanted for place in self._keys.place(fold(value))]
        having = np.flatnonzero(np.isin(self._numbers, places))
        mask = np.zeros(len(self._lengths), np.bool_)
        mask[np.searchsorted(self._starts, having, side="right") - 1] = True
        return mask

    def counts(self, among: Ints, limit: int) -> list[tuple[str, int]]:
        """How many of some documents have each value; most first, then in order.

        The `limit` first ones of the values that any has; `among` are the documents' numbers.
        """
        values = len(self.values)
        firsts, lengths = self._starts[among], self._lengths[among]
        if not self._is_single:
            before = np.cumsum(lengths) - lengths
            places = np.repeat(firsts - before, lengths) + np.arange(lengths.sum())
        else:
            places = firsts[lengths > 0]
        counts = np.bincount(self._numbers[places], minlength=values)
        present = np.flatnonzero(counts)
        # One number that sorts by falling count, then by value.
        rank = (counts.max(initial=0) - counts[present]) * values + present
        if len(rank) > limit:
            rank = np.partition(rank, limit)[:limit]
        first = np.sort(rank) % values if values else rank
        shown = map(self._value, first.tolist())
        return list(zip(shown, counts[first].tolist(), strict=True))
