"""Sorted postings to the blocks of Whoosh's codec, as its reader expects them.

A block is what the codec's own writer makes of a number of postings, pickled: differences of
document numbers, weights, values. Where the reader takes any sequence of numbers, they are handed
over as bytes or arrays, which are smaller.
"""

import zlib
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pickle import STOP, TUPLE3, Pickler
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3FieldWriter
from whoosh.system import pack_int, pack_ushort

from index.fulltextterms import TermsWriter
from index.schema import WIDTHS

POSTINGS_A_BLOCK: Final = 512
COMPRESSION_LEVEL: Final = 1
"""Of zlib. The level that Whoosh uses, 3, takes half as long again for three hundredths less."""

MIN_COMPRESSED_BYTES: Final = 512
"""Two thirds of all blocks are smaller; to compress them too would save a hundredth."""

FLUSHED_BYTES: Final = 4_000_000
MIN_ARRAY: Final = 12
"""Fewer weights are smaller as a tuple, for an array is pickled with its name."""

REMEMBERED_PICKLES: Final = 100_000

_PROTOCOL: Final = 3  # of pickle: the first that knows bytes
_PROTOCOL_BYTES: Final = 2
"""Which protocol a pickle is in stands in front of it, and need not."""

_TERM_INFO: Final = np.dtype(
    [
        ("is_inlined", "u1"),
        ("weight", ">f4"),
        ("documents", ">u4"),
        ("shortest", "u1"),
        ("longest", "u1"),
        ("heaviest", ">f4"),
        ("first", ">u4"),
        ("last", ">u4"),
        ("offset", ">i8"),
        ("size", ">i4"),
    ]
)
"""What the codec keeps of a term."""

_EXTENT_BYTES: Final = 12
"""Offset and size, in place of which a single posting stands."""

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class Postings(NamedTuple):
    """The postings of a field, term by term, documents rising.

    Those of term t go from `starts[t]` to `starts[t + 1]`. `lengths` are those of the field in the
    document, as Whoosh has them in a byte; `values` are as the field's format encodes them.
    """

    starts: Ints
    docs: Ints
    weights: Floats
    lengths: npt.NDArray[np.uint8]
    values: Sequence[bytes] | None = None


