"""The terms of a whole site: their numbers, and in how many documents each stands."""

from pathlib import Path
from typing import Final

from search.embedded.remembering import remembering
from search.embedded.sortedstrings import SortedStrings, load_array

REMEMBERED_TERMS: Final = 65_536
"""Terms whose numbers are remembered, at about a hundred bytes each."""


class TermList:
    """Looks up terms in the arrays that `index.matrix` describes; `names` are the terms, in order.

    `number` gives a term's number, or None for one that no document has; `beginning_with` the
    numbers of the terms that begin with something.
    """

    def __init__(self, directory: Path) -> None:
        self.names = SortedStrings(directory, "terms")
        self.posting_starts = load_array(directory, "posting_starts")
        self._is_prominent = load_array(directory, "is_prominent")
        self.number = remembering(self._number, REMEMBERED_TERMS)
        self.beginning_with = remembering(self._beginning_with, REMEMBERED_TERMS)

    def _number(self, term: str) -> int | None:
        places = self.names.place(term)
        return places.start if places else None

    def _beginning_with(self, prefix: str) -> range:
        return self.names.extent(prefix)

    def count(self, number: int) -> int:
        """In how many documents a term stands."""
        return int(self.posting_starts[number + 1] - self.posting_starts[number])

    def is_prominent(self, number: int) -> bool:
        """Whether a term is in the title, a heading or a label of any document."""
        return bool(self._is_prominent[number])
