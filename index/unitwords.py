"""The words of a row of units: which, where, and how long they and their units are."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.units import Unit
from index.wordforms import word_forms

MAX_WORD_BYTES: Final = 65_535

Ints = npt.NDArray[np.integer[Any]]


class UnitWords(NamedTuple):
    """Units and their words, one after another.

    For each unit, `unit_bytes`, `unit_chars` and `unit_words` count what is in it. `forms` has each
    form once, as `wordforms` tells them; for each word, `numbers` has the place of its form there,
    `starts` its first byte in the texts of all units, and `sizes` its length in bytes, up to
    MAX_WORD_BYTES.
    """

    fields: tuple[str, ...]
    unit_bytes: Ints
    unit_chars: Ints
    unit_words: Ints
    forms: Sequence[str]
    numbers: Ints
    starts: Ints
    sizes: Ints


def texts_of_units(units: Sequence[Unit]) -> bytes:
    """The texts of some units, one after another, in UTF-8."""
    return "".join(unit.text for unit in units).encode(errors="replace")


def words_of_units(units: Sequence[Unit]) -> UnitWords:
    """Takes the texts of units apart."""
    texts = [unit.text for unit in units]
    unit_bytes = [len(text.encode(errors="replace")) for text in texts]
    text = "\n".join(texts)  # no word goes across a line's end
    found = word_forms(text)
    unit_chars = np.fromiter(map(len, texts), np.uint32, len(texts))
    unit_starts = np.cumsum(unit_chars + 1, dtype=np.int64) - unit_chars - 1
    first_words = np.append(np.searchsorted(found.starts, unit_starts), len(found.starts))
    unit_words = np.diff(first_words)
    line_ends = np.repeat(np.arange(len(units)), unit_words)
    starts, ends = _bytes_before(text, found.starts), _bytes_before(text, found.ends)
    return UnitWords(
        fields=tuple(unit.field for unit in units),
        unit_bytes=np.array(unit_bytes, np.uint32),
        unit_chars=unit_chars,
        unit_words=unit_words.astype(np.uint32),
        forms=found.forms,
        numbers=found.numbers,
        starts=(starts - line_ends).astype(np.uint32),
        sizes=np.minimum(ends - starts, MAX_WORD_BYTES).astype(np.uint16),
    )


def _bytes_before(text: str, places: Ints) -> Ints:
    """How many bytes of UTF-8 stand in `text` before each of the places."""
    if text.isascii():
        return places
    code_points = np.frombuffer(text.encode("utf-32-le", errors="replace"), np.uint32)
    sizes = np.array(1) + (code_points > 0x7F) + (code_points > 0x7FF) + (code_points > 0xFFFF)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])[places]
