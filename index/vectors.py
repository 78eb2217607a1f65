"""Posts to TF-IDF vectors, by scikit-learn, from the same terms that Whoosh gets.

Matrices with a row for each document. Rows of `text` (title, headings, summary and body) have
length 1, or 0 where a post has nothing there: products are cosines. Rows of `tags` and `categories`
have length 1 at the most: two posts that share one that most posts have are hardly alike. What
`phrases` and `said` have is told in phraseblocks.py; their product is 1 at the most.
In the columns of `text`, and by its inverse document frequencies: `bodies`, the prose alone, and
`names`, what a post is called: the mean of its title's vector and that of title and summary.
What stands in most posts counts for nothing: neither boilerplate nor what the whole site is about
makes two of its posts alike.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from index.analysis import fold, is_exact_form, positions_by_term, stop_terms
from index.arrays import write_array, write_strings
from index.blocks import ARRAYS, BLOCKS, side_by_side
from index.concepts import write_concepts
from index.countrows import CountRows
from index.phraseblocks import PhraseBlocks
from index.rarity import inverse_document_frequencies, label_rarities

Floats = npt.NDArray[np.float64]

TEXT_FIELDS: Final[Mapping[str, int]] = {"title": 3, "headings": 2, "summary": 1, "body": 1}
"""The fields that make a post's text vector, and how many times each is counted."""

LABELS: Final = ("tags", "categories")
"""What authors sort their posts by: each is a block of its own."""


class VectorsBuilder:
    """Counts documents as they come, and writes their vectors at the end."""

    def __init__(self) -> None:
        words: dict[str, int] = {}
        self._texts = CountRows(words)
        self._labels = {name: CountRows({}) for name in LABELS}
        self._titles, self._introductions, self._bodies = (CountRows(words) for _ in range(3))
        self._link_texts = CountRows(words)

    def add(
        self,
        positions: Mapping[str, Mapping[str, list[int]]],
        boilerplate: Mapping[str, Counter[str]],
        link_texts: Iterable[str],
        labels: Mapping[str, Iterable[str]],
        language: str,
    ) -> None:
        """Counts the next document, in its language: where each term stands in each field.

        `boilerplate` has the uses in each field that do not count. `link_texts` are what the links
        to other posts say; `labels` are the post's, for each of LABELS.
        """
        unsaid = stop_terms(language)
        by_field = {
            field: Counter(
                {
                    term: len(where)
                    for term, where in positions.get(field, {}).items()
                    if term not in unsaid and _says_something(term)
                }
            )
            - boilerplate.get(field, Counter())
            for field in TEXT_FIELDS
        }
        text = Counter[str]()
        for field, times in TEXT_FIELDS.items():
            for term, uses in by_field[field].items():
                text[term] += times * uses
        self._texts.add(text)
        self._titles.add(by_field["title"])
        self._introductions.add(by_field["title"] + by_field["summary"])
        self._bodies.add(by_field["body"])
        linked = Counter(
            term
            for link_text in link_texts
            for term, where in positions_by_term(link_text, language).items()
            for _ in where
        )
        self._link_texts.add(linked & by_field["body"])
        for name, counts in self._labels.items():
            counts.add(Counter({fold(label) for label in labels[name]}))

    def write(
        self, directory: Path, terms_of_postings: Sequence[str], phrases: PhraseBlocks
    ) -> None:
        """Writes the blocks side by side, and what tells their columns, to `directory`.

        `blocks.*` are a BlockArrays of BLOCKS. For `text`, `phrases` and each of LABELS,
        `<block>.idf.npy` are the columns' weights, 0 for one that counts for nothing, and
        `<block>.terms.*` their names, in order. `bodies` and `names` have the columns of `text`,
        `said` those of `phrases`. `text.numbers.npy` has the place of each term of `text` in
        `terms_of_postings`, `phrases.shown.*` each phrase as it is written. What concepts.py makes
        of the text block is beside.

        `link_texts` counts how often each term of `text` stands in the links to other posts,
        `text.norms` and `bodies.norms` have the lengths of the rows before they were made 1, and
        `said.is_linked.npy` marks what links alone say: by these, rows can be had as if the links
        were not there.
        """
        directory.mkdir()
        matrix, terms = self._texts.matrix()
        text, norms, idf = _weighted(matrix)
        write_array(directory, "text.norms", norms, np.float32)
        _write_columns(directory, "text", idf, terms)
        number_of = {term: number for number, term in enumerate(terms_of_postings)}
        write_array(directory, "text.numbers", [number_of[t] for t in terms], np.int32)
        write_concepts(directory, text)
        rows = {"text": text, "phrases": phrases.phrases, "said": phrases.said}
        rows |= self._beside_text(directory, idf)
        _write_columns(directory, "phrases", phrases.idf, phrases.terms)
        write_strings(directory, "phrases.shown", phrases.shown)
        write_array(directory, "said.is_linked", phrases.is_linked, np.bool_)
        for name, counts in self._labels.items():
            labelled, labels = counts.matrix()
            rows[name], rarities = _weighted_labels(labelled)
            _write_columns(directory, name, rarities, labels)
        arrays = side_by_side([rows[block] for block in BLOCKS])
        for name, array in zip(ARRAYS, arrays, strict=True):
            write_array(directory, f"blocks.{name}", array, array.dtype)

    def _beside_text(self, directory: Path, idf: Floats) -> dict[str, sparse.csr_matrix[Any]]:
        """The blocks that have the columns of the text block; writes what hides the links."""
        bodies, norms = _weighted_by(idf, self._bodies)
        write_array(directory, "bodies.norms", norms, np.float32)
        link_texts, _ = self._link_texts.matrix()
        link_texts.sort_indices()
        write_array(directory, "link_texts.data", link_texts.data, np.int32)
        write_array(directory, "link_texts.indices", link_texts.indices, np.int32)
        write_array(directory, "link_texts.indptr", link_texts.indptr, np.int64)
        titles, _ = _weighted_by(idf, self._titles)
        introductions, _ = _weighted_by(idf, self._introductions)
        return {"bodies": bodies, "names": (titles + introductions).tocsr() / 2}


