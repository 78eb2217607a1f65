"""The site's own words: how each is written, how often, and which term it becomes.

Stems are for matching, not for showing. What a reader sees (a correction, a reason) is one of the
words that the site itself uses, in the form in which it uses it most.
"""

from collections import Counter
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
    """Every folded word of all posts, in alphabetical order."""
    documents = site.word_posts().tolist()
    keys = zip(site.table.words, documents, strict=True)
    return [Word(surface, term, count) for (surface, term), count in sorted(keys)]


def shown_forms(site: SiteWords) -> dict[str, str]:
    """For each term, the form to show: as the site writes it most often."""
    uses = site.form_uses().tolist()
    forms: dict[str, Counter[str]] = {}
    for number, word, terms in site.table.written:
        for term in terms:
            forms.setdefault(term, Counter())[word] += uses[number]
    return {term: _most_used(counts) for term, counts in forms.items()}


def _most_used(counts: Counter[str]) -> str:
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
