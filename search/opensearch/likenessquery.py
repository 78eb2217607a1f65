"""How the cluster is asked for posts that are like something."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Final

import numpy as np

from index.analysis import fold
from search.embedded.sparse import Vector
from search.engine import RelatedOptions
from search.opensearch import dsl
from search.opensearch.columnkeys import ColumnKeys
from search.opensearch.dsl import Json
from search.opensearch.posts import StoredPost

MAX_COMPARED_COLUMNS: Final = 300
"""The strongest columns of a source that posts are looked for by: of a post mostly all. With 150,
two lists in a hundred of a documentation site are others."""


def like(vector: Vector, keys: ColumnKeys, most_columns: int = MAX_COMPARED_COLUMNS) -> Json:
    """The posts that have any of a vector's columns; the score is the product with it.

    The columns are those of the whole matrix, of which the strongest are asked for.
    """
    strongest = np.argsort(-vector.weights, kind="stable")[:most_columns]
    strongest = strongest[vector.weights[strongest] > 0]
    columns = vector.columns[strongest]
    features = keys.features(columns)
    if not features:
        return dsl.NOTHING
    boosts = (vector.weights[strongest] * keys.boosts(columns)).tolist()
    asked = map(dsl.feature, features, boosts)
    return {"bool": {"should": list(asked)}}


def at_least(query: Json, score: float) -> Json:
    """Those of the posts that a query finds which score so much."""
    if query == dsl.NOTHING:
        return query
    return {"function_score": {"query": query, "min_score": score}}


def may_follow(
    query: Json, newest_first: Sequence[StoredPost], linked: Sequence[str], options: RelatedOptions
) -> Json:
    """Those of the posts that a query finds that may be listed after what was read.

    `linked` are the names of the documents that are left out beside.
    """
    filters: list[Json] = [dsl.EVERY_POST]
    barred: list[Json] = [dsl.at_paths(linked)] if linked else []
    newest = newest_first[0] if newest_first else None
    if newest and newest.fields["date"] and not options.includes_newer:
        barred.append({"range": {"timestamp": {"gt": newest.timestamp}}})
    series = [post.facts["series"] for post in newest_first if "series" in post.facts]
    if series and options.series == "excluded":
        barred.append({"terms": {"series": series}})
    if options.since:
        since = datetime.combine(options.since, time(), UTC)
        filters.append({"range": {"timestamp": {"gte": int(since.timestamp())}}})
    if options.langs:
        filters.append(_any_label("langs", options.langs))
    if options.categories:
        filters.append(_any_label("categories", options.categories))
    return {"bool": {"must": [query], "filter": filters, "must_not": barred}}


def fillers(newest_first: Sequence[StoredPost]) -> list[Json]:
    """What fills a list where too little is alike, rung by rung.

    Of each rung first the posts in the language of what was read, then all.
    """
    categories = [name for post in newest_first for name in post.fields["categories"]]
    rungs = [
        {"term": {"popular": True}},
        dsl.EVERY_POST,
    ]
    if categories:
        rungs.insert(0, _any_label("categories", categories))
    if not newest_first:
        return rungs
    lang = newest_first[0].fields["lang"]
    has_lang = _any_label("langs", [lang]) if lang else dsl.excluding(_HAS_LANG)
    return [query for rung in rungs for query in (dsl.all_of([rung], [has_lang]), rung)]


def _any_label(field: str, values: Sequence[str]) -> Json:
    return {"terms": {f"{field}.key": [fold(value) for value in values]}}


_HAS_LANG: Final[Json] = {"exists": {"field": "langs.key"}}
