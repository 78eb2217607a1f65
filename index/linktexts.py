"""What links between posts say: each text is analysed once, however many links say it."""

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from index.analysis import tokens
from index.titlephrases import plain_terms


class LinkText(NamedTuple):
    """What a link says, in the language of its post: all its terms, and one of each position."""

    language: str
    terms: Sequence[str]
    plain_terms: Sequence[str]


class LinkTexts:
    """Takes in what the links of each post to other posts say.

    `texts` has each text of each language once.
    """

    def __init__(self) -> None:
        self.texts: list[LinkText] = []
        self._number_of: dict[tuple[str, str], int] = {}
        self._said = array("I")
        self._ends = array("Q", [0])

    def add(self, texts: Iterable[str], language: str) -> None:
        """Takes in the next post, in its language; `texts` are those of its links."""
        self._said.extend(self._number(text, language) for text in texts)
        self._ends.append(len(self._said))

    def by_post(self) -> sparse.csr_array[Any]:
        """How often each post has each of `texts`: a row for each post."""
        said = np.asarray(self._said, np.int64)
        shape = (len(self._ends) - 1, len(self.texts))
        return sparse.csr_array((np.ones(len(said), np.int32), said, self._ends), shape)

    def _number(self, text: str, language: str) -> int:
        key = (text, language)
        number = self._number_of.setdefault(key, len(self.texts))
        if number == len(self.texts):
            found = tokens(text, language)
            self.texts.append(LinkText(language, found.terms, plain_terms(found)))
        return number
