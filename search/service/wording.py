"""What pages say in words: dates, lists, and why two posts are related."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from search.related_results import Reason, ReasonKind, RelatedPost, Rung

REASON_VALUES_SHOWN: Final = 3
"""Values named per kind of reason: enough to recognize the subject, short enough for one line."""

_SHARED: Final[dict[ReasonKind, str]] = {
    "tag": "both tagged",
    "category": "both in",
    "term": "both about",
    "mention": "both mention",
}
_RUNGS: Final[dict[Rung, str]] = {
    "series": "From the same series",
    "pinned": "Picked by the author",
    "similar": "Similar",
    "category": "From the same category",
    "popular": "Popular with readers",
    "recent": "Recent",
}


def long_date(iso: str) -> str:
    """`2022-05-05` as `May 5, 2022`; anything else as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day:%B} {day.day}, {day.year}"


def in_words(values: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b, and c`."""
    if len(values) <= 2:
        return " and ".join(values)
    return f"{', '.join(values[:-1])}, and {values[-1]}"


def why_related(post: RelatedPost) -> str:
    """Why a post is in a related list, in words: `Both tagged eBPF, both about kernel`."""
    if post.rung == "similar" and post.reasons:
        shared = ", ".join(_shared(kind, post.reasons) for kind in _kinds(post.reasons))
        return shared[:1].upper() + shared[1:]
    return _RUNGS[post.rung]


def _kinds(reasons: Sequence[Reason]) -> list[ReasonKind]:
    """The kinds among `reasons`, in order of their first."""
    return list(dict.fromkeys(reason.kind for reason in reasons))


def _shared(kind: ReasonKind, reasons: Sequence[Reason]) -> str:
    values = [reason.value for reason in reasons if reason.kind == kind]
    return f"{_SHARED[kind]} {in_words(values[:REASON_VALUES_SHOWN])}"
