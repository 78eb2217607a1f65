"""The word list as it is written, beside what each of its words comes to by itself."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.layout import letter_set
from index.vocabulary import Word
from index.wordlist import write_word_list

SURFACE = st.text(st.characters(exclude_characters="\n\0", exclude_categories=["Cs"]), max_size=9)


@given(st.lists(SURFACE, max_size=9))
def test_each_word_has_its_letters_and_its_length(surfaces: list[str]) -> None:
    with TemporaryDirectory() as folder:
        directory = Path(folder) / "words"
        words = [Word(surface, "term", 1) for surface in surfaces]
        write_word_list(directory, words, {}, ["term"])
        letters = np.load(directory / "letters.npy")
        lengths = np.load(directory / "lengths.npy")
    assert letters.dtype == np.uint64
    assert letters.tolist() == list(map(letter_set, surfaces))
    assert lengths.tolist() == [len(each) if each.isalpha() else 0 for each in surfaces]
