"""The site's vocabulary: words by their beginning, and words that look like one."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.analysis import fold
from index.layout import letter_set
from search.embedded.remembering import remembering
from search.embedded.sortedstrings import SortedStrings, load_array

MIN_CHARS_FOR_ONE_EDIT: Final = 4
MIN_CHARS_FOR_TWO_EDITS: Final = 8
"""Shorter words have too many neighbours: a correction would be a guess."""

MAX_COMPARED_WORDS: Final = 2_000
"""Words of alike letters that a mistyped one is compared with: those in most documents."""

REMEMBERED_CORRECTIONS: Final = 4_096
"""Mistyped words whose corrections are remembered: those of the last hours."""

Ints = npt.NDArray[np.integer[Any]]


class Word(NamedTuple):
    """A folded word of the site, the number of its term, and in how many documents it stands."""

    surface: str
    term: int
    documents: int


class Candidate(NamedTuple):
    """A word that may have been meant: how many edits away it is, and whether it begins alike."""

    word: Word
    edits: int
    begins_alike: bool


class Words:
    """All words of a site, from the files that `index.wordlist` describes."""

    def __init__(self, directory: Path) -> None:
        self._surfaces = SortedStrings(directory, "surfaces")
        self._terms = load_array(directory, "terms")
        self._documents = load_array(directory, "documents")
        self._letters = load_array(directory, "letters")
        self._forms = SortedStrings(directory, "forms")
        lengths = load_array(directory, "lengths")
        self._by_length = np.argsort(lengths, kind="stable").astype(np.int32)
        longest = int(lengths.max(initial=0))
        self._length_starts = np.searchsorted(lengths[self._by_length], np.arange(longest + 2))
        self.candidates = remembering(self._candidates, REMEMBERED_CORRECTIONS)

    def __len__(self) -> int:
        return len(self._surfaces)

    def form(self, term: int) -> str:
        """A term as the site writes it."""
        return str(self._forms[term])

    def starting_with(self, prefix: str, limit: int) -> list[Word]:
        """Words that begin with `prefix`, folded alike; those in most documents first."""
        return [self._word(place) for place in self._places(prefix, limit)]

    def terms_starting_with(self, prefix: str, limit: int) -> list[int]:
        """The numbers of the terms of such words, each once."""
        return list(dict.fromkeys(self._terms[self._places(prefix, limit)].tolist()))

    def _places(self, prefix: str, limit: int) -> list[int]:
        extent = self._surfaces.extent(fold(prefix))
        documents = self._documents[extent.start : extent.stop]
        if len(documents) > limit:
            least = np.partition(documents, -limit)[-limit]
            places = np.flatnonzero(documents >= least)
            places = places[np.argsort(-documents[places], kind="stable")][:limit]
        else:
            places = np.argsort(-documents, kind="stable")
        return [extent.start + place for place in places.tolist()]

    def begins_any(self, prefix: str) -> bool:
        """Whether any word begins with `prefix`."""
        return bool(self._surfaces.extent(fold(prefix)))

    def _candidates(self, surface: str) -> tuple[Candidate, ...]:
        """The other words that a folded word may be a mistyped form of, most likely first.

        Within one edit from 4 letters, two from 8, a transposition being one. The nearest come
        first; then those in most documents, by powers of two; then those with the same first
        letter; then again those in most documents. Nothing for a word with a digit.
        """
        max_edits = allowed_edits(surface)
        if not max_edits:
            return ()
        places = self._alike(surface, max_edits)
        known = [self._surfaces[place] for place in places.tolist()]
        near = process.extract(
            surface, known, scorer=OSA.distance, score_cutoff=max_edits, limit=None
        )
        found = [
            Candidate(self._word(int(places[at])), int(edits), other[0] == surface[0])
            for other, edits, at in near
            if edits
        ]
        return tuple(sorted(found, key=_likelihood))

    def _alike(self, surface: str, max_edits: int) -> Ints:
        """The words whose length and letters allow for so many edits."""
        shortest, longest = max(1, len(surface) - max_edits), len(surface) + max_edits
        last = len(self._length_starts) - 1
        start, end = (self._length_starts[min(n, last)] for n in (shortest, longest + 1))
        places = self._by_length[start:end]
        differing = np.bitwise_count(self._letters[places] ^ np.uint64(letter_set(surface)))
        likely = places[differing <= 2 * max_edits]
        if len(likely) > MAX_COMPARED_WORDS:
            commonest = np.argpartition(-self._documents[likely], MAX_COMPARED_WORDS)
            likely = likely[commonest[:MAX_COMPARED_WORDS]]
        return np.asarray(likely)

    def _word(self, place: int) -> Word:
        surface = str(self._surfaces[place])
        return Word(surface, int(self._terms[place]), int(self._documents[place]))


def allowed_edits(surface: str) -> int:
    """How many edits a folded word may be away from what was meant; 0 for one with a digit."""
    if not surface.isalpha() or len(surface) < MIN_CHARS_FOR_ONE_EDIT:
        return 0
    return 2 if len(surface) >= MIN_CHARS_FOR_TWO_EDITS else 1


def _likelihood(candidate: Candidate) -> tuple[int, int, bool, int, str]:
    word = candidate.word
    magnitude = word.documents.bit_length()
    return candidate.edits, -magnitude, not candidate.begins_alike, -word.documents, word.surface
