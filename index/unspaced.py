"""Text written without spaces, cut into pairs of characters.

Chinese and Japanese, Thai, Lao, Khmer and Burmese put no spaces between words, and Korean few. A
run of such characters becomes its overlapping pairs, each a term with a position of its own, so
that any word of two characters or more is found as a phrase of pairs. Each character is a further
way to find the pair that it begins, for words of a single one.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from index.folding import INVISIBLES, combining_marks, fold

UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"  # Han, with its radicals and repetition marks
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
    "\U0001b000-\U0001b16f"
    "\u3105-\u312f\u31a0-\u31bf"  # Bopomofo
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc"  # Hangul
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u0edc-\u0edf"  # Thai, Lao
    "\u1780-\u17d3\u17d7\u17dc\u17dd"  # Khmer
    "\u1000-\u103f\u1050-\u108f\u109a-\u109f\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"  # Burmese
)
"""The letters and signs of these scripts, as a part of a regular expression's class. Their digits
are digits like any others."""

REMEMBERED_CHARACTERS: Final = 8_192
"""As many as a newspaper uses, and more."""

_WITHIN_SYLLABLE = "\u1160-\u11ff\ud7b0-\ud7fb\uff9e\uff9f"
"""What belongs to the character before it: vowels and finals of Hangul, half-width voicing."""


class Pair(NamedTuple):
    """Two characters of a run, or the only one: where they stand in it, and folded."""

    start: int
    middle: int
    end: int
    first: str
    second: str


def pairs(run: str) -> Iterator[Pair]:
    """The overlapping pairs of a run; one without a `second` for a run of one character.

    A character is a letter with the marks on it, or a syllable of Hangul, in however many pieces.
    """
    found = [(*match.span(), _folded(match.group())) for match in _character().finditer(run)]
    found = [character for character in found if character[2]]
    if len(found) == 1:
        start, end, only = found[0]
        yield Pair(start, end, end, only, "")
    for (start, _, first), (middle, end, second) in pairwise(found):
        yield Pair(start, middle, end, first, second)


@lru_cache(maxsize=REMEMBERED_CHARACTERS)
def _folded(character: str) -> str:
    return fold(character)


@cache
def _character() -> re.Pattern[str]:
    return re.compile(f"(?s:.)[{_WITHIN_SYLLABLE}{INVISIBLES}{combining_marks()}]*")
