"""Posts to TF-IDF vectors, by scikit-learn, from the same terms that Whoosh gets.

Three matrices, a row for each document, rows of length 1 (or 0 where a post has nothing there):
`text` (title, headings, summary and body), `tags` and `categories`. Cosines are plain products.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from index.analysis import fold, is_exact_form, stop_terms
from index.arrays import write_array, write_strings
from index.concepts import write_concepts

BLOCKS: Final = ("text", "tags", "categories")
"""The matrices, in the order in which their contributions are listed."""

TEXT_FIELDS: Final[Mapping[str, int]] = {"title": 3, "headings": 2, "summary": 1, "body": 1}
"""The fields that make a post's text vector, and how many times each is counted."""


class VectorsBuilder:
    """Counts documents as they come, and writes their vectors at the end."""

    def __init__(self) -> None:
        self._blocks = {block: _Counts() for block in BLOCKS}

    def add(
        self,
        positions: Mapping[str, Mapping[str, list[int]]],
        tags: Iterable[str],
        categories: Iterable[str],
        language: str,
    ) -> None:
        """Counts the next document, in its language: where each term stands in each field."""
        unsaid = stop_terms(language)
        text = Counter[str]()
        for field, times in TEXT_FIELDS.items():
            for term, where in positions.get(field, {}).items():
                if term not in unsaid and _says_something(term):
                    text[term] += times * len(where)
        self._blocks["text"].add(text)
        self._blocks["tags"].add(Counter({fold(tag) for tag in tags}))
        self._blocks["categories"].add(Counter({fold(category) for category in categories}))

    def write(self, directory: Path) -> None:
        """Writes each block's rows, inverse document frequencies and terms to `directory`.

        `<block>.{data,indices,indptr}.npy` are a CSR matrix of float32, `<block>.idf.npy` its
        columns' weights, and `<block>.terms.*` their names, in order. What concepts.py makes of
        the text block is beside them.
        """
        directory.mkdir()
        for block, counts in self._blocks.items():
            matrix, terms = counts.matrix()
            vectors = _write_block(directory, block, matrix, terms)
            if block == "text":
                write_concepts(directory, vectors)


def _says_something(term: str) -> bool:
    """Whether sharing a term makes two posts alike: numbers and letters do not."""
    is_number = term.replace(".", "").isdigit()
    return len(term) > 1 and not is_number and not is_exact_form(term)


class _Counts:
    """A growing matrix of counts: a row for each `add`, a column for each new name."""

    def __init__(self) -> None:
        self._columns: dict[str, int] = {}
        self._data: list[int] = []
        self._indices: list[int] = []
        self._indptr = [0]

    def add(self, row: Counter[str]) -> None:
        columns = self._columns
        for name, count in row.items():
            self._indices.append(columns.setdefault(name, len(columns)))
            self._data.append(count)
        self._indptr.append(len(self._indices))

    def matrix(self) -> tuple[sparse.csr_matrix[Any], list[str]]:
        """The counts, columns in alphabetical order."""
        names = sorted(self._columns)
        shape = (len(self._indptr) - 1, len(names))
        arrays = (
            np.array(self._data, dtype=np.float64),
            np.array(self._indices, dtype=np.int32),
            np.array(self._indptr, dtype=np.int32),
        )
        counts = sparse.csr_matrix(arrays, shape=shape)
        return counts[:, [self._columns[name] for name in names]].tocsr(), names


def _write_block(
    directory: Path, block: str, counts: sparse.csr_matrix[Any], terms: list[str]
) -> sparse.csr_matrix[Any]:
    if terms:
        transformer = TfidfTransformer(sublinear_tf=True, norm="l2")
        vectors: sparse.csr_matrix[Any] = transformer.fit_transform(counts).tocsr()
        vectors.sort_indices()
        idf = transformer.idf_
    else:
        vectors, idf = counts, np.zeros(0)
    write_array(directory, f"{block}.data", vectors.data, np.float32)
    write_array(directory, f"{block}.indices", vectors.indices, np.int32)
    write_array(directory, f"{block}.indptr", vectors.indptr, np.int64)
    write_array(directory, f"{block}.idf", idf, np.float32)
    write_strings(directory, f"{block}.terms", terms)
    return vectors
