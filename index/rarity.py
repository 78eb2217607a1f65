"""How much something tells of the posts that have it: the more, the fewer they are."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

MAX_SHARE: Final = 0.5
"""What more of the posts have than this tells none of them from others."""

MIN_COMMON_POSTS: Final = 10
"""What fewer posts have than this is never too common: on a small site, half of it is a few."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]


def inverse_document_frequencies(having: Ints, documents: int) -> Floats:
    """ln((1 + N) / (1 + n)) + 1 for what n of N documents have, as scikit-learn smooths it.

    0 for what too many have.
    """
    idf = np.log((1 + documents) / (1 + having)) + 1
    return np.where(having > max(MAX_SHARE * documents, MIN_COMMON_POSTS), 0.0, idf)


def label_rarities(having: Ints, documents: int) -> Floats:
    """From 1 for a label of a single document down to 0 for one that all have.

    (ln((1 + N) / (1 + n)) / ln((1 + N) / 2))². Squared, so that labels of a few documents, which
    say of what kind these are, stand out from those of many. Of fewer than 2 * MIN_COMMON_POSTS
    documents, N is taken to be that: where a few posts are all there is, what they share is
    something.
    """
    scale = 1 + max(documents, 2 * MIN_COMMON_POSTS)
    rarities: Floats = np.log(scale / (1 + having)) / np.log(scale / 2)
    return rarities**2


def name_parts(idf: Floats, sums: Floats | float, documents: int) -> Floats:
    """The part that each phrase is of a name: idf² / (sum of idf in the name * idf of two posts).

    `sums` has the sum for each of the phrases, or one for all. The parts of a name are together 1
    at the most where at least two of the documents have each phrase: a name of common phrases is
    never said in full.
    """
    rarest = inverse_document_frequencies(np.array([2]), documents)[0]
    parts: Floats = idf**2 / (np.where(sums, sums, 1.0) * rarest)
    return parts
