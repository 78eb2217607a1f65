"""Tags, categories, authors and the like, as columns: filters and facet counts over all posts."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.analysis import fold

Mask = npt.NDArray[np.bool_]
"""One flag per document."""


class LabelColumn:
    """The values that each document has in one field, letter case and accents aside.

    `values` are the distinct values, each in the spelling that most posts use.
    """

    def __init__(self, labels_by_document: Sequence[Sequence[str]]) -> None:
        spellings: dict[str, Counter[str]] = {}
        pairs: dict[tuple[int, str], None] = {}
        for docnum, labels in enumerate(labels_by_document):
            for label in labels:
                folded = fold(label)
                spellings.setdefault(folded, Counter())[label] += 1
                pairs[docnum, folded] = None
        self._number = {folded: number for number, folded in enumerate(spellings)}
        self.values = [_commonest(counts) for counts in spellings.values()]
        self._documents = np.array([docnum for docnum, _ in pairs], np.int32)
        self._labels = np.array([self._number[folded] for _, folded in pairs], np.int32)
        self._size = len(labels_by_document)

    def shown(self, folded: str) -> str:
        """The spelling of a folded value that most posts use."""
        return self.values[self._number[folded]]

    def mask(self, wanted: Sequence[str]) -> Mask:
        """The documents that have any of the wanted values."""
        numbers = [self._number[folded] for folded in map(fold, wanted) if folded in self._number]
        mask = np.zeros(self._size, np.bool_)
        mask[self._documents[np.isin(self._labels, numbers)]] = True
        return mask

    def counts(self, among: Mask) -> list[tuple[str, int]]:
        """How many of the documents in `among` have each value; most first, then by value."""
        labels = self._labels[among[self._documents]]
        counts = np.bincount(labels, minlength=len(self.values)).tolist()
        present = [
            (value, count) for value, count in zip(self.values, counts, strict=True) if count
        ]
        return sorted(present, key=lambda pair: (-pair[1], pair[0]))


def _commonest(counts: Counter[str]) -> str:
    return min(counts, key=lambda spelling: (-counts[spelling], spelling))
