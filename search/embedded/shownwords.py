"""A word as the site writes it, for people to read."""

from typing import NamedTuple


class ShownWord(NamedTuple):
    """What a column of the vectors stands for, as the site writes it, and folded.

    `terms` are those of the words that a compound is made of; other words have none.
    """

    term: str
    shown: str
    folded: str
    terms: frozenset[str] = frozenset()
