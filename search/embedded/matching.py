"""Which posts match a Query as a whole, and how well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from search.embedded.clauses import ClauseMatch, Scores, match_clause, sum_by_field
from search.embedded.labels import Mask
from search.embedded.snapshot import Snapshot
from search.query import Query

MIN_COVERAGE: Final = 0.4
"""Where no post has all words: a hit's words weigh at least this share of the best one's. Lower
finds more and fills more; on Cranfield and NPL, 0.2 to 0.6 are within 0.03 nDCG@10."""

COVERAGE_EXPONENT: Final = 1.5
"""Where no post has all words: scores are multiplied by the share of the words' weight that a hit
has, to this power. 0 would be plain BM25, and lose 0.06 nDCG@10 on NPL."""

STOP_WORD_SHARE: Final = 0.1
"""What a stop word counts in choosing a section, beside words that tell something."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that match a query as a whole.

    `by_field` has the score of every document in each field, 0 where it has none. `missing` are
    the words that the best of the documents lack, where none has all. `telling` weighs each
    matched term for choosing a section.
    """

    mask: Mask
    by_field: dict[str, Scores]
    missing: tuple[str, ...] = ()
    terms: dict[str, float] = field(default_factory=dict)
    prefixes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Covered:
    """The documents that have enough of the words, and what their scores are multiplied by."""

    mask: Mask
    factor: Scores


def match_query(query: Query, snapshot: Snapshot) -> Matches:
    """The posts that have what the query wants and nothing that it excludes.

    All words are wanted, but for stop words beside others. Where no post has them all, the posts
    with the most telling of them match, and the words that the best one lacks are `missing`. A
    query that asks for nothing matches everything, but one of mere signs matches nothing.
    """
    everything = np.ones(len(snapshot.documents), np.bool_)
    asked = [match_clause(clause, snapshot) for clause in query.required]
    required = _with_optional([clause for clause in asked if not clause.is_blank])
    if asked and not required and not query.excluded:
        return Matches(~everything, {})
    allowed = _all_of((clause.mask for clause in required if clause.is_filter), everything)
    for excluded in query.excluded:
        allowed &= ~match_clause(excluded, snapshot).mask
    worded = [clause for clause in required if not clause.is_filter]
    covered = _cover(worded, allowed)
    by_field = {
        name: covered.factor * scores
        for name, scores in sum_by_field(worded, len(everything)).items()
    }
    return Matches(
        mask=covered.mask,
        by_field=by_field,
        missing=_missing(worded, covered.mask, by_field),
        terms=_telling_by_term(worded),
        prefixes=frozenset(prefix for clause in worded for prefix in clause.prefixes),
    )


def _with_optional(clauses: list[ClauseMatch]) -> list[ClauseMatch]:
    """Stop words are optional beside other words; alone they are all that is wanted."""
    has_telling_words = any(not (clause.is_filter or clause.is_optional) for clause in clauses)
    if has_telling_words:
        return clauses
    return [replace(clause, is_optional=False) for clause in clauses]


def _cover(clauses: Sequence[ClauseMatch], allowed: Mask) -> _Covered:
    """The allowed documents with all wanted words, else those with the most telling ones."""
    wanted = [clause for clause in clauses if not clause.is_optional]
    with_all = _all_of((clause.mask for clause in wanted), allowed)
    whole = np.ones(len(allowed))
    if with_all.any() or not wanted:
        return _Covered(with_all, whole)
    share = np.zeros(len(allowed))
    for clause in wanted:
        share[clause.mask] += clause.telling
    share[~allowed] = 0
    if not share.any():
        return _Covered(with_all, whole)
    share /= sum(clause.telling for clause in wanted)
    return _Covered(share >= MIN_COVERAGE * share.max(), share**COVERAGE_EXPONENT)


def _missing(
    clauses: Sequence[ClauseMatch], mask: Mask, by_field: dict[str, Scores]
) -> tuple[str, ...]:
    """The wanted words that the best of the documents lacks."""
    if not mask.any() or not by_field:
        return ()
    best = int(np.argmax(np.where(mask, np.sum(list(by_field.values()), axis=0), -1.0)))
    return tuple(
        clause.text for clause in clauses if not clause.is_optional and not clause.mask[best]
    )


def _all_of(masks: Iterable[Mask], start: Mask) -> Mask:
    mask = start.copy()
    for other in masks:
        mask &= other
    return mask


def _telling_by_term(clauses: Sequence[ClauseMatch]) -> dict[str, float]:
    telling: dict[str, float] = {}
    for clause in clauses:
        for term in clause.terms:
            weight = clause.telling * (STOP_WORD_SHARE if clause.is_optional else 1.0)
            telling[term] = max(weight, telling.get(term, 0.0))
    return telling
