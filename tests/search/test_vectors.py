"""Products of sparse vectors, against the same with all their zeros."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from index.blocks import BLOCKS, side_by_side
from search.embedded.sparse import Vector, joined, total
from search.embedded.vectors import BlockMatrix, Rows

DOCUMENTS = 5

Dense = np.ndarray[Any, np.dtype[np.float32]]

WEIGHTS = [0.0, 0.0, 0.25, 0.5, 1.0]

weights = st.sampled_from(WEIGHTS)


@st.composite
def dense_blocks(draw: st.DrawFn) -> list[Dense]:
    """A matrix for each block, some of them of no columns or with empty rows."""
    widths = draw(st.lists(st.integers(0, 4), min_size=len(BLOCKS), max_size=len(BLOCKS)))
    numbers = np.random.default_rng(draw(st.integers(0, 1_000)))
    return [numbers.choice(WEIGHTS, size=(DOCUMENTS, width)).astype(np.float32) for width in widths]


def opened(blocks: list[Dense]) -> BlockMatrix:
    return BlockMatrix(side_by_side([csr_array(block) for block in blocks]))


def sparse(row: Dense) -> Vector:
    columns = np.flatnonzero(row).astype(np.int32)
    return Vector(columns, row[columns])


def dense(vector: Vector, columns: int) -> Dense:
    row = np.zeros(columns, np.float32)
    row[vector.columns] = vector.weights
    return row


@settings(deadline=None)
@given(blocks=dense_blocks(), data=st.data())
def test_products_are_those_of_the_dense_matrix(blocks: list[Dense], data: st.DataObject) -> None:
    whole, matrix = np.hstack(blocks), opened(blocks)
    row = np.array([data.draw(weights) for _ in range(matrix.columns)], np.float32)
    docnums = np.array(data.draw(st.lists(st.integers(0, DOCUMENTS - 1))), np.intp)
    expected = whole @ row
    assert matrix.products(sparse(row)) == pytest.approx(expected)
    pool = matrix.pooled(docnums)
    assert pool.products(sparse(row)) == pytest.approx(expected[docnums])
    shared = pool.shared(sparse(row))
    found = np.zeros((len(docnums), matrix.columns))
    found[shared.rows, shared.columns] = shared.products
    assert found == pytest.approx(whole[docnums] * row)
    assert (np.diff(shared.rows) >= 0).all()


@settings(deadline=None)
@given(blocks=dense_blocks(), data=st.data())
def test_each_block_has_columns_of_its_own(blocks: list[Dense], data: st.DataObject) -> None:
    matrix = opened(blocks)
    docnums = np.array(data.draw(st.lists(st.integers(0, DOCUMENTS - 1))), np.intp)
    for name, block in zip(BLOCKS, blocks, strict=True):
        rows = Rows(matrix, name)
        assert np.array_equal(rows.as_matrix().toarray(), block)
        for docnum, row in enumerate(block):
            assert np.array_equal(dense(rows.row(docnum), block.shape[1]), row)
            assert rows.products(sparse(row)) == pytest.approx(block @ row)
            assert rows.pooled(docnums).products(sparse(row)) == pytest.approx(block[docnums] @ row)


@settings(deadline=None)
@given(dense_blocks())
def test_columns_know_their_blocks(blocks: list[Dense]) -> None:
    matrix = opened(blocks)
    expected = [at for at, block in enumerate(blocks) for _ in range(block.shape[1])]
    assert matrix.blocks_of(np.arange(matrix.columns)).tolist() == expected


@settings(deadline=None)
@given(st.lists(st.lists(weights, min_size=6, max_size=6), max_size=4))
def test_vectors_add_up(rows: list[list[float]]) -> None:
    several = [np.array(row, np.float32) for row in rows]
    expected = np.sum(several, axis=0) if several else np.zeros(6)
    assert dense(total(list(map(sparse, several))), 6) == pytest.approx(expected)
    apart = [Vector(at * 6 + sparse(row).columns, row[row > 0]) for at, row in enumerate(several)]
    assert dense(joined(apart), 24)[: 6 * len(several)] == pytest.approx(
        np.concatenate([np.zeros(0), *several])
    )


def test_a_thread_finds_its_scratch_as_it_should_be() -> None:
    """The products of one vector leave nothing behind for the next one, in a wider matrix either."""
    narrow, wide = (opened([np.eye(DOCUMENTS, n, dtype=np.float32)] * len(BLOCKS)) for n in (3, 9))
    everything = np.arange(DOCUMENTS)
    for matrix in (narrow, wide, narrow):
        for column in range(3):
            one = Vector(np.array([column], np.int32), np.ones(1, np.float32))
            expected = [float(docnum == column) for docnum in range(DOCUMENTS)]
            assert matrix.pooled(everything).products(one).tolist() == expected
