"""What to read next: similar posts with their reasons, and something else where there are none."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from index.analysis import fold, positions_by_term
from search.embedded.documents import Document, document_url
from search.embedded.labels import Mask
from search.embedded.likeness import Part, Source
from search.embedded.snapshot import Snapshot
from search.engine import RelatedOptions
from search.results import Reason, RelatedPost, Rung

MIN_SIMILARITY: Final = 0.03
"""Posts less alike than this share little but everyday words; other rungs serve better. On a blog,
a bound of 0.05 costs 0.007 nDCG@5."""

MAX_REASONS: Final = 5
"""A reader looks at one or two; the rest is for the curious."""

MAX_COMPARED_REASONS: Final = 12
"""Of so many largest parts the reasons are taken that are no part of another."""

MAX_TEXT_CHARS: Final = 200_000
"""A text that is no post is read this far."""

MAX_NEAR_POSTS: Final = 100
"""Posts that a query without results is compared with."""


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The posts that may be recommended, and how alike the source each is."""

    may_follow: Mask
    similarity: npt.NDArray[np.float64]


def related_to_document(
    doc: Document, snapshot: Snapshot, options: RelatedOptions, base_url: str
) -> tuple[RelatedPost, ...]:
    """The related list of a post.

    Its pinned posts in the author's order, then the similar ones, most alike first; then posts of
    its categories, popular or featured ones, and the newest, each newest first. No post twice,
    never the post itself. Ties by newest, then path.
    """
    source = Source.of_document(doc.docnum, snapshot)
    may_follow = _may_follow(doc, snapshot, options)
    pinned = [
        docnum for path in doc.related if (docnum := snapshot.documents.docnum(path)) is not None
    ]
    candidates = _Candidates(may_follow, source.likeness(snapshot))
    chosen = _climb(pinned, doc.categories, candidates, snapshot, options.limit)
    return _items(chosen, source, candidates, snapshot, base_url)


def related_to_text(
    text: str, snapshot: Snapshot, limit: int, base_url: str
) -> tuple[RelatedPost, ...]:
    """The related list of a text that is no post: similar posts, then popular, then newest."""
    positions = positions_by_term(text[:MAX_TEXT_CHARS])
    counts = Counter({term: len(where) for term, where in positions.items()})
    source = Source.of_counts(counts, snapshot)
    everything = np.ones(len(snapshot.documents), np.bool_)
    candidates = _Candidates(everything, source.likeness(snapshot))
    chosen = _climb([], (), candidates, snapshot, limit)
    return _items(chosen, source, candidates, snapshot, base_url)


def nearest_to_text(
    text: str, snapshot: Snapshot, limit: int, base_url: str
) -> tuple[RelatedPost, ...]:
    """The posts most like a query, without any that only fill the list.

    Of those that score best by any of its words, MAX_NEAR_POSTS are compared.
    """
    counts = Counter(positions_by_term(text[:MAX_TEXT_CHARS]).keys())
    numbers = [number for term in counts if (number := snapshot.postings.number(term)) is not None]
    docnums = np.array([doc for doc, _ in snapshot.postings.top(numbers, MAX_NEAR_POSTS)], np.intp)
    source = Source.of_counts(counts, snapshot)
    similarity = np.zeros(len(snapshot.documents))
    similarity[docnums] = source.likeness_of(docnums, snapshot)
    candidates = _Candidates(similarity > 0, similarity)
    ranked = docnums[np.lexsort((snapshot.newest_rank[docnums], -similarity[docnums].round(9)))]
    near = ranked[similarity[ranked] >= MIN_SIMILARITY][:limit].tolist()
    return _items(dict.fromkeys(near, "similar"), source, candidates, snapshot, base_url)


def _may_follow(doc: Document, snapshot: Snapshot, options: RelatedOptions) -> Mask:
    mask = np.ones(len(snapshot.documents), np.bool_)
    mask[doc.docnum] = False
    if not options.includes_newer:
        mask &= snapshot.timestamps <= snapshot.timestamps[doc.docnum]
    if options.excludes_linked:
        linked = [
            docnum for path in doc.links if (docnum := snapshot.documents.docnum(path)) is not None
        ]
        mask[linked] = False
    return mask


def _climb(
    pinned: Sequence[int],
    categories: Sequence[str],
    candidates: _Candidates,
    snapshot: Snapshot,
    limit: int,
) -> dict[int, Rung]:
    """The first `limit` posts that any rung gives, and the rung of each, in order."""
    chosen: dict[int, Rung] = {}
    for rung, docnums in _rungs(pinned, categories, candidates, snapshot):
        for docnum in docnums:
            if len(chosen) == limit:
                return chosen
            if candidates.may_follow[docnum]:
                chosen.setdefault(docnum, rung)
    return chosen


def _rungs(
    pinned: Sequence[int],
    categories: Sequence[str],
    candidates: _Candidates,
    snapshot: Snapshot,
) -> Iterator[tuple[Rung, Sequence[int]]]:
    """The posts of each rung, best first; a lower rung is worked out only if it is needed."""
    similarity, rank = candidates.similarity, snapshot.newest_rank
    similar = np.flatnonzero(similarity >= MIN_SIMILARITY)

    def newest_first(docnums: npt.NDArray[np.intp]) -> list[int]:
        found: list[int] = docnums[np.argsort(rank[docnums])].tolist()
        return found

    yield "pinned", pinned
    yield "similar", similar[np.lexsort((rank[similar], -similarity[similar].round(9)))].tolist()
    same_category = snapshot.labels["categories"].mask(categories)
    yield "category", newest_first(np.flatnonzero(same_category))
    yield "popular", newest_first(np.flatnonzero(snapshot.is_popular))
    yield "recent", newest_first(np.arange(len(snapshot.documents)))


def _items(
    chosen: Mapping[int, Rung],
    source: Source,
    candidates: _Candidates,
    snapshot: Snapshot,
    base_url: str,
) -> tuple[RelatedPost, ...]:
    return tuple(
        RelatedPost(
            path=doc.path,
            url=document_url(doc, base_url),
            title=doc.title,
            date=doc.day,
            summary=doc.summary,
            image=doc.image,
            score=round(float(candidates.similarity[doc.docnum]), 6),
            rung=rung,
            reasons=_reasons(source, doc, snapshot),
        )
        for doc, rung in ((snapshot.documents[docnum], rung) for docnum, rung in chosen.items())
    )


def _reasons(source: Source, doc: Document, snapshot: Snapshot) -> tuple[Reason, ...]:
    """The largest parts of the score, largest first; all parts together are the score.

    Words that are but a part of one that is told as well are left to it, as `kube` to `KubeCon`.
    """
    largest = source.parts(doc.docnum, snapshot)[:MAX_COMPARED_REASONS]
    reasons = [
        Reason(part.kind, _shown(part, snapshot), round(part.contribution, 6)) for part in largest
    ]
    words = [fold(reason.value) for reason in reasons]
    told = [
        reason
        for reason, word in zip(reasons, words, strict=True)
        if reason.kind == "tag" or not any(word in other for other in words if other != word)
    ]
    return tuple(told[:MAX_REASONS])


def _shown(part: Part, snapshot: Snapshot) -> str:
    """A shared term, tag or category in the form in which the site writes it."""
    name = snapshot.vectors[part.block].terms[part.column]
    if part.block == "text":
        return snapshot.shown_form(name)
    return snapshot.labels[part.block].shown(name)
