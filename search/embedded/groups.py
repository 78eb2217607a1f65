"""Posts that belong together: the parts of a series, and the translations of a post."""

from pathlib import Path

import numpy as np

from search.embedded.labels import Ints, Mask
from search.embedded.sortedstrings import SortedStrings, load_array


class Groups:
    """Groups of documents, none of which is in two; read from disk as they are asked for.

    `group_of` has the group of each document, counted from 0, and -1 for a document in none.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self.group_of: Ints = load_array(directory, f"{name}.of")
        self._starts = load_array(directory, f"{name}.starts")
        self._docs = load_array(directory, f"{name}.docs")

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

    def __init__(self, directory: Path, name: str) -> None:
        super().__init__(directory, name)
        self._names = SortedStrings(directory, f"{name}.names")
        self._parts = load_array(directory, f"{name}.parts")

    def name(self, docnum: int) -> str:
        """What the series of a document is called; empty for a document in none."""
        group = self.group_of[docnum]
        return str(self._names[int(group)]) if group >= 0 else ""

    def part(self, docnum: int) -> int:
        """The number of a document within its series; 0 for a document in none."""
        return int(self._parts[docnum])
