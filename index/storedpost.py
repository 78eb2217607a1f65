"""What of a post is set aside while words are gathered, and written into the index as it is."""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.post import Post
from index.postjson import post_from_json, post_to_json
from index.units import Unit, unit_fields

_HEAD: Final = struct.Struct("<IIII")
"""Bytes of the fields, of the HTML and of the texts; and how many units there are."""


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post, its sections and HTML aside, and the texts of its units.

    `anchors` are those of the sections, `html` the compressed body. `texts` are those of all units
    in UTF-8, one after another, each of so many `unit_bytes`.
    """

    post: Post
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
        fields = {"post": post_to_json(self.post), "anchors": self.anchors}
        told = json.dumps(fields, separators=(",", ":")).encode()
        sizes = self.unit_bytes.astype(np.uint32)
        head = _HEAD.pack(len(told), len(self.html), len(self.texts), len(sizes))
        return b"".join([head, told, self.html, self.texts, sizes.tobytes()])

    @classmethod
    def from_bytes(cls, data: bytes) -> "StoredPost":
        """What `to_bytes` made bytes of."""
        told_size, html_size, texts_size, units = _HEAD.unpack_from(data)
        html_start = _HEAD.size + told_size
        texts_start = html_start + html_size
        texts_end = texts_start + texts_size
        fields = json.loads(data[_HEAD.size : html_start])
        return cls(
            post=post_from_json(fields["post"]),
            anchors=tuple(fields["anchors"]),
            html=data[html_start:texts_start],
            texts=data[texts_start:texts_end],
            unit_bytes=np.frombuffer(data, np.uint32, units, texts_end),
        )
