"""Texts in blocks: some units of a post, with where their words stand, compressed on their own.

A block is read as a whole, so it is short: a page of hits reads one or two for each. What posts
have in common is in a dictionary that all blocks begin after (RFC 1950), so short blocks compress
about as well as long ones. Before compression a block is

    words, gap width, size width        uint32, uint8, uint8
    text                                in UTF-8
    gaps[words]                         signed, of so many bytes: from the end of the word before,
                                        or of the block's beginning, to the start of each word
    sizes[words]                        unsigned, of so many bytes: how long each word is

and the three rows are compressed one after another, for they are not alike.
"""

import struct
import zlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

BLOCK_BYTES: Final = 4_096
"""Where a block ends at the latest, unless a single unit is longer."""

DICTIONARY_BYTES: Final = 32_768
"""As far as deflate can look back."""

DICTIONARY_SHARE: Final = 1 / 32
"""The dictionary of a small site is no longer than this part of its texts."""

PIECE_BYTES: Final = 512
"""What the dictionary has of one post."""

COMPRESSION_LEVEL: Final = 6

_HEADER: Final = struct.Struct("<IBB")
_GAP_TYPES: Final = {1: "i1", 2: "<i2", 4: "<i4"}
_SIZE_TYPES: Final = {1: "u1", 2: "<u2", 4: "<u4"}
_RAW_DEFLATE: Final = -15  # without a header and a checksum: those of the manifest are enough
_MEMORY_LEVEL: Final = 9

Ints = npt.NDArray[np.integer[Any]]


class TextBlock(NamedTuple):
    """Some text in UTF-8, the first byte of each word in it, and the length of each in bytes."""

    text: bytes
    word_starts: Ints
    word_bytes: Ints


def shared_dictionary(texts: memoryview, starts: Sequence[int]) -> bytes:
    """The beginnings of posts from all over a site; `starts` say where its posts begin.

    `texts` are those of all posts, one after another.
    """
    size = min(DICTIONARY_BYTES, int(len(texts) * DICTIONARY_SHARE))
    pieces = size // PIECE_BYTES
    if not pieces:
        return b""
    step = max(1, len(starts) // pieces)
    return b"".join(bytes(texts[at : at + PIECE_BYTES]) for at in starts[::step])[-size:]


def packed(block: TextBlock, dictionary: bytes) -> bytes:
    """The bytes of a block, which only the same dictionary can read."""
    gaps = np.diff(block.word_starts, prepend=0)
    gaps[1:] -= block.word_bytes[:-1]
    gap_width = _width(gaps, _GAP_TYPES)
    size_width = _width(block.word_bytes, _SIZE_TYPES)
    rows = (
        _HEADER.pack(len(gaps), gap_width, size_width) + block.text,
        gaps.astype(_GAP_TYPES[gap_width]).tobytes(),
        block.word_bytes.astype(_SIZE_TYPES[size_width]).tobytes(),
    )
    deflate = zlib.compressobj(
        COMPRESSION_LEVEL, zlib.DEFLATED, _RAW_DEFLATE, _MEMORY_LEVEL, zdict=dictionary
    )
    written = [deflate.compress(row) + deflate.flush(zlib.Z_BLOCK) for row in rows]
    return b"".join([*written, deflate.flush()])


def unpacked(data: bytes | memoryview, dictionary: bytes) -> TextBlock:
    """The block that `packed` was given."""
    raw = zlib.decompressobj(_RAW_DEFLATE, zdict=dictionary).decompress(data)
    words, gap_width, size_width = _HEADER.unpack_from(raw)
    sizes_at = len(raw) - words * size_width
    gaps_at = sizes_at - words * gap_width
    gaps = np.frombuffer(raw, _GAP_TYPES[gap_width], words, gaps_at)
    sizes = np.frombuffer(raw, _SIZE_TYPES[size_width], words, sizes_at).astype(np.int32)
    starts = np.cumsum(gaps + sizes, dtype=np.int32) - sizes
    return TextBlock(raw[_HEADER.size : gaps_at], starts, sizes)


def block_units(unit_bytes: Sequence[int], first_units: Sequence[int]) -> list[int]:
    """The first unit of each block, and the number of all units; no block has two posts' units."""
    firsts: list[int] = []
    filled = 0
    posts = set(first_units)
    for unit, size in enumerate(unit_bytes):
        if unit in posts or filled + size > BLOCK_BYTES:
            firsts.append(unit)
            filled = 0
        filled += size
    return [*firsts, len(unit_bytes)]


def _width(values: Ints, types: dict[int, str]) -> int:
    least, most = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    return next(
        width
        for width, name in types.items()
        if np.iinfo(name).min <= least and most <= np.iinfo(name).max
    )
