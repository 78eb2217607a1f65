"""How alike two posts are, as a sum of parts that each say what the posts share.

The text and the tags of both are compared by cosine, the text by what is strongest in the source's.
Mentions compare what one is called with what the other says: the words of a title, and less so of
a summary, in the other's prose.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from search.embedded.snapshot import Snapshot
from search.embedded.vectors import Rows, Vector, contributions, total
from search.results import ReasonKind

SOURCE_TERMS: Final = 64
"""A source's text is compared by so many of its strongest terms. By the links between posts, 48 to
250 are equally good; the rest are common words, which cost most and tell least."""

_BLOCKS: Final[Mapping[str, tuple[str, ReasonKind]]] = {
    "text": ("text", "term"),
    "mentioned_there": ("text", "mention"),
    "mentioned_here": ("text", "mention"),
    "tags": ("tags", "tag"),
}
"""The comparisons that RELATED_WEIGHTS weighs: whose columns each has, and the kind of reason."""

_BLOCK_NAMES: Final = ("tags", "text")

_KINDS: Final[tuple[ReasonKind, ...]] = ("term", "mention", "tag")

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class Part(NamedTuple):
    """What two posts share, and how much of their likeness it accounts for."""

    contribution: float
    kind: ReasonKind
    block: str
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """What posts are compared with: a weighted vector for each comparison that there is one for.

    Likeness is linear in these vectors: that of several sources together is the sum of theirs.
    """

    vectors: Mapping[str, Vector]

    @classmethod
    def of_document(cls, docnum: int, snapshot: Snapshot) -> "Source":
        """A post."""
        compared = {name: block.row(docnum) for name, block in snapshot.vectors.items()}
        compared["mentioned_there"] = snapshot.names.row(docnum)
        compared["mentioned_here"] = snapshot.bodies.row(docnum)
        return cls.of_vectors(compared, snapshot)

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

    def parts(self, docnum: int, snapshot: Snapshot) -> Iterator[Part]:
        """What a document shares with the source, most telling first.

        All contributions together are its likeness. A word that counts as shared and as mentioned
        is one part, of the kind that it owes more to.
        """
        columns, products, kinds = [], [], []
        for name, vector, rows in self._comparisons(snapshot):
            shared, product = contributions(vector, rows.row(docnum))
            block, kind = _BLOCKS[name]
            # One number for a column of a block, in the order of blocks and then of columns.
            columns.append(shared.astype(np.int64) + (_BLOCK_NAMES.index(block) << 32))
            products.append(product)
            kinds.append(np.full(len(shared), _KINDS.index(kind)))
        if not columns:
            return
        places, of_place = np.unique(np.concatenate(columns), return_inverse=True)
        owed = np.zeros((len(_KINDS), len(places)))
        np.add.at(owed, (np.concatenate(kinds), of_place), np.concatenate(products))
        together, kind_of = owed.sum(axis=0), owed.argmax(axis=0)
        for at in np.argsort(-together, kind="stable").tolist():
            block_number, column = divmod(int(places[at]), 1 << 32)
            yield Part(float(together[at]), _KINDS[kind_of[at]], _BLOCK_NAMES[block_number], column)

    def _comparisons(self, snapshot: Snapshot) -> Iterator[tuple[str, Vector, Rows]]:
        """Of what with what the likeness is the sum of products."""
        rows: Mapping[str, Rows] = {
            **snapshot.vectors,
            "mentioned_there": snapshot.bodies,
            "mentioned_here": snapshot.names,
        }
        for name, vector in self.vectors.items():
            yield name, vector, rows[name]
