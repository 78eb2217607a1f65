"""The postings of some posts, from the records that came with them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.bm25 import idf, saturated
from index.opensearch.layout import term_keys
from search.embedded.postings import NOTHING, Posting, Postings, UnitArrays
from search.embedded.termlist import TermList

Ints = npt.NDArray[np.integer[Any]]
Record = Mapping[str, npt.NDArray[Any]]


NO_USES: Final[Record] = {
    "keys": np.zeros(0, np.uint64),
    "starts": np.zeros(1, np.uint32),
    "positions": np.zeros(0, np.uint32),
    "unit_starts": np.zeros(1, np.uint32),
    "unit_fields": np.zeros(0, np.uint8),
    "use_weights": np.zeros(0, np.float32),
}
"""The record of a post that came without its uses: no term stands in it."""


class SlicePostings(Postings):
    """Looks terms up in the `uses` records of some posts, which are numbered in their order."""

    def __init__(
        self,
        records: Sequence[Record],
        terms: TermList,
        site_documents: int,
        counts_of_any: Mapping[frozenset[int], int],
    ) -> None:
        """`counts_of_any` has in how many documents of the site any of some terms stands."""
        spans = [int(record["unit_starts"][-1]) for record in records]
        firsts = _running_sum(spans)
        unit_starts = [
            record["unit_starts"][:-1] + np.uint32(first)
            for record, first in zip(records, firsts.tolist(), strict=False)
        ]
        units = UnitArrays(
            unit_starts=np.concatenate([*unit_starts, firsts[-1:]]).astype(np.uint32),
            unit_fields=_joined(records, "unit_fields", np.uint8),
            use_weights=_joined(records, "use_weights", np.float32),
            first_units=_running_sum(len(record["unit_fields"]) for record in records),
        )
        super().__init__(terms, units, site_documents)
        self._counts_of_any = counts_of_any
        self._keys = _joined(records, "keys", np.uint64)
        lengths = [len(record["positions"]) for record in records]
        self._positions = _joined(records, "positions", np.uint32)
        self._positions += np.repeat(firsts[:-1], lengths).astype(np.uint32)
        entries = [len(record["keys"]) for record in records]
        before = np.repeat(_running_sum(lengths)[:-1], entries)
        self._starts = _joined([{"at": each["starts"][:-1]} for each in records], "at") + before
        self._ends = _joined([{"at": each["starts"][1:]} for each in records], "at") + before
        self._uses: dict[int, Ints] = {}
        self._postings: dict[int, Posting] = {}

    def posting(self, number: int) -> Posting:
        """The documents of a term, with its BM25F scores."""
        if number not in self._postings:
            self._postings[number] = self._scored(number)
        return self._postings[number]

    def _scored(self, number: int) -> Posting:
        uses = self.uses(number)
        if not len(uses):
            return NOTHING
        units = self.units_of(uses)
        docs = self.docs_of(units)
        firsts = np.flatnonzero(np.diff(docs, prepend=-1))
        weights = np.add.reduceat(self.use_weights(units).astype(np.float64), firsts)
        rarity = float(idf(np.array(self.count(number)), self.site_documents))
        return Posting(docs[firsts], (rarity * saturated(weights)).astype(np.float32))

    def titled(self, number: int) -> Ints:
        """The documents that have a term in their title, rising."""
        units = self.units_of(self.uses(number))
        return np.unique(self.docs_of(units[self.in_field(units, "title")]))

    def uses(self, number: int) -> Ints:
        """Where a term stands: its positions in the row of all units, rising."""
        if number not in self._uses:
            self._uses[number] = self._found(number)
        return self._uses[number]

    def _found(self, number: int) -> Ints:
        (key,) = term_keys([self.terms[number]])
        entries = np.flatnonzero(self._keys == key)
        starts, counts = self._starts[entries], self._ends[entries] - self._starts[entries]
        before = np.cumsum(counts) - counts
        return np.asarray(
            self._positions[np.repeat(starts - before, counts) + np.arange(counts.sum())]
        )

    def count_of_any(self, numbers: Sequence[int], found: Posting) -> int:
        """In how many documents of the site any of some terms stands: at the most, if unknown."""
        known = self._counts_of_any.get(frozenset(numbers))
        if known is not None:
            return known
        return max(len(found.docs), min(self.site_documents, sum(map(self.count, numbers))))


def _joined(
    records: Sequence[Record], name: str, dtype: npt.DTypeLike = np.int64
) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *(record[name] for record in records)])


def _running_sum(counts: Iterable[int]) -> Ints:
    return np.cumsum([0, *counts])
