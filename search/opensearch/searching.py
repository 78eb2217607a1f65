"""One search, from the text in the box to the answer: the cluster finds, what it found is ranked.

The cluster gives the posts that score best by their words, and counts all that match. Those posts
are laid out as a slice, which the embedded engine's own code ranks and tells of.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from index.analysis import positions_by_term
from index.keys import pin_key, title_key
from index.opensearch.documents import document_id
from search.embedded.hits import page_hits
from search.embedded.matching import Matches, match_query, with_documents
from search.embedded.related import MAX_NEAR_POSTS, MAX_QUERY_CHARS, nearest_to_text
from search.embedded.scoring import (
    LOOKED_AT,
    MAX_TITLE_CHARS,
    SCORE_DECIMALS,
    Scores,
    order,
    pinned_documents,
    score,
)
from search.embedded.searching import NEAREST_LIMIT
from search.embedded.spelling import Understood, understand
from search.engine import SearchOptions
from search.opensearch import dsl
from search.opensearch.opened import Opened
from search.opensearch.ordering import boosted, recent_first
from search.opensearch.searchquery import SearchQuery, search_query, with_lifted
from search.opensearch.searchrequest import (
    MAX_COUNTED_HITS,
    Candidate,
    Found,
    candidates_body,
    candidates_in,
    counting_body,
    filters_by_field,
    found_in,
)
from search.opensearch.slices import Slice
from search.query import Query, parse_query
from search.related_results import RelatedPost
from search.results import SearchResults

SEARCH_TYPE: Final = {"search_type": "dfs_query_then_fetch"}
"""Words are as rare as they are in all shards together."""

MAX_LIFTED: Final = 1_000
"""Posts of one title, or pinned to one query, that the cluster is told of."""

MAX_NEAR_TERMS: Final = 500
"""Words of a query without results that posts near to it are looked for by."""


def search(text: str, options: SearchOptions, opened: Opened) -> SearchResults:
    """The answer to `text`, as the embedded engine gives it.

    A text that asks for nothing matches nothing, with the whole site's facets; with filters, it
    matches all that pass them, newest first.
    """
    started = time.perf_counter()
    meant = _understood(text, options, opened)
    query = meant.query
    asks = not query.is_empty or bool(filters_by_field(options.filters))
    found, others = _ask(query, options, opened, size=LOOKED_AT if asks else 0)
    total = found.total if asks else 0
    looked, page, best = _listed(found, others, query, options, opened)
    looked.slice.complete(opened.generation.store.fetch(looked.paths(page), ("uses", "texts")))
    is_lacking = found.having_every_word == 0
    return SearchResults(
        query=text,
        corrected=meant.corrected,
        missing=looked.matches.missing(best) if is_lacking else (),
        total=total,
        hits=page_hits(
            page,
            looked.matches,
            looked.scores,
            looked.slice,
            opened.base_url,
            explains=options.explains,
        ),
        facets=found.facets,
        nearest=_nearest(query.text, opened) if asks and not total else (),
        notices=(*query.notices, *meant.notices, *_bound_notices(found)),
        generation=opened.generation.name,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _understood(text: str, options: SearchOptions, opened: Opened) -> Understood:
    """The query that is answered: a query that a post is pinned to is right as it is."""
    typed = parse_query(text, last_word_is_prefix=options.last_word_is_prefix)
    if _pinned_paths(typed.text, opened):
        return Understood(typed)
    return understand(typed, opened.site, last_word_is_prefix=options.last_word_is_prefix)


def _ask(
    query: Query, options: SearchOptions, opened: Opened, size: int
) -> tuple[Found, list[Candidate]]:
    """What the cluster finds by words, and the posts in the order of the hits.

    The latter only where that is another order, or goes deeper.
    """
    generation = opened.generation
    counts = generation.clause_counts.of(query.required)
    asked = search_query(query, opened.site, counts)
    found, others = _sent(asked, query, options, opened, size)
    if asked.has_light_words and found.having_every_word == 0:
        # How much of the words a post must have is a share of the most that any has.
        most = _most_coverage(found, query, opened)
        asked = search_query(query, opened.site, counts, most)
        found, others = _sent(asked, query, options, opened, size)
    return found, others


def _sent(
    asked: SearchQuery, query: Query, options: SearchOptions, opened: Opened, size: int
) -> tuple[Found, list[Candidate]]:
    generation, tuning = opened.generation, opened.tuning
    titled, pinned = _titled_paths(query.text, opened), _pinned_paths(query.text, opened)
    lifted = with_lifted(asked.query, *(list(map(document_id, p)) for p in (titled, pinned)))
    filters = filters_by_field(options.filters)
    depth = options.offset + options.limit
    bodies = [counting_body(lifted, asked, filters, size if depth else 0)]
    ordered = recent_first(
        boosted(asked.query, tuning.boosts, has_boosts=generation.has_boosts),
        tuning.recency_half_life_days,
        generation.newest_timestamp,
    )
    if size and depth and (depth > size or ordered != asked.query or options.sort != "relevance"):
        lifted = with_lifted(ordered, *(list(map(document_id, p)) for p in (titled, pinned)))
        bodies.append(candidates_body(lifted, filters, depth, options.sort))
    first, *rest = generation.cluster.msearch(generation.index, bodies, SEARCH_TYPE)
    found = found_in(first, asked)
    generation.clause_counts.remember(found.clause_counts)
    return found, [candidate for answer in rest for candidate in candidates_in(answer)]


@dataclass(frozen=True, slots=True)
class _Looked:
    """Posts that were looked at: those that match, and what they score."""

    slice: Slice
    matches: Matches
    scores: Scores

    @classmethod
    def at(cls, paths: Iterable[str], query: Query, options: SearchOptions, opened: Opened) -> Self:
        """The posts at some paths, laid out and ranked as the embedded engine does it."""
        generation = opened.generation
        posts = generation.store.fetch(paths, ("uses",))
        counts = generation.clause_counts.of(query.required)
        laid_out = Slice(posts, generation, opened.tuning, counts)
        matches = match_query(query, laid_out)
        matches = with_documents(matches, pinned_documents(query.text, laid_out))
        is_whole = not options.last_word_is_prefix
        return cls(laid_out, matches, score(matches, query.text, laid_out, is_whole=is_whole))

    def order(self, options: SearchOptions) -> list[int]:
        """The documents in the order of the hits, as far as they were asked for."""
        end = options.offset + options.limit
        found: list[int] = order(self.scores, self.slice, options.sort, end).tolist()
        return found

    def paths(self, docs: Iterable[int]) -> list[str]:
        """The paths of some documents."""
        return [self.slice.posts[doc].path for doc in docs]

    def docnums(self, paths: Iterable[str]) -> list[int]:
        """The documents of those of some posts that match."""
        matched = set(self.matches.docs.tolist())
        numbers = map(self.slice.documents.docnum, paths)
        return [number for number in numbers if number is not None and number in matched]


def _listed(
    found: Found, others: list[Candidate], query: Query, options: SearchOptions, opened: Opened
) -> tuple[_Looked, list[int], list[int]]:
    """The posts that were looked at; of them the page that was asked for, and the very first hit.

    Of those that score less than all that were looked at, only the page is.
    """
    paths = [candidate.path for candidate in found.candidates]
    looked = _Looked.at(paths, query, options, opened)
    if not others:
        docs = looked.order(options)
        return looked, docs[options.offset :], docs[:1]
    if options.sort == "relevance":
        listed = _merged(looked, others)
    else:
        listed = [candidate.path for candidate in others]
    page = listed[options.offset : options.offset + options.limit]
    if not set(paths) >= {*page, *listed[:1]}:
        looked = _Looked.at([*paths, *page, *listed[:1]], query, options, opened)
    return looked, looked.docnums(page), looked.docnums(listed[:1])


def _merged(looked: _Looked, others: list[Candidate]) -> list[str]:
    """All that was found in the order of the hits: what was looked at by the scores found there."""
    docs = looked.matches.docs.tolist()
    near = [
        Candidate(post.path, post.timestamp, total)
        for post, total in zip(
            map(looked.slice.posts.__getitem__, docs), looked.scores.total_of(docs), strict=True
        )
    ]
    known = {post.path for post in looked.slice.posts}
    every = [*near, *(candidate for candidate in others if candidate.path not in known)]
    every.sort(key=lambda each: (-round(each.score, SCORE_DECIMALS), -each.timestamp, each.path))
    return [candidate.path for candidate in every]


def _most_coverage(found: Found, query: Query, opened: Opened) -> float:
    """The greatest share of the words' weight that a post has."""
    paths = [candidate.path for candidate in found.candidates]
    looked = _Looked.at(paths, query, SearchOptions(), opened)
    return float(looked.matches.coverage.max(initial=0.0))


