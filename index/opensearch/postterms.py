"""The terms of each post, out of arrays in which each term has its posts.

They are turned around for a block of posts at a time, in a few passes.
"""

from collections.abc import Iterator
from operator import add
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.opensearch.generationfiles import Ints, Strings, load, spans, within
from index.opensearch.layout import (
    EMPTY_POSITION,
    POSITION_MARK,
    TERM_MARK,
    TERM_SCALE,
    TERM_SEPARATOR,
    Keys,
    narrowed,
    term_keys,
)

Strs = npt.NDArray[np.object_]
"""Strings, to be picked by arrays of their places."""


class Names(NamedTuple):
    """What some terms are called: plainly, and with TERM_MARK after it; and their keys."""

    plain: Strs
    marked: Strs
    keys: Keys

    @classmethod
    def of(cls, names: list[str]) -> "Names":
        """Those of terms with these names."""
        plain = np.array(names, np.object_)
        return cls(plain, plain + TERM_MARK, term_keys(names))


class Uses(NamedTuple):
    """A post's uses of terms, by rising positions: each with the place of its term's names.

    `is_first` tells whether there is none before it at its position.
    """

    positions: Ints
    places: Ints
    is_first: npt.NDArray[np.bool_]


class PostTerms(NamedTuple):
    """What is sent of a post's terms: the fields that they are looked up in, and the arrays."""

    fields: dict[str, str]
    arrays: dict[str, npt.NDArray[Any]]


