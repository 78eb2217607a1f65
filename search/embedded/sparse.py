"""Sparse vectors of single precision, and rows of several documents to compare them with."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: column numbers, each once, and their weights."""

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
        kept = np.argsort(-self.weights, kind="stable")[:count]
        kept.sort()
        weights = self.weights[kept]
        return Vector(self.columns[kept], weights / np.linalg.norm(weights))

    def times(self, factor: float) -> "Vector":
        """The vector, longer or shorter."""
        return Vector(self.columns, self.weights * np.float32(factor))


NOTHING = Vector(np.zeros(0, np.int32), np.zeros(0, np.float32))


def joined(vectors: Sequence[Vector]) -> Vector:
    """The sum of vectors that have no columns in common."""
    if not vectors:
        return NOTHING
    return Vector(
        np.concatenate([vector.columns for vector in vectors]),
        np.concatenate([vector.weights for vector in vectors]),
    )


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


class Shared(NamedTuple):
    """What a vector shares with some rows: one entry for each row and column in which both are.

    `rows` are places among those rows, rising; `products` are the two weights multiplied.
    """

    rows: Ints
    columns: Ints
    products: Floats


class Pool:
    """Rows of some documents, taken together."""

    def __init__(self, columns: Ints, weights: Floats, lengths: Ints, width: int) -> None:
        """Rows of so many entries each, one after the other, in `width` columns."""
        self._columns = columns
        self._weights = weights
        self._lengths = lengths
        self._filled = np.flatnonzero(lengths)
        self._starts = (np.cumsum(lengths) - lengths)[self._filled]
        self._width = width

    def as_matrix(self) -> csr_array[Any]:
        """The rows as SciPy has them."""
        bounds = np.cumsum([0, *self._lengths])
        shape = (len(self._lengths), self._width)
        return csr_array((self._weights, self._columns, bounds), shape=shape)

    def products(self, vector: Vector) -> Doubles:
        """The product of `vector` with each of the documents, in their order."""
        weights = self._weights_of(vector) * self._weights
        products = np.zeros(len(self._lengths))
        products[self._filled] = np.add.reduceat(weights, self._starts, dtype=np.float64)
        return products

    def shared(self, vector: Vector) -> Shared:
        """What each document's product is the sum of."""
        weights = self._weights_of(vector)
        at = np.flatnonzero(weights)
        rows = np.repeat(np.arange(len(self._lengths)), self._lengths)
        return Shared(rows[at], self._columns[at], weights[at] * self._weights[at])

    def _weights_of(self, vector: Vector) -> Floats:
        """What `vector` has in the column of each entry."""
        dense = _scratch.zeros(self._width)
        dense[vector.columns] = vector.weights
        weights = dense[self._columns]
        dense[vector.columns] = 0
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
