"""Why two posts are neighbours, in the site's own words."""

from itertools import islice
from typing import Final

from search.embedded.likeness import Part, Parts
from search.embedded.snapshot import ShownWord, Snapshot
from search.related_results import Reason

MAX_REASONS: Final = 5
"""A reader looks at one or two; the rest is for the curious."""

MAX_COMPARED_REASONS: Final = 12
"""Of so many largest parts the reasons are taken that are no part of another."""


def reasons(parts: Parts, snapshot: Snapshot) -> tuple[Reason, ...]:
    """The largest parts of a score, largest first: MAX_REASONS at the most.

    Words that are but a part of one that is told as well are left to it, as `kube` to `KubeCon`.
    """
    largest = parts.largest(MAX_COMPARED_REASONS)
    words = [snapshot.word_shown(part.block, part.column) for part in largest]
    told = (
        _reason(part, word)
        for part, word in zip(largest, words, strict=True)
        if part.kind == "tag" or not any(word.is_part_of(other) for other in words)
    )
    return tuple(islice(told, MAX_REASONS))


def all_reasons(parts: Parts, snapshot: Snapshot) -> tuple[Reason, ...]:
    """Every part of a score, largest first; together they are the score."""
    return tuple(
        _reason(part, snapshot.word_shown(part.block, part.column)) for part in parts.largest()
    )


def _reason(part: Part, word: ShownWord) -> Reason:
    return Reason(part.kind, word.shown, round(part.contribution, 6))
