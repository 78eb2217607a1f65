"""Weights in sixteen bits: what arrays of numbers from -1 to 1 are on disk."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

FIXED_POINT_UNIT: Final = np.float32(2**-15)
"""What the numbers are whole multiples of: half the bytes of float32, near enough to rank by."""


def fixed_point(values: npt.NDArray[np.floating[Any]], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Numbers as multiples of FIXED_POINT_UNIT in a type of 16 bits; none but 0 becomes 0."""
    multiples = np.rint(values / FIXED_POINT_UNIT)
    multiples = np.where(multiples == 0, np.sign(values), multiples)
    kept = np.clip(multiples, np.iinfo(dtype).min, np.iinfo(dtype).max)
    return np.asarray(kept, dtype)
