"""Related posts by brute force with scikit-learn: the cosine of body texts, and nothing else."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import linear_kernel

from bench.morelikethis import best

CHUNK_ROWS: Final = 256
"""So many posts are compared with all others at once: more is no faster, and takes memory."""


class BodyCosine:
    """Lists of similar posts by `vectors`, a row of length 1 for each post."""

    def __init__(self, vectors: sparse.csr_matrix[Any]) -> None:
        self.vectors = vectors
        self._by_term = vectors.T.tocsr()

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> "BodyCosine":
        """The TF-IDF vectors that scikit-learn makes of texts, uses counted by their logarithm."""
        return cls(TfidfVectorizer(sublinear_tf=True).fit_transform(texts).tocsr())

    def related(self, docnum: int, limit: int) -> list[int]:
        """The posts most alike, best first, without the source; by the matrix of each term's posts.

        Only the rows of the source's terms are read: the fastest way that there is with SciPy.
        """
        cosines = (self.vectors[docnum] @ self._by_term).toarray().ravel()
        cosines[docnum] = 0
        return best(cosines, limit)

    def related_by_linear_kernel(self, docnum: int, limit: int) -> list[int]:
        """The same list in the way of scikit-learn's documentation, which reads all vectors."""
        cosines = linear_kernel(self.vectors[docnum], self.vectors).ravel()
        cosines[docnum] = 0
        return best(cosines, limit)

    def all_related(self, limit: int, workers: int) -> list[list[int]]:
        """The lists of all posts, CHUNK_ROWS of them at a time, in so many threads."""
        starts = range(0, self.vectors.shape[0], CHUNK_ROWS)
        with ThreadPoolExecutor(workers) as pool:
            chunks = pool.map(lambda start: self._chunk(start, limit), starts)
            return [found for chunk in chunks for found in chunk]

    def _chunk(self, start: int, limit: int) -> list[list[int]]:
        cosines = linear_kernel(self.vectors[start : start + CHUNK_ROWS], self.vectors)
        for row in range(len(cosines)):
            cosines[row, start + row] = 0
        return [best(row, limit) for row in cosines]
