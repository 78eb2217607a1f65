"""One search, from the text in the box to the answer, step by step."""

import time
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from index.analysis import DEFAULT_LANGUAGE, language_code
from search.embedded.clauses import Scores
from search.embedded.facets import count_facets, filter_masks, passing
from search.embedded.matching import Matches, match_query
from search.embedded.related import nearest_to_text
from search.embedded.scoring import order, pinned_documents, score_parts, with_pinned
from search.embedded.snapshot import Snapshot, document_url
from search.embedded.snippets import Wanted, best_snippet, mark
from search.embedded.spelling import corrected_text
from search.engine import SearchOptions
from search.query import Query, parse_query
from search.results import Hit, RelatedPost, SearchResults, SectionRef

NEAREST_LIMIT: Final = 5
"""How many posts are offered where nothing matches."""


def search(text: str, options: SearchOptions, snapshot: Snapshot, base_url: str) -> SearchResults:
    """The answer to `text`.

    A text that asks for nothing matches nothing, with the whole site's facets; with filters, it
    matches all that pass them, newest first.
    """
    started = time.perf_counter()
    query, corrected = _understand(text, snapshot, options)
    matches = with_pinned(match_query(query, snapshot), snapshot, query.text)
    masks = filter_masks(options.filters, snapshot)
    asks = bool(masks) or not query.is_empty
    found = np.flatnonzero(passing(matches.mask, masks)) if asks else np.zeros(0, np.intp)
    parts = score_parts(matches, snapshot, query.text)
    ordered = order(found, _total(parts, len(matches.mask)), snapshot, options.sort)
    page = ordered[options.offset : options.offset + options.limit]
    return SearchResults(
        query=text,
        corrected=corrected,
        missing=matches.missing,
        total=len(found),
        hits=_hits(page, matches, parts, snapshot, base_url, explains=options.explains),
        facets=count_facets(matches.mask, masks, snapshot),
        nearest=_nearest(query, snapshot, base_url) if asks and not len(found) else (),
        notices=query.notices,
        generation=snapshot.manifest.generation,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _understand(text: str, snapshot: Snapshot, options: SearchOptions) -> tuple[Query, str | None]:
    """The query that is answered, and its text if that had to be corrected.

    A query that a post is pinned to is right as it is, whatever its words look like.
    """
    typed = parse_query(text, last_word_is_prefix=options.last_word_is_prefix)
    is_pinned = bool(pinned_documents(snapshot, typed.text))
    corrected = None if is_pinned else corrected_text(typed, snapshot)
    if corrected is None:
        return typed, None
    meant = parse_query(corrected, last_word_is_prefix=options.last_word_is_prefix)
    return replace(meant, notices=typed.notices), corrected.strip()


def _total(parts: dict[str, Scores], documents: int) -> Scores:
    return np.sum(list(parts.values()), axis=0) if parts else np.zeros(documents)


def _hits(
    page: npt.NDArray[np.intp],
    matches: Matches,
    parts: dict[str, Scores],
    snapshot: Snapshot,
    base_url: str,
    *,
    explains: bool,
) -> tuple[Hit, ...]:
    wanted_in = {code: Wanted(matches.terms, matches.prefixes, code) for code in snapshot.languages}
    hits: list[Hit] = []
    for docnum in page.tolist():
        explanation = {name: float(part[docnum]) for name, part in parts.items() if part[docnum]}
        code = language_code(snapshot.documents[docnum].lang or DEFAULT_LANGUAGE)
        hit = _hit(docnum, wanted_in[code], sum(explanation.values()), snapshot, base_url)
        hits.append(replace(hit, explanation=explanation) if explains else hit)
    return tuple(hits)


def _hit(docnum: int, wanted: Wanted, score: float, snapshot: Snapshot, base_url: str) -> Hit:
    doc = snapshot.documents[docnum]
    section, snippet_html = best_snippet(snapshot.sections(docnum), doc.summary, wanted)
    answers = SectionRef(section.title, section.anchor) if section else SectionRef("", "")
    return Hit(
        path=doc.path,
        url=document_url(doc, base_url, answers.anchor),
        title=doc.title,
        title_html=mark(doc.title, wanted),
        section=answers,
        snippet_html=snippet_html,
        summary=doc.summary,
        date=doc.day,
        tags=doc.tags,
        categories=doc.categories,
        authors=doc.authors,
        image=doc.image,
        score=score,
    )


def _nearest(query: Query, snapshot: Snapshot, base_url: str) -> tuple[RelatedPost, ...]:
    return nearest_to_text(query.text, snapshot, NEAREST_LIMIT, base_url)
