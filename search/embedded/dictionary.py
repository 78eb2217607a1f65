"""What a generation knows of words and labels: the part of it that does not grow with its texts."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from index.analysis import DEFAULT_LANGUAGE, fold, language_code, word_parts
from index.blocks import BLOCKS
from index.generation import COLUMNS_DIR, MATRIX_DIR, VECTORS_DIR, WORDS_DIR
from search.embedded.labels import LabelValues
from search.embedded.phrases import TitlePhrases
from search.embedded.remembering import remembering
from search.embedded.shownwords import ShownWord
from search.embedded.sortedstrings import SortedStrings, load_array
from search.embedded.termlist import TermList
from search.embedded.vectors import BlockColumns
from search.embedded.words import Words

TERM_BLOCKS: Final = ("text", "tags", "categories")
"""The blocks whose columns have names of their own; those of `phrases` are the title phrases."""

LABELS: Final = ("tags", "categories", "authors", "langs", "year")

REMEMBERED_WORDS: Final = 16_384
"""Words of reasons that are kept at hand, at some hundred bytes each."""


class Dictionary:
    """The terms, words, columns and labels of a site that has so many `documents`."""

    def __init__(self, directory: Path, documents: int) -> None:
        vectors, columns = directory / VECTORS_DIR, directory / COLUMNS_DIR
        self.documents = documents
        self.terms = TermList(directory / MATRIX_DIR)
        self.words = Words(directory / WORDS_DIR)
        self.columns = {block: BlockColumns(vectors, block) for block in TERM_BLOCKS}
        self.block_starts = load_array(vectors, "blocks.starts")
        self.title_phrases = TitlePhrases(vectors, documents)
        self.labels: Mapping[str, LabelValues] = {
            name: LabelValues(columns, name) for name in LABELS
        }
        self.series_names = SortedStrings(columns, "series.names")
        self.term_of_column = load_array(vectors, "text.numbers")
        self.word_shown = remembering(self._word_shown, REMEMBERED_WORDS)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages of the posts, that of most posts first."""
        langs = self.labels["langs"]
        listed = sorted(
            ((langs.posts(key), key) for key in langs.keys), key=lambda pair: (-pair[0], pair[1])
        )
        counts: dict[str, int] = {}
        for posts, written in [*listed, (self.documents, DEFAULT_LANGUAGE)]:
            code = language_code(written)
            counts[code] = counts.get(code, 0) + posts
        counts[DEFAULT_LANGUAGE] -= sum(posts for posts, _ in listed)
        named = [code for code in counts if counts[code]]
        return tuple(sorted(named, key=lambda code: (-counts[code], code)))

    def _word_shown(self, column: int) -> ShownWord:
        """What a column of the vectors stands for, in one of the blocks with names."""
        at = next(at for at, end in enumerate(self.block_starts[1:]) if column < end)
        block, within = BLOCKS[at], column - int(self.block_starts[at])
        if block == "phrases":
            name, shown = self.title_phrases.terms[within], self.title_phrases.shown[within]
            return ShownWord(name, shown, fold(shown), frozenset(name.split(" ")))
        name = self.columns[block].terms[within]
        if block != "text":
            shown = self.labels[block].shown(name)
            return ShownWord(name, shown, fold(shown))
        shown = self.words.form(self.term_of_column[within])
        plain = [part.term for part in word_parts(shown, self.languages[0]) if not part.is_extra]
        return ShownWord(name, shown, fold(shown), frozenset(plain if len(plain) > 1 else ()))
