"""Postings to a Whoosh index: one segment, written by its codec from postings that are in order.

Whoosh's own writer takes in one document after another, sorts the postings, and looks each of them
up again. Here they are sorted already, and written block by block. What is on disk is what Whoosh's
codec reads.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import W3Codec, W3PerDocWriter, W3Segment
from whoosh.columns import FixedBytesColumn
from whoosh.util.numeric import length_to_byte
from whoosh.writing import SegmentWriter

from index.fulltextblocks import Postings, SortedFieldWriter, packed_positions
from index.layout import FIELD_NUMBERS
from index.matrix import firsts, read_matrix, sums
from index.schema import FIELD_BOOSTS, WEIGHED_FIELD, whoosh_schema
from index.sitewords import Units, Uses

USES_SORTED_OUT: Final = 1_000_000
USES_AT_ONCE: Final = 250_000
"""Uses of terms of which those in a field are picked out at a time, at some twenty bytes each; and
that are made postings of at a time, at some hundred."""

_PATH_FIELD: Final = "path"
_WHOOSH_LOCK: Final = "MAIN_WRITELOCK"

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]


def write_fulltext(directory: Path, matrix_dir: Path, paths: Sequence[str]) -> None:
    """Writes a Whoosh index of whoosh_schema() to a new folder, documents numbered from 0.

    The postings are those in `matrix_dir`; `paths` are the canonical paths of all posts, in order.
    """
    directory.mkdir()
    uses, units, use_weights = read_matrix(matrix_dir)
    posts, counts = units.posts(), _uses_by_unit(uses, len(units.fields))
    sorted_out = [(some, units.fields[some.units]) for some in uses.parts(USES_SORTED_OUT)]
    shifts = _starts_in_field(units) - units.starts[:-1]
    created = whoosh_index.create_in(str(directory), whoosh_schema())
    writer = _SortedWriter(created, codec=_SortedCodec())
    lengths: dict[str, Ints] = {}
    for field in sorted((_PATH_FIELD, *FIELD_BOOSTS, WEIGHED_FIELD)):
        writer.start_field(field)
        if field == _PATH_FIELD:
            writer.add_terms(paths, _one_each(len(paths)))
        elif field == WEIGHED_FIELD:
            lengths[field] = _terms_by_document(uses, posts, len(paths))
            for some in uses.parts(USES_AT_ONCE):
                writer.add_terms(some.names, _weighed(some, posts, use_weights, lengths[field]))
        else:
            number = FIELD_NUMBERS[field]
            in_field = np.where(units.fields == number, counts, 0)
            lengths[field] = np.bincount(posts, in_field, len(paths)).astype(np.int64)
            for many, fields in sorted_out:
                for some in _in_field(many, fields == number).parts(USES_AT_ONCE):
                    writer.add_terms(some.names, _placed(some, posts, shifts, lengths[field]))
        writer.finish_field()
    writer.add_documents(paths, lengths)
    writer.commit()
    (directory / _WHOOSH_LOCK).unlink(missing_ok=True)


class _SortedCodec(W3Codec):
    """Whoosh's codec, writing sorted postings; a segment of it knows Whoosh's own alone."""

    def field_writer(self, storage: Any, segment: Any) -> SortedFieldWriter:
        return SortedFieldWriter(self, storage, segment)

    def per_document_writer(self, storage: Any, segment: Any) -> "_PerDocumentWriter":
        return _PerDocumentWriter(self, storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> W3Segment:  # noqa: ARG002 - as Whoosh has it
        return W3Segment(W3Codec(), indexname)


class _PerDocumentWriter(W3PerDocWriter):
    """Whoosh's writer of what is kept of documents, for the lengths of all of them at once."""

    def add_lengths(self, field: str, counts: Ints) -> None:
        """Writes how long a field is in each document."""
        if counts.any():
            name, row = f"_{field}_len", _as_bytes(counts).tobytes()  # Whoosh's name of the column
            self._create_column(name, FixedBytesColumn(len(row)))  # one value is the whole column
            self._get_column(name).add(0, row)
            self._fieldlengths[field] += int(counts.sum())


class _SortedWriter(SegmentWriter):
    """Whoosh's writer, for postings that are in order."""

    def start_field(self, field: str) -> None:
        """Begins a field; fields come in the order of their names."""
        self.fieldwriter.start_field(field, self.schema[field])

    def add_terms(self, terms: Sequence[str], postings: Postings) -> None:
        """Writes the next terms of the field."""
        self.fieldwriter.add_terms(terms, postings)

    def finish_field(self) -> None:
        """Ends the field."""
        self.fieldwriter.finish_field()

    def add_documents(self, paths: Sequence[str], lengths: Mapping[str, Ints]) -> None:
        """Writes what is stored of all documents; `lengths` are those of their fields."""
        documents = self.perdocwriter
        for docnum, path in enumerate(paths):
            documents.start_doc(docnum)
            documents.add_field(_PATH_FIELD, self.schema[_PATH_FIELD], path, 0)
            documents.finish_doc()
            self.docnum += 1
        for field, counts in lengths.items():
            documents.add_lengths(field, counts)
        self._added = True


def _one_each(documents: int) -> Postings:
    """As many terms as documents, each in one of them."""
    everything = np.arange(documents + 1)
    docs = everything[:-1]
    return Postings(everything, docs, np.ones(documents), np.zeros(documents, np.uint8))


def _uses_by_unit(uses: Uses, units: int) -> Ints:
    """How many uses of terms each unit has."""
    counts = np.zeros(units, np.int64)
    for some in uses.parts(USES_AT_ONCE):
        counts += np.bincount(some.units, minlength=units)
    return counts


def _in_field(uses: Uses, is_here: Bools) -> Uses:
    """Those of the uses that are in a field."""
    counts = np.add.reduceat(is_here, uses.starts[:-1], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    return Uses(uses.names, starts, uses.positions[is_here], uses.units[is_here])


def _terms_by_document(uses: Uses, posts: Ints, documents: int) -> Ints:
    """How many terms each document has."""
    counts = np.zeros(documents, np.int64)
    for some in uses.parts(USES_AT_ONCE):
        docs = posts[some.units]
        counts += np.bincount(docs[firsts(some.terms(), docs)], minlength=documents)
    return counts


def _weighed(uses: Uses, posts: Ints, use_weights: Floats, counts: Ints) -> Postings:
    """The postings of some terms, with their weights in all fields of a document.

    `counts` are how many terms each document has.
    """
    docs = posts[uses.units]
    first_uses = firsts(uses.terms(), docs)
    weights = sums(use_weights[uses.units], first_uses)
    docs = docs[first_uses]
    starts = np.searchsorted(first_uses, uses.starts)
    return Postings(starts, docs, weights, _as_bytes(counts)[docs])


def _placed(uses: Uses, posts: Ints, shifts: Ints, counts: Ints) -> Postings:
    """The postings of some terms in a field, with their positions.

    `shifts` are from a unit's positions on the site to those in the field of its post; `counts` how
    many uses each document has in the field.
    """
    docs = posts[uses.units]
    first_uses = firsts(uses.terms(), docs)
    weights = np.diff(np.append(first_uses, len(docs))).astype(np.float64)
    positions = uses.positions.astype(np.int64) + shifts[uses.units]
    values = packed_positions(positions, first_uses)
    docs = docs[first_uses]
    starts = np.searchsorted(first_uses, uses.starts)
    return Postings(starts, docs, weights, _as_bytes(counts)[docs], values)


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
