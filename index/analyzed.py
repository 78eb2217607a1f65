"""A post after analysis: all that an index is made of, from the file alone.

Nothing in it depends on other posts, so it can be made in any process, kept as bytes, and put
together with others in any order.
"""

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.pieces import numbered_pieces
from index.post import Post
from index.postjson import post_from_json, post_to_json
from index.units import unit_fields, units_of
from index.unitwords import UnitWords, words_of_units

Ints = npt.NDArray[np.integer[Any]]

_PHRASE_FIELDS: Final = frozenset({"title", "summary", "headings", "body"})
"""Where phrases are looked for: in all prose, and not in code."""

_HEADER_SIZE: Final = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class AnalyzedPost:
    """A post, its sections and HTML aside, with what analysis made of these.

    `anchors` are those of the sections, `html` the compressed body, `words` those of its units.
    `pieces` are the words of the prose as phrases are made of them, by their places in
    `piece_names`, 0 for what parts them.
    """

    post: Post
    anchors: tuple[str, ...]
    html: bytes
    words: UnitWords
    piece_names: Sequence[str]
    pieces: Ints

    def to_bytes(self) -> bytes:
        """The whole as bytes that `from_bytes` reads."""
        words = self.words
        blocks = [self.html, words.texts, _joined(words.forms), _joined(self.piece_names)]
        arrays = [
            *(words.unit_bytes, words.unit_chars, words.unit_words),
            *(_narrow(words.numbers), words.starts, words.sizes, _narrow(self.pieces)),
        ]
        header = {
            "post": post_to_json(self.post),
            "anchors": self.anchors,
            "blocks": [len(block) for block in blocks],
            "arrays": [(array.dtype.str, len(array)) for array in arrays],
        }
        head = json.dumps(header, separators=(",", ":")).encode()
        tails = (array.tobytes() for array in arrays)
        return b"".join([_HEADER_SIZE.pack(len(head)), head, *blocks, *tails])

    @classmethod
    def from_bytes(cls, data: bytes) -> "AnalyzedPost":
        """What `to_bytes` made bytes of."""
        (size,) = _HEADER_SIZE.unpack_from(data)
        at = _HEADER_SIZE.size + size
        header = json.loads(data[_HEADER_SIZE.size : at])
        blocks: list[bytes] = []
        for size in header["blocks"]:
            blocks.append(data[at : at + size])
            at += size
        arrays: list[Ints] = []
        for dtype, count in header["arrays"]:
            arrays.append(np.frombuffer(data, dtype, count, at))
            at += arrays[-1].nbytes
        html, texts, forms, names = blocks
        unit_bytes, unit_chars, unit_words, numbers, starts, sizes, pieces = arrays
        words = UnitWords(
            fields=unit_fields(len(header["anchors"])),
            texts=texts,
            unit_bytes=unit_bytes,
            unit_chars=unit_chars,
            unit_words=unit_words,
            forms=_parted(forms),
            numbers=numbers,
            starts=starts,
            sizes=sizes,
        )
        anchors = tuple(header["anchors"])
        return cls(post_from_json(header["post"]), anchors, html, words, _parted(names), pieces)


def analyze(post: Post) -> AnalyzedPost:
    """Takes the texts of a post apart."""
    units = units_of(post)
    prose = "\n".join(unit.text for unit in units if unit.field in _PHRASE_FIELDS)
    piece_names, pieces = numbered_pieces(prose)
    return AnalyzedPost(
        post=replace(post, sections=(), html=""),
        anchors=tuple(section.anchor for section in post.sections),
        html=zlib.compress(post.html.encode(errors="replace")),
        words=words_of_units(units),
        piece_names=piece_names,
        pieces=pieces,
    )


def _joined(strings: Sequence[str]) -> bytes:
    """Strings that have no line feed, as bytes."""
    return "".join(f"{string}\n" for string in strings).encode(errors="surrogatepass")


def _parted(joined: bytes) -> list[str]:
    return joined.decode(errors="surrogatepass").split("\n")[:-1]


def _narrow(numbers: Ints) -> Ints:
    return numbers.astype(np.uint16 if numbers.max(initial=0) < 2**16 else np.uint32)
