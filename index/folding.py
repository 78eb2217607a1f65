"""Letters as a search takes them: first without case and width, then without accents.

Two strengths. `normalize` levels what a reader does not see as a difference: case, full-width and
presentation forms, the digits of other scripts. `fold` levels accents too, and letters that
keyboards lack: `ø` is an `o`, `ß` is `ss`. What is a letter of its own to those who read the
script stays: `й`, the voiced kana, the vowel signs of India, the tone marks of Thailand.
"""

import re
import unicodedata
from functools import cache

INVISIBLES = "\u00ad\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Soft hyphens, joiners and marks of direction, as a part of a regular expression's class: nothing
to a reader, inside a word. The zero-width space is none of them: it is there to separate."""

MARK_BLOCKS = (
    (0x0300, 0x1DFF),
    (0x20D0, 0x20FF),
    (0x2CEF, 0x2DFF),
    (0x302A, 0x309A),
    (0xA66F, 0xABED),
    (0xFB1E, 0xFB1E),
    (0xFE00, 0xFE2F),
    (0x101FD, 0x11FFF),
    (0x16AF0, 0x16FFF),
    (0x1BC9D, 0x1BC9E),
    (0x1CF00, 0x1D24F),
    (0x1DA00, 0x1E95F),
    (0xE0100, 0xE01EF),
)
"""Where Unicode keeps its combining marks, roughly: looked through instead of a million characters.
"""

_INVISIBLE = re.compile(f"[{INVISIBLES}]+")

_SAME_LETTERS = str.maketrans(
    {
        "ς": "σ",  # sigma, at the end of a word
        "ی": "ي",  # yeh, as Persian keyboards have it
        "ى": "ي",  # and without its dots
        "ک": "ك",  # kaf, as Persian keyboards have it
        "ـ": "",  # a stroke that only makes an Arabic word wider
        "ʼ": "",  # an apostrophe that counts as a letter
    }
)
"""Characters that readers of a script take for the same, or for nothing."""

_LETTERS_WITHOUT_PARTS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "·": "",  # within the Catalan l·l
    }
)
"""Letters that Unicode does not take apart into a base and an accent, as people type them."""

_SHORT_I = "и\u0306"  # a letter of its own, though Unicode takes it apart


def normalize(text: str) -> str:
    """`text` in small letters and usual forms, accents kept."""
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    return unicodedata.normalize("NFKC", _with_ascii_digits(composed.translate(_SAME_LETTERS)))


def fold(text: str) -> str:
    """`text` without letter case, accents and compatibility forms."""
    if text.isascii():
        return text.lower()
    # Once more after the case: some compatibility letters have theirs only when they are taken
    # apart, and some folded letters come apart in turn.
    folded = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)).casefold()
    decomposed = unicodedata.normalize("NFKD", folded).casefold().replace(_SHORT_I, "й")
    bare = "".join(char for char in decomposed if not _is_accent(char))
    levelled = bare.translate(_SAME_LETTERS).translate(_LETTERS_WITHOUT_PARTS)
    return unicodedata.normalize("NFC", _with_ascii_digits(levelled))


@cache
def combining_marks() -> str:
    """Every combining mark, as a part of a regular expression's class."""
    ranges: list[list[int]] = []
    for first, last in MARK_BLOCKS:
        for code in range(first, last + 1):
            if not unicodedata.category(chr(code)).startswith("M"):
                continue
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def _is_accent(char: str) -> bool:
    """Whether a mark is one that readers leave out: by its class in the Unicode Standard, 4.3.

    Overlays (1), nuktas (7), the points of Hebrew, Arabic and Syriac (10 to 36), and what stands
    above, below or through a letter (from 200). Kana voicing (8), viramas (9) and the vowels and
    tones of South-East Asia stay.
    """
    combining_class = unicodedata.combining(char)
    if not combining_class:
        return False
    return combining_class in {1, 7} or 10 <= combining_class <= 36 or combining_class >= 200


def _with_ascii_digits(text: str) -> str:
    if text.isascii() or not any(map(str.isdecimal, text)):
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
