"""A list as a whole: no post twice in other words, and not the same subject over and over."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from search.embedded.snapshot import Snapshot

NEAR_DUPLICATE_COSINE: Final = 0.9
"""Texts as alike as this are versions of one page. By the links between posts on a documentation
site, listing one of them gains 0.01 nDCG@5; from 0.85 down, posts are lost that are no versions."""

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class Picked(NamedTuple):
    """Posts in the order of a list, and those that were passed over for repeating one of them."""

    docnums: list[int]
    repeats: list[int]


class Listed(NamedTuple):
    """What a list is made for, and what is in it already."""

    read: Sequence[int]
    chosen: Sequence[int]


def pick_diverse(
    docnums: Ints,
    relevance: Floats,
    listed: Listed,
    count: int,
    mmr_lambda: float,
    snapshot: Snapshot,
) -> Picked:
    """Up to `count` of some posts, each the best beside those before it.

    Maximal marginal relevance (Carbonell and Goldstein 1998): mmr_lambda * relevance -
    (1 - mmr_lambda) * greatest cosine with a listed post; ties in the order given. With a lambda of
    1 that is the order of relevance. Repeats are near-duplicates and translations of what was read
    or is listed; the parts of one series are none, however alike.
    """
    beside = _Beside(docnums, snapshot)
    for docnum in listed.read:
        beside.read(docnum)
    for docnum in listed.chosen:
        beside.list(docnum)
    picked: list[int] = []
    is_left = np.ones(len(docnums), np.bool_)
    weighed_relevance = mmr_lambda * relevance
    while len(picked) < count:
        if picked:
            beside.list(picked[-1])
        is_fresh = is_left & ~beside.is_repeat
        if not is_fresh.any():
            break
        worth = weighed_relevance - (1 - mmr_lambda) * beside.greatest_cosine
        best = int(np.where(is_fresh, worth, -np.inf).argmax())
        is_left[best] = False
        picked.append(int(docnums[best]))
    return Picked(picked, docnums[is_left & beside.is_repeat].tolist())


def near_duplicates(docnum: int, snapshot: Snapshot) -> list[tuple[int, float]]:
    """The posts whose texts are versions of this one's, with their cosines; most alike first.

    The parts of a series are no versions of each other, however alike.
    """
    rows = snapshot.vectors["text"]
    cosines = rows.products(rows.row(docnum))
    cosines[docnum] = 0
    cosines[snapshot.series.same(docnum)] = 0
    alike = np.flatnonzero(cosines >= NEAR_DUPLICATE_COSINE)
    ranked = alike[np.argsort(-cosines[alike], kind="stable")]
    return list(zip(ranked.tolist(), cosines[ranked].tolist(), strict=True))


class _Beside:
    """How some posts stand beside those that were read and listed."""

    def __init__(self, docnums: Ints, snapshot: Snapshot) -> None:
        self._rows = snapshot.vectors["text"]
        self._pool = self._rows.pooled(docnums)
        self._docnums = docnums
        self._series = snapshot.series.group_of
        self._translations = snapshot.translations.group_of
        self.greatest_cosine = np.zeros(len(docnums))
        self.is_repeat = np.zeros(len(docnums), np.bool_)

    def read(self, docnum: int) -> None:
        """Takes note of a post that the reader knows."""
        self._compare(docnum)

    def list(self, docnum: int) -> None:
        """Takes note of a post in the list."""
        np.maximum(self.greatest_cosine, self._compare(docnum), out=self.greatest_cosine)

    def _compare(self, docnum: int) -> Floats:
        cosines = self._pool.products(self._rows.row(docnum))
        is_version = cosines >= NEAR_DUPLICATE_COSINE
        series, translations = self._series[docnum], self._translations[docnum]
        if series >= 0:
            is_version &= self._series[self._docnums] != series
        if translations >= 0:
            is_version |= self._translations[self._docnums] == translations
        self.is_repeat |= is_version
        return cosines
