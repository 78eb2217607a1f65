"""How alike two posts are, as a sum of parts that each say what the posts share.

The texts of both are compared by cosine, by what is strongest in the source's; tags and categories
by those that both have. Mentions compare what one is called with what the other says: the words of
a title, and less so of a summary, in the other's prose; and the phrases of a title.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.blocks import BLOCKS
from search.embedded.snapshot import Snapshot
from search.embedded.sparse import Vector, joined, total
from search.related_results import ReasonKind

SOURCE_TERMS: Final = 150
"""A source's text is compared by so many of its strongest terms. By the links between posts, on one
blog of three sites this is better than all of them, and on another 48 are 0.03 worse; the rest are
common words, which cost most and tell least."""


class Comparison(NamedTuple):
    """One of the comparisons that RELATED_WEIGHTS weighs: a source's block with one of the others.

    The columns of both stand for the same, in the same order, as those of the block `words` do.
    What is shared is a reason of a `kind`.
    """

    source_block: str
    other_block: str
    words: str
    kind: ReasonKind


COMPARISONS: Final[Mapping[str, Comparison]] = {
    "text": Comparison("text", "text", "text", "term"),
    "mentioned_there": Comparison("names", "bodies", "text", "mention"),
    "mentioned_here": Comparison("bodies", "names", "text", "mention"),
    "phrases_there": Comparison("phrases", "said", "phrases", "mention"),
    "phrases_here": Comparison("said", "phrases", "phrases", "mention"),
    "tags": Comparison("tags", "tags", "tags", "tag"),
    "categories": Comparison("categories", "categories", "categories", "category"),
}
"""By the names of their weights. Each block is the other one in one of them."""

_BY_OTHER_BLOCK: Final = {comparison.other_block: comparison for comparison in COMPARISONS.values()}

_KINDS: Final[tuple[ReasonKind, ...]] = ("term", "mention", "tag", "category")

_KIND_OF_BLOCK: Final = np.array([_KINDS.index(_BY_OTHER_BLOCK[block].kind) for block in BLOCKS])

_WORDS_OF_BLOCK: Final = np.array([BLOCKS.index(_BY_OTHER_BLOCK[block].words) for block in BLOCKS])

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class Part(NamedTuple):
    """What two posts share, and how much of their likeness it accounts for.

    The word is that of a `column` of the snapshot's matrix.
    """

    contribution: float
    kind: ReasonKind
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """What posts are compared with: a weighted vector in the columns of the snapshot's matrix.

    Likeness is linear in it: that of several sources together is the sum of theirs.
    """

    vector: Vector

    @classmethod
    def of_document(cls, docnum: int, snapshot: Snapshot) -> "Source":
        """A post."""
        return cls.of_vectors(cls.compared(docnum, snapshot), snapshot)

    @staticmethod
    def compared(docnum: int, snapshot: Snapshot) -> dict[str, Vector]:
        """What a post is compared by: for each comparison a vector of length 1, or an empty one."""
        return {
            name: snapshot.rows[comparison.source_block].row(docnum)
            for name, comparison in COMPARISONS.items()
        }

    @classmethod
    def of_vectors(cls, compared: Mapping[str, Vector], snapshot: Snapshot) -> "Source":
        """What has these vectors of length 1, of which some may be missing or empty.

        The weights of those that are there add up to 1.
        """
        weights = snapshot.tuning.related.weights
        whole = sum(weights[name] for name in compared if not compared[name].is_empty) or 1.0
        shares = {name: weights[name] / whole for name in compared}
        return cls.of_weighted(compared, shares, snapshot)

    @classmethod
    def of_weighted(
        cls, compared: Mapping[str, Vector], weights: Mapping[str, float], snapshot: Snapshot
    ) -> "Source":
        """What has these vectors of length 1, or empty ones, each weighing so much."""
        weighted = []
        for name, vector in compared.items():
            told = vector.strongest(SOURCE_TERMS) if name == "text" else vector
            others = snapshot.rows[COMPARISONS[name].other_block]
            weighted.append(others.placed(told.times(weights[name])))
        return cls(joined(weighted))

    @classmethod
    def of_several(cls, shared: Sequence[tuple[float, "Source"]]) -> "Source":
        """Several sources as one, each counting as its share."""
        return cls(total([source.vector.times(share) for share, source in shared]))

    def likeness(self, snapshot: Snapshot) -> Floats:
        """How alike every document is, from 0 to 1."""
        return snapshot.matrix.products(self.vector)

    def likeness_of(self, docnums: Ints, snapshot: Snapshot) -> Floats:
        """How alike some documents are, from 0 to 1."""
        return snapshot.matrix.pooled(docnums).products(self.vector)

    def parts_of(
        self, docnums: Ints, snapshot: Snapshot, count: int | None = None
    ) -> list[list[Part]]:
        """What each of some documents shares with the source: all parts together are the likeness.

        The largest first, ties by column; `count` of them, or all. A word that counts as shared and
        as mentioned is one part, of the kind that it owes more to.
        """
        matrix = snapshot.matrix
        shared = matrix.pooled(docnums).shared(self.vector)
        blocks = matrix.blocks_of(shared.columns)
        first_columns = matrix.starts[:-1]
        words = shared.columns + (first_columns[_WORDS_OF_BLOCK] - first_columns)[blocks]
        # One number for a word of a document, in this order.
        places, of_entry = np.unique(shared.rows * matrix.columns + words, return_inverse=True)
        owed = _sums(
            _KIND_OF_BLOCK[blocks] * len(places) + of_entry,
            shared.products,
            (len(_KINDS), len(places)),
        )
        contributions, kinds = owed.sum(axis=0), owed.argmax(axis=0)
        rows, columns = np.divmod(places, matrix.columns)
        order = np.lexsort((-contributions, rows))
        ranked = [values[order].tolist() for values in (contributions, kinds, columns)]
        bounds = np.searchsorted(rows, np.arange(len(docnums) + 1)).tolist()
        return [
            [
                Part(contribution, _KINDS[kind], column)
                for contribution, kind, column in zip(
                    *(values[start:end][:count] for values in ranked), strict=True
                )
            ]
            for start, end in pairwise(bounds)
        ]


def _sums(places: Ints, values: npt.NDArray[np.float32], shape: tuple[int, int]) -> Floats:
    """A table with the sum of the values that belong at each of its places."""
    counted = np.bincount(places, values, minlength=shape[0] * shape[1])
    return np.asarray(counted, np.float64).reshape(shape)
