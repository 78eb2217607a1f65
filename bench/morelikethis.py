"""More-like-this, as OpenSearch and Elasticsearch have it, worked out here on the same counts.

No cluster runs: this follows Lucene, which both are built on. The terms that tell most of a post
are its query, each scored by BM25, and a post must have some of them. The defaults are those of
the reference of the `more_like_this` query (of Elasticsearch, "Query DSL, Specialized queries";
of OpenSearch, "More like this"); terms are chosen as Lucene's MoreLikeThis chooses them, by
frequency * idf of its ClassicSimilarity; scores are those of its BM25Similarity, lengths exact.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

MAX_QUERY_TERMS: Final = 25
"""Default of `max_query_terms`."""

MIN_TERM_FREQ: Final = 2
"""Default of `min_term_freq`: a term must be used so often in the source."""

MIN_DOC_FREQ: Final = 5
"""Default of `min_doc_freq`: so many posts must have a term."""

MINIMUM_SHOULD_MATCH_PERCENT: Final = 30
"""Default of `minimum_should_match`: a post must have this share of the terms, rounded down."""

K1: Final = 1.2
"""Default of BM25Similarity."""

B: Final = 0.75
"""Default of BM25Similarity."""

Floats = npt.NDArray[np.float64]


class MoreLikeThis:
    """Lists of similar posts, by `counts`: a row for each post, a column for each term."""

    def __init__(self, counts: sparse.csr_matrix[Any]) -> None:
        self._counts = counts
        posts = counts.shape[0]
        self._doc_freqs = np.bincount(counts.indices, minlength=counts.shape[1])
        self._tells = np.log((posts + 1) / (self._doc_freqs + 1)) + 1
        self._scores = bm25(counts, self._doc_freqs).tocsc()

    def related(self, docnum: int, limit: int) -> list[int]:
        """The best posts, best first, without the source; ties in order of the posts."""
        terms = self.query_terms(docnum)
        scores = np.zeros(self._counts.shape[0])
        matched = np.zeros(self._counts.shape[0], np.int64)
        for term in terms:
            start, end = self._scores.indptr[term], self._scores.indptr[term + 1]
            having = self._scores.indices[start:end]
            scores[having] += self._scores.data[start:end]
            matched[having] += 1
        scores[matched < len(terms) * MINIMUM_SHOULD_MATCH_PERCENT // 100] = 0
        scores[docnum] = 0
        return best(scores, limit)

    def query_terms(self, docnum: int) -> list[int]:
        """The columns of the terms that tell most of a post, those that tell most first."""
        start, end = self._counts.indptr[docnum], self._counts.indptr[docnum + 1]
        terms, uses = self._counts.indices[start:end], self._counts.data[start:end]
        may_ask = (uses >= MIN_TERM_FREQ) & (self._doc_freqs[terms] >= MIN_DOC_FREQ)
        terms, uses = terms[may_ask], uses[may_ask]
        order = np.lexsort((terms, -uses * self._tells[terms]))
        chosen: list[int] = terms[order][:MAX_QUERY_TERMS].tolist()
        return chosen


def bm25(counts: sparse.csr_matrix[Any], doc_freqs: npt.NDArray[Any]) -> sparse.csr_matrix[Any]:
    """What each term gives each post: idf * f / (f + k1 * (1 - b + b * length / mean length)).

    idf is log(1 + (N - n + 0.5) / (n + 0.5)).
    """
    posts = counts.shape[0]
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    saturation = K1 * (1 - B + B * lengths / lengths.mean())
    idf = np.log(1 + (posts - doc_freqs + 0.5) / (doc_freqs + 0.5))
    uses = counts.data
    by_use = np.repeat(saturation, np.diff(counts.indptr))
    scores = idf[counts.indices] * uses / (uses + by_use)
    return sparse.csr_matrix((scores, counts.indices, counts.indptr), shape=counts.shape)


def best(scores: Floats, limit: int) -> list[int]:
    """The places of the `limit` largest scores above 0, largest first; ties in order."""
    if len(scores) > limit:
        floor = np.partition(scores, -limit)[-limit]
        candidates = np.flatnonzero(scores >= max(floor, np.nextafter(0, 1)))
    else:
        candidates = np.flatnonzero(scores > 0)
    order = np.lexsort((candidates, -scores[candidates]))
    chosen: list[int] = candidates[order][:limit].tolist()
    return chosen
