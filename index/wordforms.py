"""The words of a text as numbered forms, each form once: what analysis has to look at.

A form is a word as it is written, or a pair of characters of unspaced text. Nothing in it depends
on a language; what a form means in one is asked of `parts_of_form` and `word_of_form`.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis import language_code
from index.parts import TermPart, spaced_word_reader, unspaced_pair_parts
from index.unspaced import pairs
from index.wordruns import is_simple, runs, split_simple

Ints = npt.NDArray[np.integer[Any]]

_INNER_PAIR: Final = "\x1c"
_LAST_PAIR: Final = "\x1d"
_ONLY_PAIR: Final = "\x1e"
"""What forms of unspaced text begin with; no word does. The only pair of a run stands for all of
the run, as it is written."""


class WordForms(NamedTuple):
    """The words of a text, in their order; of unspaced text every pair of characters.

    `forms` has each form once, in the order of their first uses. For each word, `numbers` has the
    place of its form there, and `starts` and `ends` its characters.
    """

    forms: list[str]
    numbers: Ints
    starts: Ints
    ends: Ints


def word_forms(text: str) -> WordForms:
    """The words of `text`: as many as there are spans, and those of mere joiners."""
    return _of_simple(text) if is_simple(text) else _of_any(text)


def parts_of_form(form: str, language: str) -> tuple[TermPart, ...]:
    """The terms of a form in a language, in the order of their positions."""
    kind = form[0]
    if kind == _INNER_PAIR:
        return _parts_of_pair(form)[:2]
    if kind in {_LAST_PAIR, _ONLY_PAIR}:
        return _parts_of_pair(form)
    return spaced_word_reader(language_code(language))(form)


def word_of_form(form: str) -> str | None:
    """The word as it is written; None for a pair that is not all of its run."""
    kind = form[0]
    if kind == _ONLY_PAIR:
        return form[1:]
    return None if kind in {_INNER_PAIR, _LAST_PAIR} else form


def _parts_of_pair(form: str) -> tuple[TermPart, ...]:
    return next(iter(unspaced_pair_parts(form[1:])), ())


def _of_simple(text: str) -> WordForms:
    pieces = split_simple(text)
    bounds = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))
    return _numbered(pieces[1::2], bounds[:-1:2], bounds[1::2])


def _of_any(text: str) -> WordForms:
    forms: list[str] = []
    extents: list[tuple[int, int]] = []
    for start, end, is_unspaced in runs(text):
        if not is_unspaced:
            forms.append(text[start:end])
            extents.append((start, end))
            continue
        run = text[start:end]
        found = list(pairs(run))
        for pair in found:
            is_last = pair is found[-1]
            kind = _ONLY_PAIR if len(found) == 1 else _LAST_PAIR if is_last else _INNER_PAIR
            forms.append(kind + (run if len(found) == 1 else run[pair.start : pair.end]))
            extents.append((start + pair.start, start + pair.end))
    bounds = np.array(extents, np.int64).reshape(-1, 2)
    return _numbered(forms, bounds[:, 0], bounds[:, 1])


def _numbered(words: list[str], starts: Ints, ends: Ints) -> WordForms:
    distinct = dict.fromkeys(words)
    number_of = dict(zip(distinct, range(len(distinct)), strict=True))
    numbers = np.fromiter(map(number_of.__getitem__, words), np.uint32, len(words))
    return WordForms(list(distinct), numbers, starts, ends)
