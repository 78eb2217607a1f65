"""The numbers that groups of posts have in an index: series, and translations.

A generation numbers its groups from 0 in the order of its posts, so that one group more gives all
that follow another number. In an index that was made of another one, groups keep the numbers that
they had there.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.opensearch.generationfiles import Ints, Strings, load


class GroupNumbers(NamedTuple):
    """The number of each post's group; -1 for a post in none."""

    series: Ints
    translations: Ints

    @classmethod
    def load(cls, columns: Path) -> "GroupNumbers":
        """As the generation has them whose columns are in this folder."""
        return cls(load(columns, "series.of"), load(columns, "translations.of"))

    def kept_from(self, before: "GroupNumbers") -> "GroupNumbers":
        """The same groups, with the numbers that their posts had before, -1 for those in none."""
        return GroupNumbers(
            *(_kept(groups, numbers) for groups, numbers in zip(self, before, strict=True))
        )

    def differing(self, other: "GroupNumbers") -> Ints:
        """The posts whose groups have other numbers there, rising."""
        return np.flatnonzero(
            (self.series != other.series) | (self.translations != other.translations)
        )


def series_names(columns: Path, series: Ints) -> list[str]:
    """What each series is called, by the number that it has there; empty for numbers of none."""
    names = Strings(columns, "series.names")
    by_number = [""] * (int(series.max(initial=-1)) + 1)
    groups = load(columns, "series.of")
    pairs = np.unique(np.stack([series, groups], axis=1), axis=0)
    for number, group in pairs.tolist():
        if group >= 0:
            by_number[number] = names[group]
    return by_number


def _kept(groups: Ints, before: Ints) -> Ints:
    """A group has the number that most of its posts had, unless more of another group had it."""
    had_one = (groups >= 0) & (before >= 0)
    pairs, counts = np.unique(
        np.stack([groups[had_one], before[had_one]], axis=1), axis=0, return_counts=True
    )
    number_of = np.full(int(groups.max(initial=-1)) + 1, -1, np.int64)
    taken = set[int]()
    for group, number in pairs[np.argsort(-counts, kind="stable")].tolist():
        if number_of[group] < 0 and number not in taken:
            number_of[group] = number
            taken.add(number)
    is_new = number_of < 0
    number_of[is_new] = max(taken, default=-1) + 1 + np.arange(np.count_nonzero(is_new))
    return np.where(groups >= 0, number_of[groups], -1) if len(number_of) else groups
