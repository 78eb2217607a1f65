"""TF-IDF vectors, loaded: rows, products, and vectors of new text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.embedded.sortedstrings import SortedStrings, load_array

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: column numbers, rising, and their weights."""

    columns: npt.NDArray[np.int32]
    weights: Floats


class VectorBlock:
    """A matrix of TF-IDF rows of length 1, one for each document; `terms` name its columns."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]], terms: SortedStrings) -> None:
        self._data: Floats = arrays["data"].astype(np.float32, copy=False)
        self._indices = arrays["indices"].astype(np.int32, copy=False)
        self._indptr = arrays["indptr"].astype(np.int64, copy=False)
        self._idf: Floats = arrays["idf"].astype(np.float32, copy=False)
        self.terms = terms

    def row(self, docnum: int) -> Vector:
        """The vector of one document."""
        extent = slice(int(self._indptr[docnum]), int(self._indptr[docnum + 1]))
        return Vector(self._indices[extent], self._data[extent])

    def cosines(self, vector: Vector) -> Floats:
        """The cosine of `vector`, of length 1 or 0, with every document."""
        documents = len(self._indptr) - 1
        if not len(vector.columns):
            return np.zeros(documents, np.float32)
        dense = np.zeros(len(self.terms), np.float32)
        dense[vector.columns] = vector.weights
        products = dense[self._indices] * self._data
        return np.bincount(self._rows, weights=products, minlength=documents).astype(np.float32)

    def cosines_with(self, vector: Vector, docnums: Ints) -> Floats:
        """The cosine of `vector`, of length 1 or 0, with each of some documents."""
        firsts = self._indptr[docnums]
        lengths = self._indptr[docnums + 1] - firsts
        before = np.cumsum(lengths) - lengths
        places = np.repeat(firsts - before, lengths) + np.arange(lengths.sum())
        dense = np.zeros(len(self.terms), np.float32)
        dense[vector.columns] = vector.weights
        products = dense[self._indices[places]] * self._data[places]
        rows = np.repeat(np.arange(len(docnums)), lengths)
        return np.bincount(rows, weights=products, minlength=len(docnums)).astype(np.float32)

    def vector(self, counts: Mapping[str, int]) -> Vector:
        """The vector of a text that is no document, weighted as the documents' are."""
        known = sorted((place, n) for term, n in counts.items() for place in self.terms.place(term))
        columns = np.array([column for column, _ in known], np.int32)
        counted = np.array([count for _, count in known], np.float32)
        weights = (1 + np.log(counted)) * self._idf[columns] if known else counted
        norm = float(np.linalg.norm(weights))
        return Vector(columns, (weights / norm if norm else weights).astype(np.float32))

    @cached_property
    def _rows(self) -> npt.NDArray[np.int32]:
        """The document of each stored weight."""
        counts = np.diff(self._indptr)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)


def load_block(directory: Path, name: str) -> VectorBlock:
    """The block that was written under `name`; its arrays stay on disk until they are needed."""
    arrays = {
        part: load_array(directory, f"{name}.{part}")
        for part in ("data", "indices", "indptr", "idf")
    }
    return VectorBlock(arrays, SortedStrings(directory, f"{name}.terms"))


def contributions(left: Vector, right: Vector) -> dict[int, float]:
    """What each shared column adds to the cosine of two vectors."""
    shared, at_left, at_right = np.intersect1d(
        left.columns, right.columns, assume_unique=True, return_indices=True
    )
    products = left.weights[at_left] * right.weights[at_right]
    return dict(zip(shared.tolist(), products.tolist(), strict=True))
