"""The fields of a post, how much each counts, and the Whoosh schema made of them.

Positions are kept in every field, for phrases. Words are found in `text`, a field of all
fields, in which a term's weight is the finished inner sum of BM25F: Whoosh's own BM25 over it is
BM25F over all. Whoosh is handed terms that are analysed already; its own query parsers get the same
terms from the field's analyzer.
"""

from collections.abc import Generator, Mapping
from typing import Any, Final

from whoosh import fields, formats

from index.analysis import SignpostAnalyzer

SCHEMA_VERSION: Final = 2
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

_POSITIONS = formats.Positions()  # the format that `phrase=True` gives a text field
_EXISTENCE = formats.Existence()


class AnalyzedText(fields.TEXT):
    """A text field that is indexed from the positions of its terms."""

    def __init__(self) -> None:
        super().__init__(analyzer=SignpostAnalyzer(), phrase=True)

    def index(
        self, value: Mapping[str, list[int]], **_options: Any
    ) -> Generator[tuple[bytes, int, float, bytes], None, None]:
        """Whoosh's posting of each term: bytes, frequency, weight, encoded positions."""
        encode = _POSITIONS.encode
        for term, positions in value.items():
            frequency = len(positions)
            yield term.encode(), frequency, float(frequency), encode(positions)


class WeighedText(fields.TEXT):
    """A text field without positions that is indexed from the weights of its terms."""

    def __init__(self) -> None:
        super().__init__(analyzer=SignpostAnalyzer(), phrase=False)
        self.format = _EXISTENCE

    def index(
        self, value: Mapping[str, float], **_options: Any
    ) -> Generator[tuple[bytes, int, float, bytes], None, None]:
        """Whoosh's posting of each term: bytes, frequency, weight, nothing."""
        for term, weight in value.items():
            yield term.encode(), 1, weight, b""


def whoosh_schema() -> fields.Schema:
    """The schema of the full-text index."""
    return fields.Schema(
        path=fields.ID(stored=True, unique=True),
        **{name: AnalyzedText() for name in FIELD_BOOSTS},
        **{WEIGHED_FIELD: WeighedText()},
    )
