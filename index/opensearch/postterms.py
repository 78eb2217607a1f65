"""The terms of each post, out of arrays in which each term has its posts.

They are turned around for a block of posts at a time, in a few passes.
"""

from collections.abc import Iterator
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
        numbers, places = np.unique(terms, return_inverse=True)
        names = [self._terms[number] for number in numbers.tolist()]
        keys = term_keys(names)
        bounds = zip(firsts, *np.searchsorted(positions, np.stack([firsts, stops])), strict=True)
        for doc, (first, start, end) in zip(docs.tolist(), bounds, strict=True):
            uses = slice(start, end)
            yield self._post(doc, positions[uses] - first, places[uses], names, keys)

    def _extents(self, docs: Ints) -> tuple[Ints, Ints]:
        """The first position of each of some posts, and the one after its last."""
        firsts = self.unit_starts[self.first_units[docs]].astype(np.int64)
        return firsts, self.unit_starts[self.first_units[docs + 1]].astype(np.int64)

    def _post(
        self, doc: int, positions: Ints, places: Ints, names: list[str], keys: Keys
    ) -> PostTerms:
        """What is sent of a post's uses; they are in the order of their positions.

        `places` has whose name and key each has.
        """
        layout = self.layout_of(doc)
        unit_starts = layout["unit_starts"].astype(np.int64)
        words = [names[place] for place in places.tolist()]
        row = _row(positions.tolist(), words, int(unit_starts[-1]))
        title_end = int(unit_starts[1]) if len(unit_starts) > 1 else 0
        by_key = np.argsort(keys[places], kind="stable")
        kept_keys = keys[places[by_key]]
        firsts = np.flatnonzero(np.diff(kept_keys, prepend=~kept_keys[:1]))
        use_weights = self.use_weights(doc)
        unit_of = np.searchsorted(unit_starts, positions[by_key], side="right") - 1
        weights = use_weights[unit_of].astype(np.float64)
        sums = np.add.reduceat(weights, firsts) if len(firsts) else weights
        weighted = _frequencies(sums)
        term_names = [names[place] for place in places[by_key[firsts]].tolist()]
        in_title = set(words[: int(np.searchsorted(positions, title_end))])
        return PostTerms(
            {
                "terms": TERM_SEPARATOR.join(
                    f"{name}{TERM_MARK}{weight}"
                    for name, weight in zip(term_names, weighted.tolist(), strict=True)
                ),
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


def _row(positions: list[int], words: list[str], length: int) -> list[str]:
    """What stands at each position of a post."""
    row = [_EMPTY] * length
    for position, word in zip(positions, words, strict=True):
        there = row[position]
        row[position] = word if there is _EMPTY else f"{there}{POSITION_MARK}{word}"
    return row


def _frequencies(weights: npt.NDArray[np.float64]) -> Ints:
    """The weights of a post's terms as whole numbers from 1, whose sum Lucene can count to."""
    frequencies = np.maximum(np.rint(weights * TERM_SCALE), 1)
    if frequencies.sum() > _MOST_IN_FIELD:
        frequencies = np.minimum(frequencies, _MOST_IN_FIELD // len(frequencies))
    return frequencies.astype(np.int64)


_EMPTY: Final = EMPTY_POSITION
_MOST_IN_FIELD: Final = 2**31 - 1
