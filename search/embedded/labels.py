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
        counts = np.diff(self._starts)
        self._documents = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        self._value = lru_cache(maxsize=REMEMBERED_VALUES)(self.values.__getitem__)

    def shown(self, folded: str) -> str:
        """The spelling of a folded value that most posts use."""
        return str(self.values[self._keys.place(folded).start])

    def mask(self, wanted: Sequence[str]) -> Mask:
        """The documents that have any of the wanted values."""
        places = [place for value in wanted for place in self._keys.place(fold(value))]
        mask = np.zeros(len(self._starts) - 1, np.bool_)
        mask[self._documents[np.isin(self._numbers, places)]] = True
        return mask

    def counts(self, among: Mask, limit: int) -> list[tuple[str, int]]:
        """How many of the documents in `among` have each value; most first, then by value.

        The `limit` first ones of the values that any has.
        """
        counts = np.bincount(self._numbers[among[self._documents]], minlength=len(self.values))
        present = np.flatnonzero(counts)
        if len(present) > limit:
            least = np.partition(counts[present], -limit)[-limit]
            present = present[counts[present] >= least]
        found = [(self._value(number), int(counts[number])) for number in present.tolist()]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]
