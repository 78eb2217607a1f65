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
        return _unscored(np.zeros(0, np.int32))
    allowed = _allowed((clause for clause in required if clause.is_filter), documents)
    for excluded in query.excluded:
        allowed[match_clause(excluded, snapshot).found.docs] = False
    clauses = _with_optional([clause for clause in required if not clause.is_filter])
    if not clauses:
        return _unscored(np.flatnonzero(allowed))
    return _covered(clauses, allowed)


def narrowed(matches: Matches, passes: Mask) -> Matches:
    """The matches that pass."""
    keeps = passes[matches.docs]
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
    union = np.concatenate([matches.docs, np.array(others)]).astype(np.int32)
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


def _allowed(filters: Iterable[ClauseMatch], documents: int) -> Mask:
    allowed = np.ones(documents, np.bool_)
    for clause in filters:
        passes = np.zeros(documents, np.bool_)
        passes[clause.found.docs] = True
        allowed &= passes
    return allowed


def _covered(clauses: Sequence[ClauseMatch], allowed: Mask) -> Matches:
    """The allowed documents with enough of the wanted words."""
    wanted = tuple(clause for clause in clauses if not clause.is_optional)
    words, coverage = (np.zeros(len(allowed), np.float32) for _ in range(2))
    for clause in wanted:
        docs, scores = clause.found
        words[docs] += scores
        coverage[docs] += np.float32(clause.idf)
    coverage[~allowed] = 0
    best = float(coverage.max(initial=0.0))
    least = np.float32(MIN_COVERAGE * best)
    found = np.flatnonzero(coverage >= least) if best else np.zeros(0, np.intp)
    whole = sum(clause.idf for clause in wanted)
    shares = np.minimum(coverage[found].astype(float) / whole, 1.0)
    return Matches(found, words[found].astype(float), shares, tuple(clauses), wanted)
