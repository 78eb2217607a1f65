"""Meaning without a model: what the first results have in common reorders the results.

The best posts for a query say, in words of their own, what the query is about. Their strongest
terms (Rocchio 1971, with the first results taken for relevant) and their concepts are compared with
each result; posts that say it in the same words and in other words rise.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from search.embedded.concepts import Concepts

EXAMPLES: Final = 6
"""First results that are taken for relevant; with 5 or 7 it is as good, with 10 a little worse."""

COMMON_TERMS: Final = 60
"""Strongest terms of the examples; 40 rank as well, all of them 0.006
worse on Cranfield."""

TERMS_WEIGHT: Final = 0.6
CONCEPTS_WEIGHT: Final = 0.8
"""What likeness in terms and in concepts may add to a score, beside the best score of all. Both
together add 0.047 nDCG@10 on Cranfield, 0.013 on NPL and 0.025 on site queries; without the
concepts it is 0.035, 0.005 and 0.016."""

MIN_RESULTS: Final = 3
"""Fewer results than this have nothing in common that the query does not say."""

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]


class Feedback(NamedTuple):
    """What each document gets for its likeness to the first results, in terms and in concepts."""

    terms: Floats
    concepts: Floats


def feedback(docs: Ints, scores: Floats, concepts: Concepts) -> Feedback:
    """What the best of `docs` by `scores` are about, seen in each of them; in units of the scores.

    Nothing where there are too few of them.
    """
    if len(docs) < MIN_RESULTS:
        return Feedback(np.zeros(len(docs)), np.zeros(len(docs)))
    first = np.argsort(-scores, kind="stable")[:EXAMPLES]
    shares = scores[first] / max(float(scores[first].sum()), np.finfo(float).tiny)
    best = float(scores[first[0]])
    by_terms = concepts.likeness_in_terms(docs, docs[first], shares, COMMON_TERMS)
    by_concepts = concepts.likeness_in_concepts(docs, docs[first], shares)
    most = float(by_terms.max())
    return Feedback(
        TERMS_WEIGHT * best * (by_terms / most if most else by_terms),
        CONCEPTS_WEIGHT * best * by_concepts,
    )
