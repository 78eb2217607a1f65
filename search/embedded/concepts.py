"""Each post's strongest terms and its concepts, for ranking by what the best posts are about."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.fixedpoint import FIXED_POINT_UNIT
from search.embedded.sortedstrings import load_array

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


class Concepts:
    """The rows that `index.concepts` describes, compared with what some posts have in common."""

    def __init__(self, terms: Ints, weights: Ints, concepts: Ints) -> None:
        """A row for each document: its sketch, and its concepts."""
        self._terms, self._weights, self._concepts = terms, weights, concepts
        self._columns = int(terms.max(initial=0)) + 1

    @classmethod
    def load(cls, directory: Path) -> "Concepts":
        """Those of a generation."""
        names = ("sketch.terms", "sketch.weights", "concepts")
        return cls(*(load_array(directory, name) for name in names))

    def likeness_in_terms(self, docs: Ints, examples: Ints, shares: Floats, limit: int) -> Floats:
        """For each post, the product of its strongest terms with those of the examples together.

        Each example counts as its share; `limit` of their terms count.
        """
        weight_of = np.zeros(self._columns, np.float32)
        listed = self._terms[examples].ravel()
        weighted = self._weights[examples] * (shares * FIXED_POINT_UNIT).astype(np.float32)[:, None]
        np.add.at(weight_of, listed, weighted.ravel())
        columns = self._once(listed)
        if len(columns) > limit:
            weights = weight_of[columns]
            least = np.partition(weights, -limit)[-limit]
            weight_of[columns[weights < least]] = 0
        weights = self._weights[docs].astype(np.float32)
        products = np.vecdot(weight_of[self._terms[docs]], weights)
        return np.asarray(products * FIXED_POINT_UNIT, np.float64)

    def _once(self, columns: Ints) -> Ints:
        """Columns in any order, each once."""
        place = np.empty(self._columns, np.intp)
        places = np.arange(len(columns))
        place[columns] = places
        return np.asarray(columns[place[columns] == places])

    def likeness_in_concepts(self, docs: Ints, examples: Ints, shares: Floats) -> Floats:
        """For each post, the cosine of its concepts with those of the examples together; 0 to 1."""
        centre = shares.astype(np.float32) @ self._concepts[examples].astype(np.float32)
        norm = np.linalg.norm(centre)
        direction = centre / norm * FIXED_POINT_UNIT if norm else centre
        cosines = self._concepts[docs].astype(np.float32) @ direction
        return np.asarray(np.maximum(cosines, 0.0), np.float64)
