"""The texts of posts as extracts are cut from them, and where words stand in them.

texts.bin          blocks of the texts of all units, one after another, as textblocks.py has them
dictionary         the bytes that all blocks begin after
block_ends[B]      the end of each block in texts.bin
block_units[B+1]   the first unit of each block
text_starts[U+1]   the first byte of each unit in the row of all texts
anchors.*          the anchor of each section, and `first_sections[D+1]` whose they are

A block has a word for each position of the postings in its units; the empty position at the end of
a unit has the unit's end, and no length.
"""

from array import array
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from index.arrays import write_array, write_strings
from index.matrix import read_units
from index.sitewords import SiteWords
from index.storedpost import StoredPost
from index.textblocks import TextBlock, block_units, packed, shared_dictionary

_RAW_TEXTS: Final = "raw.bin"
_RAW_WORDS: Final = ("raw_word_starts", "raw_word_bytes")
"""What a build sets aside in the folder until it is packed."""


class TextsWriter:
    """Writes a new folder, all but the blocks; a context manager that closes what it writes to."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self._directory = directory
        self._stream = (directory / _RAW_TEXTS).open("wb")
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
        """Sets aside the places of the words, which are those of the same documents."""
        word_starts, word_sizes = site.extents()
        sizes = site.unit_bytes()
        text_starts = np.cumsum(np.concatenate([np.zeros(1, np.int64), sizes]))
        write_array(self._directory, "text_starts", text_starts, word_starts.dtype)
        for name, row in zip(_RAW_WORDS, (word_starts, word_sizes), strict=True):
            write_array(self._directory, name, row, row.dtype)
        write_array(self._directory, "first_sections", self._first_sections, np.int32)
        write_strings(self._directory, "anchors", self._anchors)

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stream.close()


def pack_texts(directory: Path, matrix_dir: Path) -> None:
    """Makes blocks of what a TextsWriter has set aside; `matrix_dir` says which units there are."""
    units = read_units(matrix_dir)
    text_starts = np.load(directory / "text_starts.npy").astype(np.int64)
    word_starts, word_sizes = (np.load(directory / f"{name}.npy", "r") for name in _RAW_WORDS)
    texts = memoryview((directory / _RAW_TEXTS).read_bytes())
    dictionary = shared_dictionary(texts, text_starts[units.first_units[:-1]].tolist())
    firsts = block_units(np.diff(text_starts).tolist(), units.first_units[:-1].tolist())
    ends: list[int] = []
    bounds = zip(text_starts[firsts].tolist(), units.starts[firsts].tolist(), strict=True)
    (first_byte, first_word), *others = bounds
    with (directory / "texts.bin").open("wb") as stream:
        for end_byte, end_word in others:
            words = slice(first_word, end_word)
            starts = word_starts[words].astype(np.int64) - first_byte
            text = bytes(texts[first_byte:end_byte])
            block = TextBlock(text, starts, word_sizes[words].astype(np.int64))
            stream.write(packed(block, dictionary))
            ends.append(stream.tell())
            first_byte, first_word = end_byte, end_word
    write_array(directory, "dictionary", np.frombuffer(dictionary, np.uint8), np.uint8)
    write_array(directory, "block_ends", ends, np.int64)
    write_array(directory, "block_units", firsts, np.int32)
    for name in (_RAW_TEXTS, *(f"{name}.npy" for name in _RAW_WORDS)):
        (directory / name).unlink()
