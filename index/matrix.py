"""Postings as arrays: what words are looked up in, without a search library at query time.

Every use of a term has a place in one row of positions, unit after unit through all posts. So the
arrays of one number per term, per posting or per use are all there is:

    terms.*                 the terms in order of their bytes; a term's number is its place
    posting_starts[T + 1]   which postings are a term's
    docs, impacts           of each posting: the document, rising within a term, and the finished
                            BM25F score that the term gives it
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

from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.analyzed import AnalyzedUnit
from index.arrays import write_array, write_strings
from index.layout import FIELD_NUMBERS, FLOOR_RANK, PROMINENT_FIELDS
from index.schema import BM25_K1

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class _Numbers(dict[str, int]):
    """A number for each term, as it comes up."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class MatrixWriter:
    """Takes in documents as they come, and writes their postings at the end."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._terms = array("I")
        self._uses = array("I")
        self._uses_of_unit = array("I")
        self._unit_starts = array("I", [0])
        self._unit_fields = array("B")
        self._use_weights = array("d")
        self._first_units = array("I", [0])

    def add(self, units: Iterable[AnalyzedUnit]) -> None:
        """Takes in the next document."""
        for field, _, use_weight, tokens in units:
            start = self._unit_starts[-1]
            self._terms.extend(map(self._numbers.__getitem__, tokens.terms))
            self._uses.extend([start + position for position in tokens.positions])
            self._uses_of_unit.append(len(tokens.terms))
            self._unit_starts.append(start + len(tokens.starts) + 1)
            self._unit_fields.append(FIELD_NUMBERS[field])
            self._use_weights.append(use_weight)
        self._first_units.append(len(self._unit_fields))

    def write(self, directory: Path) -> list[str]:
        """Writes the arrays to a new folder, and gives the terms in order of their numbers."""
        directory.mkdir()
        terms = sorted(self._numbers)
        write_strings(directory, "terms", terms)
        term_of_use, by_term = self._sorted_uses(terms)
        write_array(directory, "uses", np.frombuffer(self._uses, np.uint32)[by_term], np.uint32)
        write_array(directory, "use_starts", _starts(term_of_use, len(terms)), np.int64)
        self._write_postings(directory, term_of_use, by_term, len(terms))
        write_array(directory, "unit_starts", self._unit_starts, np.uint32)
        write_array(directory, "unit_fields", self._unit_fields, np.uint8)
        write_array(directory, "use_weights", self._use_weights, np.float32)
        write_array(directory, "first_units", self._first_units, np.int32)
        return terms

    def _sorted_uses(self, terms: Sequence[str]) -> tuple[Ints, Ints]:
        """The term's number of each use, rising; and in which order the uses came in."""
        place = np.empty(len(terms), np.uint32)
        place[[self._numbers[term] for term in terms]] = np.arange(len(terms), dtype=np.uint32)
        term_of_use = place[np.frombuffer(self._terms, np.uint32)]
        by_term = np.argsort(term_of_use, kind="stable")
        return term_of_use[by_term], by_term

    def _write_postings(
        self, directory: Path, term_of_use: Ints, by_term: Ints, terms: int
    ) -> None:
        units = np.arange(len(self._unit_fields), dtype=np.int32)
        unit_of_use = np.repeat(units, np.frombuffer(self._uses_of_unit, np.uint32))[by_term]
        documents = len(self._first_units) - 1
        unit_counts = np.diff(np.asarray(self._first_units, np.int64)).astype(np.int64)
        doc_of_unit = np.repeat(np.arange(documents, dtype=np.int32), unit_counts)
        doc_of_use = doc_of_unit[unit_of_use]
        field_of_use = np.asarray(self._unit_fields)[unit_of_use]
        prominent = [FIELD_NUMBERS[name] for name in PROMINENT_FIELDS]
        is_prominent = np.zeros(terms, np.bool_)
        is_prominent[term_of_use[np.isin(field_of_use, prominent)]] = True
        write_array(directory, "is_prominent", is_prominent, np.bool_)
        in_title = np.flatnonzero(field_of_use == FIELD_NUMBERS["title"])
        in_title = in_title[_firsts(term_of_use[in_title], doc_of_use[in_title])]
        write_array(directory, "title_starts", _starts(term_of_use[in_title], terms), np.int64)
        write_array(directory, "title_docs", doc_of_use[in_title], np.int32)
        firsts = _firsts(term_of_use, doc_of_use)
        term_of_posting = term_of_use[firsts]
        use_weights = np.asarray(self._use_weights)[unit_of_use]
        weights = np.add.reduceat(use_weights, firsts) if len(firsts) else use_weights
        starts = _starts(term_of_posting, terms)
        impacts = idf(np.diff(starts), documents)[term_of_posting] * saturated(weights)
        write_array(directory, "posting_starts", starts, np.int64)
        write_array(directory, "docs", doc_of_use[firsts], np.int32)
        write_array(directory, "impacts", impacts, np.float32)
        write_array(directory, "floors", _floors(impacts, starts), np.float32)


def idf(having: Ints, documents: int) -> Floats:
    """The inverse document frequency of terms that so many of the documents have."""
    return np.asarray(np.log(1 + (documents - having + 0.5) / (having + 0.5)))


def saturated(weights: Floats) -> Floats:
    """What terms of these weights score in a document, but for their idf."""
    return weights * (BM25_K1 + 1) / (weights + BM25_K1)


def _firsts(terms: Ints, docs: Ints) -> Ints:
    """Where each document of each term begins; both rise, the documents within each term."""
    is_first = np.ones(len(terms), np.bool_)
    is_first[1:] = (terms[1:] != terms[:-1]) | (docs[1:] != docs[:-1])
    return np.flatnonzero(is_first)


def _starts(rising: Ints, numbers: int) -> npt.NDArray[np.int64]:
    """Where each of `numbers` begins in an array of rising numbers, and the end."""
    return np.searchsorted(rising, np.arange(numbers + 1)).astype(np.int64)


def _floors(impacts: Floats, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    floors = np.zeros(len(starts) - 1, np.float32)
    for term in np.flatnonzero(np.diff(starts) >= FLOOR_RANK).tolist():
        scores = impacts[starts[term] : starts[term + 1]]
        floors[term] = np.partition(scores, -FLOOR_RANK)[-FLOOR_RANK]
    return np.nextafter(floors, np.float32(0))  # rounding must not lift it above a score
