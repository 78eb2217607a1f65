"""Posts to TF-IDF vectors, by scikit-learn, from the same terms that Whoosh gets.

Matrices with a row for each document, rows of length 1 (or 0 where a post has nothing there):
`text` (title, headings, summary and body) and `tags`. Cosines are plain products.
In the columns of `text`, and by its inverse document frequencies: `bodies`, the prose alone, and
`names`, what a post is called: the mean of its title's vector and that of title and summary.
What stands in most posts counts for nothing: neither boilerplate nor what the whole site is about
makes two of its posts alike.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from index.analysis import fold
from index.arrays import write_array, write_strings
from index.concepts import write_concepts
from index.termcounts import TermCounts

Floats = npt.NDArray[np.float64]

MAX_SHARE: Final = 0.5
"""A word of more of the posts than this tells none of them from others."""

MIN_COMMON_POSTS: Final = 10
"""Words of fewer posts than this are never too common: on a small site, half of it is a few."""


def write_vectors(
    directory: Path,
    counts: TermCounts,
    tags_by_post: Iterable[Iterable[str]],
    terms_of_postings: Sequence[str],
) -> None:
    """Writes each block's rows, inverse document frequencies and terms to `directory`.

    `<block>.{data,indices,indptr}.npy` are a CSR matrix of float32, and
    `<block>.by_column.{data,docs,starts}.npy` the same, column by column. `<block>.idf.npy` are
    the columns' weights, 0 for one that counts for nothing, and `<block>.terms.*` their names,
    in order. `names` and `bodies` have those of `text`. `text.numbers.npy` has the place of
    each of them in `terms_of_postings`. What concepts.py makes of the text block is beside.

    `link_texts` counts how often each term of `text` stands in the links to other posts, and
    `text.norms` and `bodies.norms` have the lengths of the rows before they were made 1: by
    these, rows can be had as if the links were not there.
    """
    directory.mkdir()
    vectors, norms, idf = _weighted(counts.texts)
    _write_block(directory, "text", vectors, idf, [terms_of_postings[n] for n in counts.terms])
    write_array(directory, "text.numbers", counts.terms, np.int32)
    write_array(directory, "text.norms", norms, np.float32)
    write_concepts(directory, vectors)
    _write_beside_text(directory, idf, counts)
    tags, names = _label_counts(tags_by_post)
    vectors, _, idf = _weighted(tags)
    _write_block(directory, "tags", vectors, idf, names)


def _write_beside_text(directory: Path, idf: Floats, counts: TermCounts) -> None:
    """What has the columns of the text block."""
    bodies, norms = _weighted_by(idf, counts.bodies)
    _write_rows(directory, "bodies", bodies)
    write_array(directory, "bodies.norms", norms, np.float32)
    titles, _ = _weighted_by(idf, counts.titles)
    introductions, _ = _weighted_by(idf, counts.introductions)
    _write_rows(directory, "names", (titles + introductions).tocsr() / 2)
    link_texts = counts.link_texts
    link_texts.sort_indices()
    write_array(directory, "link_texts.data", link_texts.data, np.int32)
    write_array(directory, "link_texts.indices", link_texts.indices, np.int32)
    write_array(directory, "link_texts.indptr", link_texts.indptr, np.int64)


def _label_counts(
    labels_by_post: Iterable[Iterable[str]],
) -> tuple[sparse.csr_matrix[Any], list[str]]:
    """Which post has which label, letter case and accents aside, columns in alphabetical order."""
    rows = [{fold(label) for label in labels} for labels in labels_by_post]
    names = sorted(set[str]().union(*rows))
    column_of = {name: column for column, name in enumerate(names)}
    columns = [column_of[name] for row in rows for name in sorted(row)]
    bounds = np.cumsum([0, *map(len, rows)])
    shape = (len(rows), len(names))
    return sparse.csr_matrix((np.ones(len(columns)), columns, bounds), shape=shape), names


def _weighted(counts: sparse.csr_matrix[Any]) -> tuple[sparse.csr_matrix[Any], Floats, Floats]:
    """Rows of length 1, their lengths before, and the inverse document frequency of each column."""
    if not counts.shape[1]:
        return counts, np.zeros(counts.shape[0]), np.zeros(0)
    transformer = TfidfTransformer(sublinear_tf=True, norm=None)
    posts_by_column = np.bincount(counts.indices, minlength=counts.shape[1])
    most = max(MAX_SHARE * counts.shape[0], MIN_COMMON_POSTS)
    transformer.fit(counts)
    idf: Floats = np.where(posts_by_column > most, 0.0, transformer.idf_)
    transformer.idf_ = idf
    return *_of_length_one(transformer.transform(counts).tocsr()), idf


def _weighted_by(
    idf: Floats, counts: sparse.csr_matrix[Any]
) -> tuple[sparse.csr_matrix[Any], Floats]:
    """Rows of length 1, by known inverse document frequencies, and their lengths before."""
    if not counts.shape[1]:
        return counts, np.zeros(counts.shape[0])
    matrix = counts.astype(np.float64)
    matrix.data = 1 + np.log(matrix.data)
    return _of_length_one((matrix @ sparse.diags(idf)).tocsr())


def _of_length_one(rows: sparse.csr_matrix[Any]) -> tuple[sparse.csr_matrix[Any], Floats]:
    rows.eliminate_zeros()
    norms = np.asarray(sparse.linalg.norm(rows, axis=1), np.float64)
    return normalize(rows), norms


def _write_block(
    directory: Path,
    name: str,
    rows: sparse.csr_matrix[Any],
    idf: Floats,
    terms: Sequence[str],
) -> None:
    """Rows, and what tells their columns."""
    _write_rows(directory, name, rows)
    write_array(directory, f"{name}.idf", idf, np.float32)
    write_strings(directory, f"{name}.terms", terms)


def _write_rows(directory: Path, name: str, rows: sparse.csr_matrix[Any]) -> None:
    rows.sort_indices()
    write_array(directory, f"{name}.data", rows.data, np.float32)
    write_array(directory, f"{name}.indices", rows.indices, np.int32)
    write_array(directory, f"{name}.indptr", rows.indptr, np.int64)
    by_column = rows.tocsc()
    write_array(directory, f"{name}.by_column.data", by_column.data, np.float32)
    write_array(directory, f"{name}.by_column.docs", by_column.indices, np.int32)
    write_array(directory, f"{name}.by_column.starts", by_column.indptr, np.int64)
