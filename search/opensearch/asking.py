"""A search as a conversation with the cluster: mostly one request, at the most two."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from index.keys import pin_key, title_key
from index.opensearch.layout import document_id
from search.embedded.scoring import LOOKED_AT, MAX_TITLE_CHARS
from search.engine import SearchOptions
from search.opensearch.clausecounts import Counted
from search.opensearch.dsl import Json
from search.opensearch.opened import Opened
from search.opensearch.ordering import boosted, recent_first
from search.opensearch.searchquery import SearchQuery, search_query, with_lifted
from search.opensearch.searchrequest import (
    Candidate,
    Found,
    candidates_body,
    candidates_in,
    counting_body,
    filters_by_field,
    found_in,
)
from search.query import Query

SEARCH_TYPE: Final = {"search_type": "dfs_query_then_fetch"}
"""Words are as rare as they are in all shards together."""

MAX_LIFTED: Final = 1_000
"""Posts of one title, or pinned to one query, that the cluster is told of."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the cluster found by words and counted, and `others` where hits are ordered otherwise.

    Those are the posts in the order of the hits, as deep as the page goes. `counts` has in how many
    posts clauses, or any of some terms, are found.
    """

    found: Found
    others: list[Candidate]
    counts: Mapping[Counted, int]

    @property
    def paths(self) -> list[str]:
        """The posts that score best by their words."""
        return [candidate.path for candidate in self.found.candidates]


def ask(query: Query, options: SearchOptions, opened: Opened, most_coverage: float = 1.0) -> Told:
    """What the cluster tells of a query: a query that asks for nothing finds nothing.

    Posts are left out that have little of the words beside one that has `most_coverage` of them.
    """
    generation = opened.generation
    filters = filters_by_field(options.filters)
    asked = search_query(query, opened.site, generation.clause_counts, most_coverage)
    size = 0 if query.is_empty and not filters else LOOKED_AT
    depth = options.offset + options.limit
    lifted = _ids(titled_paths(query.text, opened)), _ids(pinned_paths(query.text, opened))
    bodies = [
        counting_body(with_lifted(asked.query, *lifted), asked, filters, size if depth else 0)
    ]
    ordered = _ordered(asked, opened)
    if size and depth and (depth > size or ordered != asked.query or options.sort != "relevance"):
        bodies.append(candidates_body(with_lifted(ordered, *lifted), filters, depth, options.sort))
    first, *rest = generation.cluster.msearch(generation.index, bodies, SEARCH_TYPE)
    found = found_in(first, asked)
    generation.clause_counts.remember(found.counts)
    others = [candidate for answer in rest for candidate in candidates_in(answer)]
    return Told(found, others, {**asked.counts, **found.counts})


def wants_less(query: Query, told: Told, opened: Opened) -> bool:
    """Whether posts may match with less of the words, as none has them all."""
    if told.found.has_every_word:
        return False
    return search_query(query, opened.site, opened.generation.clause_counts).has_light_words


def titled_paths(query_text: str, opened: Opened) -> list[str]:
    """The posts that are called as the query says."""
    key = title_key(query_text) if len(query_text) <= MAX_TITLE_CHARS else ""
    return opened.generation.names.titled(key)[:MAX_LIFTED] if key else []


def pinned_paths(query_text: str, opened: Opened) -> list[str]:
    """The posts that are pinned to the query, in front matter or in the settings."""
    key, names = pin_key(query_text), opened.generation.names
    listed = map(names.canonical, opened.tuning.paths_by_pin.get(key, ()))
    return [*names.pinned(key), *(path for path in listed if path is not None)][:MAX_LIFTED]


def _ordered(asked: SearchQuery, opened: Opened) -> Json:
    """What is asked, with its scores as boosts and age make them."""
    generation, tuning = opened.generation, opened.tuning
    query = boosted(asked.query, tuning.boosts, has_boosts=generation.has_boosts)
    return recent_first(query, tuning.recency_half_life_days, generation.newest_timestamp)


def _ids(paths: Iterable[str]) -> list[str]:
    return [document_id(path) for path in paths]
