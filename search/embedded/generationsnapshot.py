"""A generation on this machine, open for reading: everything that a request may ask of it."""

import sqlite3
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import IndexDamagedError
from index.generation import (
    COLUMNS_DIR,
    COMPLETIONS_DIR,
    DOCUMENTS_FILE,
    MATRIX_DIR,
    TEXTS_DIR,
    VECTORS_DIR,
    Manifest,
)
from index.layout import UNDATED
from index.opening import Generation, open_current
from search.embedded.completion import Completer
from search.embedded.concepts import Concepts
from search.embedded.dictionary import LABELS, Dictionary
from search.embedded.documents import FileDocuments
from search.embedded.filepostings import FilePostings
from search.embedded.groups import Groups, SeriesGroups
from search.embedded.labels import LabelColumn
from search.embedded.snapshot import Snapshot
from search.embedded.sortedstrings import load_array
from search.embedded.texts import Texts
from search.embedded.vectors import BlockMatrix
from search.tuning import Tuning


class GenerationSnapshot(Snapshot):
    """All documents of one generation; what it reads stays on disk."""

    def __init__(self, generation: Generation, tuning: Tuning) -> None:
        directory = generation.directory
        self.tuning = tuning
        self.generation = generation  # not to be removed while this is in use
        self.manifest: Manifest = generation.manifest
        self.generation_name = generation.manifest.generation
        self.stored = FileDocuments(directory / DOCUMENTS_FILE)
        self.documents = self.stored
        self._share(Dictionary(directory, len(self.documents)))
        self.postings = FilePostings(directory / MATRIX_DIR, self.dictionary.terms)
        self.texts = Texts.load(directory / TEXTS_DIR, self.postings)
        self.completer = Completer(directory / COMPLETIONS_DIR, self.documents)
        self.vectors_dir = directory / VECTORS_DIR
        self.concepts = Concepts.load(self.vectors_dir)
        self.clause_counts = {}

        columns = directory / COLUMNS_DIR
        self.timestamps = load_array(columns, "timestamps")
        self.newest_timestamp = int(self.timestamps.max(initial=UNDATED))
        self.newest_rank = load_array(columns, "newest_rank")
        self.boosts = self._boosts(load_array(columns, "boosts"))
        self.is_popular = load_array(columns, "is_popular")
        documents, values = len(self.documents), self.dictionary.labels
        self.labels: dict[str, LabelColumn] = {
            name: LabelColumn(columns, values[name], name, documents) for name in LABELS
        }
        self.series = SeriesGroups.load(columns, "series")
        self.translations = Groups.load(columns, "translations")

    @classmethod
    def open(cls, index_dir: Path, tuning: Tuning | None = None) -> "GenerationSnapshot":
        """The generation that is published now; raises IndexUnavailableError."""
        return cls.of(open_current(index_dir), tuning or Tuning())

    @classmethod
    def of(cls, generation: Generation, tuning: Tuning) -> "GenerationSnapshot":
        """An open generation, read; IndexDamagedError where that can't be done."""
        try:
            return cls(generation, tuning)
        except (OSError, sqlite3.Error, ValueError, KeyError) as error:
            directory = generation.directory
            raise IndexDamagedError.of(
                directory.parents[1], f"{directory.name} can't be opened ({error})"
            ) from error

    def _boosts(self, of_posts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """What each post's scores are multiplied by, the site's own boosts included."""
        if not self.tuning.boosts:
            return of_posts
        return of_posts * [self.tuning.boost(path) for path in self.documents.paths()]

    @cached_property
    def matrix(self) -> BlockMatrix:  # type: ignore[override]  # read in when it is first needed
        """The vectors of all documents, all blocks side by side."""
        return BlockMatrix.load(self.vectors_dir)

    def with_matrix(self, matrix: BlockMatrix) -> "GenerationSnapshot":
        """The same posts with other vectors, of the same columns."""
        other = GenerationSnapshot(self.generation, self.tuning)
        other.matrix = matrix
        return other
