"""The engine that answers from a cluster and, while that can't, from the index on this machine."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from index.errors import ClusterPackageError, IndexUnavailableError
from search.drafts import Draft
from search.engine import (
    DEFAULT_LIMIT,
    DEFAULT_RELATED_LIMIT,
    Engine,
    RelatedOptions,
    SearchOptions,
)
from search.related_results import Recommendations, RelatedPosts
from search.results import EngineStatus, PostDetails, SearchResults, Suggestions

RETRY_SECONDS: Final = 5.0
"""How long a cluster that failed is left alone."""

Answer = TypeVar("Answer")
Open = Callable[[], Engine]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answering:
    """The engine that answers; with a reason, it is the one that stands in."""

    engine: Engine
    reason: str = ""


class FallbackEngine:
    """Answers from one engine and, while that raises IndexUnavailableError, from another.

    The first is tried again every RETRY_SECONDS, beside the requests, and answers again as soon as
    it can. The other is opened when it is needed; where that can't be done, errors are those of the
    first. `tell` is given each error that the other engine makes up for.

    Raises ClusterPackageError whatever there is to fall back to, since that never passes.
    """

    def __init__(
        self, open_first: Open, open_other: Open, tell: Callable[[IndexUnavailableError], None]
    ) -> None:
        self._open_first = open_first
        self._open_other = open_other
        self._tell = tell
        self._first: Engine | None = None
        self._tried_at = time.monotonic()
        self._changing = threading.Lock()
        self._trying = threading.Lock()
        self._now = self._opened()

    def search(
        self, text: str, *, limit: int = DEFAULT_LIMIT, options: SearchOptions | None = None
    ) -> SearchResults:
        """The posts that match `text`; `options`, where given, has the limit too."""
        return self._ask(lambda engine: engine.search(text, limit=limit, options=options))

    def related(
        self,
        path: str,
        *,
        limit: int = DEFAULT_RELATED_LIMIT,
        options: RelatedOptions | None = None,
    ) -> RelatedPosts:
        """What to read after the post at `path`; PostNotFoundError where there is none."""
        return self._ask(lambda engine: engine.related(path, limit=limit, options=options))

    def recommend(
        self,
        history: Sequence[str],
        *,
        limit: int = DEFAULT_RELATED_LIMIT,
        options: RelatedOptions | None = None,
    ) -> Recommendations:
        """What to read after several posts, of which the one read last comes last."""
        return self._ask(lambda engine: engine.recommend(history, limit=limit, options=options))

    def related_to_text(self, text: str, *, limit: int = DEFAULT_RELATED_LIMIT) -> RelatedPosts:
        """What to read after a text that is no post, and the tags and links that it deserves."""
        return self._ask(lambda engine: engine.related_to_text(text, limit=limit))

    def related_to_draft(self, draft: Draft, *, limit: int = DEFAULT_RELATED_LIMIT) -> RelatedPosts:
        """The same for a text of which more is known."""
        return self._ask(lambda engine: engine.related_to_draft(draft, limit=limit))

    def suggest(self, text: str, *, limit: int = DEFAULT_LIMIT) -> Suggestions:
        """Tags, phrases and titles that continue `text`."""
        return self._ask(lambda engine: engine.suggest(text, limit=limit))

    def post(self, path: str) -> PostDetails:
        """The post at `path`; PostNotFoundError where there is none."""
        return self._ask(lambda engine: engine.post(path))

    def recent(self, *, limit: int = DEFAULT_LIMIT) -> Sequence[PostDetails]:
        """The newest posts, newest first, without their bodies."""
        return self._ask(lambda engine: engine.recent(limit=limit))

    def paths(self) -> Sequence[str]:
        """The canonical paths of all posts, in order."""
        return self._ask(lambda engine: engine.paths())

    def near_duplicates(self, path: str) -> Sequence[tuple[str, float]]:
        """Posts that say the same as the one at `path`, each with the cosine of the texts."""
        return self._ask(lambda engine: engine.near_duplicates(path))

    def text_cosines(self, paths: Sequence[str]) -> Sequence[Sequence[float]]:
        """The cosine of each of some posts' texts with each other."""
        return self._ask(lambda engine: engine.text_cosines(paths))

    def status(self) -> EngineStatus:
        """What answers at this moment and, if that is the other engine, why."""
        now, status = self._ask_whom(lambda engine: engine.status())
        reasons = " ".join(filter(None, (now.reason, status.fallback_reason)))
        return replace(status, fallback_reason=reasons or None)

    def move_on(self) -> None:
        """Tries the first engine again, if it is time to, and has what answers look for news."""
        if self._takes_its_turn():
            self._try_again()
        self._ask(lambda engine: engine.move_on())

    def _ask(self, ask: Callable[[Engine], Answer]) -> Answer:
        return self._ask_whom(ask)[1]

    def _ask_whom(self, ask: Callable[[Engine], Answer]) -> tuple[_Answering, Answer]:
        """What the first engine answers or, while it can't, the other; and which it was."""
        now = self._now
        if not now.reason:
            try:
                return now, ask(now.engine)
            except IndexUnavailableError as error:
                now = self._change_over(error)
        elif self._takes_its_turn():
            threading.Thread(target=self._try_again, name="trying again", daemon=True).start()
        return now, ask(now.engine)

    def _opened(self) -> _Answering:
        """What answers first."""
        try:
            self._first = self._open_first()
        except ClusterPackageError:
            raise
        except IndexUnavailableError as error:
            return self._standing_in(error)
        return _Answering(self._first)

    def _change_over(self, error: IndexUnavailableError) -> _Answering:
        """Has the other engine answer from now on; raises the error where there is none."""
        with self._changing:
            self._now = self._standing_in(error, self._now)
            self._tried_at = time.monotonic()
            return self._now

    def _standing_in(
        self, error: IndexUnavailableError, before: _Answering | None = None
    ) -> _Answering:
        """The other engine, also if it answered before; raises the error where there is none."""
        if before is not None and before.reason:
            other = before.engine
        else:
            try:
                other = self._open_other()
            except IndexUnavailableError:
                raise error from None
        self._tell(error)
        reason = str(error)
        if before is None or before.reason != reason:
            _log.warning("Answering from the index on this machine: %s", reason)
        return _Answering(other, reason)

    def _takes_its_turn(self) -> bool:
        """Whether it is time to try the first engine again, and nobody else does so."""
        is_due = time.monotonic() - self._tried_at >= RETRY_SECONDS
        return bool(self._now.reason) and is_due and self._trying.acquire(blocking=False)

    def _try_again(self) -> None:
        """Asks the first engine for the least that only its index can tell."""
        try:
            first = self._first or self._open_first()
            first.move_on()
            first.recent(limit=1)
        except IndexUnavailableError as error:
            self._change_over(error)
        else:
            with self._changing:
                self._first, self._now = first, _Answering(first)
            _log.warning("Answering from the cluster again.")
        finally:
            self._tried_at = time.monotonic()
            self._trying.release()
