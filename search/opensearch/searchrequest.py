"""One search as it is sent to the cluster: candidates, facets and counts; and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from index.analysis import fold
from index.layout import UNDATED
from index.opensearch.layout import label_shown
from search.embedded.facets import FACETS, MAX_FACET_VALUES
from search.engine import Filters
from search.opensearch.clausecounts import Counted
from search.opensearch.dsl import Json
from search.opensearch.ordering import BY_WORDS
from search.opensearch.searchquery import SearchQuery
from search.results import FacetCount

MAX_COUNTED_HITS: Final = 10_000
"""The cluster counts so many hits; where there are more, the answer says so."""

SEARCH_TYPE: Final = {"search_type": "dfs_query_then_fetch"}
"""Words are as rare as they are in all shards together."""

_COUNT: Final = "doc_count"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that was found, and, where posts are ordered by that, its date and its score.

    The date is in seconds since 1970; undated posts are older than all others.
    """

    path: str
    timestamp: int = UNDATED
    score: float = 0.0

    @classmethod
    def of(cls, hit: Json) -> "Candidate":
        """The post of a hit, by what it was sorted by."""
        *others, path = hit["sort"]
        timestamp = next((each for each in others if isinstance(each, int)), UNDATED)
        score = next((each for each in others if isinstance(each, float)), 0.0)
        return cls(path, timestamp, score)


@dataclass(frozen=True, slots=True)
class Found:
    """What the cluster found: posts in its order, how many in all, and what it counted.

    `is_bounded` tells that there are more than `total`. `has_every_word` is whether any post has
    all that is wanted, and `passes_with_every_word` whether such a post passes the filters.
    """

    candidates: tuple[Candidate, ...]
    total: int
    is_bounded: bool
    facets: dict[str, tuple[FacetCount, ...]]
    has_every_word: bool
    passes_with_every_word: bool
    counts: dict[Counted, int]


def filters_by_field(filters: Filters) -> dict[str, Json]:
    """For each field that is filtered by, what posts have to have."""
    wanted = {
        "tags": filters.tags,
        "categories": filters.categories,
        "authors": filters.authors,
        "langs": filters.langs,
        "year": tuple(map(str, filters.years)),
    }
    return {
        name: {"terms": {f"{name}.key": [fold(value) for value in values]}}
        for name, values in wanted.items()
        if values
    }


def counting_body(
    query: Json, asked: SearchQuery, filters: Mapping[str, Json], size: int
) -> dict[str, Any]:
    """A search for the first `size` posts, that counts whatever answers tell of all of them."""
    counts = {name: _facet(name, filters) for name in FACETS}
    if len(asked.wanted) > 1:
        counts["every_word"] = {
            "filter": asked.every_word,
            "aggs": {"passing": {"filter": {"bool": {"filter": list(filters.values())}}}},
        }
    if asked.uncounted:
        each = {str(at): {"filter": one} for at, one in enumerate(asked.uncounted.values())}
        counts["each"] = {"global": {}, "aggs": each}
    return {
        **candidates_body(query, filters, size, BY_WORDS),
        "track_total_hits": MAX_COUNTED_HITS,
        "aggs": counts,
    }


def candidates_body(
    query: Json, filters: Mapping[str, Json], size: int, sort: Sequence[Any]
) -> Json:
    """A search for the paths of the first `size` posts in an order, which ends with the path."""
    passing = {"post_filter": {"bool": {"filter": list(filters.values())}}} if filters else {}
    return {
        "query": query,
        **passing,
        "size": size,
        "sort": list(sort),
        "track_total_hits": False,
        "stored_fields": "_none_",
    }


def found_in(answer: Json, asked: SearchQuery) -> Found:
    """What came back for a `counting_body`."""
    counts = answer["aggregations"]
    total = answer["hits"]["total"]
    every_word = counts.get("every_word")
    each = counts.get("each", {})
    return Found(
        tuple(candidates_in(answer)),
        total["value"],
        total["relation"] != "eq",
        {name: _facet_counts(counts[name]) for name in FACETS},
        every_word is None or every_word[_COUNT] > 0,
        every_word is None or every_word["passing"][_COUNT] > 0,
        {one: each[str(at)][_COUNT] for at, one in enumerate(asked.uncounted)},
    )


def candidates_in(answer: Json) -> list[Candidate]:
    """The posts that came back, in order; paths that are too long to be looked up are left out."""
    return [Candidate.of(hit) for hit in answer["hits"]["hits"] if hit["sort"][-1]]


def _facet(name: str, filters: Mapping[str, Json]) -> Json:
    """Counts the values of a field among what the other fields' filters leave."""
    values = {
        "terms": {
            "field": f"{name}.listed",
            "size": MAX_FACET_VALUES,
            "order": [{"_count": "desc"}, {"_key": "asc"}],
        }
    }
    others = [query for field, query in filters.items() if field != name]
    if not others:
        return values
    return {"filter": {"bool": {"filter": others}}, "aggs": {"values": values}}


def _facet_counts(counted: Json) -> tuple[FacetCount, ...]:
    buckets: Sequence[Json] = counted.get("values", counted)["buckets"]
    return tuple(FacetCount(label_shown(each["key"]), each[_COUNT]) for each in buckets)
