"""The postings of a generation, from arrays on disk that all processes share."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.embedded.postings import Posting, Postings, UnitArrays
from search.embedded.sortedstrings import load_array
from search.embedded.termlist import TermList

Ints = npt.NDArray[np.integer[Any]]


class FilePostings(Postings):
    """Reads the arrays that `index.matrix` describes."""

    def __init__(self, directory: Path, terms: TermList) -> None:
        units = UnitArrays(*(load_array(directory, name) for name in UnitArrays._fields))
        super().__init__(terms, units, len(units.first_units) - 1)
        self._posting_starts = terms.posting_starts
        self._docs = load_array(directory, "docs")
        self._impacts = load_array(directory, "impacts")
        self._floors = load_array(directory, "floors")
        self._title_starts = load_array(directory, "title_starts")
        self._title_docs = load_array(directory, "title_docs")
        self._use_starts = load_array(directory, "use_starts")
        self._uses = load_array(directory, "uses")

    def posting(self, number: int) -> Posting:
        """The documents of a term, with its finished BM25F scores."""
        extent = slice(self._posting_starts[number], self._posting_starts[number + 1])
        # NumPy indexes by intp several times as fast as by the shorter numbers on disk.
        return Posting(self._docs[extent].astype(np.intp), self._impacts[extent])

    def titled(self, number: int) -> Ints:
        """The documents that have a term in their title, rising."""
        return np.asarray(
            self._title_docs[self._title_starts[number] : self._title_starts[number + 1]]
        )

    def uses(self, number: int) -> Ints:
        """Where a term stands: its positions in the row of all units, rising."""
        return np.asarray(self._uses[self._use_starts[number] : self._use_starts[number + 1]])

    def count_of_any(self, numbers: Sequence[int], found: Posting) -> int:  # noqa: ARG002 - all are here
        """In how many documents any of some terms stands, which are those of `found`."""
        return len(found.docs)

    def floor(self, numbers: Sequence[int]) -> float:
        """The highest of the terms' floors."""
        return float(max((self._floors[number] for number in numbers), default=0))
