"""The terms of each post, out of arrays in which each term has its posts.

They are turned around for a block of posts at a time, in a few passes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.opensearch.generationfiles import Ints, Strings, load, within
from index.opensearch.layout import (
    EMPTY_POSITION,
    POSITION_MARK,
    TERM_MARK,
    TERM_SCALE,
    TERM_SEPARATOR,
    Keys,
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

    def blocks(self, most_positions: int) -> Iterator[range]:
        """The numbers of all posts, in blocks of so many positions unless one post has more."""
        ends = self.unit_starts[self.first_units]
        first = 0
        while first < self.documents:
            fitting = np.searchsorted(ends, int(ends[first]) + most_positions, side="right") - 1
            last = max(int(fitting), first + 1)
            yield range(first, last)
            first = last

    def units(self, doc: int) -> tuple[int, int]:
        """The first unit of a post, and the one after its last."""
        first, end = self.first_units[doc : doc + 2].tolist()
        return first, end

    def extent(self, doc: int) -> tuple[int, int]:
        """The first position of a post, and the one after its last."""
        first, end = self.unit_starts[self.first_units[doc : doc + 2]].tolist()
        return first, end

    def terms_of(self, docs: range) -> Iterator[PostTerms]:
        """What is sent of the terms of each of a block of posts."""
        bounds = self.unit_starts[self.first_units[docs.start : docs.stop + 1]].astype(np.int64)
        positions, terms = within(self._uses, self._use_starts, int(bounds[0]), int(bounds[-1]))
        numbers, places = np.unique(terms, return_inverse=True)
        names = [self._terms[number] for number in numbers.tolist()]
        keys = term_keys(names)
        ends = np.searchsorted(positions, bounds)
        for at, doc in enumerate(docs):
            uses = slice(ends[at], ends[at + 1])
            yield self._post(doc, positions[uses] - bounds[at], places[uses], names, keys)

    def _post(
        self, doc: int, positions: Ints, places: Ints, names: list[str], keys: Keys
    ) -> PostTerms:
        """What is sent of a post's uses; they are in the order of their positions.

        `places` has whose name and key each has.
        """
        units = slice(*self.units(doc))
        unit_starts = self.unit_starts[units.start : units.stop + 1].astype(np.int64)
        unit_starts -= unit_starts[0]
        words = [names[place] for place in places.tolist()]
        row = _row(positions.tolist(), words, int(unit_starts[-1]))
        title_end = int(unit_starts[1]) if len(unit_starts) > 1 else 0
        by_key = np.argsort(keys[places], kind="stable")
        kept_keys = keys[places[by_key]]
        firsts = np.flatnonzero(np.diff(kept_keys, prepend=~kept_keys[:1]))
        use_weights = self._use_weights[units]
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
                "starts": np.append(firsts, len(places)).astype(np.uint32),
                "positions": positions[by_key].astype(np.uint32),
                "unit_starts": unit_starts.astype(np.uint32),
                "unit_fields": self._unit_fields[units].astype(np.uint8),
                "use_weights": use_weights.astype(np.float32),
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
