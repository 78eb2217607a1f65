"""The fields of a post, how much each counts, and the Whoosh schema made of them.

Positions are kept in every field, for phrases. Words are found in `text`, a field of all
fields, in which a term's weight is the finished inner sum of BM25F: Whoosh's own BM25 over it is
BM25F over all. Whoosh is handed terms that are analysed already; its own query parsers get the same
terms from the field's analyzer.
"""

import struct
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Final

from whoosh import fields, formats

from index.analysis import SignpostAnalyzer

SCHEMA_VERSION: Final = 3
"""Raised with every change that an index on disk has to be rebuilt for."""

FIELD_BOOSTS: Final[Mapping[str, float]] = {
    "title": 4.0,  # what the author says it is about
    "keywords": 3.0,  # `search.keywords`: the author asks to be found by these
    "tags": 2.0,
    "categories": 0.5,
    "authors": 1.5,
    "summary": 1.5,
    "address": 1.0,  # the words and dates of the path: what the author called the file
    "headings": 2.5,
    "body": 1.0,
    "code": 0.4,  # a word in a listing says less than the same word in prose
}
"""A use of a term in a field counts this much; `python -m bench relevance` measures them."""

BM25_K1: Final = 2.0
"""How far the first uses of a term go: at this weight a term has half of all it can get. From 1.2
to 2.5, nDCG@10 on the judged collections is within 0.006; 2 is best or nearly so on each."""

BM25_B: Final[Mapping[str, float]] = {
    "title": 0.4,  # titles are short by nature; a long one is no less about its words
    "keywords": 0.0,
    "tags": 0.3,
    "categories": 0.0,
    "authors": 0.0,
    "summary": 0.5,
    "address": 0.0,
    "headings": 0.5,
    "body": 0.8,
    "code": 0.7,
}
"""How strongly a field's length counts against a use: 0 not at all, 1 in full."""

WEIGHED_FIELD: Final = "text"
"""The Whoosh field of all fields."""


class PackedPositions(formats.Positions):
    """Positions as the bytes of their differences: 1, 2 or 4 bytes for each, and which of these.

    The same positions as Whoosh's own format keeps, in a fifth of the bytes.
    """

    def encode(self, poslist: Sequence[int]) -> bytes:
        """The bytes of rising positions."""
        steps = [after - before for before, after in pairwise([0, *poslist])]
        width = next(width for width in WIDTHS if max(steps, default=0) < 256**width)
        return bytes([width]) + struct.pack(f"<{len(steps)}{WIDTHS[width]}", *steps)

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """The positions that `encode` was given."""
        width = valuestring[0]
        count = (len(valuestring) - 1) // width
        return list(accumulate(struct.unpack_from(f"<{count}{WIDTHS[width]}", valuestring, 1)))

    def decode_frequency(self, valuestring: bytes) -> int:
        """How many positions there are."""
        return (len(valuestring) - 1) // valuestring[0]


WIDTHS: Final[Mapping[int, str]] = {1: "B", 2: "H", 4: "I"}
"""Bytes of a difference of positions, and what struct calls them."""


class AnalyzedText(fields.TEXT):
    """A text field with the positions of its terms."""

    def __init__(self) -> None:
        super().__init__(analyzer=SignpostAnalyzer(), phrase=True)
        self.format = PackedPositions()


class WeighedText(fields.TEXT):
    """A text field without positions whose terms have weights."""

    def __init__(self) -> None:
        super().__init__(analyzer=SignpostAnalyzer(), phrase=False)
        self.format = formats.Existence()


def whoosh_schema() -> fields.Schema:
    """The schema of the full-text index."""
    return fields.Schema(
        path=fields.ID(stored=True, unique=True),
        **{name: AnalyzedText() for name in FIELD_BOOSTS},
        **{WEIGHED_FIELD: WeighedText()},
    )
