"""The engine that answers from an OpenSearch cluster, and moves on when a build is published."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from index.errors import ClusterError, ClusterIndexNotFoundError
from index.opensearch.options import ClusterOptions
from search.bounds import (
    bounded_related,
    bounded_search,
    cut_draft_notices,
    post_not_found,
    within,
)
from search.drafts import Draft
from search.embedded.histories import read_history
from search.engine import (
    DEFAULT_LIMIT,
    DEFAULT_RELATED_LIMIT,
    MAX_LIMIT,
    MAX_RELATED_LIMIT,
    RelatedOptions,
    SearchOptions,
)
from search.opensearch import relating, searching, telling
from search.opensearch.following import Following
from search.opensearch.opened import Opened
from search.related_results import Recommendations, RelatedPosts
from search.results import EngineStatus, PostDetails, SearchResults, Suggestions
from search.tuning import Tuning

PUBLISH_CHECK_SECONDS: Final = 1.0
"""How often, at the most, requests have it looked up beside them what is published."""

Answer = TypeVar("Answer")


class OpenSearchEngine:
    """Answers from the generation that an alias of a cluster stands for; see the Engine protocol.

    Each answer is made from one generation from first to last. Every method but `suggest` and
    `paths` asks the cluster, and raises ClusterError where it can't answer in time.
    """

    def __init__(self, following: Following) -> None:
        self._following = following
        self._looked_at = time.monotonic()
        self._looking = threading.Lock()

    @classmethod
    def open(
        cls,
        options: ClusterOptions,
        cache_dir: Path,
        *,
        base_url: str | None = None,
        tuning: Tuning | None = None,
    ) -> "OpenSearchEngine":
        """The engine over what is published; raises ClusterError.

        What is needed of a generation over and over is kept in `cache_dir`.
        """
        return cls(Following(options, cache_dir, base_url, tuning or Tuning()))

    def search(
        self, text: str, *, limit: int = DEFAULT_LIMIT, options: SearchOptions | None = None
    ) -> SearchResults:
        """The posts that match `text`; `options`, where given, has the limit too."""
        bounded = bounded_search(options, limit)
        return self._answer(lambda now: searching.search(text, bounded, now))

    def related(
        self,
        path: str,
        *,
        limit: int = DEFAULT_RELATED_LIMIT,
        options: RelatedOptions | None = None,
    ) -> RelatedPosts:
        """What to read after the post at `path`; PostNotFoundError where there is none."""
        bounded = bounded_related(options, limit)

        def answer(now: Opened) -> RelatedPosts:
            canonical = _canonical(path, now)
            items = tuple(relating.related_to_posts([canonical], bounded, now))
            return RelatedPosts(canonical, now.generation.name, items)

        return self._answer(answer)

    def recommend(
        self,
        history: Sequence[str],
        *,
        limit: int = DEFAULT_RELATED_LIMIT,
        options: RelatedOptions | None = None,
    ) -> Recommendations:
        """What to read after several posts, of which the one read last comes last."""
        bounded = bounded_related(options, limit)

        def answer(now: Opened) -> Recommendations:
            read = read_history(history, now.generation.names.canonical)
            items = tuple(relating.related_to_posts(read.posts, bounded, now))
            return Recommendations(read.posts, now.generation.name, items, read.notices)

        return self._answer(answer)

    def related_to_text(self, text: str, *, limit: int = DEFAULT_RELATED_LIMIT) -> RelatedPosts:
        """What to read after a text that is no post, and the tags and links that it deserves."""
        return self.related_to_draft(Draft(text), limit=limit)

    def related_to_draft(self, draft: Draft, *, limit: int = DEFAULT_RELATED_LIMIT) -> RelatedPosts:
        """The same for a text of which more is known."""

        def answer(now: Opened) -> RelatedPosts:
            found = relating.draft_answer(draft, within(limit, MAX_RELATED_LIMIT), now)
            notices = cut_draft_notices(draft.text)
            name = now.generation.name
            return RelatedPosts(None, name, found.related, notices, found.tags, found.links)

        return self._answer(answer)

    def suggest(self, text: str, *, limit: int = DEFAULT_LIMIT) -> Suggestions:
        """Tags, phrases and titles that continue `text`."""
        now = self._current()
        completer = now.generation.completer
        found = completer.complete(text, within(limit, MAX_LIMIT), now.base_url)
        return Suggestions(text, now.generation.name, found)

    def post(self, path: str) -> PostDetails:
        """The post at `path`; PostNotFoundError where there is none."""

        def answer(now: Opened) -> PostDetails:
            canonical = _canonical(path, now)
            found = telling.post_at(canonical, now)
            if found is None:
                raise post_not_found(path, now.generation.names.paths)
            return found

        return self._answer(answer)

    def recent(self, *, limit: int = DEFAULT_LIMIT) -> Sequence[PostDetails]:
        """The newest posts, newest first, without their bodies."""
        return self._answer(lambda now: telling.recent_posts(within(limit, MAX_LIMIT), now))

    def paths(self) -> Sequence[str]:
        """The canonical paths of all posts, in order."""
        found: list[str] = self._current().generation.names.paths[:]
        return found

    def near_duplicates(self, path: str) -> Sequence[tuple[str, float]]:
        """Posts that say the same as the one at `path`, each with the cosine of the texts."""
        return self._answer(lambda now: relating.near_duplicates_of(_canonical(path, now), now))

    def text_cosines(self, paths: Sequence[str]) -> Sequence[Sequence[float]]:
        """The cosine of each of some posts' texts with each other."""
        return self._answer(
            lambda now: relating.text_cosines([_canonical(path, now) for path in paths], now)
        )

    def status(self) -> EngineStatus:
        """What the engine answers from, and whether that is what is published.

        Raises ClusterError where the last look met one.
        """
        generation = self._current().generation
        if self._following.failure is not None:
            raise self._following.failure
        passed_over = self._following.passed_over
        return EngineStatus(
            generation.name,
            generation.created_at,
            generation.posts,
            engine="opensearch",
            fallback_reason=None if passed_over is None else str(passed_over),
        )

    def move_on(self) -> None:
        """Looks at once for a new generation, and answers from it; raises ClusterError."""
        self._looked_at = time.monotonic()
        self._following.move_on()

    def _answer(self, ask: Callable[[Opened], Answer]) -> Answer:
        """What is answered from one generation; from the next one where this one was removed."""
        try:
            return ask(self._current())
        except ClusterIndexNotFoundError:
            self.move_on()
            return ask(self._following.now)

    def _current(self) -> Opened:
        """What to answer from; now and then, what is published is looked up beside."""
        is_due = time.monotonic() - self._looked_at >= PUBLISH_CHECK_SECONDS
        if is_due and self._looking.acquire(blocking=False):
            threading.Thread(target=self._look, name="following", daemon=True).start()
        return self._following.now

    def _look(self) -> None:
        try:
            with suppress(ClusterError):
                self.move_on()
        finally:
            self._looking.release()


def _canonical(path: str, now: Opened) -> str:
    canonical = now.generation.names.canonical(path)
    if canonical is None:
        raise post_not_found(path, now.generation.names.paths)
    return canonical
