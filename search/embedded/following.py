"""What an engine answers from: what is published or, where that is damaged, what is whole."""

import logging
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from index.errors import IndexUnavailableError
from index.generation import current_name
from index.opening import Generation, open_newest_good
from search.embedded.generationsnapshot import GenerationSnapshot
from search.tuning import Tuning

REFUSED_PAUSE_SECONDS: Final = 30.0
"""How long a published generation that could not be opened is left alone: to verify it again is no
small thing. Another one is opened at once; this is for one that is mended in its place."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A snapshot, what the urls of its posts start with, and why it is not the published one.

    `fallback_reason` is a sentence, and empty while the snapshot is what is published.
    """

    snapshot: GenerationSnapshot
    base_url: str
    fallback_reason: str

    @property
    def name(self) -> str:
        """The generation's."""
        return self.snapshot.manifest.generation


class Following:
    """`now` is what to answer from; `move_on` looks for what is published, one thread at a time.

    Where that is damaged, the newest generation that is whole stands in for it; if none can be
    opened, the one at hand stays. Either way `now` and the log say so, until what is published can
    be answered from. Raises IndexUnavailableError where there is nothing to begin with.
    """

    def __init__(self, index_dir: Path, base_url: str | None, tuning: Tuning) -> None:
        self._index_dir = index_dir
        self._given_base_url = base_url
        self._tuning = tuning
        self._refused, self._refused_at = self._published(), -math.inf
        self.now = self._opened(open_newest_good(index_dir))
        if self.now.fallback_reason:
            self._refused_at = time.monotonic()
            _log.warning("Answering from %s", _told(self.now))

    def move_on(self) -> None:
        """Opens what is published if it is not what is at hand, and was not refused just now."""
        published = self._published()
        if published == self.now.name:
            self._change_to(replace(self.now, fallback_reason=""))
            return
        is_refused = time.monotonic() - self._refused_at < REFUSED_PAUSE_SECONDS
        if is_refused and published == self._refused:
            return
        try:
            self._change_to(self._latest())
        except IndexUnavailableError as error:
            self._change_to(replace(self.now, fallback_reason=str(error)))
        if self.now.fallback_reason:
            self._refused, self._refused_at = published, time.monotonic()

    def _latest(self) -> Opened:
        """What to answer from next, which may be what is at hand; IndexUnavailableError."""
        generation = open_newest_good(self._index_dir, self.now.snapshot.generation)
        if generation.manifest.generation == self.now.name:
            return replace(self.now, fallback_reason=generation.fallback_reason)
        return self._opened(generation)

    def _opened(self, generation: Generation) -> Opened:
        snapshot = GenerationSnapshot.of(generation, self._tuning)
        base_url = self._given_base_url
        if base_url is None:
            base_url = snapshot.manifest.base_url
        return Opened(snapshot, base_url.rstrip("/"), generation.fallback_reason)

    def _published(self) -> str:
        """The name of what is published; empty where that can't be told."""
        try:
            return current_name(self._index_dir)
        except IndexUnavailableError:
            return ""

    def _change_to(self, opened: Opened) -> None:
        """Answers from this from now on, and logs what the owner should know of."""
        before, self.now = self.now, opened
        if opened.fallback_reason == before.fallback_reason:
            return
        if not opened.fallback_reason:
            _log.warning("Answering from what is published again: %s", opened.name)
        elif opened.name == before.name:
            _log.warning("Still answering from the generation at hand: %s", opened.fallback_reason)
        else:
            _log.warning("Answering from %s", _told(opened))


def _told(opened: Opened) -> str:
    """Which generation stands in for the published one, and why."""
    manifest = opened.snapshot.manifest
    return (
        f"{opened.name}, made at {manifest.created_at}, with {manifest.counts.posts:,} posts. "
        f"{opened.fallback_reason}"
    )
