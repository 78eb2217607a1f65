"""Which posts match a Query as a whole, how well its words score in them, and what each lacks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from search.embedded.clauses import match_clause
from search.embedded.findings import ClauseMatch
from search.embedded.labels import Mask
from search.embedded.snapshot import Snapshot
from search.query import Query

MIN_COVERAGE: Final = 0.05
"""A hit's words weigh at least this share of those of the hit that has most. On the judged
collections it costs nothing; 0.4 costs 0.02 nDCG@10 on Cranfield and on site queries."""

_ROUNDING: Final = 1e-6

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that match a query as a whole, in rising order.

    `words` is the sum of the scores of its words in each, `coverage` the share of the words'
    weight that each has, 1 for all. `clauses` are the query's worded clauses, those of them
    `wanted` that a post ought to have.
    """

    docs: Ints
    words: Floats
    coverage: Floats
    clauses: tuple[ClauseMatch, ...] = ()
    wanted: tuple[ClauseMatch, ...] = ()

    def lacking(self, docs: Sequence[int]) -> list[tuple[str, ...]]:
        """For each of some documents the wanted words that it lacks, in the order of the query."""
        having = [(clause.text, clause.has(docs)) for clause in self.wanted]
        return [tuple(text for text, has in having if not has[at]) for at in range(len(docs))]

    def missing(self, best: Sequence[int]) -> tuple[str, ...]:
        """The wanted words that the best document lacks, where none has them all."""
        if not best or np.any(self.coverage > 1 - _ROUNDING):
            return ()
        return self.lacking(best)[0]

    def mask(self, documents: int) -> Mask:
        """A flag for each of all documents."""
        mask = np.zeros(documents, np.bool_)
        mask[self.docs] = True
        return mask


def match_query(query: Query, snapshot: Snapshot) -> Matches:
    """The posts that have enough of what the query wants, and nothing that it excludes.

    All words are wanted, but for stop words beside others; a post that lacks one is in if the
    words that it has weigh enough. A query that asks for nothing matches everything, but one of
    mere signs matches nothing.
    """
    documents = snapshot.postings.documents
    asked = [match_clause(clause, snapshot) for clause in query.required]
    required = [clause for clause in asked if not clause.is_blank]
    if asked and not required and not query.excluded:
        return _unscored(np.zeros(0, np.intp))
    filters = [clause for clause in required if clause.is_filter]
    excluded = [match_clause(clause, snapshot) for clause in query.excluded]
    clauses = _with_optional([clause for clause in required if not clause.is_filter])
    found = _covered(clauses, documents) if clauses else _unscored(np.arange(documents))
    if filters or excluded:
        found = narrowed(found, _allowed(filters, excluded, documents))
    least = MIN_COVERAGE * found.coverage.max(initial=0.0)
    return _kept(found, found.coverage >= least)


def narrowed(matches: Matches, passes: Mask) -> Matches:
    """The matches that pass."""
    return _kept(matches, passes[matches.docs])


def _kept(matches: Matches, keeps: Mask) -> Matches:
    if keeps.all():
        return matches
    return replace(
        matches,
        docs=matches.docs[keeps],
        words=matches.words[keeps],
        coverage=matches.coverage[keeps],
    )


def with_documents(matches: Matches, docs: Sequence[int]) -> Matches:
    """The matches, and more documents whether they match or not."""
    others = [doc for doc in docs if doc not in matches.docs]
    if not others:
        return matches
    union = np.concatenate([matches.docs, np.array(others)])
    in_order = np.argsort(union)
    nothing = np.zeros(len(others))
    return replace(
        matches,
        docs=union[in_order],
        words=np.concatenate([matches.words, nothing])[in_order],
        coverage=np.concatenate([matches.coverage, nothing])[in_order],
    )


def _unscored(docs: Ints) -> Matches:
    return Matches(docs, np.zeros(len(docs)), np.ones(len(docs)))


def _with_optional(clauses: Sequence[ClauseMatch]) -> list[ClauseMatch]:
    """Stop words are optional beside other words; alone they are all that is wanted."""
    if all(clause.is_optional for clause in clauses):
        return [replace(clause, is_optional=False) for clause in clauses]
    return list(clauses)


def _allowed(
    filters: Iterable[ClauseMatch], excluded: Iterable[ClauseMatch], documents: int
) -> Mask:
    allowed = np.ones(documents, np.bool_)
    for clause in filters:
        passes = np.zeros(documents, np.bool_)
        passes[clause.found.docs] = True
        allowed &= passes
    for clause in excluded:
        allowed[clause.found.docs] = False
    return allowed


def _covered(clauses: Sequence[ClauseMatch], documents: int) -> Matches:
    """The documents with any of the wanted words."""
    wanted = tuple(clause for clause in clauses if not clause.is_optional)
    if len(wanted) == 1:
        docs, scores = wanted[0].found
        return Matches(docs, scores.astype(float), np.ones(len(docs)), tuple(clauses), wanted)
    words, coverage = (np.zeros(documents, np.float32) for _ in range(2))
    for clause in wanted:
        docs, scores = clause.found
        np.add.at(words, docs, scores)
        np.add.at(coverage, docs, np.float32(clause.idf))
    found = np.flatnonzero(coverage)
    whole = sum(clause.idf for clause in wanted)
    shares = np.minimum(coverage[found].astype(float) / whole, 1.0)
    return Matches(found, words[found].astype(float), shares, tuple(clauses), wanted)
