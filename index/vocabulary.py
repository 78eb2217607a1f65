"""The site's own words: how each is written, how often, and which term it becomes.

Stems are for matching, not for showing. What a reader sees (a correction, a reason) is one of the
words that the site itself uses, in the form in which it uses it most.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from index.analysis import is_exact_form, whole_of, word_parts, words

MIN_SHOWN_SHARE: Final = 0.5
"""A capitalized form is shown only where at least this share of the uses has it."""


class Word(NamedTuple):
    """A folded word: its term, and in how many documents it stands."""

    surface: str
    term: str
    documents: int


class VocabularyBuilder:
    """Counts the words of documents as they come."""

    def __init__(self) -> None:
        self._written = Counter[tuple[str, str]]()
        self._documents = Counter[tuple[str, str]]()

    def add(self, texts: Iterable[str], language: str) -> None:
        """Counts one document's texts, in its language."""
        written = Counter[str]()
        for text in texts:
            written.update(words(text))
        found = set[tuple[str, str]]()
        for word, uses in written.items():
            parts = word_parts(word, language)
            found.update((part.surface, part.term) for part in parts)
            if whole := whole_of(parts):
                stands_for = {whole.term, *(part.term for part in parts if part.kind == "bare")}
                self._written.update({(word, term): uses for term in stands_for})
        self._documents.update(pair for pair in found if not is_exact_form(pair[1]))

    def words(self) -> Iterator[Word]:
        """Every folded word, in alphabetical order."""
        for surface, term in sorted(self._documents):
            yield Word(surface, term, self._documents[surface, term])

    def shown_forms(self) -> dict[str, str]:
        """For each term, the form to show: as the site writes it most often."""
        forms: dict[str, Counter[str]] = {}
        for (word, term), uses in self._written.items():
            forms.setdefault(term, Counter())[word] += uses
        return {term: _most_used(counts) for term, counts in forms.items()}


def _most_used(counts: Counter[str]) -> str:
    """The most used form; a small one where a capital may only be due to starting a sentence."""
    lower = Counter[str]()
    for word, uses in counts.items():
        lower[word.lower()] += uses
    common, total = min(lower.items(), key=lambda item: (-item[1], len(item[0]), item[0]))
    written = {word: uses for word, uses in counts.items() if word.lower() == common}
    best, uses = min(written.items(), key=lambda item: (-item[1], item[0]))
    return best if uses >= MIN_SHOWN_SHARE * total else common
