"""The texts of posts as extracts are cut from them: one row of bytes, and where words stand in it.

texts.bin          the texts of all units, one after another, in UTF-8
text_starts[U+1]   the first byte of each unit
word_starts[P]     the first byte, in its unit, of the word at each position of the postings; the
                   empty position at the end of a unit has the unit's end
word_bytes[P]      how long that word is; of both, few are large
anchors.*          the anchor of each section, and `first_sections[D+1]` whose they are
"""

from array import array
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from index.arrays import write_array, write_bounds, write_mostly_small, write_strings
from index.sitewords import SiteWords
from index.storedpost import StoredPost


class TextsWriter:
    """Writes a new folder; a context manager that closes what it writes to."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self._directory = directory
        self._stream = (directory / "texts.bin").open("wb")
        self._anchors: list[str] = []
        self._first_sections = array("I", [0])

    def __enter__(self) -> Self:
        return self

    def add(self, post: StoredPost) -> None:
        """Takes in the next document."""
        self._stream.write(post.texts)
        self._anchors.extend(post.anchors)
        self._first_sections.append(len(self._anchors))

    def finish(self, site: SiteWords) -> None:
        """Writes the places of the words, which are those of the same documents."""
        word_starts, word_sizes = site.extents()
        sizes = site.unit_bytes()
        text_starts = np.cumsum(np.concatenate([np.zeros(1, np.int64), sizes]))
        write_bounds(self._directory, "text_starts", text_starts)
        unit_starts = np.repeat(text_starts[:-1], np.diff(site.units().starts))
        write_mostly_small(self._directory, "word_starts", word_starts - unit_starts, np.uint16)
        write_mostly_small(self._directory, "word_bytes", word_sizes, np.uint8)
        write_array(self._directory, "first_sections", self._first_sections, np.int32)
        write_strings(self._directory, "anchors", self._anchors)

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stream.close()
