"""BM25F: what a term scores in a document.

idf * w * (k1 + 1) / (w + k1), with w the sum of the weights of the term's uses there (Robertson and
Zaragoza 2009, equations 3.15 and 3.18).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from index.schema import BM25_K1

Floats = npt.NDArray[np.float64]


def idf(having: npt.NDArray[np.integer[Any]], documents: int) -> Floats:
    """The inverse document frequency of terms that so many of the documents have.

    log(1 + (N - n + 0.5) / (n + 0.5)): Lucene's, which is never negative.
    """
    return np.asarray(np.log(1 + (documents - having + 0.5) / (having + 0.5)))


def saturated(weights: Floats) -> Floats:
    """What terms of these weights score in a document, but for their idf."""
    return weights * (BM25_K1 + 1) / (weights + BM25_K1)
