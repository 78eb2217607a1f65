"""Tags, phrases and titles that continue what was typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.analysis import folded_words
from index.errors import IndexDamagedError
from search.embedded.snapshot import Document, document_url
from search.embedded.sortedstrings import SortedStrings, load_array
from search.results import Suggestion, SuggestionKind

MAX_TYPED_WORDS: Final = 12
"""Words past these cannot narrow a choice any more."""

MAX_TAGS: Final = 3
MAX_PHRASES: Final = 4
"""Of each kind at the most, so that titles have room."""

MIN_DOUBTED_CHARS: Final = 4
"""Shorter words have too many neighbours: a correction would be a guess."""

MAX_COMPARED_WORDS: Final = 4_000
"""A site with more words has a mistyped one compared with those that have its first letter; that
one is seldom wrong, and a thousand words take about a tenth of a millisecond."""

MAX_CORRECTIONS: Final = 6
"""Other readings that are tried of each word; those that most entries have."""

Entries = npt.NDArray[np.int32]


class Completer:
    """Answers from a generation's completions, which stay on disk until they are asked for."""

    def __init__(self, directory: Path, documents: Sequence[Document]) -> None:
        self._documents = documents
        try:
            self._tags_end, self._phrases_end, self._end = load_array(directory, "kinds").tolist()
            self._counts = load_array(directory, "counts")
            self._docnums = load_array(directory, "docnums")
            self._groups = load_array(directory, "groups")
            self._stand_ins = load_array(directory, "stand_ins")
            self._texts = SortedStrings(directory, "texts")
            self._keys = SortedStrings(directory, "keys")
            self._entries_by_key = load_array(directory, "entries_by_key")
            self._words = SortedStrings(directory, "words")
            self._postings = load_array(directory, "postings")
            self._posting_ends = load_array(directory, "posting_ends")
        except (OSError, ValueError) as error:
            raise IndexDamagedError(
                f"The completions in {directory} can't be opened ({error}). Build the index again."
            ) from error

    def complete(self, text: str, limit: int, base_url: str) -> tuple[Suggestion, ...]:
        """What begins as typed, then what has all the typed words: tags, phrases and titles.

        The last word may be unfinished. Where that is less than `limit`, one typo is forgiven.
        Tags come by most posts; phrases by how often they are used, and how much their words hold
        together; titles by popular and featured posts, then by newest. A phrase is there in one
        wording, and gives way to the tag or the title that says the same.
        """
        words = folded_words(text)[:MAX_TYPED_WORDS]
        choice = _Choice(limit)
        if words:
            self._add_matching(choice, words)
            for corrected in self._corrections(words):
                if choice.is_full:
                    break
                self._add_matching(choice, corrected)
        return tuple(self._suggestion(entry, base_url) for entry in choice.entries)

    def _add_matching(self, choice: "_Choice", words: list[str]) -> None:
        extent = self._keys.extent(" ".join(words))
        self._add(choice, np.sort(self._entries_by_key[extent.start : extent.stop]))
        if not choice.is_full:
            self._add(choice, self._having(words))

    def _add(self, choice: "_Choice", entries: Entries) -> None:
        """Takes of the given entries, which rise, as many as there is room for."""
        tags_end, phrases_end = np.searchsorted(entries, (self._tags_end, self._phrases_end))
        for entry in entries[:tags_end].tolist():
            if choice.tags == MAX_TAGS:
                break
            choice.tags += self._take(choice, entry)
        for entry in entries[tags_end:phrases_end].tolist():
            if choice.phrases == MAX_PHRASES:
                break
            choice.phrases += self._take(choice, entry)
        for entry in entries[phrases_end:].tolist():
            if choice.is_full:
                break
            self._take(choice, entry)

    def _take(self, choice: "_Choice", entry: int) -> bool:
        """Whether there was room for an entry, or what stands in for it, and it was not there."""
        shown = int(self._stand_ins[entry])
        group = int(self._groups[shown])
        is_phrase = self._tags_end <= shown < self._phrases_end
        if choice.is_full or shown in choice.entries or (is_phrase and group in choice.groups):
            return False
        choice.entries.append(shown)
        choice.groups.add(group)
        return True

    def _having(self, words: list[str]) -> Entries:
        """The entries with all the words, the last one as a beginning; rising."""
        found = self._mask(self._words.extent(words[-1]))
        for word in words[:-1]:
            found &= self._mask(self._words.place(word))
        return np.flatnonzero(found).astype(np.int32)

    def _mask(self, places: range) -> npt.NDArray[np.bool_]:
        mask = np.zeros(self._end, np.bool_)
        mask[self._postings[self._posting(places)]] = True
        return mask

    def _posting(self, places: range) -> slice:
        """Where the entries of neighbouring words stand."""
        if not places:
            return slice(0)
        start = int(self._posting_ends[places.start - 1]) if places.start else 0
        return slice(start, int(self._posting_ends[places.stop - 1]))

    def _corrections(self, words: list[str]) -> Iterator[list[str]]:
        """The words with one typo put right: in the last word, then in the others in order."""
        for at in (len(words) - 1, *range(len(words) - 1)):
            word = words[at]
            if len(word) >= MIN_DOUBTED_CHARS and word.isalpha():
                is_open = at == len(words) - 1
                for meant in self._alike(word, is_open=is_open):
                    yield [*words[:at], meant, *words[at + 1 :]]

    def _alike(self, word: str, *, is_open: bool) -> list[str]:
        """Words, or beginnings of words, that are one typo from `word`; most used first."""
        compared = range(len(self._words))
        if len(compared) > MAX_COMPARED_WORDS:
            compared = self._words.extent(word[0])
        if len(compared) > MAX_COMPARED_WORDS:
            compared = self._words.extent(word[:2])[:MAX_COMPARED_WORDS]
        known = self._words[compared.start : compared.stop]
        lengths = (len(word) - 1, len(word), len(word) + 1)
        candidates = {each[:size] for each in known for size in lengths} if is_open else known
        near = process.extract(
            word, candidates, scorer=OSA.distance, score_cutoff=1, limit=None, processor=None
        )
        # A beginning that only lacks the last letter typed is the same beginning, less of it.
        others = {str(each) for each, *_ in near} - {word, word[:-1] if is_open else ""}
        return sorted(others, key=lambda other: (-self._uses(other, is_open=is_open), other))[
            :MAX_CORRECTIONS
        ]

    def _uses(self, word: str, *, is_open: bool) -> int:
        """How many entries have the word, or words that begin so."""
        posting = self._posting(self._words.extent(word) if is_open else self._words.place(word))
        return len(self._postings[posting])

    def _suggestion(self, entry: int, base_url: str) -> Suggestion:
        count = int(self._counts[entry])
        if entry < self._phrases_end:
            kind: SuggestionKind = "tag" if entry < self._tags_end else "phrase"
            return Suggestion(self._texts[entry], kind, path=None, url=None, count=count)
        doc = self._documents[int(self._docnums[entry])]
        return Suggestion(doc.title, "title", doc.path, document_url(doc, base_url), count)


@dataclass(slots=True)
class _Choice:
    """What is offered so far: entries in order, and the groups they belong to."""

    limit: int
    entries: list[int] = field(default_factory=list)
    groups: set[int] = field(default_factory=set)
    tags: int = 0
    phrases: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.entries) >= self.limit
