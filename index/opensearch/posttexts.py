"""The texts of each post, and where words stand in them."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.opensearch.generationfiles import MostlySmall, Strings, load
from index.opensearch.layout import narrowed


class Texts:
    """The folder that `index.texts` writes, read by post."""

    def __init__(self, directory: Path) -> None:
        file = directory / "texts.bin"
        has_text = file.stat().st_size > 0
        self._bytes = np.memmap(file, np.uint8, "r") if has_text else np.zeros(0, np.uint8)
        self._text_starts = load(directory, "text_starts")
        self._word_starts = MostlySmall(directory, "word_starts")
        self._word_bytes = MostlySmall(directory, "word_bytes")
        self._anchors = Strings(directory, "anchors")
        self._first_sections = load(directory, "first_sections")

    def arrays(
        self, doc: int, units: tuple[int, int], positions: tuple[int, int]
    ) -> dict[str, npt.NDArray[Any]]:
        """The text of a post that has these units and positions, its words and its anchors."""
        starts = self._text_starts[units[0] : units[1] + 1].astype(np.int64)
        first, end = self._first_sections[doc : doc + 2].tolist()
        anchors = "".join(f"{anchor}\n" for anchor in self._anchors.between(first, end))
        return {
            "text": np.asarray(self._bytes[starts[0] : starts[-1]]),
            "text_starts": narrowed(starts - starts[0]),
            "word_starts": narrowed(self._word_starts.between(*positions, np.uint32)),
            "word_bytes": narrowed(self._word_bytes.between(*positions, np.uint16)),
            "anchors": np.frombuffer(anchors.encode(), np.uint8),
        }
