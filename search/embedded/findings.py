"""What a clause has found, and how findings combine: either, all, and the score of several."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from search.embedded.postings import NOTHING, Posting
from search.embedded.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ClauseMatch:
    """The documents that one clause matches, with its score for each; 0 for a filter.

    `idf` is how much the clause says: high for rare words, near 0 for words in all posts. `terms`
    are the numbers of those that its matches have, to explain and to highlight by; `sequence` are
    those of its plain words, in order, for proximity. A blank clause has no word in it, only signs:
    it asks for nothing and matches nothing.
    """

    found: Posting
    idf: float = 0.0
    text: str = ""
    is_filter: bool = False
    is_optional: bool = False
    is_blank: bool = False
    terms: frozenset[int] = frozenset()
    sequence: tuple[int, ...] = ()

    def has(self, docs: Sequence[int]) -> list[bool]:
        """Which of some documents match."""
        found = self.found.docs
        if not len(found):
            return [False] * len(docs)
        places = np.minimum(np.searchsorted(found, docs), len(found) - 1)
        return [bool(has) for has in (found[places] == docs).tolist()]

    def score(self, doc: int) -> float:
        """A document's score; 0 for one that does not match."""
        if not self.has([doc])[0]:
            return 0.0
        return float(self.found.scores[np.searchsorted(self.found.docs, doc)])


BLANK: Final = ClauseMatch(NOTHING, is_blank=True)


def scored(found: Posting, numbers: Sequence[int], snapshot: Snapshot) -> ClauseMatch:
    """What the terms with these numbers have found."""
    return ClauseMatch(
        found,
        idf(len(found.docs), snapshot),
        terms=frozenset(numbers),
        sequence=tuple(numbers[:1]),
    )


def idf(having: int, snapshot: Snapshot) -> float:
    """The inverse document frequency of what so many documents have."""
    return math.log(1 + (snapshot.postings.site_documents - having + 0.5) / (having + 0.5))


def either(options: Sequence[ClauseMatch], snapshot: Snapshot) -> ClauseMatch:
    """Documents that any option matches, each with the score of the best one."""
    if len(options) == 1:
        return options[0]
    found = highest([option.found for option in options], snapshot)
    return ClauseMatch(
        found,
        idf(len(found.docs), snapshot),
        text=" OR ".join(option.text for option in options),
        is_filter=all(option.is_filter for option in options),
        is_blank=all(option.is_blank for option in options),
        terms=frozenset(term for option in options for term in option.terms),
    )


def highest(postings: Sequence[Posting], snapshot: Snapshot) -> Posting:
    """The documents of any, each with its highest score."""
    postings = [posting for posting in postings if len(posting.docs)]
    if not postings:
        return NOTHING
    if len(postings) == 1:
        return postings[0]
    highest = np.full(snapshot.postings.documents, -1, np.float32)
    for docs, scores in postings:
        np.maximum.at(highest, docs, scores)
    docs = np.flatnonzero(highest >= 0)
    return Posting(docs, highest[docs])


def all_of(parts: Sequence[ClauseMatch], snapshot: Snapshot) -> ClauseMatch:
    """Documents that all parts of one run of text match."""
    if len(parts) == 1:
        return parts[0]
    docs, scores = parts[0].found
    for part in parts[1:]:
        docs, at_left, at_right = np.intersect1d(
            docs, part.found.docs, assume_unique=True, return_indices=True
        )
        scores = scores[at_left] + part.found.scores[at_right]
    return ClauseMatch(
        Posting(docs, scores),
        idf(len(docs), snapshot),
        is_optional=all(part.is_optional for part in parts),
        terms=frozenset(term for part in parts for term in part.terms),
        sequence=tuple(number for part in parts for number in part.sequence),
    )
