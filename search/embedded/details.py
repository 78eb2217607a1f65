"""One post as it is told to those who ask for it by its path."""

from search.embedded.documents import Document, document_url
from search.embedded.snapshot import Snapshot
from search.results import PostDetails, SeriesPlace, SeriesPost


def post_details(doc: Document, snapshot: Snapshot, base_url: str, html: str) -> PostDetails:
    """A post's fields and its place in its series; its sections, where `html` has its body."""
    texts = snapshot.texts
    count = texts.section_count(doc.docnum) if html else 0
    sections = [texts.section(doc.docnum, at) for at in range(count)]
    return PostDetails(
        path=doc.path,
        url=document_url(doc, base_url),
        title=doc.title,
        date=doc.day,
        updated=doc.updated[:10] if doc.updated else None,
        summary=doc.summary,
        image=doc.image,
        tags=doc.tags,
        categories=doc.categories,
        authors=doc.authors,
        lang=doc.lang,
        external_url=doc.external_url,
        featured=doc.featured,
        popular=doc.popular,
        series=_series_place(doc.docnum, snapshot, base_url),
        sections=tuple(section for section in sections if section.title),
        html=html,
    )


def _series_place(docnum: int, snapshot: Snapshot, base_url: str) -> SeriesPlace | None:
    series = snapshot.series
    members = series.members(docnum)
    if not members:
        return None
    at = members.index(docnum)

    def neighbor(place: int) -> SeriesPost | None:
        if not 0 <= place < len(members):
            return None
        doc = snapshot.documents[members[place]]
        return SeriesPost(doc.path, document_url(doc, base_url), doc.title)

    return SeriesPlace(
        name=series.name(docnum),
        part=series.part(docnum),
        parts=max(len(members), series.part(members[-1])),
        previous=neighbor(at - 1),
        next=neighbor(at + 1),
    )
