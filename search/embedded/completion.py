"""Tags, phrases and titles that continue what was typed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.analysis import folded_words
from index.errors import IndexDamagedError
from search.embedded.documents import Addressed, document_url
from search.embedded.sortedstrings import SortedStrings, load_array
from search.results import Suggestion, SuggestionKind

MAX_TYPED_WORDS: Final = 12
"""Words past these cannot narrow a choice any more."""

MAX_TAGS: Final = 3
MAX_PHRASES: Final = 4
"""Of each kind at the most, so that titles have room."""

MIN_DOUBTED_CHARS: Final = 4
"""Shorter words have too many neighbours: a correction would be a guess."""

MAX_COMPARED_WORDS: Final = 20_000
"""Words that a mistyped one is compared with, at about a tenth of a microsecond each."""

MAX_CORRECTIONS: Final = 6
"""Other readings that are tried of each word; those that most entries have."""

Entries = npt.NDArray[np.int32]


class Titled(Addressed, Protocol):
    """What titles lead to."""

    @property
    def title(self) -> str:
        """What it is called."""
        ...


class TitledPosts(Protocol):
    """The posts of a generation, by their numbers."""

    def __getitem__(self, docnum: int, /) -> Titled:
        """The post with this number, from 0."""
        ...


class Completer:
    """Answers from a generation's completions, which stay on disk until they are asked for."""

    def __init__(self, directory: Path, documents: TitledPosts) -> None:
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
            self._add_corrected(choice, words)
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
        says_phrase = any(self._tags_end <= one < self._phrases_end for one in (entry, shown))
        if choice.is_full or shown in choice.entries or (says_phrase and group in choice.groups):
            return False
        choice.entries.append(shown)
        choice.groups.add(group)
        return True

    def _having(self, words: list[str]) -> Entries:
        """The entries with all the words, the last one as a beginning; rising."""
        found = np.ones(self._end, np.bool_)
        for at in range(len(words)):
            found &= self._mask(self._places(words, at))
        return np.flatnonzero(found).astype(np.int32)

    def _places(self, words: list[str], at: int) -> range:
        """Which words of the site one of the typed words is; the last one may be unfinished."""
        is_open = at == len(words) - 1
        return self._words.extent(words[at]) if is_open else self._words.place(words[at])

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

    def _add_corrected(self, choice: "_Choice", words: list[str]) -> None:
        """Takes what there is with one typo put right.

        Where something was found, words that are finished seem to be right. The first letter is
        supposed to be wrong, which it seldom is, only where all else has led to nothing.
        """
        last = len(words) - 1
        doubted = [last] if choice.entries else [last, *range(last)]
        if unknown := [at for at in doubted if not self._places(words, at)]:
            doubted = unknown if len(unknown) == 1 else []
        for keeps_first_letter in (True, False):
            for at in doubted:
                if choice.is_full or (choice.entries and not keeps_first_letter):
                    return
                for meant in self._alike(words, at, keeps_first_letter=keeps_first_letter):
                    self._add_matching(choice, [*words[:at], meant, *words[at + 1 :]])

    def _alike(self, words: list[str], at: int, *, keeps_first_letter: bool) -> list[str]:
        """What may be meant by one of the words, the others being right; most used first.

        That is any word one typo away; for the last word, any beginning of a word.
        """
        word, is_open = words[at], at == len(words) - 1
        if len(word) < MIN_DOUBTED_CHARS or not word.isalpha():
            return []
        others = np.ones(self._end, np.bool_)
        for place in range(len(words)):
            if place != at:
                others &= self._mask(self._places(words, place))
        if not others.any():
            return []
        compared = self._words.extent(word[0] if keeps_first_letter else "")[:MAX_COMPARED_WORDS]
        known = self._words[compared.start : compared.stop]
        near = _beginnings_near(word, known) if is_open else _near(word, known)
        uses = {
            meant: int(np.count_nonzero(others[self._postings[self._posting(places)]]))
            for meant in near - {word}
            if (places := self._words.extent(meant) if is_open else self._words.place(meant))
        }
        found = sorted((meant for meant in uses if uses[meant]), key=lambda one: (-uses[one], one))
        return found[:MAX_CORRECTIONS]

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


def _near(word: str, known: Collection[str]) -> set[str]:
    """The words that are one edit away, a transposition being one; or none at all."""
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=1, limit=None)
    return {str(other) for other, *_ in found}


def _beginnings_near(word: str, known: Sequence[str]) -> set[str]:
    """The beginnings of words that are one edit away from `word`, or none at all.

    Not `word` without its last letter, unless that is a whole word: what begins so goes on with
    some other letter, and is found by it.
    """
    size = len(word)
    # One of another length is cut or drawn out to this one by a second edit.
    cut = [other[:size] for other in known]
    likely = process.extract(word, cut, scorer=OSA.distance, score_cutoff=2, limit=None)
    sizes = (size - 1, size, size + 1)
    found = _near(word, {known[at][:length] for _, _, at in likely for length in sizes})
    return found if word[:-1] in known else found - {word[:-1]}
