"""The engine that answers from a generation on this machine, and moves on when one is published."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from search.bounds import (
    bounded_related,
    bounded_search,
    cut_draft_notices,
    post_not_found,
    within,
)
from search.drafts import Draft
from search.embedded import drafts, related, searching
from search.embedded.details import post_details
from search.embedded.diversity import near_duplicates
from search.embedded.documents import Document
from search.embedded.following import Following, Opened
from search.embedded.histories import read_history
from search.embedded.snapshot import Snapshot
from search.engine import (
    DEFAULT_LIMIT,
    DEFAULT_RELATED_LIMIT,
    MAX_LIMIT,
    MAX_RELATED_LIMIT,
    RelatedOptions,
    SearchOptions,
)
from search.related_results import Recommendations, RelatedPosts
from search.results import EngineStatus, PostDetails, SearchResults, Suggestions
from search.tuning import Tuning

PUBLISH_CHECK_SECONDS: Final = 0.2
"""How often, at the most, the engine looks whether a new generation was published."""


class EmbeddedEngine:
    """Answers from the generation published in a folder; see the Engine protocol.

    Each answer is made from one snapshot from first to last. When another generation is published,
    the next request opens it. Where it is damaged, the newest one that is whole answers.
    """

    def __init__(self, index_dir: Path, base_url: str | None, tuning: Tuning) -> None:
        self._following = Following(index_dir, base_url, tuning)
        self._checked_at = time.monotonic()
        self._moving = threading.Lock()

    @classmethod
    def open(
        cls, index_dir: Path, *, base_url: str | None = None, tuning: Tuning | None = None
    ) -> "EmbeddedEngine":
        """The engine over `index_dir`; raises IndexUnavailableError."""
        return cls(index_dir, base_url, tuning or Tuning())

    def search(
        self, text: str, *, limit: int = DEFAULT_LIMIT, options: SearchOptions | None = None
    ) -> SearchResults:
        """The posts that match `text`; `options`, where given, has the limit too."""
        bounded = bounded_search(options, limit)
        now = self._current()
        return searching.search(text, bounded, now.snapshot, now.base_url)

    def related(
        self,
        path: str,
        *,
        limit: int = DEFAULT_RELATED_LIMIT,
        options: RelatedOptions | None = None,
    ) -> RelatedPosts:
        """What to read after the post at `path`; PostNotFoundError where there is none."""
        bounded = bounded_related(options, limit)
        now = self._current()
        doc = _document(path, now.snapshot)
        items = related.related_to_documents([doc], now.snapshot, bounded, now.base_url)
        return RelatedPosts(doc.path, now.snapshot.generation_name, items)

    def recommend(
        self,
        history: Sequence[str],
        *,
        limit: int = DEFAULT_RELATED_LIMIT,
        options: RelatedOptions | None = None,
    ) -> Recommendations:
        """What to read after several posts, of which the one read last comes last."""
        bounded = bounded_related(options, limit)
        now = self._current()
        documents = now.snapshot.documents
        read = read_history(history, documents.docnum)
        docs = documents.several(read.posts)
        items = related.related_to_documents(docs, now.snapshot, bounded, now.base_url)
        paths = tuple(doc.path for doc in docs)
        return Recommendations(paths, now.snapshot.generation_name, items, read.notices)

    def related_to_text(self, text: str, *, limit: int = DEFAULT_RELATED_LIMIT) -> RelatedPosts:
        """What to read after a text that is no post, and the tags and links that it deserves."""
        return self.related_to_draft(Draft(text), limit=limit)

    def related_to_draft(self, draft: Draft, *, limit: int = DEFAULT_RELATED_LIMIT) -> RelatedPosts:
        """The same for a text of which more is known."""
        now = self._current()
        answer = drafts.related_to_draft(
            draft, now.snapshot, within(limit, MAX_RELATED_LIMIT), now.base_url
        )
        generation = now.snapshot.generation_name
        return RelatedPosts(
            None,
            generation,
            answer.related,
            cut_draft_notices(draft.text),
            answer.tags,
            answer.links,
        )

    def suggest(self, text: str, *, limit: int = DEFAULT_LIMIT) -> Suggestions:
        """Tags, phrases and titles that continue `text`."""
        now = self._current()
        found = now.snapshot.completer.complete(text, within(limit, MAX_LIMIT), now.base_url)
        return Suggestions(text, now.snapshot.generation_name, found)

    def post(self, path: str) -> PostDetails:
        """The post at `path`; PostNotFoundError where there is none."""
        now = self._current()
        doc = _document(path, now.snapshot)
        html = now.snapshot.stored.html(doc.docnum)
        return post_details(doc, now.snapshot, now.base_url, html)

    def recent(self, *, limit: int = DEFAULT_LIMIT) -> Sequence[PostDetails]:
        """The newest posts, newest first, without their bodies."""
        now = self._current()
        newest = np.argsort(now.snapshot.newest_rank)[: within(limit, MAX_LIMIT)]
        documents = (now.snapshot.documents[docnum] for docnum in newest.tolist())
        return [post_details(doc, now.snapshot, now.base_url, html="") for doc in documents]

    def paths(self) -> Sequence[str]:
        """The canonical paths of all posts, in order."""
        return self._current().snapshot.documents.paths()

    def near_duplicates(self, path: str) -> Sequence[tuple[str, float]]:
        """Posts that say the same as the one at `path`, each with the cosine of the texts."""
        now = self._current()
        docnum = _document(path, now.snapshot).docnum
        found = near_duplicates(docnum, now.snapshot)
        return [(now.snapshot.documents[other].path, cosine) for other, cosine in found]

    def text_cosines(self, paths: Sequence[str]) -> Sequence[Sequence[float]]:
        """The cosine of each of some posts' texts with each other."""
        snapshot = self._current().snapshot
        rows = snapshot.vectors["text"]
        docnums = np.array([_document(path, snapshot).docnum for path in paths], np.intp)
        pool = rows.pooled(docnums)
        return [pool.products(rows.row(docnum)).tolist() for docnum in docnums.tolist()]

    def status(self) -> EngineStatus:
        """What the engine answers from at this moment."""
        now = self._current()
        manifest = now.snapshot.manifest
        return EngineStatus(
            manifest.generation,
            manifest.created_at,
            manifest.counts.posts,
            fallback_reason=now.fallback_reason or None,
        )

    def move_on(self) -> None:
        """Looks for a new generation at once, unless another thread does so at the moment."""
        if self._moving.acquire(blocking=False):
            try:
                self._following.move_on()
            finally:
                self._checked_at = time.monotonic()
                self._moving.release()

    def _current(self) -> Opened:
        """What to answer from; moves on to a new generation if one is published."""
        if time.monotonic() - self._checked_at >= PUBLISH_CHECK_SECONDS:
            self.move_on()
        return self._following.now


def _document(path: str, snapshot: Snapshot) -> Document:
    docnum = snapshot.documents.docnum(path)
    if docnum is None:
        raise post_not_found(path, snapshot.documents.paths())
    return snapshot.documents[docnum]
