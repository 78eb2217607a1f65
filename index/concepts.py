"""What ranking by meaning needs of the text vectors: each post's strongest terms, and its concepts.

    sketch.terms[D, SKETCH_TERMS]     columns of the text block, strongest first; 0 where there is
    sketch.weights[D, SKETCH_TERMS]   none, with a weight of 0
    concepts[D, n]                    the post among the n strongest singular vectors of the text
                                      block, of length 1 or 0

Weights and concepts are multiples of FIXED_POINT_UNIT.
Concepts are latent semantic indexing (Deerwester et al. 1990): posts that say the same in other
words are near each other, for their words go together elsewhere.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from index.arrays import write_array
from index.fixedpoint import fixed_point

SKETCH_TERMS: Final = 64
"""Terms that stand for a post; on the judged collections, as good as all of them."""

CONCEPTS: Final = 150
"""Singular vectors that are kept; from 64 to 200 the judged collections rank as well."""

MAX_FITTED_DOCUMENTS: Final = 20_000
"""Concepts are found in so many documents, spread evenly; the others are placed among them."""

_SVD_ROUNDS = 2


def write_concepts(directory: Path, vectors: sparse.csr_matrix[Any]) -> None:
    """Writes the sketches and concepts of the text block's rows."""
    terms, weights = _sketches(vectors)
    write_array(directory, "sketch.terms", terms, np.int32)
    write_array(directory, "sketch.weights", fixed_point(weights, np.uint16), np.uint16)
    write_array(directory, "concepts", fixed_point(_concepts(vectors), np.int16), np.int16)


def _sketches(
    vectors: sparse.csr_matrix[Any],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    documents = vectors.shape[0]
    terms = np.zeros((documents, SKETCH_TERMS), np.int32)
    weights = np.zeros((documents, SKETCH_TERMS), np.float32)
    for row in range(documents):
        extent = slice(vectors.indptr[row], vectors.indptr[row + 1])
        columns, values = vectors.indices[extent], vectors.data[extent]
        strongest = np.argsort(-values, kind="stable")[:SKETCH_TERMS]
        terms[row, : len(strongest)] = columns[strongest]
        weights[row, : len(strongest)] = values[strongest]
    return terms, weights


def _concepts(vectors: sparse.csr_matrix[Any]) -> npt.NDArray[np.float32]:
    """The rows among the strongest singular vectors; none where there is too little to compare."""
    documents = vectors.shape[0]
    step = max(1, -(-documents // MAX_FITTED_DOCUMENTS))
    fitted = vectors[::step]
    having = np.bincount(fitted.indices, minlength=vectors.shape[1])
    shared = np.flatnonzero(having > 1)
    size = min(CONCEPTS, fitted.shape[0] - 1, len(shared) - 1)
    if size < 1:
        return np.zeros((documents, 0), np.float32)
    # Four bytes take half the time of eight; of 200,000 cosines none came out 0.0002 apart.
    narrow = vectors[:, shared].astype(np.float32).tocsr()
    with threadpool_limits(1):  # so that sums are added up in one order; others wait for the cores
        _, _, right = randomized_svd(
            narrow[::step], size, n_iter=_SVD_ROUNDS, random_state=0, flip_sign=False
        )
    placed = narrow @ right.T
    norms = np.linalg.norm(placed, axis=1, keepdims=True)
    return np.asarray(placed / np.where(norms > 0, norms, 1), np.float32)
