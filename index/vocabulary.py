"""The site's own words: how each is written, how often, and which term it becomes.

Stems are for matching, not for showing. What a reader sees (a correction, a reason) is one of the
words that the site itself uses, in the form in which it uses it most.
"""

from collections import Counter
from collections.abc import Mapping
from operator import attrgetter
from typing import Final, NamedTuple

from index.sitewords import SiteWords

MIN_SHOWN_SHARE: Final = 0.5
"""A capitalized form is shown only where at least this share of the uses has it."""


class Word(NamedTuple):
    """A folded word: its term, and in how many documents it stands."""

    surface: str
    term: str
    documents: int


def words_of(site: SiteWords) -> list[Word]:
    """Every folded word of all posts, in alphabetical order; then by term."""
    counts = zip(site.table.words, site.word_posts().tolist(), strict=True)
    found = [Word(surface, term, documents) for (surface, term), documents in counts if documents]
    found.sort(key=attrgetter("term"))
    found.sort(key=attrgetter("surface"))  # equal ones stay; strings are compared faster than pairs
    return found


def shown_forms(site: SiteWords) -> dict[str, str]:
    """For each term of a whole word, the form to show: as the site writes it most often."""
    uses = site.form_uses().tolist()
    forms: dict[str, dict[str, int]] = {}
    for number, word, terms in site.table.written:
        if times := uses[number]:
            for term in terms:
                counts = forms.setdefault(term, {})
                counts[word] = counts.get(word, 0) + times
    return {term: _most_used(counts) for term, counts in forms.items()}


def _most_used(counts: Mapping[str, int]) -> str:
    """The most used form; a small one where a capital may only be due to starting a sentence."""
    if len(counts) == 1:
        return next(iter(counts))
    lower = Counter[str]()
    for word, uses in counts.items():
        lower[word.lower()] += uses
    common, total = min(lower.items(), key=lambda item: (-item[1], len(item[0]), item[0]))
    written = {word: uses for word, uses in counts.items() if word.lower() == common}
    best, uses = min(written.items(), key=lambda item: (-item[1], item[0]))
    return best if uses >= MIN_SHOWN_SHARE * total else common
