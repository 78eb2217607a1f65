"""Arrays are read as they were written, in as few bytes as they need."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays import write_bounds, write_mostly_small
from search.embedded.mostlysmall import MostlySmall
from search.embedded.sortedstrings import load_array


@pytest.mark.parametrize(
    ("bounds", "size"), [([], 4), ([0], 4), ([0, 7, 2**32 - 1], 4), ([0, 7, 2**32], 8)]
)
def test_bounds_take_four_bytes_unless_they_need_eight(
    tmp_path: Path, bounds: list[int], size: int
) -> None:
    write_bounds(tmp_path, "bounds", bounds)
    read = load_array(tmp_path, "bounds")
    assert read.tolist() == bounds
    assert read.dtype.itemsize == size
    assert np.issubdtype(read.dtype, np.integer)


@given(st.lists(st.one_of(st.integers(0, 300), st.integers(0, 2**40))))
def test_of_mostly_small_numbers_the_large_ones_are_read_as_well(numbers: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_mostly_small(Path(folder), "numbers", np.array(numbers, np.int64), np.uint8)
        read = MostlySmall(Path(folder), "numbers")
        assert [read[place] for place in range(len(numbers))] == numbers
        assert load_array(Path(folder), "numbers").dtype == np.uint8
