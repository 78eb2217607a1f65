"""How hits are ordered in the cluster, beyond their words: by age, by boosts, or by date alone."""

from collections.abc import Mapping
from typing import Any, Final

from index.layout import UNDATED
from search.embedded.snapshot import AGE_SHARE, SECONDS_A_DAY
from search.engine import Sort
from search.opensearch.dsl import Json

_BY_DATE: Final[Mapping[str, str]] = {"newest": "desc", "oldest": "asc"}


NEWEST_FIRST: Final = ({"timestamp": {"order": "desc", "missing": "_last"}}, {"path": "asc"})


def sorting(sort: Sort) -> list[Any]:
    """By score, then newest, then path; or by date, then path, undated posts last."""
    order = _BY_DATE.get(sort, "desc")
    by_date = [{"timestamp": {"order": order, "missing": "_last"}}, {"path": "asc"}]
    return by_date if sort in _BY_DATE else ["_score", *by_date]


BY_WORDS: Final = ("_score", {"path": "asc"})
"""As the embedded engine chooses the posts that it looks at more closely."""


def boosted(query: Json, boosts: Mapping[str, float], *, has_boosts: bool) -> Json:
    """A query with its scores times what authors and the site's owner say.

    `boosts` are by the path that posts are below; the longest counts.
    """
    if has_boosts:
        own = {"field_value_factor": {"field": "boost", "missing": 1}}
        query = {"function_score": {"query": query, "functions": [own], "boost_mode": "multiply"}}
    if boosts:
        longest_first = sorted(boosts, key=len, reverse=True)
        functions = [{"filter": _below(path), "weight": boosts[path]} for path in longest_first]
        query = {
            "function_score": {
                "query": query,
                "functions": functions,
                "score_mode": "first",
                "boost_mode": "multiply",
            }
        }
    return query


def aged(query: Json, half_life_days: float, newest_timestamp: int, kept: float = 0.0) -> Json:
    """A query with its scores halved by age, but for the share that is `kept` at any age.

    Undated posts count as one half-life old.
    """
    if not half_life_days or newest_timestamp == UNDATED:
        return query
    scale = half_life_days * SECONDS_A_DAY
    decay = {"timestamp": {"origin": newest_timestamp, "scale": scale, "decay": 0.5}}
    is_dated = {"exists": {"field": "timestamp"}}
    functions: list[Json] = [
        {"filter": is_dated, "exp": decay, "weight": 1 - kept},
        {"filter": {"bool": {"must_not": [is_dated]}}, "weight": (1 - kept) / 2},
    ]
    if kept:
        functions.append({"weight": kept})
    return {
        "function_score": {
            "query": query,
            "functions": functions,
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def recent_first(query: Json, half_life_days: float, newest_timestamp: int) -> Json:
    """A query with its scores as age matters to searches."""
    return aged(query, half_life_days, newest_timestamp, kept=1 - AGE_SHARE)


def _below(path: str) -> Json:
    folder = "/" + path.strip("/")
    if folder == "/":
        return {"match_all": {}}
    inside = {"prefix": {"path": folder + "/"}}
    return {"bool": {"should": [{"term": {"path": folder}}, inside]}}
