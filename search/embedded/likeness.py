"""How alike two posts are, as a sum of parts that each say what the posts share.

The text and the tags of both are compared by cosine. Mentions compare what one is called
with what the other says: the words of a title, and less so of a summary, in the other's prose.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from search.embedded.snapshot import Snapshot
from search.embedded.vectors import Rows, Vector, contributions
from search.results import ReasonKind

BLOCK_WEIGHTS: Final[Mapping[str, float]] = {
    "text": 0.15,
    "mentioned_there": 0.46,
    "mentioned_here": 0.29,
    "tags": 0.10,
}
"""How much each kind of likeness counts. The source's name is mentioned there, in the other's text;
the other's name is mentioned here. A source without something to compare is judged by the rest,
the weights scaled up to add up to 1 again, so that a score is always from 0 to 1.

By the links between posts (nDCG@5) on a blog and on a documentation site: text alone 0.38 and 0.42,
all together 0.53 and 0.50. Categories as a fifth, however light, gain 0.005 on the second and lose
0.01 on the first, where many posts share one; concepts (SVD) lose 0.01 on the first and gain
nothing. Either site moves by 0.01 with small changes."""

_REASON_KINDS: Final[Mapping[str, ReasonKind]] = {
    "text": "term",
    "mentioned_there": "mention",
    "mentioned_here": "mention",
    "tags": "tag",
}

_NOTHING: Final = Vector(np.zeros(0, np.int32), np.zeros(0, np.float32))

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class Part(NamedTuple):
    """What two posts share, and how much of their likeness it accounts for."""

    contribution: float
    kind: ReasonKind
    block: str
    column: int


class _Comparison(NamedTuple):
    """A vector of the source beside those of all posts; its columns are a block's."""

    kind: ReasonKind
    block: str
    weight: float
    vector: Vector
    rows: Rows


@dataclass(frozen=True, slots=True)
class Source:
    """What is compared with posts: its vector in each block, its name and its prose."""

    vectors: Mapping[str, Vector]
    name: Vector
    body: Vector

    @classmethod
    def of_document(cls, docnum: int, snapshot: Snapshot) -> "Source":
        """A post."""
        vectors = {name: block.row(docnum) for name, block in snapshot.vectors.items()}
        return cls(vectors, snapshot.names.row(docnum), snapshot.bodies.row(docnum))

    @classmethod
    def of_counts(cls, counts: Mapping[str, int], snapshot: Snapshot) -> "Source":
        """A text that is no post, by how often it has each term: prose without a name."""
        text = snapshot.vectors["text"].vector(counts)
        return cls({"text": text}, _NOTHING, text)

    @property
    def weights(self) -> dict[str, float]:
        """What each block weighs that the source has anything in; 1 together."""
        vectors = self._vectors()
        present = {name for name, vector in vectors.items() if len(vector.columns)}
        whole = sum(BLOCK_WEIGHTS[name] for name in present)
        return {name: weight / whole for name, weight in BLOCK_WEIGHTS.items() if name in present}

    def likeness(self, snapshot: Snapshot) -> Floats:
        """How alike every document is, from 0 to 1."""
        total = np.zeros(len(snapshot.documents))
        for compared in self._comparisons(snapshot):
            total += compared.weight * compared.rows.products(compared.vector)
        return total

    def likeness_of(self, docnums: Ints, snapshot: Snapshot) -> Floats:
        """How alike some documents are, from 0 to 1."""
        total = np.zeros(len(docnums))
        for compared in self._comparisons(snapshot):
            total += compared.weight * compared.rows.products_with(compared.vector, docnums)
        return total

    def parts(self, docnum: int, snapshot: Snapshot) -> list[Part]:
        """What a document shares with the source, most telling first.

        All contributions together are its likeness. A word that counts as shared and as mentioned
        is one part, of the kind that it owes more to.
        """
        shared: defaultdict[tuple[str, int], dict[ReasonKind, float]] = defaultdict(dict)
        for kind, block, weight, vector, rows in self._comparisons(snapshot):
            for column, product in contributions(vector, rows.row(docnum)).items():
                by_kind = shared[block, column]
                by_kind[kind] = by_kind.get(kind, 0.0) + weight * product
        parts = [
            Part(sum(by_kind.values()), max(by_kind, key=lambda kind: by_kind[kind]), *place)
            for place, by_kind in shared.items()
        ]
        return sorted(parts, key=lambda part: (-part.contribution, part.block, part.column))

    def _comparisons(self, snapshot: Snapshot) -> Iterator[_Comparison]:
        """Of what with what the likeness is the weighted sum of products."""
        rows = {
            **snapshot.vectors,
            "mentioned_there": snapshot.bodies,
            "mentioned_here": snapshot.names,
        }
        vectors = self._vectors()
        for name, weight in self.weights.items():
            block = name if name in snapshot.vectors else "text"
            yield _Comparison(_REASON_KINDS[name], block, weight, vectors[name], rows[name])

    def _vectors(self) -> dict[str, Vector]:
        """What is compared, by the names of BLOCK_WEIGHTS."""
        return {**self.vectors, "mentioned_there": self.name, "mentioned_here": self.body}
