"""TF-IDF vectors, loaded: rows, products, and vectors of new text."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from index.blocks import ARRAYS, BLOCKS, BlockArrays
from index.fixedpoint import FIXED_POINT_UNIT
from search.embedded.sortedstrings import SortedStrings, load_array
from search.embedded.sparse import Pool, Vector

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


class BlockRows:
    """The vectors of some documents in all blocks, side by side: a sparse matrix, row by row.

    Rows are of length 1 or less in each block. `starts` has the first column of each block, and
    the number of all columns at the end.
    """

    def __init__(self, data: Ints, indices: Ints, indptr: Ints, starts: Ints) -> None:
        """What BlockArrays describes."""
        self.starts = starts
        self.columns = int(starts[-1])
        self._data, self._indices = data, indices
        self._row_starts = indptr[:-1].reshape(-1, len(BLOCKS))
        self._row_ends = indptr[1:].reshape(-1, len(BLOCKS))
        self.documents = len(self._row_starts)

    def blocks_of(self, columns: Ints) -> Ints:
        """The numbers of the blocks that some columns are in."""
        return np.searchsorted(self.starts, columns, side="right") - 1

    def products(self, vector: Vector) -> Doubles:
        """The product of `vector` with every document."""
        return self.pooled(np.arange(self.documents)).products(vector)

    def row(self, docnum: int, block: int) -> Vector:
        """The vector of one document in one block, with columns counted from the block's first."""
        extent = slice(self._row_starts[docnum, block], self._row_ends[docnum, block])
        return Vector(
            self._indices[extent] - self.starts[block], self._data[extent] * FIXED_POINT_UNIT
        )

    def pooled(self, docnums: Ints, block: int | None = None) -> "Pool":
        """Some documents, to be compared with several vectors: in all blocks, or in one alone.

        In one, columns are counted from the block's first.
        """
        first, last = (0, len(BLOCKS) - 1) if block is None else (block, block)
        starts = self._row_starts[docnums, first].astype(np.intp)
        lengths = self._row_ends[docnums, last] - starts
        before = np.cumsum(lengths) - lengths
        places = np.repeat(starts - before, lengths) + np.arange(lengths.sum())
        columns = self._indices[places] - np.intp(self.starts[first])
        width = int(self.starts[last + 1] - self.starts[first])
        return Pool(columns, self._data[places] * FIXED_POINT_UNIT, lengths, width)


class BlockMatrix(BlockRows):
    """The vectors of all documents, by column as well: products with few columns read few."""

    def __init__(self, arrays: BlockArrays) -> None:
        super().__init__(arrays.data, arrays.indices, arrays.indptr, arrays.starts)
        self._by_column: csr_array[Any] = csr_array(
            (arrays.column_data, arrays.column_docs, arrays.column_starts),
            shape=(self.columns, self.documents),
        )

    @classmethod
    def load(cls, directory: Path) -> "BlockMatrix":
        """The one that `index.vectors` wrote; it stays on disk."""
        return cls(BlockArrays(*(load_array(directory, f"blocks.{name}") for name in ARRAYS)))

    def products(self, vector: Vector) -> Doubles:
        """The product of `vector` with every document."""
        columns = self._by_column[vector.columns]
        return np.asarray(columns.T @ (vector.weights * FIXED_POINT_UNIT), np.float64)


class Rows:
    """One block of a matrix, in columns of its own."""

    def __init__(self, matrix: BlockRows, block: str) -> None:
        self._matrix = matrix
        self._block = BLOCKS.index(block)
        self.first_column = int(matrix.starts[self._block])

    def row(self, docnum: int) -> Vector:
        """The vector of one document."""
        return self._matrix.row(docnum, self._block)

    def placed(self, vector: Vector) -> Vector:
        """A vector of this block in the columns of the matrix."""
        return Vector(vector.columns + self.first_column, vector.weights)

    def products(self, vector: Vector) -> Doubles:
        """The product of `vector` with every document: the cosine, for vectors of length 1."""
        return self._matrix.products(self.placed(vector))

    def pooled(self, docnums: Ints) -> "Pool":
        """Some documents, to be compared with several vectors."""
        return self._matrix.pooled(docnums, self._block)

    def as_matrix(self) -> csr_array[Any]:
        """All rows; a copy."""
        return self.pooled(np.arange(self._matrix.documents)).as_matrix()


class BlockColumns:
    """The columns of a block: how rare each is, and `terms`, their names."""

    def __init__(self, directory: Path, block: str) -> None:
        self.idf = load_array(directory, f"{block}.idf")
        self.terms = SortedStrings(directory, f"{block}.terms")


class VectorBlock(Rows):
    """A block of rows of length 1 or less, by rarity; `terms` name its columns."""

    def __init__(self, matrix: BlockRows, block: str, columns: BlockColumns) -> None:
        super().__init__(matrix, block)
        self.idf, self.terms = columns.idf, columns.terms

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

    def labelled(self, labels: Collection[str]) -> Vector:
        """The vector of some folded labels, weighted as the documents' are."""
        places = {place for label in labels for place in self.terms.place(label)}
        columns = np.array(sorted(places), np.int32)
        weights = self.idf[columns]
        return Vector(columns, weights / np.maximum(np.linalg.norm(weights), np.float32(1)))

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
