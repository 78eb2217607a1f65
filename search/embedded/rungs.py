"""A related list, rung by rung: what each adds, until the list is full."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.embedded.diversity import Listed, pick_diverse
from search.embedded.labels import Mask
from search.embedded.snapshot import Snapshot
from search.related_results import Rung

POOL_POSTS: Final = 20
"""So many posts at a time compete for the next places: several times as many as a list shows."""

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The posts that may be listed, what was read, and how each post stands to it.

    `relevance` is what similar posts are ranked by: the similarity, less so for old posts where
    age matters. `speaks_the_same` are the posts in the language of what was read.
    """

    read: tuple[int, ...]
    may_follow: Mask
    similarity: Floats
    relevance: Floats
    speaks_the_same: Mask


class RelatedList:
    """The posts of a list in order, each with the rung that brought it there."""

    def __init__(self, candidates: Candidates, limit: int, snapshot: Snapshot) -> None:
        self.rungs: dict[int, Rung] = {}
        self._candidates = candidates
        self._limit = limit
        self._snapshot = snapshot
        self._repeats: dict[int, Rung] = {}
        self._is_open = candidates.may_follow.copy()

    @property
    def is_full(self) -> bool:
        """Whether nothing more is wanted."""
        return len(self.rungs) >= self._limit

    def add_named(self, rung: Rung, docnums: Ints) -> None:
        """Adds posts that somebody asked for, in their order, whatever they repeat."""
        for docnum in docnums.tolist():
            if self._is_open[docnum] and not self.is_full:
                self._list(docnum, rung)

    def add_similar(self, docnums: Ints, mmr_lambda: float) -> None:
        """Adds similar posts: the most relevant ones first, but for what the list has already."""
        relevance, rank = self._candidates.relevance, self._snapshot.newest_rank
        docnums = docnums[self._is_open[docnums]]
        for pool in _best_first(docnums, relevance[docnums].round(9), rank[docnums]):
            self._add("similar", pool, relevance[pool], mmr_lambda)
            if self.is_full:
                return

    def add_newest(self, rung: Rung, docnums: Ints) -> None:
        """Adds the newest posts first, those in the language of what was read before others."""
        docnums = docnums[self._is_open[docnums]]
        speaks_otherwise = ~self._candidates.speaks_the_same[docnums]
        ordered = docnums[np.lexsort((self._snapshot.newest_rank[docnums], speaks_otherwise))]
        for start in range(0, len(ordered), POOL_POSTS):
            if self.is_full:
                return
            pool = ordered[start : start + POOL_POSTS]
            self._add(rung, pool, -np.arange(len(pool), dtype=np.float64), mmr_lambda=1.0)

    def add_repeats(self) -> None:
        """Adds what was passed over as a repetition: better than an empty place."""
        for docnum, rung in self._repeats.items():
            if not self.is_full:
                self._list(docnum, rung)

    def _add(self, rung: Rung, pool: Ints, relevance: Floats, mmr_lambda: float) -> None:
        listed = Listed(self._candidates.read, tuple(self.rungs))
        wanted = self._limit - len(self.rungs)
        picked = pick_diverse(pool, relevance, listed, wanted, mmr_lambda, self._snapshot)
        for docnum in picked.docnums:
            self._list(docnum, rung)
        for docnum in picked.repeats:
            self._is_open[docnum] = False
            self._repeats[docnum] = rung

    def _list(self, docnum: int, rung: Rung) -> None:
        self._is_open[docnum] = False
        self.rungs[docnum] = rung


def _best_first(docnums: Ints, relevance: Floats, rank: Ints) -> Iterator[Ints]:
    """Posts in pools, most relevant first, ties by newest; the rest is sorted only if needed."""
    if len(docnums) > POOL_POSTS:
        least = np.partition(relevance, -POOL_POSTS)[-POOL_POSTS]
        first = relevance >= least
        yield _ranked(docnums[first], relevance[first], rank[first])[:POOL_POSTS]
        rest = _ranked(docnums, relevance, rank)[POOL_POSTS:]
    else:
        rest = _ranked(docnums, relevance, rank)
    for start in range(0, len(rest), POOL_POSTS):
        yield rest[start : start + POOL_POSTS]


def _ranked(docnums: Ints, relevance: Floats, rank: Ints) -> Ints:
    return np.asarray(docnums[np.lexsort((rank, -relevance))])
