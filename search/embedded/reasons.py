"""Why two posts are neighbours, in the site's own words."""

from itertools import islice
from typing import Final

from index.analysis import fold
from search.embedded.likeness import Part, Source
from search.embedded.snapshot import Snapshot
from search.results import Reason

MAX_REASONS: Final = 5
"""A reader looks at one or two; the rest is for the curious."""

MAX_COMPARED_REASONS: Final = 12
"""Of so many largest parts the reasons are taken that are no part of another."""


def reasons(source: Source, docnum: int, snapshot: Snapshot) -> tuple[Reason, ...]:
    """The largest parts of the score, largest first; all parts together are the score.

    Words that are but a part of one that is told as well are left to it, as `kube` to `KubeCon`.
    """
    largest = list(islice(source.parts(docnum, snapshot), MAX_COMPARED_REASONS))
    words = [_word(part, snapshot) for part in largest]
    told = []
    for part, word in zip(largest, words, strict=True):
        if part.kind == "tag" or not any(word in other for other in words if other != word):
            told.append(Reason(part.kind, _shown(part, snapshot), round(part.contribution, 6)))
    return tuple(told[:MAX_REASONS])


def _word(part: Part, snapshot: Snapshot) -> str:
    return fold(_shown(part, snapshot))


def _shown(part: Part, snapshot: Snapshot) -> str:
    """A shared term or tag in the form in which the site writes it."""
    name = snapshot.vectors[part.block].terms[part.column]
    if part.block == "text":
        return snapshot.shown_form(name)
    return snapshot.labels[part.block].shown(name)
