"""A whole query, as the cluster is asked for it: which posts match, and which come first.

Scores are what `search.embedded.matching` works out, the words of a post times its coverage, but
for numbers that are only known when the cluster has counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from search.embedded.findings import idf
from search.embedded.matching import MIN_COVERAGE
from search.embedded.snapshot import Snapshot
from search.opensearch import dsl
from search.opensearch.clausecounts import ClauseCounts, Counted
from search.opensearch.clausequeries import ClauseQuery, clause_query
from search.opensearch.dsl import Json
from search.query import Clause, Query

LEAD: Final = 10_000.0
"""Pins and exact titles score so much more, that they are among the posts that are looked at."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clause that posts ought to have, how it is asked for, and what of the words' weight it is.

    `count` is in how many posts of the site it is found, or at the most; it `is_counted` where that
    is exact.
    """

    clause: Clause
    query: Json
    count: int
    is_counted: bool
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What finds the posts that match as a whole, with their scores, and what they are made of.

    `counts` has in how many posts clauses, or any of some terms, are found, as far as that is
    known; `uncounted` is what the cluster has to count, and how that is asked for.
    """

    query: Json
    wanted: tuple[Wanted, ...] = ()
    counts: Mapping[Counted, int] = field(default_factory=dict)
    uncounted: Mapping[Counted, Json] = field(default_factory=dict)

    @property
    def every_word(self) -> Json:
        """The posts that have all that is wanted."""
        return dsl.all_of([wanted.query for wanted in self.wanted])

    @property
    def has_light_words(self) -> bool:
        """Whether a post may match that has too little of what is wanted."""
        return any(wanted.share < MIN_COVERAGE for wanted in self.wanted)


def search_query(
    query: Query, site: Snapshot, known: ClauseCounts, most_coverage: float = 1.0
) -> SearchQuery:
    """What the cluster is asked for a query.

    `known` is what was counted before. Posts are left out that have less than MIN_COVERAGE of
    `most_coverage`.
    """
    asked = [(clause, clause_query(clause, site)) for clause in query.required]
    required = [(clause, found) for clause, found in asked if not found.is_blank]
    if asked and not required and not query.excluded:
        return SearchQuery(dsl.NOTHING)
    filters = [found.query for _, found in required if found.is_filter]
    excluded = [clause_query(clause, site).query for clause in query.excluded]
    wanted = _wanted([pair for pair in required if not pair[1].is_filter], site, known)
    scored = _scored(wanted, most_coverage * MIN_COVERAGE) if wanted else dsl.EVERY_POST_UNSCORED
    if filters or excluded:
        scored = {"bool": {"must": [scored], "filter": filters, "must_not": excluded}}
    counts: dict[Counted, int] = {one.clause: one.count for one in wanted if one.is_counted}
    uncounted: dict[Counted, Json] = {one.clause: one.query for one in wanted if not one.is_counted}
    for terms, any_of_them in chain.from_iterable(found.groups for _, found in required):
        count = known.get(terms)
        if count is None:
            uncounted[terms] = any_of_them
        else:
            counts[terms] = count
    return SearchQuery(scored, wanted, counts, uncounted)


def with_lifted(query: Json, titled: Sequence[str], pinned: Sequence[str]) -> Json:
    """The query, with some documents first: titled ones where they match, pinned ones anyway."""
    if titled and query != dsl.NOTHING:
        lift = dsl.unscored(dsl.at_paths(titled), LEAD)
        query = {"bool": {"must": [query], "should": [lift]}}
    if pinned:
        pins = dsl.unscored(dsl.at_paths(pinned), LEAD)
        found = [query] if query != dsl.NOTHING else []
        query = {"bool": {"should": [*found, pins], "minimum_should_match": 1}}
    return query


def _wanted(
    pairs: Sequence[tuple[Clause, ClauseQuery]], site: Snapshot, known: ClauseCounts
) -> tuple[Wanted, ...]:
    """The clauses that count: stop words do only where there is nothing else."""
    telling = [pair for pair in pairs if not pair[1].is_optional] or pairs
    found = []
    for clause, query in telling:
        count = None if query.is_counted else known.get(clause)
        is_counted = query.is_counted or count is not None
        found.append(
            Wanted(clause, query.query, query.most if count is None else count, is_counted)
        )
    weights = [idf(each.count, site) for each in found]
    whole = sum(weights) or 1.0
    return tuple(
        replace(each, share=weight / whole) for each, weight in zip(found, weights, strict=True)
    )


def _scored(wanted: Sequence[Wanted], least: float) -> Json:
    """The posts with any of the words: the sum of the scores times the share of the words' weight.

    Those with less than `least` of it are left out.
    """
    found = [each for each in wanted if each.query != dsl.NOTHING]
    if not found:
        return dsl.NOTHING
    if len(wanted) == 1:
        return found[0].query
    queries = [each.query for each in found]
    some: Json = {"bool": {"should": queries, "minimum_should_match": 1}}
    coverage = {
        "functions": [{"filter": each.query, "weight": each.share} for each in found],
        "score_mode": "sum",
    }
    scored: Json = {"function_score": {"query": some, "boost_mode": "multiply", **coverage}}
    if min(each.share for each in found) >= least:
        return scored
    enough = {"query": some, "boost_mode": "replace", "min_score": least, **coverage}
    return dsl.all_of([scored], [{"function_score": enough}])
