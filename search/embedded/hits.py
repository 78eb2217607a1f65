"""The hits of one page: what is told of each document, and where it answers."""

from collections.abc import Sequence
from typing import Any

from search.embedded.documents import Document, document_url
from search.embedded.explaining import explain
from search.embedded.matching import Matches
from search.embedded.scoring import Scores
from search.embedded.snapshot import Snapshot
from search.embedded.snippets import Marker
from search.results import Hit, SectionLink, SectionRef


def page_hits(
    page: Sequence[int],
    matches: Matches,
    scores: Scores,
    snapshot: Snapshot,
    base_url: str,
    *,
    explains: bool,
) -> tuple[Hit, ...]:
    """The documents of a page as hits, in its order; their texts have to be in the snapshot."""
    marker = Marker(matches.wanted, page, snapshot)
    return tuple(
        _hit(
            doc,
            marker,
            snapshot,
            base_url,
            score=score,
            missing=missing,
            explanation=explain(doc.docnum, matches, scores, snapshot) if explains else {},
        )
        for doc, score, missing in zip(
            snapshot.documents.several(page),
            scores.total_of(page),
            matches.lacking(page),
            strict=True,
        )
    )


def _hit(doc: Document, marker: Marker, snapshot: Snapshot, base_url: str, **answered: Any) -> Hit:
    snippet = marker.snippet(doc.docnum)
    answers = SectionRef("", "")
    if snippet.section is not None:
        answers = snapshot.texts.section(doc.docnum, snippet.section)
    others = snippet.others if not doc.external_url else ()
    return Hit(
        path=doc.path,
        url=document_url(doc, base_url, answers.anchor),
        title=doc.title,
        title_html=marker.title(doc.docnum),
        section=answers,
        other_sections=tuple(
            _section_link(doc, snapshot.texts.section(doc.docnum, other), base_url)
            for other in others
        ),
        snippet_html=snippet.html,
        summary=doc.summary,
        date=doc.day,
        tags=doc.tags,
        categories=doc.categories,
        authors=doc.authors,
        image=doc.image,
        **answered,
    )


def _section_link(doc: Document, section: SectionRef, base_url: str) -> SectionLink:
    url = document_url(doc, base_url, section.anchor)
    return SectionLink(section.title, section.anchor, url)
