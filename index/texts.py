"""The texts of posts as extracts are cut from them: one row of bytes, and where words stand in it.

texts.bin          the texts of all units, one after another, in UTF-8
text_starts[U+1]   the first byte of each unit
word_starts[P+1]   the first byte of the word at each position of the postings; the empty
                   position at the end of a unit has the unit's end
word_bytes[P]      how long that word is
anchors.*          the anchor of each section, and `first_sections[D+1]` whose they are
"""

from array import array
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from index.analyzed import AnalyzedUnit
from index.arrays import write_array, write_strings
from index.post import Section

MAX_WORD_BYTES: Final = 65_535


class TextsWriter:
    """Writes a new folder; a context manager that finishes it on leaving without an error."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self._directory = directory
        self._stream = (directory / "texts.bin").open("wb")
        self._text_starts = array("Q", [0])
        self._word_starts = array("Q")
        self._word_bytes = array("H")
        self._anchors: list[str] = []
        self._first_sections = array("I", [0])

    def __enter__(self) -> Self:
        return self

    def add(self, units: Iterable[AnalyzedUnit], sections: Iterable[Section]) -> None:
        """Takes in the next document."""
        for _, text, _, tokens in units:
            encoded = text.encode(errors="replace")
            start = self._text_starts[-1]
            at_byte = _byte_offsets(text, encoded)
            starts, ends = at_byte(tokens.starts), at_byte(tokens.ends)
            self._word_starts.extend([start + offset for offset in starts])
            self._word_starts.append(start + len(encoded))
            lengths = [end - first for first, end in zip(starts, ends, strict=True)]
            self._word_bytes.extend([min(length, MAX_WORD_BYTES) for length in lengths])
            self._word_bytes.append(0)
            self._stream.write(encoded)
            self._text_starts.append(start + len(encoded))
        self._anchors.extend(section.anchor for section in sections)
        self._first_sections.append(len(self._anchors))

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stream.close()
        if error is not None:
            return
        size = np.uint32 if self._text_starts[-1] < 2**32 else np.uint64
        write_array(self._directory, "text_starts", self._text_starts, size)
        write_array(self._directory, "word_starts", self._word_starts, size)
        write_array(self._directory, "word_bytes", self._word_bytes, np.uint16)
        write_array(self._directory, "first_sections", self._first_sections, np.int32)
        write_strings(self._directory, "anchors", self._anchors)


def _byte_offsets(text: str, encoded: bytes) -> Any:
    """From places in `text` to places in its bytes."""
    if len(encoded) == len(text):
        return lambda places: places
    code_points = np.frombuffer(text.encode("utf-32-le", errors="replace"), np.uint32)
    offsets = np.zeros(len(code_points) + 1, np.int64)
    np.cumsum(_utf8_bytes(code_points), out=offsets[1:])
    return lambda places: offsets[places].tolist() if places else []


def _utf8_bytes(code_points: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    return np.array(1) + (code_points > 0x7F) + (code_points > 0x7FF) + (code_points > 0xFFFF)
