"""Postings: what a term or a phrase finds, in which units, and what it scores."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.layout import FIELD_NUMBERS, FLOOR_RANK
from search.embedded.termlist import TermList

Ints = npt.NDArray[np.integer[Any]]


class Posting(NamedTuple):
    """Documents in rising order, and the score of each."""

    docs: npt.NDArray[np.intp]
    scores: npt.NDArray[np.float32]


NOTHING: Final = Posting(np.zeros(0, np.intp), np.zeros(0, np.float32))


class UnitArrays(NamedTuple):
    """The units of some documents, as `index.matrix` describes them."""

    unit_starts: Ints
    unit_fields: Ints
    use_weights: npt.NDArray[np.float32]
    first_units: Ints


class Postings(ABC):
    """Where terms stand in some documents, numbered from 0, and what they score there.

    The terms are those of the whole site, which has `site_documents`: as many as are here, or more.
    What is called rare is rare among all of them.
    """

    def __init__(self, terms: TermList, units: UnitArrays, site_documents: int) -> None:
        self.terms = terms.names
        self.number = terms.number
        self.beginning_with = terms.beginning_with
        self.count = terms.count
        self.is_prominent = terms.is_prominent
        self.unit_starts, self._unit_fields, self._use_weights, self.first_units = units
        self.documents = len(self.first_units) - 1
        self.site_documents = site_documents

    @abstractmethod
    def posting(self, number: int) -> Posting:
        """The documents of a term, with its finished BM25F scores."""

    @abstractmethod
    def titled(self, number: int) -> Ints:
        """The documents that have a term in their title, rising."""

    @abstractmethod
    def uses(self, number: int) -> Ints:
        """Where a term stands: its positions in the row of all units, rising."""

    @abstractmethod
    def count_of_any(self, numbers: Sequence[int], found: Posting) -> int:
        """In how many documents of the site any of some terms stands; here, in those of `found`."""

    def phrase(self, numbers: Sequence[int]) -> Ints:
        """Where the first of terms that stand side by side is; rising."""
        by_rarity = sorted(range(len(numbers)), key=lambda at: len(self.uses(numbers[at])))
        found = self.uses(numbers[by_rarity[0]]).astype(np.int64) - by_rarity[0]
        for at in by_rarity[1:]:
            uses = self.uses(numbers[at])
            places = np.searchsorted(uses, (found + at).astype(uses.dtype))
            found = found[uses[np.minimum(places, len(uses) - 1)] == found + at]
        return found

    def units_of(self, uses: Ints) -> Ints:
        """The units that positions are in."""
        wanted = uses.astype(self.unit_starts.dtype, copy=False)
        return np.searchsorted(self.unit_starts, wanted, side="right") - 1

    def docs_of(self, units: Ints) -> npt.NDArray[np.intp]:
        """The document of each of the units."""
        return np.searchsorted(self.first_units, units, side="right") - 1

    def in_field(self, units: Ints, field: str) -> npt.NDArray[np.bool_]:
        """Which of the units are of a field."""
        return np.asarray(self._unit_fields[units] == FIELD_NUMBERS[field])

    def use_weights(self, units: Ints) -> npt.NDArray[np.float32]:
        """What one use of a term in each of the units counts."""
        return np.asarray(self._use_weights[units])

    def extents(self, docs: Ints) -> tuple[Ints, Ints]:
        """The first position of each document, and the one past its last."""
        firsts, ends = self.first_units[docs], self.first_units[docs + 1]
        return self.unit_starts[firsts], self.unit_starts[ends]

    def weights_by_field(self, number: int, doc: int) -> dict[str, float]:
        """What a term's uses in one document count, together for each field."""
        starts, ends = self.extents(np.array([doc]))
        uses = self.uses(number)
        low, high = np.searchsorted(uses, (starts[0], ends[0]))
        weights: dict[str, float] = {}
        names = tuple(FIELD_NUMBERS)
        for unit in self.units_of(uses[low:high]).tolist():
            field = names[self._unit_fields[unit]]
            weights[field] = weights.get(field, 0.0) + float(self._use_weights[unit])
        return weights

    def top(self, numbers: Sequence[int], limit: int) -> list[tuple[int, float]]:
        """The `limit` best documents by the sum of the terms' scores, best first.

        Each with its score; ties by number.
        """
        totals = np.zeros(self.documents, np.float32)
        for number in numbers:
            np.add.at(totals, *self.posting(number))
        floor = self.floor(numbers) if limit <= FLOOR_RANK else 0.0
        # A document at the floor of one term is at least there in the sum.
        is_good = totals >= floor if floor else totals > 0
        docs = np.flatnonzero(is_good)
        best = docs[best_places(totals[docs], limit)]
        return list(zip(best.tolist(), totals[best].tolist(), strict=True))

    def floor(self, numbers: Sequence[int]) -> float:  # noqa: ARG002 - others know of some
        """A score that FLOOR_RANK documents reach by one of the terms; 0 where none is known."""
        return 0.0


def within(rising: Ints, starts: Ints, ends: Ints, limit: int) -> Ints:
    """Of numbers that rise: those within each extent in turn, the first `limit` of each."""
    firsts = rising.searchsorted(starts)
    counts = rising.searchsorted(ends) - firsts
    if not counts.any():
        return rising[:0]
    counts = np.minimum(counts, limit)
    before = np.cumsum(counts) - counts
    return np.asarray(rising[np.repeat(firsts - before, counts) + np.arange(counts.sum())])


def best_places(scores: npt.NDArray[np.floating[Any]], limit: int) -> Ints:
    """The places of the `limit` highest scores, highest first, ties in order."""
    if len(scores) > 4 * limit:
        least = np.partition(scores, -limit)[-limit]
        likely = np.flatnonzero(scores >= least)
        return likely[np.argsort(-scores[likely], kind="stable")][:limit]
    return np.argsort(-scores, kind="stable")[:limit]


def distinct(rising: Ints) -> Ints:
    """Numbers that rise, each once."""
    if len(rising) < 2:
        return rising
    is_new = np.ones(len(rising), np.bool_)
    np.not_equal(rising[1:], rising[:-1], out=is_new[1:])
    return rising[is_new]
