"""Each post's strongest terms and its concepts, for ranking by what the best posts are about."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.embedded.sortedstrings import load_array

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


class Concepts:
    """The rows that `index.concepts` describes, compared with what some posts have in common."""

    def __init__(self, directory: Path) -> None:
        self._terms = load_array(directory, "sketch.terms")
        self._weights = load_array(directory, "sketch.weights")
        self._columns = int(self._terms.max(initial=0)) + 1
        self._concepts = load_array(directory, "concepts")

    def terms_in_common(self, docs: Ints, shares: Floats, limit: int) -> tuple[Ints, Floats]:
        """The `limit` strongest terms of some posts together, each post counting as its share.

        Columns of the text block, rising, and their weights, of length 1 in all.
        """
        weighted = (self._weights[docs] * shares[:, None]).ravel()
        listed = self._terms[docs].ravel()
        in_order = np.argsort(listed, kind="stable")
        listed, weighted = listed[in_order], weighted[in_order].astype(np.float64)
        firsts = np.flatnonzero(np.concatenate(([True], listed[1:] != listed[:-1])))
        columns, sums = listed[firsts], np.add.reduceat(weighted, firsts)
        if len(columns) > limit:
            strongest = np.sort(np.argpartition(-sums, limit)[:limit])
            columns, sums = columns[strongest], sums[strongest]
        norm = float(np.linalg.norm(sums))
        return columns, sums / norm if norm else sums

    def likeness_to_terms(self, docs: Ints, columns: Ints, weights: Floats) -> Floats:
        """For each post, the product of its strongest terms with the given ones."""
        weight_of = np.zeros(self._columns, np.float32)
        weight_of[columns] = weights
        products = weight_of[self._terms[docs]] * self._weights[docs]
        return np.asarray(products.sum(axis=1), np.float64)

    def likeness_to_posts(self, docs: Ints, examples: Ints, shares: Floats) -> Floats:
        """For each post, the cosine of its concepts with those of the examples together; 0 to 1."""
        centre = shares.astype(np.float32) @ self._concepts[examples]
        norm = float(np.linalg.norm(centre))
        cosines = self._concepts[docs] @ (centre / norm if norm else centre)
        return np.asarray(np.maximum(cosines, 0.0), np.float64)
