"""Pieces of OpenSearch queries."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from index.opensearch.layout import FEATURE_SATURATION, TERM_SCALE, TERM_SEPARATOR
from index.schema import BM25_K1

Json = dict[str, Any]

NOTHING: Final[Json] = {"match_none": {}}
EVERY_POST: Final[Json] = {"term": {"kind": "post"}}
EVERY_POST_UNSCORED: Final[Json] = {"constant_score": {"filter": EVERY_POST, "boost": 0}}

_TERM_BOOST: Final = (BM25_K1 + 1) / (BM25_K1 * TERM_SCALE + 1)
"""What makes a BM25F score of the cluster's, where its factor k1 + 1 is that of scaled weights."""

TERM_BOOST_WITHOUT_FACTOR: Final = BM25_K1 * TERM_SCALE + 1
FEATURE_BOOST_WITHOUT_FACTOR: Final = FEATURE_SATURATION + 1
"""What scores have to be multiplied by in clusters whose BM25 leaves the factor out."""


def term(name: str) -> Json:
    """Posts that have a term, with its BM25F score."""
    return {"term": {"terms": {"value": name, "boost": _TERM_BOOST}}}


def feature(name: str, boost: float) -> Json:
    """Posts that have a feature; their scores grow with its weight there."""
    return {"term": {"features": {"value": name, "boost": boost}}}


def titled(names: Iterable[str]) -> Json:
    """Posts that have any of some terms in the title."""
    return {"terms": {"title_terms": list(names)}}


def phrase(names: Sequence[str], *, title_only: bool) -> Json:
    """Posts in which some terms stand side by side."""
    field = "title_row" if title_only else "row"
    return {"match_phrase": {field: TERM_SEPARATOR.join(names)}}


def any_of(queries: Sequence[Json]) -> Json:
    """Posts that any of the queries finds, with the highest of their scores."""
    found = [query for query in queries if query != NOTHING]
    if not found:
        return NOTHING
    return found[0] if len(found) == 1 else {"dis_max": {"queries": found}}


def all_of(queries: Sequence[Json], filters: Sequence[Json] = ()) -> Json:
    """Posts that all of the queries and filters find, with the sum of the queries' scores."""
    if NOTHING in queries or NOTHING in filters:
        return NOTHING
    if len(queries) == 1 and not filters:
        return queries[0]
    return {"bool": {"must": list(queries), "filter": list(filters)}}


def unscored(query: Json, score: float = 0.0) -> Json:
    """What a query finds, all with one score."""
    return {"constant_score": {"filter": query, "boost": score}}


def times(query: Json, factor: float) -> Json:
    """What a query finds, with its scores multiplied."""
    if query == NOTHING or factor == 1:
        return query
    return {"bool": {"must": [query], "boost": factor}}


def discounted(query: Json, where: Json, factor: float) -> Json:
    """What a query finds, with the scores of some of it multiplied."""
    if NOTHING in (query, where):
        return query
    return {"boosting": {"positive": query, "negative": where, "negative_boost": factor}}


def excluding(query: Json) -> Json:
    """Everything that a query does not find."""
    return {"bool": {"must_not": [query]}}


def at_paths(ids: Sequence[str]) -> Json:
    """The posts whose documents have these names."""
    return {"ids": {"values": list(ids)}} if ids else NOTHING
