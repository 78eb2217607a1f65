"""Titles that say which part of a series they are: `Deep dive (Part 2)`, `Deep dive #4: Maps`.

What counts is a number that is called a part (or an episode, a chapter, in the languages that
write so), a number behind a `#`, or `2/5` and `2 of 5`. A number on its own is none: it may be a
version, a year, or a count. The number stands at an end of the title, or before a colon or another
mark that sets a subtitle off.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MAX_TITLE_CHARS: Final = 300
"""A longer title is a sentence or two, and no part of anything."""

_PART_WORDS: Final = "|".join(
    """part pt episode ep chapter lesson volume vol
    teil folge kapitel lektion partie épisode chapitre leçon parte episodio episódio capítulo
    capitolo puntata lección deel aflevering hoofdstuk avsnitt afsnit część odcinek rozdział díl
    část часть частина глава выпуск серия osa bölüm kısım bagian""".split()
)
"""What the parts of a series are called. Days, weeks and issues are left out: they are dates."""

_CALLED_PARTS: Final = "部分|部|回|篇|章|話|话|集|弾|课|課|讲|講"
_CHINESE_DIGITS: Final = "〇一二三四五六七八九"
_CHINESE_NUMBER: Final = "[一二三四五六七八九十]{1,3}"
_ENGLISH_NUMBERS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve".split()
)
_MAX_WRITTEN_NUMBER: Final = 39
"""The largest number that is known in Roman and in Chinese numerals."""

_LEVELED: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width digits and punctuation as the ASCII ones that they are wider forms of."""

_MARKER: Final = re.compile(
    rf"""
    (?: (?<![\w\#]) (?:{_PART_WORDS}) (?:\.?\s+ | \.?(?=[\d\#])) \#?
            (?P<called>\d{{1,3}} | [ivx]{{1,7}} | {"|".join(_ENGLISH_NUMBERS)})
            (?:\s*(?:/|\bof\b|\bvon\b|\bsur\b|\bde\b|\bdi\b)\s*\d{{1,3}})?
      | (?<![\w\#]) \# \s? (?P<hashed>\d{{1,3}})
      | (?<![\w\#/.]) (?P<of_all>\d{{1,3}}) (?:/|\s+of\s+) (?P<all>\d{{1,3}})
    )
    (?!\w | [-–./,&+]\d)
    \s* (?:[)\]】」] \s*)? (?: $ | [-.,;/](?!\w) | [–—:|] )
    | (?: 第\s*(?P<nth>\d{{1,3}}|{_CHINESE_NUMBER})\s*(?:{_CALLED_PARTS})
        | その\s*(?P<that>\d{{1,3}}|{_CHINESE_NUMBER})
        | \(\s*(?P<bracketed>{_CHINESE_NUMBER})\s*(?=\))
        | (?<![\w.]) (?P<korean>\d{{1,3}})\s?(?:편|부|화)
      )
      (?: $ | [\s)\]】」:,、.。|/–—-]+ )
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A number, and the end of the title or the mark behind it that sets a subtitle off. The second
half is for scripts that write without spaces."""

_OPENING: Final = "([【「"
_CLOSING: Final = ")]】」"
_EDGES: Final = " \t-–—:.,、;|/·"
"""Marks between a stem and what follows or goes before it."""


@dataclass(frozen=True, slots=True)
class NumberedTitle:
    """What a title says of its part.

    `stem` is what is left of the title without number and subtitle, in its own spelling. `total`
    is how many parts there are, where only that tells a part (`2/5`), else 0. `leads` says that the
    number stood in front of everything.
    """

    stem: str
    number: int
    total: int = 0
    leads: bool = False


def read_numbered_title(title: str) -> NumberedTitle | None:
    """The part that `title` says it is; None where it says none."""
    text = " ".join(unicodedata.normalize("NFC", title).split())
    if len(text) > MAX_TITLE_CHARS:
        return None
    leveled = text.translate(_LEVELED)
    for marker in _MARKER.finditer(leveled):
        number, total = _number(marker), int(marker["all"] or 0)
        if number is None or (marker["all"] and not 0 < number <= total != 1):
            continue
        leads = not leveled[: marker.start()].rstrip(_EDGES + _OPENING)
        stem = _stem(text, leveled, marker, leads=leads)
        if any(map(str.isalpha, stem)):
            return NumberedTitle(stem, number, total, leads)
    return None


def _stem(text: str, leveled: str, marker: re.Match[str], *, leads: bool) -> str:
    """What stands before the number; what follows it where that is nothing."""
    if not leads:
        return text[: len(leveled[: marker.start()].rstrip(_EDGES + _OPENING))]
    return text[len(text) - len(leveled[marker.end() :].lstrip(_EDGES + _CLOSING)) :].rstrip()


def _number(marker: re.Match[str]) -> int | None:
    """The number of a marker; None for letters that only look like a numeral, such as `vv`."""
    written = next(
        found
        for name in ("called", "hashed", "of_all", "nth", "that", "bracketed", "korean")
        if (found := marker[name])
    )
    return int(written) if written.isdecimal() else _WRITTEN_NUMBERS.get(written.lower())


def _roman(number: int) -> str:
    tens, ones = divmod(number, 10)
    return "x" * tens + ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][ones]


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _CHINESE_DIGITS[tens]) + "十" if tens else ""
    return ten + (_CHINESE_DIGITS[ones] if ones else "")


_WRITTEN_NUMBERS: Final[Mapping[str, int]] = {
    **{word: number for number, word in enumerate(_ENGLISH_NUMBERS)},
    **{_roman(number): number for number in range(1, _MAX_WRITTEN_NUMBER + 1)},
    **{_chinese(number): number for number in range(1, _MAX_WRITTEN_NUMBER + 1)},
}
