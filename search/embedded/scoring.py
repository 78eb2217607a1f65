"""The score of each matching post, and the order of the hits."""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from search.embedded.clauses import Scores
from search.embedded.labels import Mask
from search.embedded.matching import Matches
from search.embedded.snapshot import UNDATED, Snapshot, pin_key, title_key
from search.engine import Sort

EXACT_TITLE_LEAD: Final = 1.0
"""A post whose title is the query scores this much above the best other one, whatever the
others say: the reader typed its name."""

PIN_LEAD: Final = 1.0
"""A post that is pinned to the query scores this much above all that are not."""

SCORE_DECIMALS: Final = 9
"""Scores that differ by less are a tie: sums of floats may differ in the last digits."""


def score_parts(matches: Matches, snapshot: Snapshot, query_text: str) -> dict[str, Scores]:
    """The parts of every document's score by name: its fields, and what lifts it.

    A document's score is the sum of its parts. `boost` is what `search.boost` of its front matter
    adds to or takes from the sum of its fields.
    """
    parts = dict(matches.by_field)
    base = np.sum(list(parts.values()), axis=0) if parts else np.zeros(len(snapshot.boosts))
    if np.any(snapshot.boosts != 1):
        parts["boost"] = base * (snapshot.boosts - 1)
        base = base * snapshot.boosts
    lifts = {
        "exact_title": (_exact_title(matches.mask, snapshot, query_text), EXACT_TITLE_LEAD),
        "pin": (pinned_documents(snapshot, query_text), PIN_LEAD),
    }
    for name, (lifted, lead) in lifts.items():
        if lifted:
            bonus = np.zeros(len(base))
            bonus[lifted] = base[matches.mask].max(initial=0.0) + lead
            parts[name] = bonus
            base = base + bonus
    return parts


def order(
    docnums: npt.NDArray[np.intp], scores: Scores, snapshot: Snapshot, sort: Sort
) -> npt.NDArray[np.intp]:
    """`docnums` in the order of the hits: score, then newest, then path; or by date, then path.

    Undated posts come last in either order of dates.
    """
    newest_rank = snapshot.newest_rank[docnums]
    if sort == "newest":
        return docnums[np.argsort(newest_rank)]
    if sort == "oldest":
        timestamps = snapshot.timestamps[docnums]
        is_undated = timestamps == UNDATED
        return docnums[np.lexsort((docnums, timestamps, is_undated))]
    return docnums[np.lexsort((newest_rank, -scores[docnums].round(SCORE_DECIMALS)))]


def pinned_documents(snapshot: Snapshot, query_text: str) -> list[int]:
    """The posts whose front matter pins them to this query."""
    return snapshot.docnums_by_pin.get(pin_key(query_text), [])


def with_pinned(matches: Matches, snapshot: Snapshot, query_text: str) -> Matches:
    """The matches, and the posts that are pinned to this query whether they match or not."""
    pinned = pinned_documents(snapshot, query_text)
    if not pinned:
        return matches
    mask = matches.mask.copy()
    mask[pinned] = True
    return replace(matches, mask=mask)


def _exact_title(mask: Mask, snapshot: Snapshot, query_text: str) -> list[int]:
    key = title_key(query_text)
    found = snapshot.docnums_by_title.get(key, []) if key else []
    return [docnum for docnum in found if mask[docnum]]