def _says_something(term: str) -> bool:
    """Whether sharing a term makes two posts alike: single letters and digits do not."""
    return len(term) > 1 and not is_exact_form(term)


def _write_columns(directory: Path, block: str, weights: Floats, names: Sequence[str]) -> None:
    write_array(directory, f"{block}.idf", weights, np.float32)
    write_strings(directory, f"{block}.terms", names)


def _weighted_labels(counts: sparse.csr_matrix[Any]) -> tuple[sparse.csr_matrix[Any], Floats]:
    """Rows of label_rarities, made length 1 where they are longer; and those of each column."""
    rarities = label_rarities(_posts_by_column(counts), counts.shape[0])
    rows = (counts @ sparse.diags(rarities)).tocsr()
    rows.eliminate_zeros()
    norms = np.asarray(sparse.linalg.norm(rows, axis=1), np.float64)
    return (sparse.diags(1 / np.maximum(norms, 1)) @ rows).tocsr(), rarities


def _posts_by_column(counts: sparse.csr_matrix[Any]) -> npt.NDArray[np.int64]:
    return np.bincount(counts.indices, minlength=counts.shape[1])


def _weighted(counts: sparse.csr_matrix[Any]) -> tuple[sparse.csr_matrix[Any], Floats, Floats]:
    """Rows of length 1, their lengths before, and the inverse document frequency of each column."""
    if not counts.shape[1]:
        return counts, np.zeros(counts.shape[0]), np.zeros(0)
    transformer = TfidfTransformer(sublinear_tf=True, norm=None).fit(counts)
    idf = inverse_document_frequencies(_posts_by_column(counts), counts.shape[0])
    transformer.idf_ = idf
    return *_of_length_one(transformer.transform(counts).tocsr()), idf


def _weighted_by(idf: Floats, counts: CountRows) -> tuple[sparse.csr_matrix[Any], Floats]:
    """Rows of length 1, by known inverse document frequencies, and their lengths before."""
    matrix, _ = counts.matrix()
    if not matrix.shape[1]:
        return matrix, np.zeros(matrix.shape[0])
    matrix.data = 1 + np.log(matrix.data)
    return _of_length_one((matrix @ sparse.diags(idf)).tocsr())


def _of_length_one(rows: sparse.csr_matrix[Any]) -> tuple[sparse.csr_matrix[Any], Floats]:
    rows.eliminate_zeros()
    norms = np.asarray(sparse.linalg.norm(rows, axis=1), np.float64)
    return normalize(rows), norms
