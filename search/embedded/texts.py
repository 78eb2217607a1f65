"""The texts of posts, read from disk piece by piece: units, the words in them, and sections."""

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.layout import HEAD_FIELDS, SECTION_FIELDS
from index.textblocks import TextBlock, unpacked
from search.embedded.postings import Postings
from search.embedded.remembering import remembering
from search.embedded.sortedstrings import SortedStrings, load_array
from search.results import SectionRef

REMEMBERED_BLOCKS: Final = 512
"""Blocks that are kept at hand, at about ten kilobytes each."""

Ints = npt.NDArray[np.integer[Any]]

Extent = tuple[int, int]
"""Bytes of the texts, from a start to an end."""


class Texts:
    """Reads what `index.texts` describes, by the units and positions of the postings.

    An extent that is read, or the positions that are asked for at once, are of one unit.
    """

    def __init__(self, directory: Path, postings: Postings) -> None:
        self._bytes = _map_bytes(directory / "texts.bin")
        self._dictionary = load_array(directory, "dictionary").tobytes()
        # Read number by number: a memoryview gives one several times as fast as NumPy.
        self._block_ends = load_array(directory, "block_ends").data
        block_units = load_array(directory, "block_units")
        text_starts = load_array(directory, "text_starts")
        self._block_bytes = text_starts[block_units].data
        self._block_positions = postings.unit_starts[block_units].data
        self._text_starts = text_starts.data
        self._first_sections = load_array(directory, "first_sections").data
        self._anchors = SortedStrings(directory, "anchors")
        self._first_units = postings.first_units.data
        self._unit_starts = postings.unit_starts.data
        self._block = remembering(self._unpacked, REMEMBERED_BLOCKS)

    def read(self, extent: Extent) -> str:
        """The text of some bytes, which begin and end with a character."""
        return self.raw(extent).decode()

    def raw(self, extent: Extent) -> bytes:
        """Some bytes as they are."""
        start, end = extent
        if start == end:
            return b""
        number = bisect_right(self._block_bytes, start) - 1
        first = self._block_bytes[number]
        return self._block(number).text[start - first : end - first]

    def read_some(self, extent: Extent, limit: int) -> str:
        """The first characters of some bytes, `limit` bytes at the most."""
        start, end = extent
        return self.raw((start, min(end, start + limit))).decode(errors="ignore")

    def unit(self, unit: int) -> Extent:
        """The bytes of a unit."""
        return self._text_starts[unit], self._text_starts[unit + 1]

    def positions(self, unit: int) -> range:
        """The positions of a unit's words."""
        return range(self._unit_starts[unit], self._unit_starts[unit + 1] - 1)

    def words(self, positions: Sequence[int]) -> list[Extent]:
        """The bytes of the words at some positions."""
        if not positions:
            return []
        number = bisect_right(self._block_positions, positions[0]) - 1
        first_byte, first = self._block_bytes[number], self._block_positions[number]
        block = self._block(number)
        starts, sizes = block.word_starts.data, block.word_bytes.data
        return [
            (start := first_byte + starts[at - first], start + sizes[at - first])
            for at in positions
        ]

    def _unpacked(self, number: int) -> TextBlock:
        start = self._block_ends[number - 1] if number else 0
        return unpacked(self._bytes[start : self._block_ends[number]], self._dictionary)

    def head_unit(self, doc: int, field: str) -> int:
        """The unit of one of HEAD_FIELDS of a document."""
        return self._first_units[doc] + HEAD_FIELDS.index(field)

    def first_section_unit(self, doc: int) -> int:
        """The unit after those of HEAD_FIELDS of a document."""
        return self._first_units[doc] + len(HEAD_FIELDS)

    def section_count(self, doc: int) -> int:
        """How many sections a document has."""
        return self._first_sections[doc + 1] - self._first_sections[doc]

    def section_unit(self, doc: int, section: int, field: str) -> int:
        """The unit of one of SECTION_FIELDS of a section, counted from 0."""
        return (
            self.first_section_unit(doc)
            + section * len(SECTION_FIELDS)
            + SECTION_FIELDS.index(field)
        )

    def section(self, doc: int, section: int) -> SectionRef:
        """A section's heading and anchor."""
        title = self.read(self.unit(self.section_unit(doc, section, "headings")))
        return SectionRef(title, self._anchors[self._first_sections[doc] + section])


def _map_bytes(file: Path) -> memoryview:
    if not file.stat().st_size:
        return memoryview(b"")
    return np.memmap(file, np.uint8, "r").data
