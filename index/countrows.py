"""A matrix of counts that grows by a row at a time."""

from collections import Counter
from typing import Any

import numpy as np
from scipy import sparse


class CountRows:
    """A growing matrix of counts: a row for each `add`, a column for each new name.

    `columns` may be shared with another one.
    """

    def __init__(self, columns: dict[str, int]) -> None:
        self._columns = columns
        self._data: list[int] = []
        self._indices: list[int] = []
        self._indptr = [0]

    def add(self, row: Counter[str]) -> None:
        """Takes in the next row."""
        columns = self._columns
        for name, count in row.items():
            self._indices.append(columns.setdefault(name, len(columns)))
            self._data.append(count)
        self._indptr.append(len(self._indices))

    def matrix(self) -> tuple[sparse.csr_matrix[Any], list[str]]:
        """The counts, columns in alphabetical order."""
        names = sorted(self._columns)
        shape = (len(self._indptr) - 1, len(names))
        arrays = (
            np.array(self._data, dtype=np.float64),
            np.array(self._indices, dtype=np.int32),
            np.array(self._indptr, dtype=np.int32),
        )
        counts = sparse.csr_matrix(arrays, shape=shape)
        return counts[:, [self._columns[name] for name in names]].tocsr(), names
