"""Lines that stand in most posts, such as a footer or a licence: they make no two posts alike."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from index.analysis import positions_by_term
from index.postspool import PostSpool
from index.storedpost import StoredPost

MIN_SHARE: Final = 0.5
"""A line of so many of the posts, or more, was put there by a template or by habit."""

MIN_POSTS: Final = 3
"""Two posts with the same line may well be about the same."""

MAX_SAMPLED_POSTS: Final = 1_000
"""Lines are counted in so many posts, spread evenly: enough for a share, and bounded memory."""

REMEMBERED_LINES: Final = 256
"""More lines than this stand in most posts of hardly any site."""


_FIELDS: Final = frozenset({"summary", "headings", "body"})


class Boilerplate:
    """Knows the lines that stand in most of some posts."""

    def __init__(self, posts: Sequence[StoredPost] | PostSpool) -> None:
        step = max(1, -(-len(posts) // MAX_SAMPLED_POSTS))
        sampled = range(0, len(posts), step)
        counts = Counter[str]()
        for at in sampled:
            counts.update({line for _, line in _lines(posts[at])})
        least = max(MIN_POSTS, MIN_SHARE * len(sampled))
        self._repeated = frozenset(line for line, count in counts.items() if count >= least)

    def terms(self, post: StoredPost) -> Mapping[str, Counter[str]]:
        """How often each term stands in such lines of a post, by field."""
        by_field: dict[str, Counter[str]] = {}
        if self._repeated:
            for field, line in _lines(post):
                if line in self._repeated:
                    counts = by_field.setdefault(field, Counter())
                    counts.update(_terms(line, post.language))
        return by_field


def _lines(post: StoredPost) -> Iterator[tuple[str, str]]:
    """The paragraphs of a post, its headings and its summary, each with its field."""
    for field, text in post.units():
        if field in _FIELDS:
            for line in filter(None, text.split("\n")):
                yield field, line


@lru_cache(maxsize=REMEMBERED_LINES)
def _terms(line: str, language: str) -> Counter[str]:
    positions = positions_by_term(line, language)
    return Counter({term: len(where) for term, where in positions.items()})
