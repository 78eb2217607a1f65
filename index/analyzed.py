"""A post after analysis: all that an index is made of, from the file alone.

Nothing in it depends on other posts, so it can be made in any process, and put together with others
in any order.
"""

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.analysis import DEFAULT_LANGUAGE
from index.pieces import numbered_pieces
from index.post import Post
from index.postjson import post_to_json
from index.state import joined, parted
from index.storedpost import StoredPost
from index.titles import analyze_title
from index.units import unit_fields, units_of
from index.unitwords import UnitWords, texts_of_units, words_of_units

Ints = npt.NDArray[np.integer[Any]]

_PHRASE_FIELDS: Final = frozenset({"title", "summary", "headings", "body"})
"""Where phrases are looked for: in all prose, and not in code."""

_HEAD: Final = struct.Struct("<II")
"""Bytes of what is stored, and of what tells the blocks and arrays after it."""


@dataclass(frozen=True, slots=True)
class AnalyzedPost:
    """What of a post is stored, and what analysis made of its words.

    `words` are those of its units. `pieces` are the words of the prose as phrases are made of them,
    by their places in `piece_names`, 0 for what parts them.
    """

    stored: StoredPost
    words: UnitWords
    piece_names: Sequence[str]
    pieces: Ints

    def to_bytes(self) -> bytes:
        """The whole as bytes that `from_bytes` reads."""
        words = self.words
        stored = self.stored.to_bytes()
        blocks = [joined(words.forms), joined(self.piece_names)]
        arrays = [
            *(words.unit_chars, words.unit_words),
            *(_narrow(words.numbers), words.starts, words.sizes, _narrow(self.pieces)),
        ]
        sizes = {
            "blocks": [len(block) for block in blocks],
            "arrays": [(array.dtype.str, len(array)) for array in arrays],
        }
        told = json.dumps(sizes, separators=(",", ":")).encode()
        tails = (array.tobytes() for array in arrays)
        return b"".join([_HEAD.pack(len(stored), len(told)), stored, told, *blocks, *tails])

    @classmethod
    def from_bytes(cls, data: bytes) -> "AnalyzedPost":
        """What `to_bytes` made bytes of."""
        stored = StoredPost.from_bytes(stored_part(data))
        stored_size, told_size = _HEAD.unpack_from(data)
        start = _HEAD.size + stored_size
        at = start + told_size
        sizes = json.loads(data[start:at])
        blocks: list[bytes] = []
        for size in sizes["blocks"]:
            blocks.append(data[at : at + size])
            at += size
        arrays: list[Ints] = []
        for dtype, count in sizes["arrays"]:
            arrays.append(np.frombuffer(data, dtype, count, at))
            at += arrays[-1].nbytes
        forms, names = blocks
        unit_chars, unit_words, numbers, starts, word_sizes, pieces = arrays
        words = UnitWords(
            fields=unit_fields(len(stored.anchors)),
            unit_bytes=stored.unit_bytes,
            unit_chars=unit_chars,
            unit_words=unit_words,
            forms=parted(forms),
            numbers=numbers,
            starts=starts,
            sizes=word_sizes,
        )
        return cls(stored, words, parted(names), pieces)


def stored_part(data: bytes) -> bytes:
    """The bytes of the StoredPost in those of an AnalyzedPost."""
    size, _ = _HEAD.unpack_from(data)
    return data[_HEAD.size : _HEAD.size + size]


def analyze(post: Post) -> AnalyzedPost:
    """Takes the texts of a post apart."""
    units = units_of(post)
    prose = "\n".join(unit.text for unit in units if unit.field in _PHRASE_FIELDS)
    piece_names, pieces = numbered_pieces(prose)
    words = words_of_units(units)
    language = post.lang or DEFAULT_LANGUAGE
    stored = StoredPost(
        fields=post_to_json(post),
        language=language,
        title=analyze_title(post.title, language).to_bytes(),
        anchors=tuple(section.anchor for section in post.sections),
        html=zlib.compress(post.html.encode(errors="replace")),
        texts=texts_of_units(units),
        unit_bytes=words.unit_bytes,
    )
    return AnalyzedPost(stored, words, piece_names, pieces)


def _narrow(numbers: Ints) -> Ints:
    return numbers.astype(np.uint16 if numbers.max(initial=0) < 2**16 else np.uint32)
