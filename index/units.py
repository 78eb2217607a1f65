"""A post as a row of units, and how long its fields are beside those of others.

The head comes first, then each section's heading, prose and code. A unit is what no phrase leads
out of; the place of a word is a unit and a position in it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from index.layout import HEAD_FIELDS, SECTION_FIELDS
from index.post import Post
from index.schema import BM25_B, FIELD_BOOSTS


class Unit(NamedTuple):
    """A piece of a post that no phrase leads out of: its field, and its text before analysis."""

    field: str
    text: str


def units_of(post: Post) -> list[Unit]:
    """A post's units: HEAD_FIELDS, then SECTION_FIELDS for each of its sections, empty or not."""
    head = {
        "title": post.title,
        "keywords": "\n".join(post.search.keywords),
        "tags": "\n".join(post.tags),
        "categories": "\n".join(post.categories),
        "authors": "\n".join(post.authors),
        "summary": post.summary,
        "address": post.path.replace("/", " "),
    }
    units = [Unit(name, head[name]) for name in HEAD_FIELDS]
    for section in post.sections:
        texts = (section.title, section.text, section.code)
        units.extend(map(Unit, SECTION_FIELDS, texts))
    return units


def field_chars(units: Sequence[Unit]) -> dict[str, int]:
    """How many characters a post has in each field that it has any in."""
    chars: dict[str, int] = {}
    for unit in units:
        if unit.text:
            chars[unit.field] = chars.get(unit.field, 0) + len(unit.text)
    return chars


class FieldLengths:
    """How long each field is, in characters: what BM25F measures a post's own length by."""

    def __init__(self) -> None:
        self._chars = dict.fromkeys(FIELD_BOOSTS, 0)
        self._documents = 0

    def add(self, units: Sequence[Unit]) -> None:
        """Counts one post."""
        self._documents += 1
        for name, chars in field_chars(units).items():
            self._chars[name] += chars

    def use_weights(self, units: Sequence[Unit]) -> dict[str, float]:
        """What one use of a term in each field of a post counts: the boost by the length norm.

        boost / (1 - b + b * length / average length), Robertson and Zaragoza 2009, equation 3.18;
        lengths in characters, which mean the same in scripts with and without spaces.
        """
        weights: dict[str, float] = {}
        for name, chars in field_chars(units).items():
            b = BM25_B[name]
            relative = chars * self._documents / self._chars[name]
            weights[name] = FIELD_BOOSTS[name] / (1 - b + b * relative)
        return weights
