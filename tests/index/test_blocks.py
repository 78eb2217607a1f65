"""Blocks side by side, by row and by column: still the same numbers."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from index.blocks import side_by_side
from index.fixedpoint import FIXED_POINT_UNIT, fixed_point

Dense = np.ndarray[Any, np.dtype[np.float32]]


@st.composite
def dense_blocks(draw: st.DrawFn) -> list[Dense]:
    """Some matrices of as many rows, half of their numbers 0, some of no rows or no columns."""
    rows = draw(st.integers(0, 6))
    widths = draw(st.lists(st.integers(0, 5), min_size=1, max_size=4))
    numbers = np.random.default_rng(draw(st.integers(0, 1_000)))
    return [
        numbers.choice([0.0, 0.0, 0.5, 1.0], size=(rows, width)).astype(np.float32)
        for width in widths
    ]


@settings(deadline=None)
@given(dense_blocks())
def test_blocks_side_by_side_have_the_numbers_of_each(blocks: list[Dense]) -> None:
    arrays = side_by_side([csr_array(block) for block in blocks])
    rows, whole = len(blocks[0]), np.hstack(blocks)
    by_column = csr_array(
        (arrays.column_data * FIXED_POINT_UNIT, arrays.column_docs, arrays.column_starts),
        shape=whole.T.shape,
    )
    assert np.array_equal(by_column.toarray(), whole.T)
    for at, block in enumerate(blocks):
        first, end = arrays.starts[at : at + 2]
        assert np.array_equal(whole[:, first:end], block)
        for row in range(rows):
            number = row * len(blocks) + at
            entries = slice(arrays.indptr[number], arrays.indptr[number + 1])
            found = np.zeros_like(block[row])
            found[arrays.indices[entries] - first] = arrays.data[entries] * FIXED_POINT_UNIT
            assert np.array_equal(found, block[row])


def test_whole_numbers_are_of_one_type_as_scipy_wants_them() -> None:
    arrays = side_by_side([csr_array(np.eye(3)), csr_array(np.ones((3, 2)))])
    whole_numbers = (arrays.indices, arrays.indptr, arrays.column_docs, arrays.column_starts)
    assert {array.dtype for array in whole_numbers} == {np.dtype(np.int32)}
    assert arrays.data.dtype == arrays.column_data.dtype == np.uint16


@given(st.lists(st.floats(-1, 1, width=32)))
def test_numbers_in_fixed_point_are_near(numbers: list[float]) -> None:
    values = np.array(numbers, np.float32)
    for kept, dtype in ((values, np.int16), (abs(values), np.uint16)):
        read = fixed_point(kept, dtype) * FIXED_POINT_UNIT
        assert read.dtype == np.float32
        assert np.all(abs(read - kept) <= FIXED_POINT_UNIT)
        assert np.array_equal(np.sign(read), np.sign(kept))
