"""What to read next: the cluster finds what may be listed, the embedded engine's code lists it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from search.drafts import Draft
from search.embedded.diversity import NEAR_DUPLICATE_COSINE, near_duplicates
from search.embedded.documents import Document
from search.embedded.drafts import DraftAnswer, read_draft, related_to_draft, source_of_draft
from search.embedded.related import related_to_documents, source_of_history
from search.engine import RelatedOptions
from search.opensearch.gathering import MAX_MEMBERS, Gathering
from search.opensearch.likenessquery import like
from search.opensearch.opened import Opened
from search.opensearch.ordering import BY_WORDS
from search.opensearch.searchrequest import SEARCH_TYPE, candidates_body, candidates_in
from search.opensearch.slices import Slice
from search.related_results import RelatedPost

MAX_NAMING_COLUMNS: Final = 1_000
"""Words of a draft that the posts it names are looked for by: as many as one query may have."""

FAR_COSINE: Final = 0.8 * NEAR_DUPLICATE_COSINE
"""Texts that the cluster holds for less alike are no near-duplicates: its weights are rounded, and
it compares by the strongest words."""


def related_to_posts(
    paths: Sequence[str], options: RelatedOptions, opened: Opened
) -> Sequence[RelatedPost]:
    """What to read after the posts at some canonical paths, of which the newest comes last."""
    read = opened.generation.store.fetch(paths, ("vectors",))
    here = Slice(read, opened.generation, opened.tuning)
    named = [path for post in read for path in post.fields["related"]]
    canonical = map(opened.generation.names.canonical, named)
    gathering = Gathering(
        opened, read[::-1], options, also=[path for path in canonical if path is not None]
    )
    return gathering.chosen(
        source_of_history(_documents(paths, here), here).vector,
        lambda laid_out: related_to_documents(
            _documents(paths, laid_out), laid_out, options, opened.base_url
        ),
    )


def draft_answer(draft: Draft, limit: int, opened: Opened) -> DraftAnswer:
    """What to read after a draft, and the tags and links that it deserves."""
    site, generation = opened.site, opened.generation
    read = read_draft(draft, site)
    said = site.rows["names"].placed(site.vectors["text"].vector(read.body.telling))
    published = generation.names.canonical(draft.path) if draft.path else None
    answers: list[DraftAnswer] = []

    def listed(laid_out: Slice) -> Sequence[RelatedPost]:
        answers.append(related_to_draft(draft, laid_out, limit, opened.base_url))
        return answers[-1].related

    Gathering(
        opened,
        (),
        RelatedOptions(limit=limit),
        also=[published] if published is not None else [],
        more=[like(said, generation.keys, MAX_NAMING_COLUMNS)],
    ).chosen(source_of_draft(read, draft.tags, site).vector, listed)
    return answers[-1]


def near_duplicates_of(path: str, opened: Opened) -> list[tuple[str, float]]:
    """Posts that say the same as the one at a canonical path, each with the cosine of the texts."""
    generation = opened.generation
    here = Slice(generation.store.fetch([path], ("vectors",)), generation, opened.tuning)
    text = here.rows["text"]
    query = like(text.placed(text.row(0)), generation.keys, MAX_NAMING_COLUMNS)
    body = candidates_body(query, {}, MAX_MEMBERS, BY_WORDS) | {"min_score": FAR_COSINE}
    found = candidates_in(generation.cluster.search(generation.index, body, SEARCH_TYPE))
    posts = generation.store.fetch([path, *(each.path for each in found)], ("vectors",))
    laid_out = Slice(posts, generation, opened.tuning)
    docnum = laid_out.documents.docnum(path)
    if docnum is None:
        return []
    alike = near_duplicates(docnum, laid_out)
    return [(laid_out.posts[other].path, cosine) for other, cosine in alike]


def text_cosines(paths: Sequence[str], opened: Opened) -> list[list[float]]:
    """The cosine of the texts at some canonical paths with each other."""
    posts = opened.generation.store.fetch(paths, ("vectors",))
    laid_out = Slice(posts, opened.generation, opened.tuning)
    docnums = [doc.docnum for doc in _documents(paths, laid_out)]
    rows = laid_out.vectors["text"]
    pool = rows.pooled(np.array(docnums, np.intp))
    return [pool.products(rows.row(docnum)).tolist() for docnum in docnums]


def _documents(paths: Sequence[str], laid_out: Slice) -> list[Document]:
    """The documents of some posts, in the order of the paths."""
    docnums = map(laid_out.documents.docnum, paths)
    return [laid_out.documents[docnum] for docnum in docnums if docnum is not None]
