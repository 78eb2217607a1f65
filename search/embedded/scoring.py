"""The score of each matching post, part by part, and the order of the hits."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.keys import pin_key, title_key
from index.layout import UNDATED
from search.embedded.feedback import feedback
from search.embedded.matching import Matches
from search.embedded.postings import best_places
from search.embedded.proximity import pair_scores, title_likeness
from search.embedded.snapshot import Snapshot
from search.engine import Sort

LOOKED_AT: Final = 100
"""How many of the posts that score best by their words are looked at more closely. With 60 it costs
0.002 nDCG@10 on Cranfield, with 50 it costs 0.005; the others do not tell."""

TITLE_WEIGHT: Final = 0.5
"""What a title of just the query's words adds to a score, as a share of it."""

EXACT_TITLE_LEAD: Final = 1.0
"""A post whose title is the query scores this much above the best other one, whatever the
others say: the reader typed its name."""

MAX_TITLE_CHARS: Final = 300
"""A longer query is no title."""

PIN_LEAD: Final = 1.0
"""A post that is pinned to the query scores this much above all that are not."""

SCORE_DECIMALS: Final = 6
"""Scores that differ by less are a tie: they are sums of floats."""

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class Scores:
    """The score of each of `docs`, which rise, as the sum of named parts."""

    def __init__(self, docs: Ints, words: Floats) -> None:
        self.docs = docs
        self.total = words.copy()
        self._parts: dict[str, tuple[Ints, Floats]] = {"words": (np.arange(len(docs)), words)}

    def add(self, name: str, places: Ints, scores: Floats) -> None:
        """Adds a part to the scores at some places, which rise."""
        self._parts[name] = (places, scores)
        self.total[places] += scores

    def total_of(self, docs: Sequence[int]) -> list[float]:
        """The scores of some of the documents."""
        found: list[float] = self.total[np.searchsorted(self.docs, docs)].tolist()
        return found

    def of(self, doc: int) -> dict[str, float]:
        """The parts of one document's score by name, but for those that are 0."""
        place = np.searchsorted(self.docs, doc)
        found = {
            name: float(scores[places == place].sum())
            for name, (places, scores) in self._parts.items()
        }
        return {name: part for name, part in found.items() if part}


def score(matches: Matches, query_text: str, snapshot: Snapshot, *, is_whole: bool) -> Scores:
    """The score of every match: its words by coverage, and what lifts it.

    `is_whole` is for a query that is not still being typed: it is worth asking what its best
    matches have in common.
    """
    docs = matches.docs
    scores = Scores(docs, matches.words * matches.coverage)
    if matches.clauses and len(docs):
        _look_closer(scores, matches, snapshot, is_whole=is_whole)
    if snapshot.has_boosts:
        everywhere = np.arange(len(docs))
        scores.add("boost", everywhere, scores.total * (snapshot.boosts[docs] - 1))
    if snapshot.recency is not None:
        everywhere = np.arange(len(docs))
        scores.add("recency", everywhere, scores.total * (snapshot.recency[docs] - 1))
    _lift("exact_title", _exact_titles(query_text, snapshot), EXACT_TITLE_LEAD, scores)
    _lift("pin", pinned_documents(query_text, snapshot), PIN_LEAD, scores)
    return scores


def _look_closer(scores: Scores, matches: Matches, snapshot: Snapshot, *, is_whole: bool) -> None:
    """Adds to the best matches what is too dear to work out for all of them."""
    places = np.sort(best_places(scores.total, LOOKED_AT))
    docs = scores.docs[places]
    if len(matches.wanted) > 1:
        scores.add("proximity", places, pair_scores(matches.clauses, docs, snapshot.postings))
    if is_whole:
        likeness = feedback(docs, scores.total[places], snapshot.concepts)
        scores.add("common_terms", places, likeness.terms)
        scores.add("common_concepts", places, likeness.concepts)
    alike = title_likeness(matches.clauses, docs, snapshot.postings)
    scores.add("title_likeness", places, TITLE_WEIGHT * alike * scores.total[places])


def order(scores: Scores, snapshot: Snapshot, sort: Sort, end: int) -> Ints:
    """The first `end` documents in the order of the hits.

    By score, then newest, then path; or by date, then path, undated posts last in either order.
    """
    docs = scores.docs
    newest_rank = snapshot.newest_rank[docs]
    if sort == "newest":
        return docs[np.argsort(newest_rank)][:end]
    if sort == "oldest":
        timestamps = snapshot.timestamps[docs]
        return docs[np.lexsort((docs, timestamps, timestamps == UNDATED))][:end]
    total = scores.total.round(SCORE_DECIMALS)
    if len(docs) > 4 * end > 0:
        likely = np.flatnonzero(total >= np.partition(total, -end)[-end])
        docs, total, newest_rank = docs[likely], total[likely], newest_rank[likely]
    return docs[np.lexsort((newest_rank, -total))][:end]


def pinned_documents(query_text: str, snapshot: Snapshot) -> list[int]:
    """The posts that are pinned to this query, in front matter or in the settings."""
    key = pin_key(query_text)
    listed = snapshot.tuning.paths_by_pin.get(key, ())
    found = [snapshot.documents.docnum(path) for path in listed]
    return snapshot.documents.pinned(key) + [docnum for docnum in found if docnum is not None]


def _exact_titles(query_text: str, snapshot: Snapshot) -> list[int]:
    key = title_key(query_text) if len(query_text) <= MAX_TITLE_CHARS else ""
    return snapshot.documents.titled(key) if key else []


def _lift(name: str, lifted: list[int], lead: float, scores: Scores) -> None:
    """Puts those of the `lifted` documents that match above all the others."""
    if not lifted:
        return
    places = np.flatnonzero(np.isin(scores.docs, lifted))
    if len(places):
        scores.add(name, places, np.full(len(places), scores.total.max() + lead))
