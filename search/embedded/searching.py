"""One search, from the text in the box to the answer, step by step."""

import time
from typing import Final

import numpy as np

from search.embedded.facets import count_facets, filter_masks, passing
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.hits import page_hits
from search.embedded.matching import match_query, narrowed, with_documents
from search.embedded.related import nearest_to_text
from search.embedded.scoring import order, pinned_documents, score
from search.embedded.snapshot import Snapshot
from search.embedded.spelling import Understood, understand
from search.engine import SearchOptions
from search.query import parse_query
from search.related_results import RelatedPost
from search.results import SearchResults

NEAREST_LIMIT: Final = 5
"""How many posts are offered where nothing matches."""


def search(
    text: str, options: SearchOptions, snapshot: GenerationSnapshot, base_url: str
) -> SearchResults:
    """The answer to `text`.

    A text that asks for nothing matches nothing, with the whole site's facets; with filters, it
    matches all that pass them, newest first.
    """
    started = time.perf_counter()
    meant = _understood(text, options, snapshot)
    query = meant.query
    found = with_documents(match_query(query, snapshot), pinned_documents(query.text, snapshot))
    matched = found.mask(snapshot.postings.documents)
    masks = filter_masks(options.filters, snapshot)
    asks = bool(masks) or not query.is_empty
    matches = narrowed(found, passing(matched, masks) if asks else np.zeros_like(matched))
    is_whole = not options.last_word_is_prefix
    scores = score(matches, query.text, snapshot, is_whole=is_whole)
    ordered = order(scores, snapshot, options.sort, options.offset + options.limit)
    page = ordered[options.offset :].tolist()
    return SearchResults(
        query=text,
        corrected=meant.corrected,
        missing=matches.missing(ordered[:1].tolist()),
        total=len(matches.docs),
        hits=page_hits(page, matches, scores, snapshot, base_url, explains=options.explains),
        facets=count_facets(matched, masks, snapshot),
        nearest=_nearest(query.text, snapshot, base_url) if asks and not len(matches.docs) else (),
        notices=(*query.notices, *meant.notices),
        generation=snapshot.generation_name,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _understood(text: str, options: SearchOptions, snapshot: Snapshot) -> Understood:
    """The query that is answered: a query that a post is pinned to is right as it is."""
    typed = parse_query(text, last_word_is_prefix=options.last_word_is_prefix)
    if pinned_documents(typed.text, snapshot):
        return Understood(typed)
    return understand(typed, snapshot, last_word_is_prefix=options.last_word_is_prefix)


def _nearest(text: str, snapshot: Snapshot, base_url: str) -> tuple[RelatedPost, ...]:
    return nearest_to_text(text, snapshot, NEAREST_LIMIT, base_url)