class SortedFieldWriter(W3FieldWriter):
    """Whoosh's writer of postings, for fields whose postings are in order."""

    def __init__(self, codec: Any, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)  # type: ignore[no-untyped-call]
        self._tindex.dbfile.seek(0)  # over the head of a file for Whoosh's own
        self._tindex = self._terms = TermsWriter(self._tindex.dbfile)
        self._terms.extras["fieldmap"] = self._fieldmap

    def add_terms(self, terms: Sequence[str], postings: Postings) -> None:
        """Writes the postings of the field that was started; `terms` rise."""
        used = np.flatnonzero(np.diff(postings.starts))
        if not len(used):
            return
        starts = postings.starts[used]
        counts = np.diff(postings.starts)[used]
        ends = starts + counts
        blocks = np.where(counts > 1, -(-counts // POSTINGS_A_BLOCK), 0)
        block_starts, block_ends, is_last = _bounds(starts, ends, blocks)
        sizes = self._write_blocks(postings, block_starts, block_ends, is_last)
        info = np.zeros(len(used), _TERM_INFO)
        weights = postings.weights.astype(np.float32)
        info["is_inlined"] = counts == 1
        info["weight"] = np.add.reduceat(weights.astype(np.float64), starts)
        info["documents"] = counts
        info["shortest"] = np.minimum.reduceat(postings.lengths, starts)
        info["longest"] = np.maximum.reduceat(postings.lengths, starts)
        info["heaviest"] = np.maximum.reduceat(weights, starts)
        info["first"], info["last"] = postings.docs[starts], postings.docs[ends - 1]
        block_ends_of_terms = np.cumsum(blocks)
        written = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        info["size"] = written[block_ends_of_terms] - written[block_ends_of_terms - blocks]
        info["offset"] = self._postfile.tell() - written[-1]
        info["offset"] += written[block_ends_of_terms - blocks]
        self._write_terms([terms[term].encode() for term in used.tolist()], info, postings, starts)

    def _write_terms(
        self,
        terms: Sequence[bytes],
        info: npt.NDArray[np.void],
        postings: Postings,
        starts: Ints,
    ) -> None:
        """Writes what is kept of each term; a single posting stands there itself."""
        prefix, size, row = pack_ushort(self._fieldid), _TERM_INFO.itemsize, info.tobytes()
        kept = [row[at : at + size] for at in range(0, len(row), size)]
        alone = np.flatnonzero(info["is_inlined"])
        only = starts[alone]
        told = zip(
            alone.tolist(),
            only.tolist(),
            postings.docs[only].tolist(),
            _numbers(postings.weights.astype(np.float32)[only]),
            strict=True,
        )
        for at, start, doc, weight in told:
            value = postings.values[start] if postings.values else None
            posting = _of_one(doc), _of_one(weight), _of_one(value), TUPLE3, STOP
            kept[at] = kept[at][:-_EXTENT_BYTES] + b"".join(posting)
        self._terms.add_many([prefix + term for term in terms], kept)

    def _write_blocks(
        self, postings: Postings, starts: Ints, ends: Ints, is_last: npt.NDArray[np.bool_]
    ) -> Ints:
        """The size of each block that was written, with what goes before the first of a term."""
        sizes: list[int] = []
        pending: list[bytes] = []
        is_first = True
        waiting = 0
        for block, ends_term in zip(_blocks(postings, starts, ends), is_last.tolist(), strict=True):
            info, data = block
            length = len(info) + len(data)
            magic = WHOOSH3_HEADER_MAGIC if is_first else b""
            pending += (magic, pack_int(-length if ends_term else length), info, data)
            sizes.append(len(magic) + 4 + length)
            is_first = ends_term
            waiting += sizes[-1]
            if waiting > FLUSHED_BYTES:
                self._postfile.write(b"".join(pending))
                pending.clear()
                waiting = 0
        self._postfile.write(b"".join(pending))
        return np.array(sizes, np.int64)


def packed_positions(positions: Ints, starts: Ints) -> list[bytes]:
    """The positions of each posting as PackedPositions encodes them; they begin at `starts`."""
    steps = np.diff(positions, prepend=0)
    steps[starts] = positions[starts]
    counts = np.diff(np.append(starts, len(positions)))
    widest = np.maximum.reduceat(steps, starts) if len(starts) else starts
    widths = np.select([widest < 2**8, widest < 2**16], [1, 2], 4)
    sizes = 1 + counts * widths
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    row = np.zeros(bounds[-1], np.uint8)
    row[bounds[:-1]] = widths
    within = np.arange(len(positions)) - np.repeat(starts, counts)
    places = np.repeat(bounds[:-1] + 1, counts) + within * np.repeat(widths, counts)
    width_of_step = np.repeat(widths, counts)
    for byte in range(max(WIDTHS)):
        has_byte = width_of_step > byte
        row[places[has_byte] + byte] = (steps[has_byte] >> (8 * byte)) & 0xFF
    data = row.tobytes()
    return [data[start:end] for start, end in pairwise(bounds.tolist())]


def _bounds(starts: Ints, ends: Ints, blocks: Ints) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """Where each block of each term begins and ends, and whether it is the term's last."""
    first_blocks = np.cumsum(blocks) - blocks
    within = np.arange(blocks.sum()) - np.repeat(first_blocks, blocks)
    block_starts = np.repeat(starts, blocks) + within * POSTINGS_A_BLOCK
    block_ends = np.minimum(block_starts + POSTINGS_A_BLOCK, np.repeat(ends, blocks))
    return block_starts, block_ends, within == np.repeat(blocks, blocks) - 1


def _blocks(postings: Postings, starts: Ints, ends: Ints) -> Iterator[tuple[bytes, bytes]]:
    """What is written of each block: what tells whether to read it, and its contents."""
    if not len(starts):
        return
    docs, lengths = postings.docs.astype(np.int64), postings.lengths
    weights = postings.weights.astype(np.float32)
    steps = np.diff(docs, prepend=0)
    steps[starts] = docs[starts]
    heaviest = _of_each(np.maximum, weights, starts, ends)
    is_short = heaviest < 2**8
    is_whole = (is_short & (_of_each(np.maximum, weights % 1, starts, ends) == 0)).tolist()
    whole = np.minimum(weights, 2**8 - 1).astype(np.uint8).tobytes()
    is_even = (heaviest == _of_each(np.minimum, weights, starts, ends)).tolist()
    narrow = steps.astype(np.uint8).tobytes()
    is_narrow = (_of_each(np.maximum, steps, starts, ends) < 2**8).tolist()
    told = zip(
        starts.tolist(),
        ends.tolist(),
        docs[ends - 1].tolist(),
        _numbers(heaviest),
        _of_each(np.minimum, lengths, starts, ends).tolist(),
        _of_each(np.maximum, lengths, starts, ends).tolist(),
        strict=True,
    )
    values = postings.values
    pickled = _Plain().dumps
    for at, (start, end, last, heavy, shortest, longest) in enumerate(told):
        loads: Any
        ids = narrow[start:end] if is_narrow[at] else tuple(steps[start:end].tolist())
        if is_even[at]:
            loads = None if heavy == 1 else float(heavy)
        elif is_whole[at]:
            loads = whole[start:end]
        elif end - start < MIN_ARRAY:
            loads = tuple(weights[start:end].tolist())
        else:
            loads = array("f", weights[start:end].tobytes())
        data = pickled((ids, loads, tuple(values[start:end]) if values else None))
        level = COMPRESSION_LEVEL if len(data) >= MIN_COMPRESSED_BYTES else 0
        info = pickled((end - start, last, heavy, level, shortest, longest))
        yield info, zlib.compress(data, level) if level else data


def _of_each(least_or_most: np.ufunc, values: Any, starts: Ints, ends: Ints) -> Any:
    """The least or the most of each block; what stands between two blocks is in none."""
    bounds = np.stack([starts, np.minimum(ends, len(values) - 1)], axis=1).ravel()
    found = least_or_most.reduceat(values, bounds)[::2]
    if ends[-1] == len(values):  # the last block ends with the values
        found[-1] = least_or_most.reduce(values[starts[-1] :])
    return found


def _numbers(weights: npt.NDArray[np.floating[Any]]) -> list[float]:
    """Weights; as whole numbers, which are shorter, where they are."""
    return [int(weight) if weight.is_integer() else weight for weight in weights.tolist()]


class _Plain:
    """Pickles plain values, without the marks by which a value could be referred to again.

    Each would be two to five bytes, and none is referred to.
    """

    def __init__(self) -> None:
        self._stream = BytesIO()
        self._pickler = Pickler(self._stream, _PROTOCOL)
        self._pickler.fast = True

    def dumps(self, value: Any) -> bytes:
        """The bytes of a value."""
        self._stream.seek(0)
        self._stream.truncate()
        self._pickler.dump(value)
        return self._stream.getvalue()[_PROTOCOL_BYTES:]


@lru_cache(maxsize=REMEMBERED_PICKLES)
def _of_one(value: Any) -> bytes:
    """What stands in a pickle for a tuple of this value."""
    return _Plain().dumps((value,)).removesuffix(STOP)
