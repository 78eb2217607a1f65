"""What to read next: similar posts with their reasons, and something else where there are none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.analysis import positions_by_term
from search.embedded.documents import Document, document_url
from search.embedded.labels import Mask
from search.embedded.likeness import Source
from search.embedded.reasons import MAX_COMPARED_REASONS, all_reasons, reasons
from search.embedded.rungs import Candidates, RelatedList
from search.embedded.snapshot import Snapshot
from search.engine import RelatedOptions
from search.related_results import RelatedPost, Rung

MIN_SIMILARITY: Final = 0.03
"""Posts less alike than this share little but everyday words; other rungs serve better. On a blog,
a bound of 0.05 costs 0.007 nDCG@5."""

NEWER_SHARE: Final = 2.0
"""Of a reader's history, each post counts so many times as much as the one read before it."""

MAX_QUERY_CHARS: Final = 200_000
"""A query that is compared with posts is read this far."""

MAX_NEAR_POSTS: Final = 100
"""Posts that a query without results is compared with."""

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


def related_to_documents(
    read: Sequence[Document], snapshot: Snapshot, options: RelatedOptions, base_url: str
) -> tuple[RelatedPost, ...]:
    """What to read after one post, or after several, of which the newest comes last.

    The other parts of a series, where they are to be first; then the posts that the authors
    pinned, in their order; then the similar ones, most alike first; then posts of the same
    categories, popular or featured ones, and the newest, each newest first. No post twice, never
    one that was read; near-duplicates only where nothing else is left. Ties by newest, then path.
    """
    newest_first = read[::-1]
    source = source_of_history(read, snapshot)
    candidates = _candidates(newest_first, source, snapshot, options)
    listed = RelatedList(candidates, options.limit, snapshot)
    if newest_first and options.series == "first":
        listed.add_named("series", _parts_beside(newest_first[0].docnum, snapshot))
    pinned = [path for doc in newest_first for path in doc.related]
    listed.add_named("pinned", _docnums(pinned, snapshot))
    categories = [category for doc in newest_first for category in doc.categories]
    _fill(listed, candidates, categories, snapshot)
    return _items(
        listed.rungs,
        source,
        candidates.similarity,
        snapshot,
        base_url,
        is_explained=options.explains,
    )


def source_of_history(read: Sequence[Document], snapshot: Snapshot) -> Source:
    """Posts that were read as one source; the newest, which comes last, counts most."""
    shares = [NEWER_SHARE**-age for age in range(len(read))]
    return Source.of_several(
        [
            (share / sum(shares), Source.of_document(doc.docnum, snapshot))
            for share, doc in zip(shares, read[::-1], strict=True)
        ]
    )


def related_to_source(
    source: Source, snapshot: Snapshot, limit: int, base_url: str, left_out: int | None = None
) -> tuple[RelatedPost, ...]:
    """The related list of what is no post: similar posts, then popular, then newest."""
    candidates = _candidates((), source, snapshot, RelatedOptions(limit=limit))
    if left_out is not None:
        candidates.may_follow[left_out] = False
    listed = RelatedList(candidates, limit, snapshot)
    _fill(listed, candidates, (), snapshot)
    return _items(listed.rungs, source, candidates.similarity, snapshot, base_url)


def nearest_to_text(
    text: str, snapshot: Snapshot, limit: int, base_url: str
) -> tuple[RelatedPost, ...]:
    """The posts most like a query, without any that only fill the list.

    Of those that score best by any of its words, MAX_NEAR_POSTS are compared.
    """
    terms = positions_by_term(text[:MAX_QUERY_CHARS])
    prose = snapshot.vectors["text"].vector(Counter(terms.keys()))
    source = Source.of_vectors({"text": prose, "mentioned_here": prose}, snapshot)
    numbers = [number for term in terms if (number := snapshot.postings.number(term)) is not None]
    docnums = np.array([doc for doc, _ in snapshot.postings.top(numbers, MAX_NEAR_POSTS)], np.intp)
    similarity = np.zeros(len(snapshot.documents))
    similarity[docnums] = source.likeness_of(docnums, snapshot)
    ranked = docnums[np.lexsort((snapshot.newest_rank[docnums], -similarity[docnums].round(9)))]
    near = ranked[similarity[ranked] >= MIN_SIMILARITY][:limit].tolist()
    return _items(dict.fromkeys(near, "similar"), source, similarity, snapshot, base_url)


