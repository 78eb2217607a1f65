"""Texts as numbered pieces: the words that phrases are made of, and what parts phrases."""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from index.analysis import STOP_WORDS, folded_words, word_parts
from index.runs import Bools, Ints

MAX_PIECE_CHARS: Final = 40
"""A longer word is data or an address, and parts phrases like a sign."""

SIGN: Final = 0
"""The number of all that is no word."""

_PIECE_OR_SIGN = re.compile(
    r"[A-Z]+(?:/[A-Z]+)+(?!\w)|\w+(?:[.'’]\w+)*(?:\+\+|#)?(?:-(?=\w))?|[^\w\s]+|\n+"
)
"""A word, `I/O` being one, or the part of a compound up to its hyphen and with it; or a sign."""

_LOOSE_WORDS = STOP_WORDS | frozenset(
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
"""Words that a sentence needs where a name does not: they part phrases like a sign, unless a hyphen
ties them in."""

_LINKS = frozenset("and at by for in of on or".split())
"""Words that a phrase may have inside: `plug and play`, `quality of service`."""


class PieceNumbers(dict[str, int]):
    """A number for each written piece, as it comes up; for all that is no word, SIGN.

    `written` has the pieces by their numbers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.written = [""]

    def __missing__(self, piece: str) -> int:
        if len(piece) > MAX_PIECE_CHARS:
            return SIGN
        number = SIGN
        if (piece[0].isalnum() or piece[0] == "_") and word_parts(piece):
            number = len(self.written)
            self.written.append(piece)
        self[piece] = number
        return number

    def numbered(self, text: str) -> Iterator[int]:
        """The numbers of a text's pieces and signs, in order."""
        return map(self.__getitem__, _PIECE_OR_SIGN.findall(text))

    def terms(self) -> tuple[Ints, Bools]:
        """For each piece the number of its term; and which of the terms tell something.

        A piece that parts phrases has the term -1. No phrase begins or ends with a term that tells
        nothing: a stop word, a number, a single letter.
        """
        numbers: dict[str, int] = {}
        terms = np.full(len(self.written), -1, np.int32)
        tells: list[bool] = []
        for at, piece in enumerate(self.written):
            if at == SIGN or _parts_phrases(piece):
                continue
            term = " ".join(part.term for part in word_parts(piece) if not part.is_extra)
            terms[at] = numbers.setdefault(term, len(numbers))
            if len(numbers) > len(tells):
                tells.append(
                    len(term) > 1
                    and any(map(str.isalpha, term))
                    and not set(folded_words(piece)) <= _LOOSE_WORDS
                )
        return terms, np.array(tells, np.bool_)


def _parts_phrases(piece: str) -> bool:
    return not piece.endswith("-") and "".join(folded_words(piece)) in _LOOSE_WORDS - _LINKS
