"""How alike two posts are, as a sum of parts that each say what the posts share.

The text and the tags of both are compared by cosine, the text by what is strongest in the source's.
Mentions compare what one is called with what the other says: the words of a title, and less so of
a summary, in the other's prose.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from search.embedded.snapshot import Snapshot
from search.embedded.vectors import Rows, Vector, total
from search.related_results import ReasonKind

SOURCE_TERMS: Final = 150
"""A source's text is compared by so many of its strongest terms. By the links between posts, on one
blog of three sites this is better than all of them, and on another 48 are 0.03 worse; the rest are
common words, which cost most and tell least."""

_BLOCKS: Final[Mapping[str, tuple[str, ReasonKind]]] = {
    "text": ("text", "term"),
    "mentioned_there": ("text", "mention"),
    "mentioned_here": ("text", "mention"),
    "tags": ("tags", "tag"),
}
"""The comparisons that RELATED_WEIGHTS weighs: whose columns each has, and the kind of reason."""

_BLOCK_NAMES: Final = ("tags", "text")

_MAX_COLUMNS: Final = 1 << 32

_KINDS: Final[tuple[ReasonKind, ...]] = ("term", "mention", "tag")

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class Part(NamedTuple):
    """What two posts share, and how much of their likeness it accounts for."""

    contribution: float
    kind: ReasonKind
    block: str
    column: int


class Parts:
    """All that two posts share; the contributions together are their likeness."""

    def __init__(self, owed: Floats, blocks: Ints, columns: Ints) -> None:
        self._owed = owed
        self._blocks = blocks
        self._columns = columns

    def largest(self, count: int | None = None) -> list[Part]:
        """The most telling parts first: `count` of them, or all; ties by block and column."""
        together, kinds = self._owed.sum(axis=0), self._owed.argmax(axis=0)
        order = np.argsort(-together, kind="stable")[:count]
        rows = (together[order], kinds[order], self._blocks[order], self._columns[order])
        return [
            Part(contribution, _KINDS[kind], _BLOCK_NAMES[block], column)
            for contribution, kind, block, column in zip(*map(np.ndarray.tolist, rows), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Source:
    """What posts are compared with: a weighted vector for each comparison that there is one for.

    Likeness is linear in these vectors: that of several sources together is the sum of theirs.
    """

    vectors: Mapping[str, Vector]

    @classmethod
    def of_document(cls, docnum: int, snapshot: Snapshot) -> "Source":
        """A post."""
        return cls.of_vectors(cls.compared(docnum, snapshot), snapshot)

    @staticmethod
    def compared(docnum: int, snapshot: Snapshot) -> dict[str, Vector]:
        """What a post is compared by: for each comparison a vector of length 1, or an empty one."""
        compared = {name: block.row(docnum) for name, block in snapshot.vectors.items()}
        compared["text"] = compared["text"].strongest(SOURCE_TERMS)
        compared["mentioned_there"] = snapshot.names.row(docnum)
        compared["mentioned_here"] = snapshot.bodies.row(docnum)
        return compared

    @classmethod
    def of_vectors(cls, compared: Mapping[str, Vector], snapshot: Snapshot) -> "Source":
        """What has these vectors of length 1, of which some may be missing or empty.

        The weights of those that are there add up to 1.
        """
        present = {name: vector for name, vector in compared.items() if not vector.is_empty}
        if "text" in present:
            present["text"] = present["text"].strongest(SOURCE_TERMS)
        weights = snapshot.tuning.related.weights
        whole = sum(weights[name] for name in present) or 1.0
        return cls({name: vector.times(weights[name] / whole) for name, vector in present.items()})

    @classmethod
    def of_several(cls, shared: Sequence[tuple[float, "Source"]]) -> "Source":
        """Several sources as one, each counting as its share."""
        by_name: dict[str, list[Vector]] = {}
        for share, source in shared:
            for name, vector in source.vectors.items():
                by_name.setdefault(name, []).append(vector.times(share))
        return cls({name: total(vectors) for name, vectors in by_name.items()})

    def likeness(self, snapshot: Snapshot) -> Floats:
        """How alike every document is, from 0 to 1."""
        alike = np.zeros(len(snapshot.documents))
        for _, vector, rows in self._comparisons(snapshot):
            alike += rows.products(vector)
        return alike

    def likeness_of(self, docnums: Ints, snapshot: Snapshot) -> Floats:
        """How alike some documents are, from 0 to 1."""
        alike = np.zeros(len(docnums))
        for _, vector, rows in self._comparisons(snapshot):
            alike += rows.pooled(docnums).products(vector)
        return alike

    def parts_of(self, docnums: Ints, snapshot: Snapshot) -> list[Parts]:
        """What each of some documents shares with the source, in their order.

        A word that counts as shared and as mentioned is one part, of the kind that it owes more to.
        """
        found = [
            (rows.pooled(docnums).shared(vector), *_BLOCKS[name])
            for name, vector, rows in self._comparisons(snapshot)
        ]
        if not found:
            nothing = np.zeros(0, np.int64)
            return [Parts(np.zeros((1, 0)), nothing, nothing) for _ in docnums]
        # One number for a column of a block of a document, in this order.
        keys = [
            (shared.rows * len(_BLOCK_NAMES) + _BLOCK_NAMES.index(block)) * _MAX_COLUMNS
            + shared.columns
            for shared, block, _ in found
        ]
        places, of_entry = np.unique(np.concatenate(keys), return_inverse=True)
        kinds = [np.full(len(shared.rows), _KINDS.index(kind)) for shared, _, kind in found]
        owed = _sums(
            np.concatenate(kinds) * len(places) + of_entry,
            np.concatenate([shared.products for shared, _, _ in found]),
            (len(_KINDS), len(places)),
        )
        blocks, columns = np.divmod(places, _MAX_COLUMNS)
        rows, blocks = np.divmod(blocks, len(_BLOCK_NAMES))
        bounds = np.searchsorted(rows, np.arange(len(docnums) + 1))
        return [
            Parts(owed[:, start:end], blocks[start:end], columns[start:end])
            for start, end in pairwise(bounds.tolist())
        ]

    def _comparisons(self, snapshot: Snapshot) -> Iterator[tuple[str, Vector, Rows]]:
        """Of what with what the likeness is the sum of products."""
        rows: Mapping[str, Rows] = {
            **snapshot.vectors,
            "mentioned_there": snapshot.bodies,
            "mentioned_here": snapshot.names,
        }
        for name, vector in self.vectors.items():
            yield name, vector, rows[name]


def _sums(places: Ints, values: npt.NDArray[np.float32], shape: tuple[int, int]) -> Floats:
    """A table with the sum of the values that belong at each of its places."""
    counted = np.bincount(places, values, minlength=shape[0] * shape[1])
    return np.asarray(counted, np.float64).reshape(shape)
