"""The Whoosh fields of a post, and how much each counts.

Positions are kept in every field, for phrases. Whoosh is handed terms that are analysed already;
its own query parsers get the same terms from the field's analyzer.
"""

from collections.abc import Generator, Mapping
from typing import Any, Final

from whoosh import fields, formats

from index.analysis import SignpostAnalyzer
from index.post import Post

SCHEMA_VERSION: Final = 1
"""Raised with every change that an index on disk has to be rebuilt for."""

FIELD_BOOSTS: Final[Mapping[str, float]] = {
    "title": 2.5,  # what the author says it is about
    "headings": 1.5,
    "keywords": 3.0,  # `search.keywords`: the author asks to be found by these
    "tags": 1.0,  # broad, and shared by many posts
    "categories": 0.5,
    "authors": 1.5,
    "summary": 1.5,
    "body": 1.0,
    "address": 0.5,  # the words and dates of the path: what the author called the file
    "code": 0.4,  # a word in a listing says less than the same word in prose
}
"""A term's score in a field is multiplied by this; `python -m bench relevance` measures them."""

BM25_K1: Final = 1.2
BM25_B: Final[Mapping[str, float]] = {
    "title": 0.4,  # titles are short by nature; a long one is no less about its words
    "headings": 0.5,
    "keywords": 0.0,
    "tags": 0.3,
    "categories": 0.0,
    "authors": 0.0,
    "summary": 0.5,
    "body": 0.7,
    "address": 0.0,
    "code": 0.7,
}
"""How strongly a field's length counts against a match: 0 not at all, 1 in full."""


_POSITIONS = formats.Positions()  # the format that `phrase=True` gives a text field


class AnalyzedText(fields.TEXT):
    """A text field that is indexed from `positions_by_term` of its text."""

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


def whoosh_schema() -> fields.Schema:
    """The schema of the full-text index."""
    return fields.Schema(
        path=fields.ID(stored=True, unique=True),
        **{name: AnalyzedText() for name in FIELD_BOOSTS},
    )


def field_texts(post: Post) -> dict[str, str]:
    """A post's text for each field of `FIELD_BOOSTS`, before analysis."""
    return {
        "title": post.title,
        "headings": "\n".join(section.title for section in post.sections),
        "keywords": "\n".join(post.search.keywords),
        "tags": "\n".join(post.tags),
        "categories": "\n".join(post.categories),
        "authors": "\n".join(post.authors),
        "summary": post.summary,
        "body": "\n".join(section.text for section in post.sections),
        "address": post.path.replace("/", " "),
        "code": "\n".join(section.code for section in post.sections if section.code),
    }
