"""A text that is no post, analysed once: its words counted as those of posts are, and in place."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection
from functools import cached_property
from typing import Final

from index.analysis import is_exact_form, stop_terms, tokens
from index.titlephrases import column_name, title_phrases

MAX_USES: Final = 1_000
"""Where some words stand is looked at so many times: a text that says them more often names
everything."""

_END_OF_SENTENCE = re.compile(r"\n|[.!?](?=\s)|[\u3002\uff01\uff1f]")


class ReadText:
    """A text in a language, with its terms."""

    def __init__(self, text: str, language: str) -> None:
        self.language = language
        self._text = text
        self._tokens = tokens(text, language)

    @cached_property
    def uses(self) -> Counter[str]:
        """How often each term stands in it."""
        return Counter(self._tokens.terms)

    @cached_property
    def telling(self) -> Counter[str]:
        """The same, small words and single letters left out."""
        unsaid = stop_terms(self.language)
        return Counter(
            {
                term: uses
                for term, uses in self.uses.items()
                if term not in unsaid and len(term) > 1 and not is_exact_form(term)
            }
        )

    @cached_property
    def phrases(self) -> frozenset[str]:
        """What a post may be called that it speaks of: two or three words in a row."""
        found = title_phrases(self._tokens, self.language)
        return frozenset(column_name(phrase.terms) for phrase in found)

    def places(self, terms: Collection[str]) -> list[tuple[int, str]]:
        """The positions of some terms with each, in order: the first MAX_USES."""
        known = [(at, term) for term in terms for at in self._positions.get(term, ())]
        return sorted(known)[:MAX_USES]

    def sentence(self, position: int) -> int:
        """The number of the sentence that a position is in."""
        return bisect_right(self._ends_of_sentences, self._tokens.starts[position])

    def written(self, first: int, last: int) -> str:
        """The characters from one position to another."""
        return self._text[self._tokens.starts[first] : self._tokens.ends[last]]

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        """The first MAX_USES positions of each term."""
        positions: dict[str, list[int]] = {}
        for term, position in zip(self._tokens.terms, self._tokens.positions, strict=True):
            known = positions.setdefault(term, [])
            if len(known) < MAX_USES:
                known.append(position)
        return positions

    @cached_property
    def _ends_of_sentences(self) -> list[int]:
        return [end.start() for end in _END_OF_SENTENCE.finditer(self._text)]
