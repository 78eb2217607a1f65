"""Tags, categories, authors and the like, as columns: filters and facet counts over all posts."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from index.analysis import fold
from search.embedded.sortedstrings import SortedStrings, load_array

REMEMBERED_VALUES: Final = 1_024
"""Values of one column that are kept at hand: those that answers list."""

Mask = npt.NDArray[np.bool_]
"""One flag per document."""

Ints = npt.NDArray[np.integer[Any]]


class LabelValues:
    """The values of one field on the whole site, letter case and accents aside.

    `values` are the distinct ones, each in the spelling that most posts use, in the order of their
    folded forms, which `keys` has; `starts` counts up the documents that have each.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self.keys = SortedStrings(directory, f"{name}.keys")
        self.values = SortedStrings(directory, f"{name}.values")
        self.starts = load_array(directory, f"{name}.starts")

    def shown(self, folded: str) -> str:
        """The spelling of a folded value that most posts use."""
        return str(self.values[self.keys.place(folded).start])

    def posts(self, folded: str) -> int:
        """How many documents have a folded value."""
        return sum(int(self.starts[at + 1] - self.starts[at]) for at in self.keys.place(folded))


class Labels(ABC):
    """The values that each of some documents has in one field.

    `values`, `shown` and `posts` are those of the whole site, as LabelValues describes them.
    """

    def __init__(self, values: LabelValues) -> None:
        self.values = values.values
        self.shown, self.posts = values.shown, values.posts

    @abstractmethod
    def mask(self, wanted: Sequence[str]) -> Mask:
        """The documents that have any of the wanted values, letter case and accents aside."""


class LabelColumn(Labels):
    """The values of all documents of a generation, which stay on disk."""

    def __init__(self, directory: Path, values: LabelValues, name: str, documents: int) -> None:
        super().__init__(values)
        self._keys, self._starts = values.keys, values.starts
        # The documents with value v are those from `starts[v]` to the next, rising.
        self._docs: Ints = load_array(directory, f"{name}.docs")
        self._documents = documents
        self._value = lru_cache(maxsize=REMEMBERED_VALUES)(self.values.__getitem__)

    @cached_property
    def _commonest_first(self) -> Ints:
        return np.argsort(-np.diff(self._starts), kind="stable")

    @cached_property
    def _every(self) -> csr_array[Any]:
        """Which documents have each value, the commonest values first."""
        every = csr_array(
            (np.ones(len(self._docs), np.int32), self._docs, self._starts),
            shape=(len(self.values), self._documents),
        )
        return every[self._commonest_first]

    @cached_property
    def _shared(self) -> csr_array[Any]:
        """The same of the values that several documents have."""
        return self._every[: int(np.count_nonzero(np.diff(self._starts) > 1))]

    def mask(self, wanted: Sequence[str]) -> Mask:
        """The documents that have any of the wanted values, letter case and accents aside."""
        mask = np.zeros(self._documents, np.bool_)
        for place in (place for value in wanted for place in self._keys.place(fold(value))):
            mask[self._docs[self._starts[place] : self._starts[place + 1]]] = True
        return mask

    def counts(self, among: Mask, limit: int) -> list[tuple[str, int]]:
        """How many of some documents have each value; most first, then in order.

        The `limit` first ones of the values that any has.
        """
        flags = among.astype(np.int32)
        counts = self._shared @ flags
        if np.count_nonzero(counts > 1) < limit:
            # Values that only one document has may be among the first ones, too.
            counts = self._every @ flags
        present = np.flatnonzero(counts)
        found, values = counts[present], self._commonest_first[present]
        # One number that sorts by falling count, then by value.
        rank = (self._documents - found.astype(np.int64)) * len(self.values) + values
        if len(rank) > limit:
            rank = np.partition(rank, limit)[:limit]
        missed, first = np.divmod(np.sort(rank), max(1, len(self.values)))
        shown = map(self._value, first.tolist())
        return list(zip(shown, (self._documents - missed).tolist(), strict=True))