def _fill(
    listed: RelatedList, candidates: Candidates, categories: Sequence[str], snapshot: Snapshot
) -> None:
    """The rungs below what somebody named, until the list is full."""
    is_similar = candidates.similarity >= MIN_SIMILARITY
    listed.add_similar(np.flatnonzero(is_similar), snapshot.tuning.related.mmr_lambda)
    if not listed.is_full:
        same_category = snapshot.labels["categories"].mask(categories)
        listed.add_newest("category", np.flatnonzero(same_category))
        listed.add_newest("popular", np.flatnonzero(snapshot.is_popular))
        listed.add_newest("recent", np.arange(len(snapshot.documents)))
        listed.add_repeats()


def _candidates(
    newest_first: Sequence[Document], source: Source, snapshot: Snapshot, options: RelatedOptions
) -> Candidates:
    half_life_days = options.half_life_days
    if half_life_days is None:
        half_life_days = snapshot.tuning.related.half_life_days
    similarity = source.likeness(snapshot)
    halved = snapshot.halved_by_age(half_life_days)
    speaks_the_same = _speaks(newest_first[0].lang if newest_first else None, snapshot)
    may_follow = _may_follow(newest_first, snapshot, options)
    return Candidates(
        read=tuple(doc.docnum for doc in newest_first),
        may_follow=may_follow & ~_foreign_twins(may_follow, speaks_the_same, snapshot),
        similarity=similarity,
        relevance=similarity if halved is None else similarity * halved,
        speaks_the_same=speaks_the_same,
    )


def _may_follow(
    newest_first: Sequence[Document], snapshot: Snapshot, options: RelatedOptions
) -> Mask:
    mask = np.ones(len(snapshot.documents), np.bool_)
    mask[[doc.docnum for doc in newest_first]] = False
    if newest_first and newest_first[0].date and not options.includes_newer:
        mask &= snapshot.timestamps <= snapshot.timestamps[newest_first[0].docnum]
    if options.excludes_linked:
        mask[_docnums([path for doc in newest_first for path in doc.links], snapshot)] = False
    if options.series == "excluded":
        for doc in newest_first:
            mask &= ~snapshot.series.same(doc.docnum)
    if options.since:
        since = datetime.combine(options.since, time(), UTC)
        mask &= snapshot.timestamps >= int(since.timestamp())
    if options.langs:
        mask &= snapshot.labels["langs"].mask(options.langs)
    if options.categories:
        mask &= snapshot.labels["categories"].mask(options.categories)
    return mask


def _speaks(lang: str | None, snapshot: Snapshot) -> Mask:
    """The posts in a language, where "" is that of posts that name none; all posts for None."""
    if lang is None:
        return np.ones(len(snapshot.documents), np.bool_)
    langs = snapshot.labels["langs"]
    return langs.mask([lang]) if lang else ~langs.mask(list(langs.values))


def _foreign_twins(may_follow: Mask, speaks_the_same: Mask, snapshot: Snapshot) -> Mask:
    """Posts in another language that may be listed in their own reader's language instead."""
    group_of = snapshot.translations.group_of
    twins = ~speaks_the_same & (group_of >= 0)
    if twins.any():
        twins[twins] = np.isin(group_of[twins], group_of[may_follow & speaks_the_same])
    return twins


def _parts_beside(docnum: int, snapshot: Snapshot) -> Ints:
    """The other parts of a post's series: the next, the one before, and so on outwards."""
    members = snapshot.series.members(docnum)
    if not members:
        return np.zeros(0, np.intp)
    here = members.index(docnum)
    outwards = sorted(range(len(members)), key=lambda at: (abs(at - here), at < here))
    return np.array([members[at] for at in outwards], np.intp)


def _docnums(paths: Sequence[str], snapshot: Snapshot) -> Ints:
    """The numbers of those of the posts that are there, each once, in their order."""
    numbers = (snapshot.documents.docnum(path) for path in paths)
    return np.array(list(dict.fromkeys(n for n in numbers if n is not None)), np.intp)


def _items(
    rungs: Mapping[int, Rung],
    source: Source,
    similarity: Floats,
    snapshot: Snapshot,
    base_url: str,
    *,
    is_explained: bool = False,
) -> tuple[RelatedPost, ...]:
    docs = snapshot.documents.several(list(rungs))
    count = None if is_explained else MAX_COMPARED_REASONS
    parts = source.parts_of(np.array(list(rungs), np.intp), snapshot, count)
    told = all_reasons if is_explained else reasons
    return tuple(
        RelatedPost(
            path=doc.path,
            url=document_url(doc, base_url),
            title=doc.title,
            date=doc.day,
            summary=doc.summary,
            image=doc.image,
            score=round(float(similarity[doc.docnum]), 6),
            rung=rungs[doc.docnum],
            reasons=told(shared, snapshot),
        )
        for doc, shared in zip(docs, parts, strict=True)
    )
