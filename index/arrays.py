"""Arrays and strings as files of a generation: written whole, read through the page cache.

An array is one `.npy` file without objects. Strings are their bytes one after another, and where
each ends.
"""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

FIXED_POINT_UNIT: Final = np.float32(2**-15)
"""What numbers from -1 to 1 are whole multiples of on disk: half the bytes of float32, and near."""


def write_array(directory: Path, name: str, values: npt.ArrayLike, dtype: npt.DTypeLike) -> None:
    """Writes `<name>.npy`."""
    np.save(directory / f"{name}.npy", np.asarray(values, dtype), allow_pickle=False)


def write_strings(directory: Path, name: str, strings: Sequence[str]) -> None:
    """Writes strings that have no line feed as `<name>.bytes.npy` and `<name>.ends.npy`."""
    encoded = [f"{string}\n".encode() for string in strings]
    write_array(directory, f"{name}.ends", list(accumulate(map(len, encoded))), np.int64)
    write_array(directory, f"{name}.bytes", np.frombuffer(b"".join(encoded), np.uint8), np.uint8)


def fixed_point(values: npt.NDArray[np.floating[Any]], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Numbers as multiples of FIXED_POINT_UNIT in a type of 16 bits; none but 0 becomes 0."""
    multiples = np.rint(values / FIXED_POINT_UNIT)
    multiples = np.where(multiples == 0, np.sign(values), multiples)
    kept = np.clip(multiples, np.iinfo(dtype).min, np.iinfo(dtype).max)
    return np.asarray(kept, dtype)
