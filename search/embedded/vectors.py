"""TF-IDF vectors, loaded: rows, products, and vectors of new text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.embedded.sortedstrings import SortedStrings, load_array

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: column numbers, rising, and their weights."""

    columns: npt.NDArray[np.int32]
    weights: Floats

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it, so that its products are all 0."""
        return not len(self.columns)

    def strongest(self, count: int) -> "Vector":
        """The `count` largest weights, made a vector of length 1; ties by column."""
        if len(self.columns) <= count:
            return self
        kept = np.sort(np.argsort(-self.weights, kind="stable")[:count])
        weights = self.weights[kept]
        return Vector(self.columns[kept], weights / np.linalg.norm(weights))

    def times(self, factor: float) -> "Vector":
        """The vector, longer or shorter."""
        return Vector(self.columns, self.weights * np.float32(factor))


NOTHING = Vector(np.zeros(0, np.int32), np.zeros(0, np.float32))


def total(vectors: Sequence[Vector]) -> Vector:
    """The sum of some vectors."""
    if len(vectors) == 1:
        return vectors[0]
    if not vectors:
        return NOTHING
    columns, places = np.unique(
        np.concatenate([vector.columns for vector in vectors]), return_inverse=True
    )
    weights = np.bincount(places, np.concatenate([vector.weights for vector in vectors]))
    return Vector(columns, weights.astype(np.float32))


class Rows:
    """A matrix of rows of length 1 or less, one for each document."""

    def __init__(self, directory: Path, name: str) -> None:
        self._data: Floats = load_array(directory, f"{name}.data")
        self._indices = load_array(directory, f"{name}.indices")
        self._indptr = load_array(directory, f"{name}.indptr")
        self._column_data: Floats = load_array(directory, f"{name}.by_column.data")
        self._column_docs = load_array(directory, f"{name}.by_column.docs")
        self._column_starts = load_array(directory, f"{name}.by_column.starts")
        self._documents = len(self._indptr) - 1

    def row(self, docnum: int) -> Vector:
        """The vector of one document."""
        extent = slice(int(self._indptr[docnum]), int(self._indptr[docnum + 1]))
        return Vector(self._indices[extent], self._data[extent])

    def products(self, vector: Vector) -> Doubles:
        """The product of `vector` with every document: the cosine, for vectors of length 1."""
        places, lengths = _spread(self._column_starts, vector.columns)
        weights = self._column_data[places] * np.repeat(vector.weights, lengths)
        counted = np.bincount(self._column_docs[places], weights, minlength=self._documents)
        return np.asarray(counted, np.float64)

    def pooled(self, docnums: Ints) -> "Pool":
        """Some documents, to be compared with several vectors."""
        places, lengths = _spread(self._indptr, docnums)
        return Pool(self._indices[places], self._data[places], lengths)


class Pool:
    """Rows of some documents, taken together."""

    def __init__(self, columns: Ints, weights: Floats, lengths: Ints) -> None:
        self._columns = columns
        self._weights = weights
        self._row_of = np.repeat(np.arange(len(lengths)), lengths)
        self._rows = len(lengths)
        self._dense = np.zeros(int(columns.max(initial=-1)) + 1, np.float32)

    def products(self, vector: Vector) -> Doubles:
        """The product of `vector` with each of the documents, in their order."""
        within = np.searchsorted(vector.columns, len(self._dense))
        columns = vector.columns[:within]
        self._dense[columns] = vector.weights[:within]
        weights = self._dense[self._columns] * self._weights
        self._dense[columns] = 0
        return np.asarray(np.bincount(self._row_of, weights, minlength=self._rows), np.float64)


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
        telling = weights > 0
        columns, weights = columns[telling], weights[telling]
        norm = float(np.linalg.norm(weights))
        return Vector(columns, (weights / norm if norm else weights).astype(np.float32))


def _spread(starts: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Where the entries of the chosen rows (or columns) are, and how many each has."""
    firsts = starts[chosen]
    lengths = starts[chosen + 1] - firsts
    before = np.cumsum(lengths) - lengths
    return np.repeat(firsts - before, lengths) + np.arange(lengths.sum()), lengths


def contributions(left: Vector, right: Vector) -> tuple[Ints, Floats]:
    """The columns that two vectors share, rising, and what each adds to their product."""
    if right.is_empty:
        return right.columns, right.weights
    places = np.searchsorted(right.columns, left.columns)
    places[places == len(right.columns)] = 0
    is_shared = right.columns[places] == left.columns
    products = left.weights[is_shared] * right.weights[places[is_shared]]
    return left.columns[is_shared], products
