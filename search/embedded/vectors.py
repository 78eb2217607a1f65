"""TF-IDF vectors, loaded: rows, products, and vectors of new text."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array

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


class RowArrays(NamedTuple):
    """A sparse matrix by rows, and the same by columns, as `index.vectors` describes them."""

    data: Floats
    indices: npt.NDArray[np.int32]
    indptr: Ints
    column_data: Floats
    column_docs: Ints
    column_starts: Ints

    @classmethod
    def load(cls, directory: Path, name: str) -> "RowArrays":
        """Those that were written as `name`; they stay on disk."""
        parts = "data indices indptr by_column.data by_column.docs by_column.starts".split()
        return cls(*(load_array(directory, f"{name}.{part}") for part in parts))


class Rows:
    """A matrix of rows of length 1 or less, one for each document."""

    def __init__(self, arrays: RowArrays) -> None:
        self.arrays = arrays
        self._data, self._indices, self._indptr = arrays[:3]
        self._column_data, self._column_docs, self._column_starts = arrays[3:]
        self._documents = len(self._indptr) - 1

    def row(self, docnum: int) -> Vector:
        """The vector of one document."""
        extent = slice(int(self._indptr[docnum]), int(self._indptr[docnum + 1]))
        return Vector(self._indices[extent], self._data[extent])

    def products(self, vector: Vector) -> Doubles:
        """The product of `vector` with every document: the cosine, for vectors of length 1."""
        columns = self._columns_of(vector.columns)
        return np.asarray(columns @ vector.weights, np.float64)

    def _columns_of(self, chosen: Ints) -> csc_array[Any]:
        """Some columns, each in one piece on disk, side by side."""
        starts, ends = self._column_starts[chosen], self._column_starts[chosen + 1]
        extents = list(map(slice, starts.tolist(), ends.tolist()))
        docs = np.concatenate([self._column_docs[:0], *(self._column_docs[e] for e in extents)])
        data = np.concatenate([self._column_data[:0], *(self._column_data[e] for e in extents)])
        bounds = np.concatenate([[0], np.cumsum(ends - starts)]).astype(docs.dtype)
        return csc_array((data, docs, bounds), shape=(self._documents, len(chosen)))

    def pooled(self, docnums: Ints) -> "Pool":
        """Some documents, to be compared with several vectors."""
        firsts = self._indptr[docnums]
        lengths = self._indptr[docnums + 1] - firsts
        before = np.cumsum(lengths) - lengths
        places = np.repeat(firsts - before, lengths) + np.arange(lengths.sum())
        return Pool(self._indices[places], self._data[places], lengths)


class Shared(NamedTuple):
    """What a vector shares with some rows: one entry for each row and column in which both are.

    `rows` are places among those rows, rising; `products` are the two weights multiplied.
    """

    rows: Ints
    columns: Ints
    products: Floats


class Pool:
    """Rows of some documents, taken together."""

    def __init__(self, columns: Ints, weights: Floats, lengths: Ints) -> None:
        self._columns = columns
        self._weights = weights
        self._row_of = np.repeat(np.arange(len(lengths)), lengths)
        self._rows = len(lengths)
        self._width = int(columns.max(initial=-1)) + 1

    def products(self, vector: Vector) -> Doubles:
        """The product of `vector` with each of the documents, in their order."""
        weights = self._weights_of(vector) * self._weights
        return np.asarray(np.bincount(self._row_of, weights, minlength=self._rows), np.float64)

    def shared(self, vector: Vector) -> Shared:
        """What each document's product is the sum of."""
        weights = self._weights_of(vector)
        at = np.flatnonzero(weights)
        return Shared(self._row_of[at], self._columns[at], weights[at] * self._weights[at])

    def _weights_of(self, vector: Vector) -> Floats:
        """What `vector` has in the column of each entry."""
        within = int(np.searchsorted(vector.columns, self._width))
        columns = vector.columns[:within]
        dense = _scratch.zeros(self._width)
        dense[columns] = vector.weights[:within]
        weights = dense[self._columns]
        dense[columns] = 0
        return np.asarray(weights)


class _Scratch(threading.local):
    """A row of zeros for each thread: a new one would cost more than all that is done with it."""

    def __init__(self) -> None:
        self._row = np.zeros(0, np.float32)

    def zeros(self, width: int) -> Floats:
        """A row of zeros, to be left as zeros."""
        if len(self._row) < width:
            self._row = np.zeros(width, np.float32)
        return self._row


_scratch = _Scratch()


class VectorBlock(Rows):
    """A matrix of TF-IDF rows of length 1 or 0; `terms` name its columns."""

    def __init__(self, arrays: RowArrays, idf: Floats, terms: SortedStrings) -> None:
        super().__init__(arrays)
        self.idf = idf
        self.terms = terms

    @classmethod
    def load(cls, directory: Path, name: str) -> "VectorBlock":
        """The block that was written as `name`."""
        arrays = RowArrays.load(directory, name)
        idf = load_array(directory, f"{name}.idf")
        return cls(arrays, idf, SortedStrings(directory, f"{name}.terms"))

    def with_rows(self, arrays: RowArrays) -> "VectorBlock":
        """A block of the same columns with other rows."""
        return VectorBlock(arrays, self.idf, self.terms)

    def vector(self, counts: Mapping[str, int]) -> Vector:
        """The vector of a text that is no document, weighted as the documents' are."""
        known = sorted((place, n) for term, n in counts.items() for place in self.terms.place(term))
        columns = np.array([column for column, _ in known], np.int32)
        counted = np.array([count for _, count in known], np.float32)
        weights = (1 + np.log(counted)) * self.idf[columns] if known else counted
        telling = weights > 0
        columns, weights = columns[telling], weights[telling]
        norm = float(np.linalg.norm(weights))
        return Vector(columns, (weights / norm if norm else weights).astype(np.float32))

    def weights_of(self, terms: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of those of some terms that tell posts from others."""
        return {
            term: float(self.idf[place])
            for term in terms
            for place in self.terms.place(term)
            if self.idf[place] > 0
        }

    @cached_property
    def rarest_weight(self) -> float:
        """The inverse document frequency of a term that no more than one post has."""
        return float(self.idf.max(initial=0))
