"""Posts that belong together: the parts of a series, and the translations of a post."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from search.embedded.labels import Ints, Mask
from search.embedded.sortedstrings import SortedStrings, load_array


class Groups:
    """Groups of documents, none of which is in two.

    `group_of` has the group of each document, counted from 0, and -1 for a document in none.
    """

    def __init__(self, group_of: Ints, starts: Ints, docs: Ints) -> None:
        """The documents of group g are those of `docs` from `starts[g]` to the next, in order."""
        self.group_of = group_of
        self._starts = starts
        self._docs = docs

    @classmethod
    def load(cls, directory: Path, name: str) -> "Groups":
        """Those of a generation; they stay on disk."""
        return cls(*group_arrays(directory, name))

    def members(self, docnum: int) -> list[int]:
        """The documents of the group of one, itself included, in the group's order.

        Empty for a document in no group.
        """
        group = self.group_of[docnum]
        if group < 0:
            return []
        docnums: list[int] = self._docs[self._starts[group] : self._starts[group + 1]].tolist()
        return docnums

    def same(self, docnum: int) -> Mask:
        """For each document whether it is another one of the same group."""
        mask = np.zeros(len(self.group_of), np.bool_)
        mask[self.members(docnum)] = True
        mask[docnum] = False
        return mask


class SeriesGroups(Groups):
    """The series of a site; the order of each group is that of the parts."""

    def __init__(self, groups: tuple[Ints, Ints, Ints], names: Sequence[str], parts: Ints) -> None:
        """What Groups takes, what each series is called, and the number of each document in its."""
        super().__init__(*groups)
        self._names = names
        self._parts = parts

    @classmethod
    def load(cls, directory: Path, name: str) -> "SeriesGroups":
        """Those of a generation; they stay on disk."""
        names = SortedStrings(directory, f"{name}.names")
        parts = load_array(directory, f"{name}.parts")
        return cls(group_arrays(directory, name), names, parts)

    def name(self, docnum: int) -> str:
        """What the series of a document is called; empty for a document in none."""
        group = self.group_of[docnum]
        return str(self._names[int(group)]) if group >= 0 else ""

    def part(self, docnum: int) -> int:
        """The number of a document within its series; 0 for a document in none."""
        return int(self._parts[docnum])


def group_arrays(directory: Path, name: str) -> tuple[Ints, Ints, Ints]:
    """What Groups is made of, from a generation."""
    parts = ("of", "starts", "docs")
    of, starts, docs = (load_array(directory, f"{name}.{part}") for part in parts)
    return of, starts, docs
