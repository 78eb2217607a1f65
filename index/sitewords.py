"""The words of all posts, one after another, as arrays: what postings and vectors are counted from.

The units of all posts are one row, in order, and the words of all units another. Each position
is that of a word, or of a word's part; each unit ends with an empty one, so that words of two units
are never side by side.
"""

from array import array
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from index.formtable import NO_WORD, FormTable
from index.layout import FIELD_NUMBERS
from index.ranges import ranges
from index.state import State, part, prefixed
from index.unitwords import UnitWords

WORDS_AT_ONCE: Final = 1_000_000
"""Words whose terms are looked up at a time, at some forty bytes each."""

Ints = npt.NDArray[np.integer[Any]]


class Uses(NamedTuple):
    """Every use of a term, term by term; the positions of a term rise.

    `names` are the terms in order of their characters. Those uses are term t's that go from
    `starts[t]` to `starts[t + 1]`. `positions` and `units` say where each is.
    """

    names: list[str]
    starts: Ints
    positions: Ints
    units: Ints

    def terms(self) -> Ints:
        """The term of each use."""
        return np.repeat(np.arange(len(self.names), dtype=np.int32), np.diff(self.starts))

    def parts(self, most: int) -> Iterator["Uses"]:
        """All uses in parts of `most` at the most, unless a single term has more."""
        first = 0
        while first < len(self.names):
            fitting = int(np.searchsorted(self.starts, self.starts[first] + most, side="right")) - 1
            last = max(fitting, first + 1)
            here = slice(self.starts[first], self.starts[last])
            starts = self.starts[first : last + 1] - self.starts[first]
            yield Uses(self.names[first:last], starts, self.positions[here], self.units[here])
            first = last


class Units(NamedTuple):
    """The units of all posts: for each the number of its field.

    `starts` has the first position of each, and the end of all; `first_units` which are a post's.
    """

    fields: Ints
    starts: Ints
    first_units: Ints

    def posts(self) -> Ints:
        """The post of each unit."""
        counts = np.diff(self.first_units)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)


