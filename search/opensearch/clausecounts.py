"""In how many posts of a site clauses, or any of some terms, are found: asked for once."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from search.query import Clause

Counted = Clause | frozenset[int]
"""A clause, or the numbers of terms of which a post has any."""

REMEMBERED_COUNTS: Final = 16_384
"""Things whose counts are remembered, at some hundred bytes each."""


class ClauseCounts:
    """The counts that the cluster gave of one generation; safe for many threads."""

    def __init__(self) -> None:
        self._counts: OrderedDict[Counted, int] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, one: Counted) -> int | None:
        """The count of one of them; None where it was not asked for yet."""
        with self._lock:
            return self._counts.get(one)

    def remember(self, counts: Mapping[Counted, int]) -> None:
        """Takes note of counts."""
        with self._lock:
            self._counts.update(counts)
            while len(self._counts) > REMEMBERED_COUNTS:
                self._counts.popitem(last=False)
