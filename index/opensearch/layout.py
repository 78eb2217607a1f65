"""What documents in the cluster are made of, for those who write them and those who read them.

A generation is one index, named by `index_name`. Its documents are of two kinds:

    post    one for each post: what the cluster finds it by, its stored fields, and records, which
            are packed arrays that the service lays out as the embedded engine has them
    part    a piece of the dictionary: the files of the generation that do not grow with its texts,
            which the service fetches once and keeps at hand
"""

import json
import struct
from collections.abc import Iterable, Mapping
from hashlib import blake2b, sha256
from typing import Any, Final

import numpy as np
import numpy.typing as npt

CLUSTER_FORMAT: Final = 3
"""Raised with every change that an index in the cluster has to be built again for."""

TERM_SCALE: Final = 2**17
"""A term's weight in a post is its frequency in the field `terms`, so many times as much: most are
between 0.01 and 20, and what rounding does to the least of them shows in no score."""

TERM_SEPARATOR: Final = "|"
"""Stands between the terms of a field. Like the other marks, it is a sign that no term has, though
some have spaces and brackets in them, and that JSON writes as it is."""

TERM_MARK: Final = "="
"""Stands between a term and its frequency."""

POSITION_MARK: Final = "/"
"""Stands between the terms of one position."""

EMPTY_POSITION: Final = "!"
"""What the field `row` has where a unit ends."""

BLOCK_LETTERS: Final[Mapping[str, str]] = {
    "text": "t",
    "bodies": "b",
    "names": "n",
    "said": "s",
    "phrases": "p",
    "tags": "g",
    "categories": "c",
}
"""What the names of features begin with, by the block of the vectors that they are of."""

LABELS: Final = ("tags", "categories", "authors", "langs", "year")

FEATURE_SATURATION: Final = 2.0**22
"""The k1 of features: so large beside their frequencies, which are weights in 16 bits, that scores
grow with them evenly but for 1.6% at the most; and small enough that no bits of them get lost."""

RECORDS: Final = ("uses", "texts", "vectors", "html")
"""The packed arrays of a post, each a stored field."""

FIELDS: Final = "fields"
"""The stored field that has what the generation stores of a post, as JSON."""

POSTS_DIR: Final = "posts"
"""The folder of the dictionary that no generation has: what posts are called and found by."""

MANIFEST_PART: Final = "manifest.json"
"""The part of the dictionary that tells which generation it is of."""

MAX_ID_BYTES: Final = 480
"""Longer paths are hashed: a cluster takes no names of more than 512 bytes."""

FEATURE_DIGITS: Final = 10
"""Two of a million columns have the same so many digits about once in two sites, which only makes
a few more posts be looked at."""

_HEAD: Final = struct.Struct("<I")
_ALIGNMENT: Final = 8

Keys = npt.NDArray[np.uint64]


def index_name(alias: str, generation: str) -> str:
    """The index that a generation is in."""
    return f"{alias}-{generation.lower()}"


def document_id(path: str) -> str:
    """The name of a post's document in the index."""
    encoded = path.encode()
    fits = len(encoded) <= MAX_ID_BYTES
    return path if fits else f"#{sha256(encoded).hexdigest()}"


def term_keys(terms: Iterable[str]) -> Keys:
    """A number for each term, the same in every generation: the first 8 bytes of its BLAKE2b."""
    digests = (blake2b(term.encode(errors="replace"), digest_size=8).digest() for term in terms)
    return np.frombuffer(b"".join(digests), "<u8")


def feature_name(block: str, key: int) -> str:
    """The feature of a column: its block, and the first FEATURE_DIGITS of the key of its name."""
    return f"{BLOCK_LETTERS[block]}{key:016x}"[: 1 + FEATURE_DIGITS]


def label_listed(folded: str, shown: str) -> str:
    """A label as facets count it: its folded form, to be sorted by, and how the site writes it."""
    return f"{folded}\n{shown}"


def label_shown(listed: str) -> str:
    """How the site writes a label that `label_listed` has put together."""
    return listed.partition("\n")[2]


def narrowed(numbers: npt.NDArray[np.integer[Any]]) -> npt.NDArray[Any]:
    """Numbers from 0 in the narrowest type that has them all."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def pack(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Arrays as bytes that `unpack` reads; their names are plain words."""
    told = [f'["{name}","{array.dtype.str}",{len(array)}]' for name, array in arrays.items()]
    head = f"[{','.join(told)}]".encode()
    head += b" " * (-(len(head) + _HEAD.size) % _ALIGNMENT)
    pieces = [_HEAD.pack(len(head)), head]
    for array in arrays.values():
        data = array.tobytes()
        pieces += (data, b"\0" * (-len(data) % _ALIGNMENT))
    return b"".join(pieces)


def unpack(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """The arrays that `pack` made bytes of; they cannot be written to."""
    (size,) = _HEAD.unpack_from(data)
    at = _HEAD.size + size
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, dtype, count in json.loads(data[_HEAD.size : at]):
        array = np.frombuffer(data, dtype, count, at)
        arrays[name] = array
        at += array.nbytes + -array.nbytes % _ALIGNMENT
    return arrays