class SiteWords:
    """Takes in the words of posts as they come, and lays them out.

    Begins with the posts that one in that state had.
    """

    def __init__(self, state: State | None = None) -> None:
        self.table = FormTable(None if state is None else part("table", state))
        self._of_words = {"forms": array("I"), "starts": array("I"), "sizes": array("H")}
        self._of_units = {
            "words": array("I"),
            "bytes": array("I"),
            "chars": array("I"),
            "fields": array("B"),
        }
        self._of_posts = {"forms": array("I")}
        self._firsts = {name: array("Q", [0]) for name in ("words", "units", "posts")}
        if state is not None:
            for name, rows in self._rows().items():
                for key in rows:
                    rows[key] = array(rows[key].typecode, state[f"{name}.{key}"].tobytes())

    def add(self, words: UnitWords, language: str) -> None:
        """Takes in the units of the next post."""
        numbers = self.table.numbered(words.forms, language)
        self._of_posts["forms"].frombytes(numbers.tobytes())
        self._of_words["forms"].frombytes(numbers[words.numbers].tobytes())
        self._of_words["starts"].frombytes(words.starts.tobytes())
        self._of_words["sizes"].frombytes(words.sizes.tobytes())
        self._of_units["words"].frombytes(words.unit_words.tobytes())
        self._of_units["bytes"].frombytes(words.unit_bytes.tobytes())
        self._of_units["chars"].frombytes(words.unit_chars.tobytes())
        self._of_units["fields"].extend(map(FIELD_NUMBERS.__getitem__, words.fields))
        self._firsts["words"].append(len(self._of_words["forms"]))
        self._firsts["units"].append(len(self._of_units["fields"]))
        self._firsts["posts"].append(len(self._of_posts["forms"]))

    def state(self) -> State:
        """All that it has."""
        return prefixed("table", self.table.state()) | {
            f"{name}.{key}": np.asarray(row)
            for name, rows in self._rows().items()
            for key, row in rows.items()
        }

    def reorder(self, places: Sequence[int]) -> None:
        """Puts the posts in the order of these places; those that have none are let go.

        Forms and terms that no post has any more keep their numbers, and are in no result but the
        table.
        """
        chosen = np.array(places, np.int64)
        for rows, bounds in (
            (self._of_words, self._firsts["words"]),
            (self._of_units, self._firsts["units"]),
            (self._of_posts, self._firsts["posts"]),
        ):
            counts, order = _spread(np.array(bounds, np.int64), chosen)
            for name, row in rows.items():
                rows[name] = array(row.typecode, np.asarray(row)[order].tobytes())
            bounds[:] = array("Q", _starts(counts).astype(np.uint64).tobytes())

    def _rows(self) -> dict[str, dict[str, "array[int]"]]:
        return {
            "words": self._of_words,
            "units": self._of_units,
            "posts": self._of_posts,
            "firsts": self._firsts,
        }

    def units(self) -> Units:
        """The units of all posts."""
        positions = self.table.parts().positions[self._word_forms()]
        before = _starts(positions)[_starts(np.asarray(self._of_units["words"]))]
        return Units(
            np.asarray(self._of_units["fields"]),
            before + np.arange(len(before)),
            np.array(self._firsts["units"], np.int32),
        )

    def unit_chars(self) -> Ints:
        """How many characters each unit has."""
        return np.asarray(self._of_units["chars"])

    def unit_bytes(self) -> Ints:
        """How many bytes of UTF-8 each unit has."""
        return np.asarray(self._of_units["bytes"])

    def words(self) -> int:
        """How many words all units have."""
        return len(self._of_words["forms"])

    def term_uses(self) -> int:
        """How many uses of terms there are."""
        return int(self.form_uses() @ np.diff(self.table.parts().starts))

    def form_uses(self) -> Ints:
        """How often each form of the table stands in all posts."""
        return np.bincount(self._word_forms(), minlength=len(self.table))

    def unused_share(self) -> float:
        """The share of the table's forms that no post has any more, from 0 to 1."""
        unused = np.count_nonzero(self.form_uses() == 0)
        return unused / max(len(self.table), 1)

    def word_posts(self) -> Ints:
        """In how many posts each WordKey of the table stands."""
        parts = self.table.parts()
        counts, rows = _spread(parts.starts, np.asarray(self._of_posts["forms"]))
        keys = parts.words[rows]
        bounds = _starts(counts)[np.array(self._firsts["posts"], np.int64)]
        is_word = keys != NO_WORD
        bounds = _starts(is_word)[bounds]
        shape = (len(bounds) - 1, len(self.table.words))
        keys = keys[is_word]
        found = sparse.csr_array((np.ones(len(keys), np.bool_), keys, bounds), shape)
        found.sum_duplicates()
        return np.bincount(found.indices, minlength=shape[1])

    def extents(self) -> tuple[Ints, Ints]:
        """For each position the first byte of its word, and the word's length.

        The empty position of a unit has the unit's end, and no length.
        """
        repeats = self.table.parts().positions[self._word_forms()]
        units = self.units()
        text_ends = np.cumsum(self.unit_bytes(), dtype=np.int64)
        is_word = np.ones(units.starts[-1], np.bool_)
        is_word[units.starts[1:] - 1] = False
        size = np.uint32 if text_ends[-1:].sum() < 2**32 else np.uint64
        starts: Ints = np.empty(len(is_word), size)
        words_of_units = np.asarray(self._of_units["words"])
        text_starts = np.concatenate([np.zeros(1, np.int64), text_ends])
        post_starts = text_starts[units.first_units[:-1]].astype(size)[units.posts()]
        word_starts = np.asarray(self._of_words["starts"]) + np.repeat(post_starts, words_of_units)
        starts[is_word] = np.repeat(word_starts, repeats)
        starts[~is_word] = text_ends
        sizes = np.zeros(len(is_word), np.uint16)
        sizes[is_word] = np.repeat(np.asarray(self._of_words["sizes"]), repeats)
        return starts, sizes

    def uses(self) -> Uses:
        """Every use of a term, in the order of terms."""
        parts = self.table.parts()
        names, place = self._names()
        uses = self.term_uses()
        terms, positions, units = (np.empty(uses, np.uint32) for _ in range(3))
        first_position = first_use = 0
        unit_of_word = self._unit_of_word()
        all_forms = self._word_forms()
        for start in range(0, len(all_forms), WORDS_AT_ONCE):
            here = slice(start, start + WORDS_AT_ONCE)
            forms, unit_of = all_forms[here], unit_of_word[here]
            lengths = parts.positions[forms]
            ends = np.cumsum(lengths, dtype=np.int64)
            word_positions = ends - lengths + first_position + unit_of
            first_position += int(ends[-1])
            counts, rows = _spread(parts.starts, forms)
            these = slice(first_use, first_use + len(rows))
            first_use = these.stop
            terms[these] = place[parts.terms[rows]]
            positions[these] = np.repeat(word_positions, counts) + parts.offsets[rows]
            units[these] = np.repeat(unit_of, counts)
        starts, (by_position, by_unit) = grouped(terms, len(names), positions, units)
        return Uses(names, starts, by_position, by_unit)

    def _names(self) -> tuple[list[str], Ints]:
        """The terms that are used, in order; and the place there of each term of the table."""
        parts = self.table.parts()
        is_used = np.zeros(len(self.table.terms), np.bool_)
        is_used[parts.terms[np.repeat(self.form_uses() > 0, np.diff(parts.starts))]] = True
        names = sorted(compress(self.table.terms, is_used))
        place = np.zeros(len(is_used), np.uint32)
        place[[self.table.terms[name] for name in names]] = np.arange(len(names), dtype=np.uint32)
        return names, place

    def _word_forms(self) -> Ints:
        return np.asarray(self._of_words["forms"])

    def _unit_of_word(self) -> Ints:
        counts = np.asarray(self._of_units["words"])
        return np.repeat(np.arange(len(counts), dtype=np.uint32), counts)


def grouped(keys: Ints, kinds: int, *columns: Ints) -> tuple[Ints, list[Ints]]:
    """Columns in the order of their keys, which are below `kinds`; and where each key starts.

    Equal keys stay in their order.
    """
    rows = np.arange(len(keys) + 1, dtype=np.int32)
    order = sparse.csr_array((rows[:-1], keys.astype(np.int32), rows), (len(keys), kinds)).tocsc()
    return order.indptr.astype(np.int64), [column[order.indices] for column in columns]


def _spread(starts: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """How many rows each of the chosen has, and all these rows; `starts` say where they begin."""
    first = starts[chosen]
    counts = starts[chosen + np.int64(1)] - first
    return counts, ranges(first, counts)


def _starts(counts: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
