"""The columns of the vectors by the keys of their names, which are the same in every generation."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.blocks import BLOCKS
from index.bm25 import idf
from index.fixedpoint import FIXED_POINT_UNIT
from index.opensearch.layout import Keys, feature_name, term_keys
from search.embedded.dictionary import Dictionary

WORDS_OF_BLOCK: Final[Mapping[str, str]] = {
    "text": "text",
    "bodies": "text",
    "names": "text",
    "said": "phrases",
    "phrases": "phrases",
    "tags": "tags",
    "categories": "categories",
}
"""By whose words the columns of each block are named."""

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class ColumnKeys:
    """Turns keys into columns of the whole matrix, and columns into the features of posts.

    `counts` is what `index.opensearch.postvectors.Vectors.counts` gives, and `boost` what scores
    of features have to be multiplied by.
    """

    def __init__(self, dictionary: Dictionary, counts: Ints, boost: float) -> None:
        self._counts = counts
        self._boost = boost
        self._starts = dictionary.block_starts
        named = {
            "text": dictionary.columns["text"].terms,
            "phrases": dictionary.title_phrases.terms,
            "tags": dictionary.columns["tags"].terms,
            "categories": dictionary.columns["categories"].terms,
        }
        self._keys: dict[str, Keys] = {name: term_keys(terms[:]) for name, terms in named.items()}
        self._by_key = {name: np.argsort(keys) for name, keys in self._keys.items()}

    def columns(self, blocks: npt.NDArray[np.uint8], keys: Keys) -> Ints:
        """The column of each key in the block of that number; -1 for one that the site lacks."""
        columns = np.full(len(keys), -1, np.int64)
        for number, block in enumerate(BLOCKS):
            at = np.flatnonzero(blocks == number)
            if len(at):
                found = self._places(WORDS_OF_BLOCK[block], keys[at])
                columns[at] = np.where(found < 0, found, found + self._starts[number])
        return columns

    def features(self, columns: Ints) -> list[str]:
        """What posts have each of some columns as."""
        blocks = np.searchsorted(self._starts, columns, side="right") - 1
        return [
            self._feature(BLOCKS[number], column - int(self._starts[number]))
            for number, column in zip(blocks.tolist(), columns.tolist(), strict=True)
        ]

    def boosts(self, columns: Ints) -> Floats:
        """What makes the scores of features in the cluster the weights that posts have.

        There, they score the more the rarer they are, which that takes back.
        """
        counts = np.maximum(self._counts[columns].astype(np.int64), 1)
        rarity = idf(counts, int(self._counts[-1]))
        return np.asarray(self._boost * float(FIXED_POINT_UNIT) / rarity, np.float64)

    def _feature(self, block: str, place: int) -> str:
        return feature_name(block, int(self._keys[WORDS_OF_BLOCK[block]][place]))

    def _places(self, words: str, keys: Keys) -> Ints:
        known, by_key = self._keys[words], self._by_key[words]
        if not len(known):
            return np.full(len(keys), -1)
        at = np.searchsorted(known, keys, sorter=by_key)
        places = by_key[np.minimum(at, len(known) - 1)]
        return np.where(known[places] == keys, places, -1)
