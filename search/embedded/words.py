"""The site's vocabulary at hand: words by their beginning, and words that look like one."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.analysis import fold

MIN_CHARS_FOR_ONE_EDIT: Final = 4
MIN_CHARS_FOR_TWO_EDITS: Final = 8
"""Shorter words have too many neighbours: a correction would be a guess."""

MAX_CANDIDATES: Final = 20
"""Corrections that are compared by frequency, of those at the smallest distances."""


class Word(NamedTuple):
    """A folded word of the site, its term, and in how many documents it stands."""

    surface: str
    term: str
    documents: int


class Words:
    """All words of a site; `rows` are (surface, term, documents) in any order."""

    def __init__(self, rows: Sequence[tuple[str, str, int]]) -> None:
        self._words = sorted(Word(*row) for row in rows)
        self._surfaces = [word.surface for word in self._words]
        self._documents: dict[str, int] = {}
        for word in self._words:
            self._documents[word.term] = max(word.documents, self._documents.get(word.term, 0))
        self._by_length: dict[int, list[Word]] = {}
        for word in self._words:
            if word.surface.isalpha():
                self._by_length.setdefault(len(word.surface), []).append(word)

    def documents(self, term: str) -> int:
        """In how many documents a term stands, about: of its words, that in the most."""
        return self._documents.get(term, 0)

    def starting_with(self, prefix: str, limit: int) -> list[Word]:
        """Words that begin with `prefix`, folded alike; those in most documents first."""
        folded = fold(prefix)
        start = bisect_left(self._surfaces, folded)
        end = bisect_left(self._surfaces, folded + "\U0010ffff", lo=start)
        found = sorted(self._words[start:end], key=lambda word: (-word.documents, word.surface))
        return found[:limit]

    def correction(self, written: str, min_documents: int = 1) -> Word | None:
        """The other word of the site that was most likely meant, or None.

        Candidates are within one edit from 4 letters, two from 8, a transposition being one, and
        in at least `min_documents`. The nearest wins; then one with the same first letter; then
        the one in most documents. Whatever has a digit is never corrected.
        """
        surface = fold(written)
        max_edits = allowed_edits(surface)
        if not max_edits:
            return None
        candidates = [
            (edits, word.surface[0] != surface[0], -word.documents, word)
            for length in range(len(surface) - max_edits, len(surface) + max_edits + 1)
            for word, edits in self._within(surface, length, max_edits)
            if edits and word.documents >= min_documents
        ]
        return min(candidates)[-1] if candidates else None

    def _within(self, surface: str, length: int, max_edits: int) -> list[tuple[Word, int]]:
        words = self._by_length.get(length, [])
        found = process.extract(
            surface,
            [word.surface for word in words],
            scorer=OSA.distance,
            score_cutoff=max_edits,
            limit=MAX_CANDIDATES,
        )
        return [(words[at], int(edits)) for _, edits, at in found]


def allowed_edits(surface: str) -> int:
    """How many edits a folded word may be away from what was meant; 0 for one with a digit."""
    if not surface.isalpha() or len(surface) < MIN_CHARS_FOR_ONE_EDIT:
        return 0
    return 2 if len(surface) >= MIN_CHARS_FOR_TWO_EDITS else 1
