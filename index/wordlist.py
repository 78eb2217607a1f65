"""The vocabulary as sorted strings and arrays: found by beginning, by likeness, and by term.

surfaces.*      the folded words, in order; a word of several terms comes once for each
terms[W]        the number of each word's term in the postings
documents[W]    in how many documents each word stands
letters[W]      a set of each word's letters, one bit for each of 64 classes
lengths[W]      how many characters each word has, 0 for one that is not all letters
forms.*         for each term of the postings, how to show it: as the site writes it
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import write_array, write_strings
from index.layout import LETTER_CLASSES
from index.vocabulary import Word


def write_word_list(
    directory: Path, words: Iterable[Word], forms: Mapping[str, str], terms: Sequence[str]
) -> None:
    """Writes the words, in order of their surfaces, and the shown forms, to a new folder.

    `terms` are those of the postings, in the order of their numbers.
    """
    directory.mkdir()
    number = {term: at for at, term in enumerate(terms)}
    known = [word for word in words if word.term in number]
    write_strings(directory, "surfaces", [word.surface for word in known])
    write_array(directory, "terms", [number[word.term] for word in known], np.int32)
    write_array(directory, "documents", [word.documents for word in known], np.int32)
    write_array(directory, "letters", _letter_sets([word.surface for word in known]), np.uint64)
    lengths = [len(word.surface) if word.surface.isalpha() else 0 for word in known]
    write_array(directory, "lengths", lengths, np.int32)
    write_strings(directory, "forms", [forms.get(term, term) for term in terms])


def _letter_sets(surfaces: Sequence[str]) -> npt.NDArray[np.uint64]:
    """`letter_set` of each of the surfaces."""
    ended = "".join(f"{surface}\0" for surface in surfaces).encode("utf-32-le", "surrogatepass")
    letters = np.frombuffer(ended, np.uint32)
    bits = np.where(letters, np.uint64(1) << (letters % LETTER_CLASSES).astype(np.uint64), 0)
    ends = np.cumsum([0, *(len(surface) + 1 for surface in surfaces)])
    return np.bitwise_or.reduceat(bits, ends[:-1]) if surfaces else bits