class Matrix:
    """The folder that `index.matrix` writes, read by post."""

    def __init__(self, directory: Path) -> None:
        self._terms = Strings(directory, "terms")
        self._uses = load(directory, "uses")
        self._use_starts = load(directory, "use_starts")
        self.unit_starts = load(directory, "unit_starts")
        self._unit_fields = load(directory, "unit_fields")
        self._use_weights = load(directory, "use_weights")
        self.first_units = load(directory, "first_units")
        self.documents = len(self.first_units) - 1

    def blocks(self, docs: Ints, most_positions: int) -> Iterator[Ints]:
        """Rising numbers of posts, in blocks of so many positions unless one post has more."""
        firsts, stops = self._extents(docs)
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(stops - firsts)])
        first = 0
        while first < len(docs):
            fitting = np.searchsorted(ends, int(ends[first]) + most_positions, side="right") - 1
            last = max(int(fitting), first + 1)
            yield docs[first:last]
            first = last

    def units(self, doc: int) -> tuple[int, int]:
        """The first unit of a post, and the one after its last."""
        first, end = self.first_units[doc : doc + 2].tolist()
        return first, end

    def extent(self, doc: int) -> tuple[int, int]:
        """The first position of a post, and the one after its last."""
        first, end = self.unit_starts[self.first_units[doc : doc + 2]].tolist()
        return first, end

    def use_weights(self, doc: int) -> npt.NDArray[np.float32]:
        """What a use of a term counts in each of a post's units."""
        first, end = self.units(doc)
        return np.asarray(self._use_weights[first:end], np.float32)

    def layout_of(self, doc: int) -> dict[str, npt.NDArray[Any]]:
        """Where the units of a post begin, from its first position, and which fields they are."""
        first, end = self.units(doc)
        starts = self.unit_starts[first : end + 1]
        return {
            "unit_starts": (starts - starts[0]).astype(np.uint32),
            "unit_fields": self._unit_fields[first:end].astype(np.uint8),
        }

    def uses_and_keys(self, most: int) -> Iterator[tuple[Ints, Keys]]:
        """The position of every use of a term, and the key of the term; so many at a time."""
        keys = self._terms.keys()
        for start in range(0, len(self._uses), most):
            positions = self._uses[start : start + most].astype(np.int64)
            end = start + len(positions)
            first = int(np.searchsorted(self._use_starts, start, side="right")) - 1
            last = int(np.searchsorted(self._use_starts, end))
            counts = np.diff(np.clip(self._use_starts[first : last + 1], start, end))
            yield positions, np.repeat(keys[first:last], counts)

    def terms_of(self, docs: Ints) -> Iterator[PostTerms]:
        """What is sent of the terms of each of a block of posts."""
        firsts, stops = self._extents(docs)
        positions, terms = within(self._uses, self._use_starts, spans(firsts, stops))
        is_used = np.zeros(len(self._terms), np.bool_)
        is_used[terms] = True
        places = (np.cumsum(is_used, dtype=np.int32) - 1)[terms]
        names = Names.of(self._terms.at(np.flatnonzero(is_used)))
        is_first = np.diff(positions, prepend=-1) != 0
        bounds = zip(firsts, *np.searchsorted(positions, np.stack([firsts, stops])), strict=True)
        for doc, (first, start, end) in zip(docs.tolist(), bounds, strict=True):
            uses = slice(start, end)
            here = Uses(positions[uses] - first, places[uses], is_first[uses])
            yield self._post(doc, here, names)

    def _extents(self, docs: Ints) -> tuple[Ints, Ints]:
        """The first position of each of some posts, and the one after its last."""
        firsts = self.unit_starts[self.first_units[docs]].astype(np.int64)
        return firsts, self.unit_starts[self.first_units[docs + 1]].astype(np.int64)

    def _post(self, doc: int, uses: Uses, names: Names) -> PostTerms:
        """What is sent of a post's uses of terms that are called so."""
        positions, places, _ = uses
        layout = self.layout_of(doc)
        unit_starts = layout["unit_starts"].astype(np.int64)
        words = names.plain[places]
        row = _row(uses, words, int(unit_starts[-1]))
        title_end = int(unit_starts[1]) if len(unit_starts) > 1 else 0
        by_key = np.argsort(names.keys[places], kind="stable")
        kept_keys = names.keys[places[by_key]]
        firsts = np.flatnonzero(np.diff(kept_keys, prepend=~kept_keys[:1]))
        use_weights = self.use_weights(doc)
        unit_of = np.searchsorted(unit_starts, positions[by_key], side="right") - 1
        weights = use_weights[unit_of].astype(np.float64)
        sums = np.add.reduceat(weights, firsts) if len(firsts) else weights
        weighted = _frequencies(sums).tolist()
        terms = names.marked[places[by_key[firsts]]].tolist()
        in_title = set(words[: int(np.searchsorted(positions, title_end))].tolist())
        return PostTerms(
            {
                "terms": TERM_SEPARATOR.join(map(add, terms, map(str, weighted))),
                "row": TERM_SEPARATOR.join(row),
                "title_row": TERM_SEPARATOR.join(row[:title_end]),
                "title_terms": TERM_SEPARATOR.join(sorted(in_title)),
            },
            {
                "keys": kept_keys[firsts],
                "starts": narrowed(np.append(firsts, len(places))),
                "positions": narrowed(positions[by_key]),
                **layout,
                "use_weights": use_weights,
            },
        )


def _row(uses: Uses, words: Strs, length: int) -> list[str]:
    """What stands at each position of a post, each use having its word."""
    positions, _, is_first = uses
    laid_out = np.full(length, EMPTY_POSITION, np.object_)
    laid_out[positions[is_first]] = words[is_first]
    row: list[str] = laid_out.tolist()
    further = np.flatnonzero(~is_first)
    for position, word in zip(positions[further].tolist(), words[further].tolist(), strict=True):
        row[position] += POSITION_MARK + word
    return row


def _frequencies(weights: npt.NDArray[np.float64]) -> Ints:
    """The weights of a post's terms as whole numbers from 1, whose sum Lucene can count to."""
    frequencies = np.maximum(np.rint(weights * TERM_SCALE), 1)
    if frequencies.sum() > _MOST_IN_FIELD:
        frequencies = np.minimum(frequencies, _MOST_IN_FIELD // len(frequencies))
    return frequencies.astype(np.int64)


_MOST_IN_FIELD: Final = 2**31 - 1
