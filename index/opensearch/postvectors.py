"""The vectors of each post: what the cluster finds similar posts by, and the weights themselves."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.blocks import BLOCKS
from index.fixedpoint import FIXED_POINT_UNIT, fixed_point
from index.opensearch.generationfiles import Strings, load
from index.opensearch.layout import BLOCK_LETTERS

Floats = npt.NDArray[np.float64]

_COLUMNS_OF: Final = {"bodies": "text", "names": "text", "said": "phrases"}
"""Blocks that have the columns of another."""

_KEY_DIGITS: Final = 16

_WEIGHTS: Final = [float(f"{weight * FIXED_POINT_UNIT:.4g}") for weight in range(2**16)]
"""What each weight is sent as: in few digits, for the cluster keeps but nine bits of it."""


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
        blocks = np.searchsorted(self._starts, columns, side="right") - 1
        return {
            "block": blocks.astype(np.uint8),
            "keys": self._keys[columns],
            "weights": self._weights[first:end],
        }

    def features(self, arrays: dict[str, npt.NDArray[Any]]) -> dict[str, float]:
        """What the cluster compares posts by, from what `arrays` gives."""
        digits = arrays["keys"].astype(">u8").tobytes().hex()
        rows = zip(arrays["block"].tolist(), arrays["weights"].tolist(), strict=True)
        return {
            f"{self._letters[block]}{digits[at * _KEY_DIGITS : (at + 1) * _KEY_DIGITS]}": (
                _WEIGHTS[weight]
            )
            for at, (block, weight) in enumerate(rows)
            if weight
        }

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
