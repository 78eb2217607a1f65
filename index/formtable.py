"""The forms of a whole site, numbered as they come up, and the terms that each becomes."""

from array import array
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis import is_exact_form, language_code, whole_of
from index.wordforms import parts_of_form, word_of_form

Ints = npt.NDArray[np.integer[Any]]

NO_WORD: Final = -1


class WordKey(NamedTuple):
    """A folded word and the term that it becomes."""

    surface: str
    term: str


class Parts(NamedTuple):
    """The parts of all forms, those of form f from `starts[f]` to `starts[f + 1]`.

    For each part the number of its term, its position counted from the form's first one, and the
    number of its WordKey, NO_WORD for exact forms. `positions` has how many positions each form
    takes up.
    """

    starts: Ints
    terms: Ints
    offsets: Ints
    words: Ints
    positions: Ints


class Numbers(dict[Any, int]):
    """A number for each key, as it comes up."""

    def __missing__(self, key: Any) -> int:
        number = self[key] = len(self)
        return number


class FormTable:
    """Looks at each form of each language once.

    `terms` and `words` have the number of each term and WordKey. `written` has what stands for
    something as a whole: the number of its form, how it is written, and the terms.
    """

    def __init__(self) -> None:
        self.terms = Numbers()
        self.words = Numbers()
        self.written: list[tuple[int, str, frozenset[str]]] = []
        self._by_language: dict[str, _FormNumbers] = {}
        self._ends = array("I")
        self._part_terms = array("I")
        self._part_offsets = array("B")
        self._part_words = array("i")
        self._positions = array("B")

    def numbered(self, forms: Sequence[str], language: str) -> Ints:
        """The numbers of some forms in a language."""
        code = language_code(language)
        if code not in self._by_language:
            self._by_language[code] = _FormNumbers(code, self)
        return np.fromiter(map(self._by_language[code].__getitem__, forms), np.uint32, len(forms))

    def parts(self) -> Parts:
        """The parts of all forms so far."""
        starts = np.zeros(len(self._ends) + 1, np.int64)
        starts[1:] = self._ends
        return Parts(
            starts,
            np.array(self._part_terms, np.uint32),
            np.array(self._part_offsets, np.uint8),
            np.array(self._part_words, np.int32),
            np.array(self._positions, np.uint8),
        )

    def add(self, form: str, code: str) -> int:
        """The number of a new form."""
        number = len(self._ends)
        parts = parts_of_form(form, code)
        position = -1
        for part in parts:
            position += part.step
            self._part_terms.append(self.terms[part.term])
            self._part_offsets.append(position)
            is_exact = is_exact_form(part.term)
            key = WordKey(part.surface, part.term)
            self._part_words.append(NO_WORD if is_exact else self.words[key])
        self._positions.append(position + 1)
        self._ends.append(len(self._part_terms))
        word = word_of_form(form)
        if word is not None and (whole := whole_of(parts)):
            terms = {whole.term, *(part.term for part in parts if part.kind == "bare")}
            self.written.append((number, word, frozenset(terms)))
        return number


class _FormNumbers(dict[str, int]):
    """The numbers of one language's forms."""

    def __init__(self, code: str, table: FormTable) -> None:
        super().__init__()
        self._code = code
        self._table = table

    def __missing__(self, form: str) -> int:
        number = self[form] = self._table.add(form, self._code)
        return number
