"""What a build that may have so much memory does with less, and when it can't be done in that.

Nothing is measured here: what processes have at a moment is handed in. How much more will be
needed is told by the size of the site, from what `python -m bench memory` found on real posts.
All figures are in MiB, which people are shown as MB.
"""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

READER_MB: Final = 115
"""What a process takes that reads posts beside this one."""

READING_ROOM_MB: Final = 64
"""What reading may add until the next look at what there is."""

READING_MB: Final = 15
"""What reading takes once, however many posts there are: what is remembered of words, say."""

WRITING_MB: Final = 40
POSTINGS_MB_A_MILLION_USES: Final = 60
VECTORS_MB_A_MILLION_USES: Final = 47
VECTORS_MB_A_THOUSAND_POSTS: Final = 5
"""What one process comes to have at the most while it writes, beyond what it had after reading:
for the one or the other, whichever is more."""

HELPER_MB: Final = 125
HELPER_MB_A_MILLION_USES: Final = 40
"""What the process takes that writes beside this one. Both may be at their highest at once: that
depends on what else the machine has to do."""

TELLING_SHARE: Final = 0.1
"""From so many of the posts, the need of all is estimated."""

SPARE_SHARE: Final = 0.05
ROUNDED_TO_MB: Final = 50
"""What somebody is told to set has so much to spare, and is a multiple of this."""


class MemoryUse(NamedTuple):
    """What this process has, and all that it started; None where the system doesn't tell."""

    own_mb: float
    others_mb: float | None

    @property
    def total_mb(self) -> float:
        """What all of them have, as far as it is told."""
        return self.own_mb + (self.others_mb or 0)


class SiteSize(NamedTuple):
    """How many posts a site has, and how many uses of terms these have."""

    posts: int
    uses: int


@dataclass(frozen=True, slots=True)
class MemoryBound:
    """At the most `max_mb` for the process that builds and all that it starts; 0 is no bound."""

    max_mb: int = 0

    @property
    def is_set(self) -> bool:
        """Whether there is a bound."""
        return self.max_mb > 0

    def readers(self, most: int, use: MemoryUse) -> int:
        """How many processes are to read, of `most`; 1 is this one, without any beside it."""
        if not self.is_set:
            return most
        if use.others_mb is None:
            return 1
        fitting = int((self.max_mb - use.total_mb - READING_ROOM_MB) // READER_MB)
        return max(1, min(most, fitting))

    def has_room_for_readers(self, use: MemoryUse) -> bool:
        """Whether the processes that read may go on beside this one."""
        return not self.is_set or use.total_mb + READING_ROOM_MB <= self.max_mb

    def has_room_for_helper(self, use: MemoryUse, size: SiteSize) -> bool:
        """Whether one process may write beside this one, which has read posts of this size."""
        if not self.is_set:
            return True
        if use.others_mb is None:
            return False
        helper_mb = HELPER_MB + HELPER_MB_A_MILLION_USES * size.uses / 1e6
        return use.total_mb + writing_mb(size) + helper_mb <= self.max_mb

    def refusal(self, needed: "Need") -> str | None:
        """Why a build that needs so much can't be done, with what to do; None if it can."""
        if not self.is_set or needed.so_far_mb <= self.max_mb:
            return None
        need, wanted = f"more than {needed.so_far_mb:,.0f}", "well above that"
        if needed.share >= TELLING_SHARE:
            spared_mb = needed.whole_mb * (1 + SPARE_SHARE)
            need = f"about {needed.whole_mb:,.0f}"
            wanted = str(math.ceil(spared_mb / ROUNDED_TO_MB) * ROUNDED_TO_MB)
        return (
            f"A build may have {self.max_mb:,} MB of memory here, and this one needs {need} MB, "
            "doing one thing after the other in one process. Nothing was published. Raise "
            f"max_memory_mb, under [index] in the settings, to {wanted}; with 0, there is no bound."
        )


class Need(NamedTuple):
    """What a build needs for the `share` of the posts that is known; `base_mb` for none at all."""

    so_far_mb: float
    base_mb: float = 0
    share: float = 1

    @property
    def whole_mb(self) -> float:
        """What it may need for all posts."""
        estimate_mb = self.base_mb + (self.so_far_mb - self.base_mb) / self.share
        return max(self.so_far_mb, estimate_mb)


def writing_mb(size: SiteSize) -> float:
    """What one process that has read posts of this size needs beside to write all of an index."""
    millions, thousands = size.uses / 1e6, size.posts / 1e3
    postings_mb = POSTINGS_MB_A_MILLION_USES * millions
    vectors_mb = VECTORS_MB_A_MILLION_USES * millions + VECTORS_MB_A_THOUSAND_POSTS * thousands
    return WRITING_MB + max(postings_mb, vectors_mb)
