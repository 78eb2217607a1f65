"""Why two posts are neighbours, in the site's own words."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Final

from search.embedded.likeness import Part
from search.embedded.shownwords import ShownWord
from search.embedded.snapshot import Snapshot
from search.related_results import Reason

MAX_REASONS: Final = 5
"""A reader looks at one or two; the rest is for the curious."""

MAX_COMPARED_REASONS: Final = 12
"""Of so many largest parts the reasons are taken that are no part of another."""

LABEL_KINDS: Final = frozenset({"tag", "category"})
"""What an author chose is told, whatever else says the same."""


def reasons(parts: Sequence[Part], snapshot: Snapshot) -> tuple[Reason, ...]:
    """The largest of some parts of a score that come largest first: MAX_REASONS at the most.

    Words that are but a part of one that is told as well are left to it, as `kube` to `KubeCon`,
    also where the site writes the part on its own in another form, as `cons` for the one of
    `KubeCon`. What is written alike is told once.
    """
    words = [snapshot.word_shown(part.column) for part in parts]
    # Each word stands there once for itself, and once more for any that it is part of.
    all_words = "\n".join({word.folded for word in words})
    terms = Counter(term for word in words for term in word.terms)
    told: dict[tuple[str, bool], Reason] = {}
    for part, word in zip(parts, words, strict=True):
        is_label = part.kind in LABEL_KINDS
        is_within = all_words.count(word.folded) > 1 or terms[word.term] > (word.term in word.terms)
        if is_label or not is_within:
            told.setdefault((word.folded, is_label), _reason(part, word))
    return tuple(islice(told.values(), MAX_REASONS))


def all_reasons(parts: Sequence[Part], snapshot: Snapshot) -> tuple[Reason, ...]:
    """Every part of a score; together they are the score."""
    return tuple(_reason(part, snapshot.word_shown(part.column)) for part in parts)


def _reason(part: Part, word: ShownWord) -> Reason:
    return Reason(part.kind, word.shown, round(part.contribution, 6))
