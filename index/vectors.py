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

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from index.analysis import fold
from index.arrays import write_array, write_strings
from index.blocks import ARRAYS, BLOCKS, side_by_side
from index.concepts import write_concepts
from index.phraseblocks import PhraseBlocks
from index.post import Post
from index.rarity import inverse_document_frequencies, label_rarities
from index.termcounts import TermCounts

Floats = npt.NDArray[np.float64]


def write_vectors(
    directory: Path,
    counts: TermCounts,
    phrases: PhraseBlocks,
    posts: Sequence[Post],
    terms_of_postings: Sequence[str],
) -> None:
    """Writes the blocks side by side, and what tells their columns, to `directory`.

    `blocks.*` are a BlockArrays of BLOCKS. For `text`, `phrases`, `tags` and `categories`,
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
    text, norms, idf = _weighted(counts.texts)
    write_array(directory, "text.norms", norms, np.float32)
    _write_columns(directory, "text", idf, [terms_of_postings[n] for n in counts.terms])
    write_array(directory, "text.numbers", counts.terms, np.int32)
    write_concepts(directory, text)
    rows = {"text": text, "phrases": phrases.phrases, "said": phrases.said}
    rows |= _beside_text(directory, idf, counts)
    _write_columns(directory, "phrases", phrases.idf, phrases.terms)
    write_strings(directory, "phrases.shown", phrases.shown)
    write_array(directory, "said.is_linked", phrases.is_linked, np.bool_)
    for name, labels_by_post in (
        ("tags", [post.tags for post in posts]),
        ("categories", [post.categories for post in posts]),
    ):
        labelled, labels = _label_counts(labels_by_post)
        rows[name], rarities = _weighted_labels(labelled)
        _write_columns(directory, name, rarities, labels)
    arrays = side_by_side([rows[block] for block in BLOCKS])
    for name, array in zip(ARRAYS, arrays, strict=True):
        write_array(directory, f"blocks.{name}", array, array.dtype)


def _beside_text(
    directory: Path, idf: Floats, counts: TermCounts
) -> dict[str, sparse.csr_matrix[Any]]:
    """The blocks that have the columns of the text block; writes what hides the links."""
    bodies, norms = _weighted_by(idf, counts.bodies)
    write_array(directory, "bodies.norms", norms, np.float32)
    link_texts = counts.link_texts
    link_texts.sort_indices()
    write_array(directory, "link_texts.data", link_texts.data, np.int32)
    write_array(directory, "link_texts.indices", link_texts.indices, np.int32)
    write_array(directory, "link_texts.indptr", link_texts.indptr, np.int64)
    titles, _ = _weighted_by(idf, counts.titles)
    introductions, _ = _weighted_by(idf, counts.introductions)
    return {"bodies": bodies, "names": (titles + introductions).tocsr() / 2}


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
