"""A build, kept within its memory: looked at while it goes on, and ended where it can't be done."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from index.errors import MemoryBoundError
from index.gathered import Gathered
from index.memory import READING_MB, MemoryBound, MemoryUse, Need, SiteSize, writing_mb
from index.memoryuse import give_back, memory_use, resident_mb
from index.report import Progress

WATCHED_SECONDS: Final = 0.05
"""How often is looked whether a build is past its bound."""

LOOK_SECONDS: Final = 0.5
"""How old a figure may be by which reading is decided on: an exact one takes some milliseconds."""


class BuildMemory:
    """Says what a build may do, by what it has in memory; without a bound, everything.

    `highest_mb` is the most that a bounded build was seen to have.
    """

    def __init__(self, bound: MemoryBound) -> None:
        self.bound = bound
        self.highest_mb = 0.0
        self._looked_at = 0.0
        self._last_look = MemoryUse(0, 0)

    def readers(self, most: int) -> int:
        """How many processes are to read, of `most`; 1 is this one alone."""
        return self.bound.readers(most, self._look()) if self.bound.is_set else most

    def has_room_for_readers(self) -> bool:
        """Whether the processes that read may go on beside this one."""
        return not self.bound.is_set or self.bound.has_room_for_readers(self._look())

    def has_room_for_helper(self, gathered: Gathered) -> bool:
        """Whether another process may write beside this one, when all is gathered."""
        return not self.bound.is_set or self.bound.has_room_for_helper(
            self._look_now(), _size(gathered)
        )

    def refusal(self, gathered: Gathered) -> str | None:
        """Why an index of what has been gathered can't be written; None if it can."""
        if not self.bound.is_set:
            return None
        give_back()
        return self.bound.refusal(Need(self._look_now().total_mb + writing_mb(_size(gathered))))

    def watched(self, progress: Progress) -> Progress:
        """The same progress; told of a step, it raises MemoryBoundError past the bound."""
        if not self.bound.is_set:
            return progress

        def tell(step: str, done: int, total: int) -> None:
            self._refuse(Need(self.highest_mb))
            progress(step, done, total)

        return tell

    def reading(
        self, progress: Callable[[int, int], None], gathered: Gathered
    ) -> Callable[[int, int], None]:
        """Progress of reading that raises MemoryBoundError where too much has been gathered.

        Within a bound, posts are set aside in a file from the first. Where some are gathered
        already, these may have to go yet, and nothing is told while the others are read.
        """
        if not self.bound.is_set:
            return progress
        gathered.posts.use_file()
        if len(gathered.posts):
            return progress
        base_mb = self._look_now().own_mb + READING_MB + writing_mb(SiteSize(0, 0))

        def tell(done: int, total: int) -> None:
            words = gathered.words.words()  # none of them is without a use
            needed_mb = self._look().own_mb + writing_mb(SiteSize(len(gathered.posts), words))
            self._refuse(Need(needed_mb, base_mb, done / total))
            progress(done, total)

        return tell

    def watch(self, until: threading.Event) -> None:
        """Notes how much there is at the highest, until it is told to end."""
        while not until.wait(WATCHED_SECONDS):
            found = resident_mb()
            if found > self.bound.max_mb:
                found = self._look_now().total_mb
            self.highest_mb = max(self.highest_mb, found)

    def _refuse(self, needed: Need) -> None:
        if refusal := self.bound.refusal(needed):
            raise MemoryBoundError(refusal)

    def _look(self) -> MemoryUse:
        """What there is, or was a moment ago."""
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._last_look = self._look_now()
            self._looked_at = time.monotonic()
        return self._last_look

    def _look_now(self) -> MemoryUse:
        use = memory_use()
        if use is None:
            raise MemoryBoundError(
                "This system does not tell how much memory a process has, so that no build can be "
                "kept within max_memory_mb. Set it to 0, under [index] in the settings."
            )
        return use


UNBOUNDED: Final = BuildMemory(MemoryBound())


@contextmanager
def build_memory(max_mb: int) -> Iterator[BuildMemory]:
    """Keeps a build within so many MiB, those of all processes that it starts included.

    Without a bound, which is 0, nothing is looked at.
    """
    memory = BuildMemory(MemoryBound(max_mb))
    if not memory.bound.is_set:
        yield memory
        return
    give_back()
    done = threading.Event()
    watcher = threading.Thread(target=memory.watch, args=(done,), daemon=True)
    watcher.start()
    try:
        yield memory
    finally:
        done.set()
        watcher.join()


def _size(gathered: Gathered) -> SiteSize:
    return SiteSize(len(gathered.posts), gathered.words.term_uses())
