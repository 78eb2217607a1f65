"""TF-IDF vectors, loaded: rows, products, and vectors of new text."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from search.embedded.sortedstrings import SortedStrings, load_array

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: column numbers, rising, and their weights."""

    columns: npt.NDArray[np.int32]
    weights: Floats


class Rows:
    """A matrix of rows of length 1 or less, one for each document."""

    def __init__(self, directory: Path, name: str) -> None:
        self._data: Floats = load_array(directory, f"{name}.data")
        self._indices = load_array(directory, f"{name}.indices")
        self._indptr = load_array(directory, f"{name}.indptr")

    def row(self, docnum: int) -> Vector:
        """The vector of one document."""
        extent = slice(int(self._indptr[docnum]), int(self._indptr[docnum + 1]))
        return Vector(self._indices[extent], self._data[extent])

    def products(self, vector: Vector) -> Floats:
        """The product of `vector` with every document: the cosine, for rows of length 1."""
        if not len(vector.columns):
            return np.zeros(len(self._indptr) - 1, np.float32)
        return np.asarray(self._matrix @ self._dense(vector)[: self._columns])

    def products_with(self, vector: Vector, docnums: Ints) -> Floats:
        """The product of `vector` with each of some documents."""
        firsts = self._indptr[docnums]
        lengths = self._indptr[docnums + 1] - firsts
        before = np.cumsum(lengths) - lengths
        places = np.repeat(firsts - before, lengths) + np.arange(lengths.sum())
        dense = self._dense(vector)
        parts = dense[self._indices[places]] * self._data[places]
        rows = np.repeat(np.arange(len(docnums)), lengths)
        return np.bincount(rows, weights=parts, minlength=len(docnums)).astype(np.float32)

    def _dense(self, vector: Vector) -> Floats:
        dense = np.zeros(max(self._columns, int(vector.columns.max(initial=-1)) + 1), np.float32)
        dense[vector.columns] = vector.weights
        return dense

    @cached_property
    def _columns(self) -> int:
        return int(self._indices.max(initial=-1)) + 1

    @cached_property
    def _matrix(self) -> Any:
        arrays = (self._data, self._indices, self._indptr)
        return csr_array(arrays, shape=(len(self._indptr) - 1, self._columns))


class VectorBlock(Rows):
    """A matrix of TF-IDF rows of length 1 or 0; `terms` name its columns."""

    def __init__(self, directory: Path, name: str) -> None:
        super().__init__(directory, name)
        self._idf: Floats = load_array(directory, f"{name}.idf")
        self.terms = SortedStrings(directory, f"{name}.terms")

    def vector(self, counts: Mapping[str, int]) -> Vector:
        """The vector of a text that is no document, weighted as the documents' are."""
        known = sorted((place, n) for term, n in counts.items() for place in self.terms.place(term))
        columns = np.array([column for column, _ in known], np.int32)
        counted = np.array([count for _, count in known], np.float32)
        weights = (1 + np.log(counted)) * self._idf[columns] if known else counted
        norm = float(np.linalg.norm(weights))
        return Vector(columns, (weights / norm if norm else weights).astype(np.float32))


def contributions(left: Vector, right: Vector) -> dict[int, float]:
    """What each shared column adds to the cosine of two vectors."""
    shared, at_left, at_right = np.intersect1d(
        left.columns, right.columns, assume_unique=True, return_indices=True
    )
    products = left.weights[at_left] * right.weights[at_right]
    return dict(zip(shared.tolist(), products.tolist(), strict=True))
