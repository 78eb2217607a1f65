"""In how many posts of a site clauses match: known from the dictionary, or asked for once."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final

from search.query import Clause

REMEMBERED_COUNTS: Final = 16_384
"""Clauses whose counts are remembered, at some hundred bytes each."""


class ClauseCounts:
    """The counts that the cluster gave of one generation; safe for many threads."""

    def __init__(self) -> None:
        self._counts: OrderedDict[Clause, int] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, clauses: Iterable[Clause]) -> dict[Clause, int]:
        """The counts of those of some clauses that are known."""
        with self._lock:
            return {clause: self._counts[clause] for clause in clauses if clause in self._counts}

    def remember(self, counts: Mapping[Clause, int]) -> None:
        """Takes note of counts."""
        with self._lock:
            self._counts.update(counts)
            while len(self._counts) > REMEMBERED_COUNTS:
                self._counts.popitem(last=False)
