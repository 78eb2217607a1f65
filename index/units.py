"""A post as a row of units.

The head comes first, then each section's heading, prose and code. A unit is what no phrase leads
out of; the place of a word is a unit and a position in it.
"""

from typing import NamedTuple

from index.layout import HEAD_FIELDS, SECTION_FIELDS
from index.post import Post


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
    texts = [head[name] for name in HEAD_FIELDS]
    for section in post.sections:
        texts += (section.title, section.text, section.code)
    return list(map(Unit, unit_fields(len(post.sections)), texts))


def unit_fields(sections: int) -> tuple[str, ...]:
    """The field of each unit of a post that has so many sections."""
    return HEAD_FIELDS + SECTION_FIELDS * sections
