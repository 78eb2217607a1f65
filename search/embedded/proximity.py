"""How posts use the query's words together: side by side as asked for, and in the title."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.embedded.findings import ClauseMatch
from search.embedded.postings import Postings, within

PAIR_WEIGHT: Final = 0.4
"""What a pair of words that stand as in the query adds, beside what the rarer of them scores."""

PAIR_SATURATION: Final = 1.5
"""The weight of a pair's uses at which it has half of all it can get."""

MAX_USES: Final = 50
"""A word is looked at so many times in one post: a bound on the work for one query."""

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


def pair_scores(clauses: Sequence[ClauseMatch], docs: Ints, postings: Postings) -> Floats:
    """For each of `docs`, which rise: what it gets for neighbours in the query being neighbours.

    Words count as neighbours where they are as far apart as in the query; optional words between
    them keep their place, but are not asked for.
    """
    scores = np.zeros(len(docs))
    starts, ends = postings.extents(docs)
    for left, right, distance in _pairs(clauses):
        uses = within(postings.uses(left.sequence[-1]), starts, ends, MAX_USES)
        others = postings.uses(right.sequence[0])
        if not len(others):
            continue
        wanted = uses + np.asarray(distance, uses.dtype)
        places = np.minimum(np.searchsorted(others, wanted), len(others) - 1)
        uses = uses[others[places] == wanted]
        if len(uses):
            weights = postings.use_weights(postings.units_of(uses))
            at_doc = np.searchsorted(ends, uses, side="right")
            together = np.bincount(at_doc, weights=weights, minlength=len(docs))
            scores += min(left.idf, right.idf) * together / (together + PAIR_SATURATION)
    return np.asarray(PAIR_WEIGHT * scores)


def title_likeness(clauses: Sequence[ClauseMatch], docs: Ints, postings: Postings) -> Floats:
    """How much of each document's title and of the query are the same words, from 0 to 1.

    The words that both have, by the words that either has (Jaccard).
    """
    units = postings.first_units[docs]  # the title is the first unit
    starts, ends = postings.unit_starts[units], postings.unit_starts[units + 1]
    shared = np.zeros(len(docs))
    asked = 0
    for clause in clauses:
        for number in clause.sequence:
            asked += 1
            titled = postings.titled(number)
            if len(titled):
                places = np.minimum(np.searchsorted(titled, docs), len(titled) - 1)
                shared += titled[places] == docs
    either = (ends - starts).astype(float) - 1 + asked - shared
    return np.asarray(shared / np.maximum(either, 1))


def _pairs(clauses: Sequence[ClauseMatch]) -> list[tuple[ClauseMatch, ClauseMatch, int]]:
    """Neighbours among the wanted clauses, and how far the second word is from the first."""
    placed: list[tuple[ClauseMatch, int]] = []
    at = 0
    for clause in clauses:
        if clause.sequence and not clause.is_optional and not clause.is_filter:
            placed.append((clause, at))
        at += max(1, len(clause.sequence))
    return [
        (left, right, at_right - at_left - len(left.sequence) + 1)
        for (left, at_left), (right, at_right) in pairwise(placed)
        if left.sequence[-1] != right.sequence[0]
    ]
