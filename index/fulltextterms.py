"""The terms of a Whoosh index, each with what is kept of it: a hash table for Whoosh's reader.

Whoosh's own writer takes in one term after another, and one slot of the table after another. Here
they come by the hundred thousand, and the table is laid out at once.
"""

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Any, Final
from zlib import crc32

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.util.numlists import GrowableArray

_CRC32: Final = 1
"""Whoosh's number for this hash, which is the fastest of those that its reader knows."""

_TABLES: Final = 256
_SLOTS_PER_KEY: Final = 2
_LENGTHS: Final = np.dtype([("key", ">i4"), ("value", ">i4")])
_SLOT: Final = np.dtype([("hash", ">u4"), ("start", ">i8")])
_NO_KEY: Final = np.zeros((), _SLOT)

Ints = npt.NDArray[np.integer[Any]]


class TermsWriter(OrderedHashWriter):
    """Whoosh's writer of an ordered hash table, for many keys at once."""

    def __init__(self, file: Any) -> None:
        HashWriter.__init__(self, file, hashtype=_CRC32)
        self.index = GrowableArray("i")
        self._hashes: list[Ints] = [np.zeros(0, np.uint32)]
        self._starts: list[Ints] = [np.zeros(0, np.int64)]

    def add_many(self, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
        """Adds the next keys, which rise, each with its value."""
        lengths = np.zeros(len(keys), _LENGTHS)
        lengths["key"] = [len(key) for key in keys]
        lengths["value"] = [len(value) for value in values]
        told, size = lengths.tobytes(), _LENGTHS.itemsize
        heads = (told[at : at + size] for at in range(0, len(told), size))
        ends = accumulate(
            size + len(key) + len(value) for key, value in zip(keys, values, strict=True)
        )
        start = self.dbfile.tell()
        starts = start + np.array([0, *ends], np.int64)[:-1]
        self.dbfile.write(b"".join(chain.from_iterable(zip(heads, keys, values, strict=True))))
        self.index.extend(starts.tolist())
        self._starts.append(starts)
        self._hashes.append(np.array([crc32(key) for key in keys], np.uint32))

    def _write_hashes(self) -> None:
        """Writes 256 tables, by the lowest byte of the hashes; Whoosh's `close` calls it."""
        hashes, starts = np.concatenate(self._hashes), np.concatenate(self._starts)
        tables = hashes % _TABLES
        order = np.argsort(tables, kind="stable")
        bounds = np.searchsorted(tables[order], np.arange(_TABLES + 1))
        for first, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            here = order[first:end]
            table = _laid_out(hashes[here], starts[here])
            self.directory.append((self.dbfile.tell(), len(table)))
            self.dbfile.write(table.tobytes())


def _laid_out(hashes: Ints, starts: Ints) -> npt.NDArray[np.void]:
    """A table with linear probing, in which one finds the keys of these hashes.

    Filled in order of the slots where they belong, each key takes that one or the next after the
    one before; what would be past the end takes the first slots that are free.
    """
    slots = _SLOTS_PER_KEY * len(hashes)
    table = np.full(slots, _NO_KEY)
    if not slots:
        return table
    wanted = (hashes >> 8) % slots
    order = np.argsort(wanted, kind="stable")
    steps = np.arange(len(order))
    places = steps + np.maximum.accumulate(wanted[order].astype(np.int64) - steps)
    is_past = places >= slots
    is_free = np.ones(slots, np.bool_)
    is_free[places[~is_past]] = False
    places[is_past] = np.flatnonzero(is_free)[: np.count_nonzero(is_past)]
    table["hash"][places], table["start"][places] = hashes[order], starts[order]
    return table
