"""Sparse matrices with a row for each document, side by side as one, by row and by column."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from index.fixedpoint import fixed_point

BLOCKS: Final = ("text", "bodies", "names", "said", "phrases", "tags", "categories")
"""The blocks of a generation's vectors, from left to right, as `index.vectors` describes them."""

ARRAYS: Final = (
    "data",
    "indices",
    "indptr",
    "by_column.data",
    "by_column.docs",
    "by_column.starts",
    "starts",
)
"""The files `blocks.<name>.npy` that a BlockArrays is written to, in its order."""

Ints = npt.NDArray[np.integer[Any]]
Weights = npt.NDArray[np.uint16]
Sparse = sparse.csr_array[Any] | sparse.csr_matrix[Any]


class BlockArrays(NamedTuple):
    """Blocks side by side, whose columns are numbered through.

    `data`, `indices` and `indptr` are a CSR matrix that has a row for each block of each document:
    that of the first document's first block, then of its second block, and so on. What is called
    `column` is the CSR matrix with a row for each column, whose entries are documents. Block n has
    the columns from `starts[n]` to `starts[n + 1]`. Weights are multiples of
    FIXED_POINT_UNIT; all other numbers are of one type, as SciPy wants it.
    """

    data: Weights
    indices: Ints
    indptr: Ints
    column_data: Weights
    column_docs: Ints
    column_starts: Ints
    starts: Ints


def side_by_side(blocks: Sequence[Sparse]) -> BlockArrays:
    """Some matrices of as many rows as one."""
    rows = sparse.hstack([block.astype(np.float32) for block in blocks], format="csr")
    rows.sort_indices()
    lengths = np.stack([np.diff(block.indptr) for block in blocks], axis=1)
    bounds = _running_sum(lengths.ravel()).astype(rows.indices.dtype)
    rows.data = fixed_point(rows.data, np.uint16)
    columns = rows.T.tocsr()
    return BlockArrays(
        rows.data,
        rows.indices,
        bounds,
        columns.data,
        columns.indices,
        columns.indptr,
        _running_sum(block.shape[1] for block in blocks).astype(rows.indices.dtype),
    )


def _running_sum(lengths: Iterable[int]) -> Ints:
    return np.cumsum([0, *lengths])
