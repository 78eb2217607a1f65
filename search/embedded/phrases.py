"""The phrases that posts are called by, for texts that are no posts."""

from collections.abc import Collection
from pathlib import Path

import numpy as np

from index.rarity import inverse_document_frequencies, name_parts
from search.embedded.sortedstrings import SortedStrings, load_array
from search.embedded.sparse import Vector


class TitlePhrases:
    """The columns of the blocks `phrases` and `said`.

    `terms` are their names, in order; `shown` has them as titles write them.
    """

    def __init__(self, directory: Path, documents: int) -> None:
        self.shown = SortedStrings(directory, "phrases.shown")
        self.terms = SortedStrings(directory, "phrases.terms")
        self._idf = load_array(directory, "phrases.idf")
        self._documents = documents

    def named(self, phrases: Collection[str]) -> Vector:
        """The phrases of a title, each with its part of the name, as for posts.

        Those that no two posts have are rare, and shared with none.
        """
        columns = self._columns(phrases)
        idf = self._idf[columns].astype(np.float64)
        others = inverse_document_frequencies(
            np.ones(len(phrases) - len(columns), np.int64), self._documents
        )
        parts = name_parts(idf, float(idf.sum() + others.sum()), self._documents)
        return Vector(columns, parts.astype(np.float32))

    def said(self, phrases: Collection[str]) -> Vector:
        """The phrases of a text: 1 for each that is there."""
        columns = self._columns(phrases)
        return Vector(columns, np.ones(len(columns), np.float32))

    def _columns(self, phrases: Collection[str]) -> np.typing.NDArray[np.int32]:
        """The numbers of those that posts have, rising."""
        places = {place for phrase in phrases for place in self.terms.place(phrase)}
        return np.array(sorted(places), np.int32)
