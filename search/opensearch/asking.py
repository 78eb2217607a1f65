"""A search as a conversation with the cluster: mostly one request, at the most two."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

from index.keys import pin_key, title_key
from index.opensearch.layout import document_id
from search.embedded.scoring import LOOKED_AT, MAX_TITLE_CHARS
from search.engine import SearchOptions
from search.opensearch import dsl
from search.opensearch.clausecounts import Counted
from search.opensearch.dsl import Json
from search.opensearch.opened import Opened
from search.opensearch.ordering import boosted, recent_first, sorting
from search.opensearch.searchquery import SearchQuery, search_query, with_lifted
from search.opensearch.searchrequest import (
    SEARCH_TYPE,
    Candidate,
    Found,
    candidates_body,
    candidates_in,
    counting_body,
    filters_by_field,
    found_in,
)
from search.query import Query

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


@dataclass(frozen=True, slots=True)
class Asking:
    """A query that a reader asks, and what the cluster is asked for it.

    A query that asks for nothing finds nothing.
    """

    query: Query
    options: SearchOptions
    opened: Opened
    asked: SearchQuery

    @classmethod
    def of(
        cls, query: Query, options: SearchOptions, opened: Opened, most_coverage: float = 1.0
    ) -> Self:
        """Leaves out posts with little of the words beside one that has `most_coverage` of them."""
        counts = opened.generation.clause_counts
        asked = search_query(query, opened.site, counts, most_coverage)
        scored = dsl.times(asked.query, opened.generation.term_boost)
        return cls(query, options, opened, replace(asked, query=scored))

    def tell(self) -> Told:
        """What the cluster finds by words and counts; and the order of the hits, if it differs."""
        generation = self.opened.generation
        size = LOOKED_AT if self._wants_hits and self.asked.wanted else 0
        lifted = with_lifted(self.asked.query, *self._lifted)
        bodies = [counting_body(lifted, self.asked, self._filters, size)]
        if self._wants_hits and not (size and self._is_first_page_by_words):
            bodies.append(self._ordered_body)
        first, *rest = generation.cluster.msearch(generation.index, bodies, SEARCH_TYPE)
        found = found_in(first, self.asked)
        generation.clause_counts.remember(found.counts)
        others = [candidate for answer in rest for candidate in candidates_in(answer)]
        return Told(found, others, {**self.asked.counts, **found.counts})

    def order(self) -> list[Candidate]:
        """The posts in the order of the hits, as deep as the page goes.

        Of those that are looked at more closely, what that adds to their scores is not known yet.
        """
        generation = self.opened.generation
        answer = generation.cluster.search(generation.index, self._ordered_body, SEARCH_TYPE)
        return candidates_in(answer)

    @property
    def _filters(self) -> dict[str, Json]:
        return filters_by_field(self.options.filters)

    @property
    def _depth(self) -> int:
        return self.options.offset + self.options.limit

    @property
    def _wants_hits(self) -> bool:
        return self._depth > 0 and not (self.query.is_empty and not self._filters)

    @property
    def _is_first_page_by_words(self) -> bool:
        """Whether the hits are among the posts that score best by their words."""
        is_by_words = self.options.sort == "relevance" and self._ordered == self.asked.query
        return is_by_words and self._depth <= LOOKED_AT

    @property
    def _ordered(self) -> Json:
        """What is asked, with its scores as boosts and age make them."""
        generation, tuning = self.opened.generation, self.opened.tuning
        query = boosted(self.asked.query, tuning.boosts, has_boosts=generation.has_boosts)
        return recent_first(query, tuning.recency_half_life_days, generation.newest_timestamp)

    @property
    def _ordered_body(self) -> Json:
        lifted = with_lifted(self._ordered, *self._lifted)
        return candidates_body(lifted, self._filters, self._depth, sorting(self.options.sort))

    @property
    def _lifted(self) -> tuple[list[str], list[str]]:
        """The documents that come first: those that match of the titled ones, and pinned ones."""
        titled = titled_paths(self.query.text, self.opened)
        pinned = pinned_paths(self.query.text, self.opened)
        return [*map(document_id, titled)], [*map(document_id, pinned)]


def titled_paths(query_text: str, opened: Opened) -> list[str]:
    """The posts that are called as the query says."""
    key = title_key(query_text) if len(query_text) <= MAX_TITLE_CHARS else ""
    return opened.generation.names.titled(key)[:MAX_LIFTED] if key else []


def pinned_paths(query_text: str, opened: Opened) -> list[str]:
    """The posts that are pinned to the query, in front matter or in the settings."""
    key, names = pin_key(query_text), opened.generation.names
    listed = map(names.canonical, opened.tuning.paths_by_pin.get(key, ()))
    return [*names.pinned(key), *(path for path in listed if path is not None)][:MAX_LIFTED]
