"""The phrases that posts are called by: two or three words of a title in a row.

Small words between them are passed over. A post that says `network policy` means the post of that
name more surely than one that has both words somewhere.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from index.analysis import Tokens, stop_terms

PHRASE_WORDS: Final = (2, 3)
"""Words of a phrase. By the links between posts on six sites, both are better than either alone,
and phrases of four add nothing."""


class TitlePhrase(NamedTuple):
    """A phrase: its terms, and the positions that it goes from and to."""

    terms: tuple[str, ...]
    first: int
    last: int


def title_phrases(found: Tokens, language: str) -> Iterator[TitlePhrase]:
    """Every phrase of an analysed text in its language, repeats included."""
    small = stop_terms(language)
    said = [(term, at) for at, term in enumerate(plain_terms(found)) if term not in small]
    for words in PHRASE_WORDS:
        for start in range(len(said) - words + 1):
            run = said[start : start + words]
            yield TitlePhrase(tuple(term for term, _ in run), run[0][1], run[-1][1])


def column_name(terms: Sequence[str]) -> str:
    """What a phrase's column is called."""
    return " ".join(terms)


def terms_of_column(name: str) -> Sequence[str]:
    """The terms of the phrase whose column is called so."""
    return name.split(" ")


def plain_terms(found: Tokens) -> Sequence[str]:
    """Of each position the first of its terms, in the order of their characters."""
    if len(found.terms) == len(found.starts):
        return found.terms
    first: dict[int, str] = {}
    for term, position in zip(found.terms, found.positions, strict=True):
        first[position] = min(term, first.get(position, term))
    return list(first.values())
