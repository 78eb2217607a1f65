"""The texts of posts, read from disk piece by piece: units, the words in them, and sections."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from index.layout import HEAD_FIELDS, SECTION_FIELDS
from search.embedded.mostlysmall import MostlySmall
from search.embedded.postings import Postings
from search.embedded.sortedstrings import SortedStrings, load_array
from search.results import SectionRef

Ints = npt.NDArray[np.integer[Any]]


Extent = tuple[int, int]
"""Bytes of the texts, from a start to an end."""


class Numbers(Protocol):
    """Whole numbers by their places."""

    def __getitem__(self, at: int, /) -> int:
        """The number at a place, counted from 0."""
        ...


class TextArrays(NamedTuple):
    """The texts of some documents, as `index.texts` describes them."""

    texts: memoryview
    text_starts: Numbers
    word_starts: Numbers
    word_bytes: Numbers
    first_sections: Numbers
    anchors: Sequence[str]


class Texts:
    """Gives the texts of documents by the units and positions of their postings."""

    def __init__(self, arrays: TextArrays, postings: Postings) -> None:
        self._bytes, self._text_starts, self._word_starts = arrays[:3]
        self._word_bytes, self._first_sections, self._anchors = arrays[3:]
        # Read number by number: a memoryview gives one several times as fast as NumPy.
        self._first_units = postings.first_units.data
        self._unit_starts = postings.unit_starts.data

    @classmethod
    def load(cls, directory: Path, postings: Postings) -> "Texts":
        """The texts of a generation; they stay on disk."""
        arrays = TextArrays(
            texts=_map_bytes(directory / "texts.bin"),
            text_starts=load_array(directory, "text_starts").data,
            word_starts=MostlySmall(directory, "word_starts"),
            word_bytes=MostlySmall(directory, "word_bytes"),
            first_sections=load_array(directory, "first_sections").data,
            anchors=SortedStrings(directory, "anchors"),
        )
        return cls(arrays, postings)

    def read(self, extent: Extent) -> str:
        """The text of some bytes, which begin and end with a character."""
        return self.raw(extent).decode()

    def raw(self, extent: Extent) -> bytes:
        """Some bytes as they are."""
        start, end = extent
        return bytes(self._bytes[start:end])

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

    def words(self, unit: int, positions: Sequence[int]) -> list[Extent]:
        """The bytes of the words at some positions of a unit."""
        first, starts, sizes = self._text_starts[unit], self._word_starts, self._word_bytes
        return [(start := first + starts[at], start + sizes[at]) for at in positions]

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
