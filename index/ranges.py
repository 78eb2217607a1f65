"""Ranges of numbers, many at a time: how arrays are picked from that stand side by side in one."""

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]


def ranges(starts: Ints, counts: Ints) -> Ints:
    """So many numbers from each start on, each one more than the last; one range after another."""
    numbers = np.repeat(starts - (np.cumsum(counts) - counts), counts)
    numbers += np.arange(len(numbers))
    return numbers
