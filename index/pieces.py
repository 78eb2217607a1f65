"""Texts as numbered pieces: the words that phrases are made of, and what parts phrases."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import numpy as np

from index.analysis import fold, folded_words, language_code, stop_words, word_parts
from index.runs import Bools, Ints
from index.state import (
    State,
    from_numberings,
    from_strings,
    part,
    prefixed,
    to_numberings,
    to_strings,
)

MAX_PIECE_CHARS: Final = 40
"""A longer word is data or an address, and parts phrases like a sign."""

SIGN: Final = 0
"""The number of all that is no word."""

_PIECE_OR_SIGN = re.compile(
    r"[A-Z]+(?:/[A-Z]+)+(?!\w)|\w+(?:[.'’]\w+)*(?:\+\+|#)?(?:-(?=\w))?|[^\w\s]+|\n+"
)
"""A word, `I/O` being one, or the part of a compound up to its hyphen and with it; or a sign."""

_MORE_LOOSE_WORDS: Final = frozenset(
    """above across after again ago almost along already also although always among another any
    anything around away back because before below best better between both bit brief case
    currently directly down during each easily either else enough especially etc even every
    everything example exactly few finally first following fully given go goes going gone
    greatly hence highly however including instead just keep last later least less let like
    likely lot lots made make makes making many may maybe might more moreover most mostly much
    must namely necessary need needed needs neither never next now nowadays often once one ones
    only onto other others otherwise over per please possible previously probably quickly quite
    rather really same see several shall shown simply since something sometimes soon still such
    take taken takes taking though three through throughout thus together too towards two
    typically under unless until up upon us usually versus via want wants way ways well whether
    whole whose within without yet""".split()
)
"""English words that a sentence needs where a name does not; in other languages only stop words are
known for that."""

_LINKS: Final[Mapping[str, str]] = {
    "da": "af for i med og på til",
    "de": "am an auf für im in mit und von zu zum zur",
    "en": "and at by for in of on or",
    "es": "a con de del en la o para por y",
    "fr": "à au aux de des du en et la ou par pour sur",
    "it": "a con da dei del della delle di e in o per",
    "nl": "de en in met op te van voor",
    "no": "av for i med og på til",
    "pt": "a com da das de do dos e em ou para por",
    "sv": "av för i med och på till",
}
"""Words that a phrase may have inside: `plug and play`, `base de données`."""


def numbered_pieces(text: str) -> tuple[list[str], Ints]:
    """The pieces of a text, each once, after an empty name; and the place there of each in order.

    What is no word has the place SIGN.
    """
    found = _PIECE_OR_SIGN.findall(text)
    names = [""]
    number_of: dict[str, int] = {}
    for piece in dict.fromkeys(found):
        number_of[piece] = len(names) if _is_word(piece) else SIGN
        if number_of[piece] != SIGN:
            names.append(piece)
    return names, np.fromiter(map(number_of.__getitem__, found), np.uint32, len(found))


class PieceNumbers:
    """A number for each written piece of each language, as it comes up; SIGN for all but words.

    `written` has the pieces by their numbers. Begins with what one in that state has seen.
    """

    def __init__(self, state: State | None = None) -> None:
        self.written = [""]
        self._terms = [""]
        self._codes = [""]
        self._by_language: dict[str, _Numbers] = {}
        if state is not None:
            self._restore(state)

    def numbered(self, names: Sequence[str], language: str) -> Ints:
        """The number of each of some pieces, as `numbered_pieces` names them."""
        code = language_code(language)
        if code not in self._by_language:
            self._by_language[code] = _Numbers(code, self.written, self._terms, self._codes)
        numbers = map(self._by_language[code].__getitem__, names)
        return np.fromiter(numbers, np.int32, len(names))

    def state(self) -> State:
        """All that it knows."""
        return {
            "written": from_strings(self.written),
            "terms": from_strings(self._terms),
            "codes": from_strings(self._codes),
            **prefixed("numberings", from_numberings(self._by_language)),
        }

    def _restore(self, state: State) -> None:
        self.written[:] = to_strings(state["written"])
        self._terms[:] = to_strings(state["terms"])
        self._codes[:] = to_strings(state["codes"])
        for code, numbers in to_numberings(part("numberings", state)).items():
            self._by_language[code] = _Numbers(code, self.written, self._terms, self._codes)
            self._by_language[code].update(numbers)

    def terms(self, uses: Mapping[int, int], least: int) -> tuple[Ints, Bools]:
        """The number of each piece's term, and which terms tell.

        `uses` says how often each piece is used, in the order of their first uses. A piece that
        parts phrases has the term -1, and so has one whose term is used less often than `least`.
        No phrase begins or ends with a term that tells nothing: a stop word, a number, a single
        letter. Languages share the terms that they have in common.
        """
        numbers: dict[str, int] = {}
        terms = np.full(len(self.written), -1, np.int32)
        tells: list[bool] = []
        times = Counter[str]()
        for at, count in uses.items():
            times[self._terms[at]] += count
        for at in uses:
            term, piece, code = self._terms[at], self.written[at], self._codes[at]
            if at == SIGN or times[term] < least:
                continue
            folded = folded_words(piece, code)
            if _parts_phrases(piece, folded, code):
                continue
            terms[at] = numbers.setdefault(term, len(numbers))
            if len(numbers) > len(tells):
                tells.append(
                    len(term) > 1
                    and any(map(str.isalpha, term))
                    and not _loose_words(code).issuperset(folded)
                )
        return terms, np.array(tells, np.bool_)


class _Numbers(dict[str, int]):
    """The numbers of one language's pieces; new ones are added to the lists that all share."""

    def __init__(self, code: str, written: list[str], terms: list[str], codes: list[str]) -> None:
        super().__init__({"": SIGN})
        self._code = code
        self._written = written
        self._terms = terms
        self._codes = codes

    def __missing__(self, piece: str) -> int:
        number = SIGN
        if parts := word_parts(piece, self._code):
            number = len(self._written)
            self._written.append(piece)
            self._terms.append(" ".join(part.term for part in parts if not part.is_extra))
            self._codes.append(self._code)
        self[piece] = number
        return number


def _is_word(piece: str) -> bool:
    return (piece[0].isalnum() or piece[0] == "_") and len(piece) <= MAX_PIECE_CHARS


def _parts_phrases(piece: str, folded: Sequence[str], code: str) -> bool:
    """Whether a piece parts phrases like a sign; none does that a hyphen ties in."""
    word = "".join(folded)
    return not piece.endswith("-") and word in _loose_words(code) and word not in _links(code)


@cache
def _loose_words(code: str) -> frozenset[str]:
    return stop_words(code) | _links(code) | (_MORE_LOOSE_WORDS if code == "en" else frozenset())


@cache
def _links(code: str) -> frozenset[str]:
    return frozenset(map(fold, _LINKS.get(code, "").split()))
