"""Postings to a Whoosh index: one segment, written by its codec from postings that are in order.

Whoosh's own writer takes in one document after another, sorts the postings, and looks each of them
up again. Here they are sorted already, and written block by block. What is on disk is what Whoosh's
codec reads.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.util.numeric import length_to_byte
from whoosh.writing import SegmentWriter

from index.fulltextblocks import Postings, SortedFieldWriter, packed_positions
from index.layout import FIELD_NUMBERS
from index.matrix import firsts, read_matrix, sums
from index.schema import FIELD_BOOSTS, WEIGHED_FIELD, whoosh_schema
from index.sitewords import Units, Uses

USES_AT_ONCE: Final = 250_000
"""Uses of terms that are made postings of at a time, at some hundred bytes each."""

_PATH_FIELD: Final = "path"
_WHOOSH_LOCK: Final = "MAIN_WRITELOCK"

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]


def write_fulltext(directory: Path, matrix_dir: Path, paths: Sequence[str]) -> None:
    """Writes a Whoosh index of whoosh_schema() to a new folder, documents numbered from 0.

    The postings are those in `matrix_dir`; `paths` are the canonical paths of all posts, in order.
    """
    directory.mkdir()
    uses, units, use_weights = read_matrix(matrix_dir)
    created = whoosh_index.create_in(str(directory), whoosh_schema())
    writer = _SortedWriter(created, codec=_SortedCodec())
    shifts = _starts_in_field(units) - units.starts[:-1]
    lengths: dict[str, list[int]] = {}
    for field in sorted((_PATH_FIELD, *FIELD_BOOSTS, WEIGHED_FIELD)):
        writer.start_field(field)
        if field == _PATH_FIELD:
            writer.add_terms([path.encode() for path in paths], _one_each(len(paths)))
        else:
            counts = _counts_by_document(field, uses, units)
            lengths[field] = counts.tolist()
            for some in uses.parts(USES_AT_ONCE):
                terms = [name.encode() for name in some.names]
                writer.add_terms(terms, _postings(field, some, units, use_weights, shifts, counts))
        writer.finish_field()
    writer.add_documents(paths, lengths)
    writer.commit()
    (directory / _WHOOSH_LOCK).unlink(missing_ok=True)


class _SortedCodec(W3Codec):
    """Whoosh's codec, writing sorted postings; a segment of it knows Whoosh's own alone."""

    def field_writer(self, storage: Any, segment: Any) -> SortedFieldWriter:
        return SortedFieldWriter(self, storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> W3Segment:  # noqa: ARG002 - as Whoosh has it
        return W3Segment(W3Codec(), indexname)


class _SortedWriter(SegmentWriter):
    """Whoosh's writer, for postings that are in order."""

    def start_field(self, field: str) -> None:
        """Begins a field; fields come in the order of their names."""
        self.fieldwriter.start_field(field, self.schema[field])

    def add_terms(self, terms: Sequence[bytes], postings: Postings) -> None:
        """Writes the next terms of the field."""
        self.fieldwriter.add_terms(terms, postings)

    def finish_field(self) -> None:
        """Ends the field."""
        self.fieldwriter.finish_field()

    def add_documents(self, paths: Iterable[str], lengths: Mapping[str, Sequence[int]]) -> None:
        """Writes what is stored of all documents; `lengths` are those of their fields."""
        documents = self.perdocwriter
        for docnum, path in enumerate(paths):
            documents.start_doc(docnum)
            documents.add_field(_PATH_FIELD, self.schema[_PATH_FIELD], path, 0)
            for field, counts in lengths.items():
                if counts[docnum]:
                    documents.add_field(field, self.schema[field], None, counts[docnum])
            documents.finish_doc()
            self.docnum += 1
        self._added = True


def _one_each(documents: int) -> Postings:
    """As many terms as documents, each in one of them."""
    everything = np.arange(documents + 1)
    docs = everything[:-1]
    return Postings(everything, docs, np.ones(documents), np.zeros(documents, np.uint8))


def _counts_by_document(field: str, uses: Uses, units: Units) -> Ints:
    """How many uses each document has in a field; in the field of all, how many terms."""
    documents = len(units.first_units) - 1
    counts = np.zeros(documents, np.int64)
    for some in uses.parts(USES_AT_ONCE):
        _, docs, _ = _in_field(field, some, units)
        if field == WEIGHED_FIELD:
            docs = docs[firsts(some.terms(), docs)]
        counts += np.bincount(docs, minlength=documents)
    return counts


def _in_field(field: str, uses: Uses, units: Units) -> tuple[Ints, Ints, Ints]:
    """Which uses are in a field, their documents, and where each term begins among them."""
    unit_of_use = uses.units
    if field == WEIGHED_FIELD:
        return np.arange(len(unit_of_use)), units.posts()[unit_of_use], uses.starts
    is_here = units.fields[unit_of_use] == FIELD_NUMBERS[field]
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(is_here)])[uses.starts]
    here = np.flatnonzero(is_here)
    return here, units.posts()[unit_of_use[here]], bounds


def _postings(
    field: str, uses: Uses, units: Units, use_weights: Floats, shifts: Ints, counts: Ints
) -> Postings:
    """The postings of some terms in a field: of all, with weights; else with positions.

    `shifts` are from a unit's positions on the site to those in the field of its post; `counts` how
    many uses each document has in the field.
    """
    here, docs, bounds = _in_field(field, uses, units)
    terms = np.repeat(np.arange(len(uses.names)), np.diff(bounds))
    first_uses = firsts(terms, docs)
    unit_of_use = uses.units[here]
    if field == WEIGHED_FIELD:
        weights = sums(use_weights[unit_of_use], first_uses)
        values = None
    else:
        weights = np.diff(np.append(first_uses, len(docs))).astype(np.float64)
        positions = uses.positions[here].astype(np.int64) + shifts[unit_of_use]
        values = packed_positions(positions, first_uses)
    docs = docs[first_uses]
    lengths = _as_bytes(counts)[docs]
    return Postings(np.searchsorted(first_uses, bounds), docs, weights, lengths, values)


def _starts_in_field(units: Units) -> Ints:
    """Where each unit begins in its post's field: the units of a field are a position apart."""
    spans = np.diff(units.starts)
    keys = units.posts().astype(np.int64) * len(FIELD_NUMBERS) + units.fields
    order = np.argsort(keys, kind="stable")
    before = np.cumsum(spans[order]) - spans[order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = keys[order][1:] != keys[order][:-1]
    groups = np.cumsum(is_first) - 1
    starts = np.empty(len(order), np.int64)
    starts[order] = before - before[is_first][groups]
    return starts


def _as_bytes(lengths: Ints) -> Bytes:
    """Lengths as Whoosh keeps them, in a byte."""
    distinct, places = np.unique(lengths, return_inverse=True)
    return np.array([length_to_byte(length) for length in distinct.tolist()], np.uint8)[places]
