"""Posts as they are told to those who ask for them by path, or for the newest."""

from collections.abc import Iterable, Sequence

from search.embedded.details import post_details
from search.opensearch import dsl
from search.opensearch.gathering import MAX_MEMBERS
from search.opensearch.opened import Opened
from search.opensearch.ordering import NEWEST_FIRST
from search.opensearch.posts import StoredPost
from search.opensearch.searchrequest import candidates_body, candidates_in
from search.opensearch.slices import Slice
from search.results import PostDetails


def post_at(path: str, opened: Opened) -> PostDetails | None:
    """The post at a canonical path, with its body; None where the cluster does not have it."""
    store = opened.generation.store
    posts = store.fetch([path], ("uses", "texts", "html"))
    found = _told(posts, opened)
    return found[0] if found else None


def recent_posts(limit: int, opened: Opened) -> list[PostDetails]:
    """The newest posts, newest first, without their bodies."""
    generation = opened.generation
    body = candidates_body(dsl.EVERY_POST, {}, limit, NEWEST_FIRST)
    found = candidates_in(generation.cluster.search(generation.index, body))
    return _told(generation.store.fetch(each.path for each in found), opened, has_bodies=False)


def _told(
    posts: Sequence[StoredPost], opened: Opened, *, has_bodies: bool = True
) -> list[PostDetails]:
    laid_out = Slice((*_beside(posts, opened), *posts), opened.generation, opened.tuning)
    docnums = map(laid_out.documents.docnum, (post.path for post in posts))
    return [
        post_details(
            laid_out.documents[docnum], laid_out, opened.base_url, post.html if has_bodies else ""
        )
        for docnum, post in zip(docnums, posts, strict=True)
        if docnum is not None
    ]


def _beside(posts: Iterable[StoredPost], opened: Opened) -> list[StoredPost]:
    """All parts of the series that posts are of."""
    series = sorted({post.facts["series"] for post in posts if "series" in post.facts})
    if not series:
        return []
    generation = opened.generation
    body = candidates_body({"terms": {"series": series}}, {}, MAX_MEMBERS, NEWEST_FIRST)
    found = candidates_in(generation.cluster.search(generation.index, body))
    return generation.store.fetch(each.path for each in found)
