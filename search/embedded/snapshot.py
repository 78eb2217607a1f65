"""A generation, open for reading: everything that a request may ask of it."""

import sqlite3
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis import DEFAULT_LANGUAGE, fold, language_code, word_parts
from index.blocks import BLOCKS
from index.errors import IndexDamagedError
from index.generation import (
    COLUMNS_DIR,
    COMPLETIONS_DIR,
    DOCUMENTS_FILE,
    MATRIX_DIR,
    TEXTS_DIR,
    VECTORS_DIR,
    WORDS_DIR,
    Manifest,
)
from index.layout import UNDATED
from index.opening import Generation, open_current
from search.embedded.completion import Completer
from search.embedded.concepts import Concepts
from search.embedded.documents import Documents
from search.embedded.groups import Groups, SeriesGroups
from search.embedded.labels import LabelColumn
from search.embedded.phrases import TitlePhrases
from search.embedded.postings import Postings
from search.embedded.remembering import remembering
from search.embedded.sortedstrings import load_array
from search.embedded.texts import Texts
from search.embedded.vectors import BlockMatrix, Rows, VectorBlock
from search.embedded.words import Words
from search.tuning import Tuning

SECONDS_A_DAY: Final = 86_400

AGE_SHARE: Final = 0.5
"""How much of a score age can take in all, where it is to matter: an old post that answers well
still beats a new one that hardly does."""

TERM_BLOCKS: Final = ("text", "tags", "categories")

_LABELS: Final = ("tags", "categories", "authors", "langs", "year")


REMEMBERED_WORDS: Final = 16_384
"""Words of reasons that are kept at hand, at some hundred bytes each."""


class ShownWord(NamedTuple):
    """What a column of the vectors stands for, as the site writes it, and folded.

    `terms` are those of the words that a compound is made of; other words have none.
    """

    term: str
    shown: str
    folded: str
    terms: frozenset[str] = frozenset()


