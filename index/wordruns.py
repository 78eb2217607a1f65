"""Where the words of a text are: runs of letters, digits and what holds an identifier together.

In scripts without spaces a run may be a whole sentence; `unspaced.py` cuts it up.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from index.folding import INVISIBLES, combining_marks
from index.parts import APOSTROPHES, HYPHENS
from index.unspaced import UNSPACED

_WITHIN: Final = rf"[{HYPHENS}.{APOSTROPHES}]|·(?<=[lL]·)(?=[lL])"  # the last is Catalan's l·l
WORD_PATTERN: Final = rf"\w[{{within}}]*(?:(?:{_WITHIN})\w[{{within}}]*)*(?:\+\+|#)?"
"""What a word is, as a regular expression to be completed with what its letters are."""

SIMPLE_WORD: Final = re.compile(WORD_PATTERN.format(within=r"\w"))
"""A word of a text that is simple."""

_WORD_OR_NOT: Final = re.compile(f"({SIMPLE_WORD.pattern})")

_NEEDS_CARE: Final = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0489\u0590-\u1dff\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u20d0-\u20ff\u2c80-\u2dff\u2e80-\ufaff\ufb1d-\uffff\U00010000-\U0010ffff]"
)
"""Characters that may be combining marks, invisible, or of a script without spaces. Texts without
them, which are most in European languages, are read by the simplest expression."""


def is_simple(text: str) -> bool:
    """Whether SIMPLE_WORD finds all that is a word in `text`, and nothing is unspaced."""
    return text.isascii() or not _NEEDS_CARE.search(text)


def split_simple(text: str) -> list[str]:
    """A simple text cut into what is no word, a word, what is no word, and so on to its end."""
    return _WORD_OR_NOT.split(text)


def runs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of every word, in order, and whether it is a run of unspaced text."""
    if is_simple(text):
        yield from ((*match.span(), False) for match in SIMPLE_WORD.finditer(text))
        return
    word = _careful_word()
    at = 0
    for run in _unspaced_run().finditer(text):
        yield from ((*match.span(), False) for match in word.finditer(text, at, run.start()))
        yield (*run.span(), True)
        at = run.end()
    yield from ((*match.span(), False) for match in word.finditer(text, at))


@cache
def _careful_word() -> re.Pattern[str]:
    return re.compile(WORD_PATTERN.format(within=rf"\w{combining_marks()}{INVISIBLES}"))


@cache
def _unspaced_run() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED}][{UNSPACED}{combining_marks()}{INVISIBLES}]*")