def _titled_paths(query_text: str, opened: Opened) -> list[str]:
    """The posts that are called as the query says."""
    key = title_key(query_text) if len(query_text) <= MAX_TITLE_CHARS else ""
    return opened.generation.names.titled(key)[:MAX_LIFTED] if key else []


def _pinned_paths(query_text: str, opened: Opened) -> list[str]:
    """The posts that are pinned to the query, in front matter or in the settings."""
    key, names = pin_key(query_text), opened.generation.names
    listed = map(names.canonical, opened.tuning.paths_by_pin.get(key, ()))
    return [*names.pinned(key), *(path for path in listed if path is not None)][:MAX_LIFTED]


def _nearest(text: str, opened: Opened) -> tuple[RelatedPost, ...]:
    """What is offered where nothing matches."""
    generation, postings = opened.generation, opened.site.postings
    terms = list(positions_by_term(text[:MAX_QUERY_CHARS]))[:MAX_NEAR_TERMS]
    known = [dsl.term(term) for term in terms if postings.number(term) is not None]
    if not known:
        return ()
    body = candidates_body({"bool": {"should": known}}, {}, MAX_NEAR_POSTS, "relevance")
    near = candidates_in(generation.cluster.search(generation.index, body, SEARCH_TYPE))
    posts = generation.store.fetch((each.path for each in near), ("uses", "vectors"))
    laid_out = Slice(posts, generation, opened.tuning)
    return nearest_to_text(text, laid_out, NEAREST_LIMIT, opened.base_url)


def _bound_notices(found: Found) -> tuple[str, ...]:
    if not found.is_bounded:
        return ()
    return (f"More than {MAX_COUNTED_HITS:,} posts match; they were not counted further.",)
