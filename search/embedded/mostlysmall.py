"""Rows of numbers of which few are large, read from disk one by one."""

from bisect import bisect_left
from pathlib import Path

import numpy as np

from search.embedded.sortedstrings import load_array


class MostlySmall:
    """Reads what `index.arrays.write_mostly_small` writes."""

    def __init__(self, directory: Path, name: str) -> None:
        small = load_array(directory, name)
        self._mark = int(np.iinfo(small.dtype).max)
        # Read number by number: a memoryview gives one several times as fast as NumPy.
        self._small = small.data
        self._places = load_array(directory, f"{name}.places").data
        self._large = load_array(directory, f"{name}.large").data

    def __getitem__(self, place: int) -> int:
        number: int = self._small[place]
        if number == self._mark:
            number = self._large[bisect_left(self._places, place)]
        return number
