"""The vectors of each post: what the cluster finds similar posts by, and the weights themselves."""

from collections.abc import Iterator
from itertools import pairwise
from operator import add
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.blocks import BLOCKS
from index.fixedpoint import FIXED_POINT_UNIT, fixed_point
from index.opensearch.generationfiles import Ints, Strings, load
from index.opensearch.layout import BLOCK_LETTERS, FEATURE_DIGITS, TERM_MARK, TERM_SEPARATOR
from index.ranges import ranges

Floats = npt.NDArray[np.float64]

_COLUMNS_OF: Final = {"bodies": "text", "names": "text", "said": "phrases"}
"""Blocks that have the columns of another."""

_KEY_DIGITS: Final = 16

POSTS_AT_ONCE: Final = 10_000
"""Posts whose columns are counted at a time, at some hundred numbers each."""


class Vectors:
    """The folder that `index.vectors` writes, read by post; concepts are turned by `rotation`."""

    def __init__(self, directory: Path, rotation: Floats | None = None) -> None:
        self._weights = load(directory, "blocks.data")
        self._columns = load(directory, "blocks.indices")
        self._bounds = load(directory, "blocks.indptr")
        self._starts = load(directory, "blocks.starts")
        own = [block for block in BLOCKS if block not in _COLUMNS_OF]
        keys = {block: Strings(directory, f"{block}.terms").keys() for block in own}
        self._text_keys = keys["text"]
        self._keys = np.concatenate([keys[_COLUMNS_OF.get(block, block)] for block in BLOCKS])
        self._sketch_terms = load(directory, "sketch.terms")
        self._sketch_weights = load(directory, "sketch.weights")
        self._concepts = load(directory, "concepts")
        self._rotation = rotation
        self._letters = [BLOCK_LETTERS[block] for block in BLOCKS]

    def arrays(self, doc: int) -> dict[str, npt.NDArray[Any]]:
        """The block, the key of the column and the weight of each entry of a post's rows."""
        first, end = self._bounds[[doc * len(BLOCKS), (doc + 1) * len(BLOCKS)]].tolist()
        columns = self._columns[first:end]
        return {
            "block": self._blocks_of(columns).astype(np.uint8),
            "keys": self._keys[columns],
            "weights": self._weights[first:end],
        }

    def features_of(self, docs: Ints) -> Iterator[str]:
        """What the cluster compares each of a block of posts by: names with frequencies."""
        firsts = self._bounds[docs * len(BLOCKS)].astype(np.int64)
        counts = self._bounds[(docs + 1) * len(BLOCKS)].astype(np.int64) - firsts
        entries = ranges(firsts, counts)
        has_weight = self._weights[entries] > 0
        bounds = np.append(0, np.cumsum(has_weight))[np.append(0, np.cumsum(counts))]
        entries = entries[has_weight]
        columns, places = np.unique(self._columns[entries], return_inverse=True)
        names = np.array(self._marked_names(columns), np.object_)
        for first, end in pairwise(bounds.tolist()):
            weights = self._weights[entries[first:end]].tolist()
            named = names[places[first:end]].tolist()
            yield TERM_SEPARATOR.join(map(add, named, map(str, weights)))

    def _marked_names(self, columns: Ints) -> list[str]:
        """What the features of columns are called, with TERM_MARK after it."""
        digits = self._keys[columns].astype(">u8").tobytes().hex()
        starts = range(0, len(digits), _KEY_DIGITS)
        return [
            f"{self._letters[block]}{digits[start : start + FEATURE_DIGITS]}{TERM_MARK}"
            for block, start in zip(self._blocks_of(columns).tolist(), starts, strict=True)
        ]

    def _blocks_of(self, columns: Ints) -> Ints:
        return np.searchsorted(self._starts, columns, side="right") - 1

    def counts(self) -> Ints:
        """In how many posts each column of the matrix has a weight; last, how many have any."""
        columns = int(self._starts[-1])
        counts, posts = np.zeros(columns, np.int64), 0
        for bounds in self._bounds_of_some():
            first, end = int(bounds[0]), int(bounds[-1])
            has_weight = self._weights[first:end] > 0
            counts += np.bincount(self._columns[first:end][has_weight], minlength=columns)
            before = np.cumsum(np.append(0, has_weight))[bounds - first]
            posts += int(np.count_nonzero(np.diff(before)))
        return np.append(counts, posts)

    def _bounds_of_some(self) -> Iterator[Ints]:
        """Where the entries of each post begin and end, of so many posts at a time."""
        bounds = self._bounds[:: len(BLOCKS)].astype(np.int64)
        for first in range(0, len(bounds) - 1, POSTS_AT_ONCE):
            yield bounds[first : first + POSTS_AT_ONCE + 1]

    def sketch(self, doc: int) -> dict[str, npt.NDArray[Any]]:
        """The keys of the terms that stand for a post, their weights, and the post's concepts."""
        weights = self._sketch_weights[doc]
        has_weight = weights > 0
        return {
            "sketch_keys": self._text_keys[self._sketch_terms[doc][has_weight]],
            "sketch_weights": weights[has_weight],
            "concepts": self._turned(self._concepts[doc]),
        }

    def _turned(self, concepts: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
        if self._rotation is None:
            return concepts
        return fixed_point(concepts * float(FIXED_POINT_UNIT) @ self._rotation, np.int16)
