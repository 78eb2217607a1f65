"""Postings as arrays: what words are looked up in, without a search library at query time.

Every use of a term has a place in one row of positions, unit after unit through all posts. So the
arrays of one number per term, per posting or per use are all there is:

    terms.*                 the terms in order of their bytes; a term's number is its place
    posting_starts[T + 1]   which postings are a term's
    docs, impacts           of each posting: the document, rising within a term, in as few bytes as
                            the number of documents needs, and the finished BM25F score that the
                            term gives it
    floors[T]               the score of a term's FLOOR_RANK-th best posting, 0 if it has fewer
    is_prominent[T]         whether it is in any of PROMINENT_FIELDS
    title_starts[T + 1], title_docs   the documents that have it in their title, rising
    use_starts[T + 1]       which uses are a term's
    uses                    of each use: its position, rising within a term
    unit_starts[U + 1]      the first position of each unit; each ends with an empty position, so
                            that words of two units are never side by side
    unit_fields, use_weights   of each unit: its field's number, and what one use there counts
    first_units[D + 1]      which units are a document's

A term's score is idf * w * (k1 + 1) / (w + k1), with w the sum of the weights of its uses in the
document and idf = log(1 + (N - n + 0.5) / (n + 0.5)), n of the N documents having the term
(Robertson and Zaragoza 2009, equations 3.15 and 3.18, with Lucene's idf, which is never negative).
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.arrays import write_array, write_bounds, write_strings
from index.bm25 import idf, saturated
from index.layout import FIELD_NUMBERS, FLOOR_RANK, PROMINENT_FIELDS
from index.sitewords import Units, Uses

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

USES_AT_ONCE: Final = 1_000_000
"""Uses of terms that are made postings of at a time, at some fifty bytes each."""

_NONE: Final = np.zeros(0, np.int64)


def write_matrix(directory: Path, uses: Uses, units: Units, use_weights: Floats) -> None:
    """Writes the arrays to a new folder; `use_weights` has what one use in each unit counts."""
    directory.mkdir()
    write_strings(directory, "terms", uses.names)
    write_array(directory, "uses", uses.positions, np.uint32)
    write_bounds(directory, "use_starts", uses.starts)
    write_array(directory, "unit_starts", units.starts, np.uint32)
    write_array(directory, "unit_fields", units.fields, np.uint8)
    write_array(directory, "use_weights", use_weights, np.float32)
    write_array(directory, "first_units", units.first_units, np.int32)
    _write_postings(directory, uses, units, use_weights)


def read_matrix(directory: Path) -> tuple[Uses, Units, Floats]:
    """What `write_matrix` was given, as far as postings are made of it."""
    fields, starts = _read(directory, "unit_fields"), _read(directory, "unit_starts")
    units = Units(fields, starts, _read(directory, "first_units"))
    use_starts = _read(directory, "use_starts").astype(np.int64)
    positions = _read(directory, "uses")
    numbers = np.arange(len(units.fields), dtype=np.int32)
    unit_of_position = np.repeat(numbers, np.diff(units.starts))
    names = _read(directory, "terms.bytes").tobytes().decode().split("\n")[:-1]
    weights = np.asarray(_read(directory, "use_weights"), np.float64)
    return Uses(names, use_starts, positions, unit_of_position[positions]), units, weights


def _read(directory: Path, name: str) -> Ints:
    read: Ints = np.load(directory / f"{name}.npy")
    return read


def _write_postings(directory: Path, uses: Uses, units: Units, use_weights: Floats) -> None:
    documents = len(units.first_units) - 1
    parts = [_postings(some, units, use_weights) for some in uses.parts(USES_AT_ONCE)]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] or [_NONE] * 6
    is_prominent, title_counts, title_docs, counts, docs, weights = columns
    write_array(directory, "is_prominent", is_prominent, np.bool_)
    write_bounds(directory, "title_starts", _starts(title_counts))
    write_array(directory, "title_docs", title_docs, np.min_scalar_type(documents))
    starts = _starts(counts)
    impacts = np.repeat(idf(counts, documents), counts) * saturated(weights)
    write_bounds(directory, "posting_starts", starts)
    write_array(directory, "docs", docs, np.min_scalar_type(documents))
    write_array(directory, "impacts", impacts, np.float32)
    write_array(directory, "floors", _floors(impacts, starts), np.float32)


def _postings(
    uses: Uses, units: Units, use_weights: Floats
) -> tuple[Bools, Ints, Ints, Ints, Ints, Floats]:
    """For each of some terms: whether it is prominent, and how many documents have it in the title.

    Then these documents; how many documents each term has, these, and its weight in each.
    """
    terms, docs, fields = uses.terms(), units.posts()[uses.units], units.fields[uses.units]
    count = len(uses.names)
    prominent = np.isin(fields, [FIELD_NUMBERS[name] for name in PROMINENT_FIELDS])
    in_title = np.flatnonzero(fields == FIELD_NUMBERS["title"])
    in_title = in_title[firsts(terms[in_title], docs[in_title])]
    first_uses = firsts(terms, docs)
    return (
        np.bincount(terms[prominent], minlength=count) > 0,
        np.bincount(terms[in_title], minlength=count),
        docs[in_title],
        np.bincount(terms[first_uses], minlength=count),
        docs[first_uses],
        sums(use_weights[uses.units], first_uses),
    )


def firsts(terms: Ints, docs: Ints) -> Ints:
    """Where each document of each term begins; both rise, the documents within each term."""
    is_first = np.ones(len(terms), np.bool_)
    is_first[1:] = (terms[1:] != terms[:-1]) | (docs[1:] != docs[:-1])
    return np.flatnonzero(is_first)


def sums(values: Floats, first: Ints) -> Floats:
    """The sums of values, each from one of the first places to before the next."""
    return np.add.reduceat(values, first) if len(first) else values


def _starts(counts: Ints) -> npt.NDArray[np.int64]:
    """Where each of some groups begins, and the end."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _floors(impacts: Floats, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    floors = np.zeros(len(starts) - 1, np.float32)
    for term in np.flatnonzero(np.diff(starts) >= FLOOR_RANK).tolist():
        scores = impacts[starts[term] : starts[term + 1]]
        floors[term] = np.partition(scores, -FLOOR_RANK)[-FLOOR_RANK]
    return np.nextafter(floors, np.float32(0))  # rounding must not lift it above a score
