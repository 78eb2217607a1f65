"""One search, from the text in the box to the answer: the cluster finds, what it found is ranked.

The cluster gives the posts that score best by their words, and counts all that match. Those posts
are laid out as a slice, which the embedded engine's own code ranks and tells of.
"""

import time
from typing import Final

from index.analysis import positions_by_term
from search.embedded.hits import page_hits
from search.embedded.related import MAX_NEAR_POSTS, MAX_QUERY_CHARS, nearest_to_text
from search.embedded.searching import NEAREST_LIMIT
from search.embedded.spelling import Understood, understand
from search.engine import Filters, SearchOptions
from search.opensearch import dsl
from search.opensearch.asking import Asking, Told, pinned_paths
from search.opensearch.looking import Listed
from search.opensearch.opened import Opened
from search.opensearch.ordering import BY_WORDS
from search.opensearch.searchrequest import (
    MAX_COUNTED_HITS,
    SEARCH_TYPE,
    Found,
    candidates_body,
    candidates_in,
)
from search.opensearch.slices import Slice
from search.query import Query, parse_query
from search.related_results import RelatedPost
from search.results import SearchResults

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
    asks = not query.is_empty or options.filters != Filters()
    told, listed = _listed(query, options, opened)
    looked, page = listed.looked, listed.page
    looked.slice.complete(opened.generation.store.fetch(looked.paths(page), ("uses", "texts")))
    found = told.found
    total = found.total if asks else 0
    return SearchResults(
        query=text,
        corrected=meant.corrected,
        missing=() if found.passes_with_every_word else looked.matches.missing(listed.first),
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
    if pinned_paths(typed.text, opened):
        return Understood(typed)
    return understand(typed, opened.site, last_word_is_prefix=options.last_word_is_prefix)


def _listed(query: Query, options: SearchOptions, opened: Opened) -> tuple[Told, Listed]:
    """What the cluster tells, and the page.

    How much of the words a post must have is a share of the most that any has, and what each word
    weighs goes by how many posts have it: where none has them all, or that had to be counted first,
    the cluster may have to be asked again.
    """
    asking = Asking.of(query, options, opened)
    told = asking.tell()
    counted = Asking.of(query, options, opened)
    if told.found.counts and (asking.asked.has_light_words or counted.asked.has_light_words):
        asking, told = counted, counted.tell()
    listed = Listed.of(asking, told)
    if not told.found.has_every_word and asking.asked.has_light_words:
        most = float(listed.looked.matches.coverage.max(initial=0.0))
        asking = Asking.of(query, options, opened, most)
        told = asking.tell()
        listed = Listed.of(asking, told)
    return told, listed


def _nearest(text: str, opened: Opened) -> tuple[RelatedPost, ...]:
    """What is offered where nothing matches."""
    generation, postings = opened.generation, opened.site.postings
    terms = list(positions_by_term(text[:MAX_QUERY_CHARS]))[:MAX_NEAR_TERMS]
    known = [dsl.term(term) for term in terms if postings.number(term) is not None]
    if not known:
        return ()
    body = candidates_body({"bool": {"should": known}}, {}, MAX_NEAR_POSTS, BY_WORDS)
    near = candidates_in(generation.cluster.search(generation.index, body, SEARCH_TYPE))
    posts = generation.store.fetch((each.path for each in near), ("uses", "vectors"))
    laid_out = Slice(posts, generation, opened.tuning)
    return nearest_to_text(text, laid_out, NEAREST_LIMIT, opened.base_url)


def _bound_notices(found: Found) -> tuple[str, ...]:
    if not found.is_bounded:
        return ()
    return (f"More than {MAX_COUNTED_HITS:,} posts match; they were not counted further.",)
