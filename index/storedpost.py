"""What of a post is set aside while words are gathered, and written into the index as it is."""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.post import Post
from index.postjson import post_from_json
from index.units import Unit, unit_fields

_HEAD: Final = struct.Struct("<IIIIIII")
"""Bytes of the fields, the language, the title, the anchors, the HTML and the texts; and how many
units."""


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post, its sections and HTML aside, and the texts of its units.

    `fields` are those of the post as JSON, `language` is the one it is analysed in, `title` has the
    bytes of an AnalyzedTitle. `anchors` are those of the sections, `html` the compressed body.
    `texts` are those of all units in UTF-8, one after another, each of so many `unit_bytes`.
    """

    fields: bytes
    language: str
    title: bytes
    anchors: tuple[str, ...]
    html: bytes
    texts: bytes
    unit_bytes: npt.NDArray[np.integer[Any]]

    def units(self) -> Iterator[Unit]:
        """The units themselves."""
        end = 0
        fields = unit_fields(len(self.anchors))
        for field, size in zip(fields, self.unit_bytes.tolist(), strict=True):
            start, end = end, end + size
            yield Unit(field, self.texts[start:end].decode())

    def to_bytes(self) -> bytes:
        """The whole as bytes that `from_bytes` reads."""
        parts = (
            *(self.fields, self.language.encode(), self.title),
            *(json.dumps(self.anchors).encode(), self.html, self.texts),
        )
        head = _HEAD.pack(*map(len, parts), len(self.unit_bytes))
        return b"".join([head, *parts, self.unit_bytes.astype(np.uint32).tobytes()])

    @staticmethod
    def post_in(data: bytes) -> Post:
        """The post that `to_bytes` made bytes of, its sections and HTML aside; the rest unread."""
        size, *_ = _HEAD.unpack_from(data)
        return post_from_json(data[_HEAD.size : _HEAD.size + size])

    @classmethod
    def from_bytes(cls, data: bytes) -> "StoredPost":
        """What `to_bytes` made bytes of."""
        *sizes, units = _HEAD.unpack_from(data)
        bounds = pairwise(accumulate(sizes, initial=_HEAD.size))
        fields, language, title, anchors, html, texts = (data[start:end] for start, end in bounds)
        return cls(
            fields,
            language.decode(),
            title,
            tuple(json.loads(anchors)),
            html,
            texts,
            np.frombuffer(data, np.uint32, units, _HEAD.size + sum(sizes)),
        )