class Snapshot:
    """One generation's documents, postings and vectors; never changes, safe for many threads.

    `timestamps`, `newest_rank`, `boosts` and `is_popular` have one entry for each document, as
    `index.columns` describes them. `series` has the posts to be read one after the other, in the
    order of the parts; `translations` the posts that are one post in several languages, by path.
    """

    def __init__(self, generation: Generation, tuning: Tuning) -> None:
        directory = generation.directory
        self._generation = generation
        self.tuning = tuning
        self.generation = generation  # not to be removed while this is in use
        self.manifest: Manifest = generation.manifest
        self.documents = Documents(directory / DOCUMENTS_FILE)
        self.postings = Postings(directory / MATRIX_DIR)
        self.texts = Texts(directory / TEXTS_DIR, self.postings)
        self.words = Words(directory / WORDS_DIR)
        self.completer = Completer(directory / COMPLETIONS_DIR, self.documents)
        self.concepts = Concepts(directory / VECTORS_DIR)
        self.vectors_dir = directory / VECTORS_DIR
        self.title_phrases = TitlePhrases(self.vectors_dir, len(self.documents))
        self._number_of_column = load_array(self.vectors_dir, "text.numbers")
        self.word_shown = remembering(self._word_shown, REMEMBERED_WORDS)

        columns = directory / COLUMNS_DIR
        self.timestamps = load_array(columns, "timestamps")
        self.newest_rank = load_array(columns, "newest_rank")
        self.boosts = self._boosts(load_array(columns, "boosts"))
        self.is_popular = load_array(columns, "is_popular")
        self.labels: Mapping[str, LabelColumn] = {
            name: LabelColumn(columns, name, len(self.documents)) for name in _LABELS
        }
        self.series = SeriesGroups(columns, "series")
        self.translations = Groups(columns, "translations")

    @classmethod
    def open(cls, index_dir: Path, tuning: Tuning | None = None) -> "Snapshot":
        """The generation that is published now; raises IndexUnavailableError."""
        return cls.of(open_current(index_dir), tuning or Tuning())

    @classmethod
    def of(cls, generation: Generation, tuning: Tuning) -> "Snapshot":
        """An open generation, read; IndexDamagedError where that can't be done."""
        try:
            return cls(generation, tuning)
        except (OSError, sqlite3.Error, ValueError, KeyError) as error:
            directory = generation.directory
            raise IndexDamagedError.of(
                directory.parents[1], f"{directory.name} can't be opened ({error})"
            ) from error

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages of the posts, that of most posts first."""
        everything = np.ones(len(self.documents), np.bool_)
        listed = self.labels["langs"].counts(everything, limit=len(self.documents))
        counts: dict[str, int] = {}
        for written, posts in [*listed, (DEFAULT_LANGUAGE, len(self.documents))]:
            code = language_code(written)
            counts[code] = counts.get(code, 0) + posts
        counts[DEFAULT_LANGUAGE] -= sum(posts for _, posts in listed)
        named = [code for code in counts if counts[code]]
        return tuple(sorted(named, key=lambda code: (-counts[code], code)))

    @cached_property
    def has_boosts(self) -> bool:
        """Whether any post's scores are multiplied by something."""
        return bool(np.any(self.boosts != 1))

    def _boosts(self, of_posts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """What each post's scores are multiplied by, the site's own boosts included."""
        if not self.tuning.boosts:
            return of_posts
        return of_posts * [self.tuning.boost(path) for path in self.documents.paths()]

    @cached_property
    def recency(self) -> npt.NDArray[np.float64] | None:
        """What age leaves of each post's scores; None where age does not matter.

        Half of it goes with age, a half-life after the other.
        """
        halves = self.halved_by_age(self.tuning.recency_half_life_days)
        return None if halves is None else 1 - AGE_SHARE + AGE_SHARE * halves

    def halved_by_age(self, half_life_days: float) -> npt.NDArray[np.float64] | None:
        """For each post a half to the power of its age in half-lives; None where age is nothing.

        The newest post has no age. An undated post is as old as one of a single half-life.
        """
        half_life_seconds = half_life_days * SECONDS_A_DAY
        is_dated = self.timestamps != UNDATED
        if not half_life_seconds or not is_dated.any():
            return None
        newest = self.timestamps[is_dated].max()
        lives = np.where(is_dated, (newest - self.timestamps) / half_life_seconds, 1.0)
        return np.asarray(0.5**lives)

    @cached_property
    def matrix(self) -> BlockMatrix:
        """The vectors of all documents, all blocks side by side."""
        return BlockMatrix.load(self.vectors_dir)

    @cached_property
    def rows(self) -> dict[str, Rows]:
        """Each block of the matrix."""
        return {block: Rows(self.matrix, block) for block in BLOCKS}

    @cached_property
    def vectors(self) -> dict[str, VectorBlock]:
        """The blocks whose columns have terms of their own."""
        return {name: VectorBlock(self.matrix, name, self.vectors_dir) for name in TERM_BLOCKS}

    def with_matrix(self, matrix: BlockMatrix) -> "Snapshot":
        """The same posts with other vectors, of the same columns."""
        other = Snapshot(self._generation, self.tuning)
        other.matrix = matrix
        return other

    def _word_shown(self, column: int) -> ShownWord:
        """What a column of the matrix stands for, in one of the blocks with terms."""
        block = BLOCKS[int(self.matrix.blocks_of(np.array([column]))[0])]
        within = column - self.rows[block].first_column
        if block == "phrases":
            name, shown = self.title_phrases.terms[within], self.title_phrases.shown[within]
            return ShownWord(name, shown, fold(shown), frozenset(name.split(" ")))
        name = self.vectors[block].terms[within]
        if block != "text":
            shown = self.labels[block].shown(name)
            return ShownWord(name, shown, fold(shown))
        shown = self.words.form(self._number_of_column[within])
        plain = [part.term for part in word_parts(shown, self.languages[0]) if not part.is_extra]
        return ShownWord(name, shown, fold(shown), frozenset(plain if len(plain) > 1 else ()))
