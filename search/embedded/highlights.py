"""Where the hits of one page have what the clauses of a query matched, unit by unit."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from search.embedded.findings import ClauseMatch
from search.embedded.postings import within
from search.embedded.snapshot import Snapshot

MAX_USES: Final = 60
"""A term is looked at so many times in one post: a bound on the work for one hit."""

REPEAT_SHARE: Final = 0.02
"""What each further use of a word adds to a unit's weight: breaks ties, never outweighs a second
word."""

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class UnitMatches(NamedTuple):
    """A unit's matches: where they are, which word of the query each is, and what it counts."""

    positions: list[int]
    keys: list[int]
    weights: list[float]


class PageMatches:
    """The units of a page's documents that have any match.

    `weights` are by unit, in order: that of the different words, each once, and a little for
    repeats. `units_of` are a document's units with any match, in order.
    """

    def __init__(
        self, clauses: Sequence[ClauseMatch], page: Sequence[int], snapshot: Snapshot
    ) -> None:
        positions, keys, weights = _matches(clauses, page, snapshot)
        units = snapshot.postings.units_of(positions)
        is_first = np.concatenate(([True], units[1:] != units[:-1]))[: len(units)]
        starts = np.flatnonzero(is_first)
        listed = units[starts].tolist()
        self.weights: dict[int, float] = dict(
            zip(listed, _weights(np.cumsum(is_first) - 1, keys, weights).tolist(), strict=True)
        )
        self._extents = dict(zip(listed, pairwise([*starts.tolist(), len(units)]), strict=True))
        self._positions: list[int] = positions.tolist()
        self._keys: list[int] = keys.tolist()
        self._key_weights: list[float] = weights.tolist()
        self._units_of: dict[int, list[int]] = {}
        for unit, doc in zip(
            listed, snapshot.postings.docs_of(units[starts]).tolist(), strict=True
        ):
            self._units_of.setdefault(doc, []).append(unit)

    def units_of(self, doc: int) -> list[int]:
        """The units of a document that have any match."""
        return self._units_of.get(doc, [])

    def positions_in(self, unit: int) -> list[int]:
        """Where the matches of one unit are; rising."""
        start, end = self._extents.get(unit, (0, 0))
        return self._positions[start:end]

    def matches_in(self, unit: int) -> UnitMatches:
        """The matches of one unit, in the order of their positions."""
        start, end = self._extents.get(unit, (0, 0))
        return UnitMatches(
            self._positions[start:end], self._keys[start:end], self._key_weights[start:end]
        )


def _weights(unit_numbers: Ints, keys: Ints, weights: Floats) -> Floats:
    """Each unit's weight; the units are numbered from 0, without a gap."""
    units = int(unit_numbers[-1]) + 1 if len(unit_numbers) else 0
    pair = unit_numbers * (int(keys.max(initial=0)) + 1) + keys
    in_order = np.argsort(pair, kind="stable")
    is_new = np.concatenate(([True], np.diff(pair[in_order]) > 0))[: len(pair)]
    once = in_order[is_new]
    distinct = np.bincount(unit_numbers[once], weights=weights[once], minlength=units)
    repeats = np.bincount(unit_numbers, weights=weights, minlength=units)
    return np.asarray(distinct + REPEAT_SHARE * repeats)


def _matches(
    clauses: Sequence[ClauseMatch], page: Sequence[int], snapshot: Snapshot
) -> tuple[Ints, Ints, Floats]:
    """The positions of all matches, rising, which word of the query each is, and what it counts."""
    postings = snapshot.postings
    starts, ends = postings.extents(np.asarray(page, np.intp))
    found: list[Ints] = [np.zeros(0, np.uint32)]
    keys, weights = [0], [0.0]
    for at, clause in enumerate(clauses):
        for number in clause.terms:
            found.append(within(postings.uses(number), starts, ends, MAX_USES))
            # The forms of a word still being typed are one word of the query.
            keys.append(len(keys) if number in clause.sequence else -1 - at)
            weights.append(clause.idf)
    positions = np.concatenate(found)
    word = np.repeat(np.arange(len(found)), list(map(len, found)))
    in_order = np.argsort(positions, kind="stable")
    word = word[in_order]
    key = np.array(keys)
    key[key < 0] += len(keys) + len(clauses)
    return positions[in_order], key[word], np.array(weights)[word]
