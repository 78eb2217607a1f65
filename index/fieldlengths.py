"""How long the fields of posts are, and what a use of a term counts in each."""

from typing import Any

import numpy as np
import numpy.typing as npt

from index.schema import BM25_B, FIELD_BOOSTS
from index.sitewords import Units


def use_weights(units: Units, unit_chars: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.float64]:
    """What one use of a term in each unit counts: the boost of its field by the length norm.

    boost / (1 - b + b * length / average length), Robertson and Zaragoza 2009, equation 3.18;
    lengths are those of the field in the unit's post, in characters, which mean the same in scripts
    with and without spaces. 0 where the post has no character in that field.
    """
    fields = len(FIELD_BOOSTS)
    posts = len(units.first_units) - 1
    places = units.posts().astype(np.int64) * fields + units.fields
    chars = np.bincount(places, unit_chars, posts * fields).reshape(posts, fields)
    boosts = np.array([FIELD_BOOSTS[name] for name in FIELD_BOOSTS])
    b = np.array([BM25_B[name] for name in FIELD_BOOSTS])
    relative = chars * posts / np.maximum(chars.sum(axis=0), 1)
    weights = np.where(chars > 0, boosts / (1 - b + b * relative), 0.0).ravel()
    return np.asarray(weights[places], np.float64)
