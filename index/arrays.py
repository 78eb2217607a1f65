"""Arrays and strings as files of a generation: written whole, read through the page cache.

An array is one `.npy` file without objects. Strings are their bytes one after another, and where
each ends.
"""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy


def write_array(directory: Path, name: str, values: npt.ArrayLike, dtype: npt.DTypeLike) -> None:
    """Writes `<name>.npy`. Raises OSError, also where the disk has no room for its last bytes.

    np.save does not: what it leaves to the C library's buffer may be lost without a word.
    """
    array = np.ascontiguousarray(values, dtype)
    with (directory / f"{name}.npy").open("wb") as stream:
        npy.write_array_header_1_0(stream, npy.header_data_from_array_1_0(array))
        stream.write(array.data)


def write_bounds(directory: Path, name: str, bounds: npt.ArrayLike) -> None:
    """Writes numbers that rise from 0 or above, in as few bytes as the last one needs: 4 or 8."""
    values = np.asarray(bounds, np.int64)
    is_short = not len(values) or values[-1] < 2**32
    write_array(directory, name, values, np.uint32 if is_short else np.int64)


def write_mostly_small(
    directory: Path, name: str, values: npt.NDArray[np.integer[Any]], dtype: npt.DTypeLike
) -> None:
    """Writes numbers from 0 that mostly fit an unsigned type.

    Its largest number stands for those that are as large or larger: `<name>.places` has their
    places, rising, and `<name>.large` the numbers themselves.
    """
    mark = np.iinfo(dtype).max
    places = np.flatnonzero(values >= mark)
    write_array(directory, name, np.minimum(values, mark), dtype)
    write_bounds(directory, f"{name}.places", places)
    write_array(directory, f"{name}.large", values[places], np.int64)


def write_strings(directory: Path, name: str, strings: Sequence[str]) -> None:
    """Writes strings that have no line feed as `<name>.bytes.npy` and `<name>.ends.npy`."""
    encoded = [f"{string}\n".encode() for string in strings]
    write_bounds(directory, f"{name}.ends", list(accumulate(map(len, encoded))))
    write_array(directory, f"{name}.bytes", np.frombuffer(b"".join(encoded), np.uint8), np.uint8)
