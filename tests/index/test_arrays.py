"""Arrays are read as they were written, in as few bytes as they need."""

from pathlib import Path

import numpy as np
import pytest

from index.arrays import write_bounds
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
