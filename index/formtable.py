"""The forms of a whole site, numbered as they come up, and the terms that each becomes."""

from array import array
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis import is_exact_form, language_code, whole_of
from index.state import (
    State,
    from_numberings,
    from_strings,
    part,
    prefixed,
    to_numberings,
    to_strings,
)
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
    """Looks at each form of each language once; begins with what one in that state has seen.

    `terms` and `words` have the number of each term and WordKey. `written` has what stands for
    something as a whole: the number of its form, how it is written, and its terms, each once.
    """

    def __init__(self, state: State | None = None) -> None:
        self.terms = Numbers()
        self.words = Numbers()
        self.written: list[tuple[int, str, tuple[str, ...]]] = []
        self._by_language: dict[str, _FormNumbers] = {}
        self._parts = {"terms": array("I"), "offsets": array("B"), "words": array("i")}
        self._forms = {"ends": array("I"), "positions": array("B")}
        if state is not None:
            self._restore(state)

    def numbered(self, forms: Sequence[str], language: str) -> Ints:
        """The numbers of some forms in a language."""
        code = language_code(language)
        if code not in self._by_language:
            self._by_language[code] = _FormNumbers(code, self)
        return np.fromiter(map(self._by_language[code].__getitem__, forms), np.uint32, len(forms))

    def parts(self) -> Parts:
        """The parts of all forms so far."""
        starts = np.zeros(len(self) + 1, np.int64)
        starts[1:] = self._forms["ends"]
        return Parts(
            starts,
            np.array(self._parts["terms"], np.uint32),
            np.array(self._parts["offsets"], np.uint8),
            np.array(self._parts["words"], np.int32),
            np.array(self._forms["positions"], np.uint8),
        )

    def __len__(self) -> int:
        return len(self._forms["ends"])

    def add(self, form: str, code: str) -> int:
        """The number of a new form."""
        number = len(self)
        parts = parts_of_form(form, code)
        position = -1
        for each in parts:
            position += each.step
            self._parts["terms"].append(self.terms[each.term])
            self._parts["offsets"].append(position)
            is_exact = is_exact_form(each.term)
            key = WordKey(each.surface, each.term)
            self._parts["words"].append(NO_WORD if is_exact else self.words[key])
        self._forms["positions"].append(position + 1)
        self._forms["ends"].append(len(self._parts["terms"]))
        word = word_of_form(form)
        if word is not None and (whole := whole_of(parts)):
            terms = {whole.term, *(each.term for each in parts if each.kind == "bare")}
            self.written.append((number, word, tuple(terms)))
        return number

    def state(self) -> State:
        """All that it knows."""
        written: State = {
            "forms": np.array([form for form, _, _ in self.written], np.uint32),
            "words": from_strings(word for _, word, _ in self.written),
            "counts": np.array([len(terms) for _, _, terms in self.written], np.uint8),
            "terms": np.array(
                [self.terms[term] for _, _, terms in self.written for term in terms],
                np.uint32,
            ),
        }
        return {
            "terms": from_strings(self.terms),
            "surfaces": from_strings(key.surface for key in self.words),
            "terms_of_words": from_strings(key.term for key in self.words),
            **prefixed("written", written),
            **prefixed("numberings", from_numberings(self._by_language)),
            **{f"parts.{name}": np.asarray(row) for name, row in self._parts.items()},
            **{f"forms.{name}": np.asarray(row) for name, row in self._forms.items()},
        }

    def _restore(self, state: State) -> None:
        terms = to_strings(state["terms"])
        self.terms.update(zip(terms, range(len(terms)), strict=True))
        surfaces, of_words = to_strings(state["surfaces"]), to_strings(state["terms_of_words"])
        keys = map(WordKey, surfaces, of_words)
        self.words.update(zip(keys, range(len(surfaces)), strict=True))
        for code, numbers in to_numberings(part("numberings", state)).items():
            self._by_language[code] = _FormNumbers(code, self)
            self._by_language[code].update(numbers)
        for rows, name in ((self._parts, "parts"), (self._forms, "forms")):
            for key, row in rows.items():
                row.frombytes(part(name, state)[key].tobytes())
        written = part("written", state)
        numbers_of_terms = iter(written["terms"].tolist())
        self.written = [
            (form, word, tuple(terms[at] for at in islice(numbers_of_terms, count)))
            for form, word, count in zip(
                written["forms"].tolist(),
                to_strings(written["words"]),
                written["counts"].tolist(),
                strict=True,
            )
        ]


class _FormNumbers(dict[str, int]):
    """The numbers of one language's forms."""

    def __init__(self, code: str, table: FormTable) -> None:
        super().__init__()
        self._code = code
        self._table = table

    def __missing__(self, form: str) -> int:
        number = self[form] = self._table.add(form, self._code)
        return number
