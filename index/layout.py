"""What the arrays of a generation mean, for those who write them and those who read them."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from index.schema import FIELD_BOOSTS

HEAD_FIELDS: Final = ("title", "keywords", "tags", "categories", "authors", "summary", "address")
SECTION_FIELDS: Final = ("headings", "body", "code")
"""The units of a post, in their order: these of the head once, then these of each section."""

FIELD_NUMBERS: Final[Mapping[str, int]] = {name: at for at, name in enumerate(FIELD_BOOSTS)}
"""How the arrays name the fields."""

PROMINENT_FIELDS: Final = ("title", "headings", "keywords", "tags", "categories", "authors")
"""Where authors look twice at what they write: words there are no typos, and whole."""

FLOOR_RANK: Final = 10
"""Hits of a first page: whoever wants no more can pass over all that scores below a floor."""

UNDATED: Final = np.iinfo(np.int64).min
"""The timestamp of a post without a date: older than all others."""

LETTER_CLASSES: Final = 64


def letter_set(surface: str) -> int:
    """The letters of a word as bits; what differs in d edits differs in 2 d bits at the most."""
    bits = 0
    for char in surface:
        bits |= 1 << (ord(char) % LETTER_CLASSES)
    return bits
