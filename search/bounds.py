"""What every engine keeps requests within, and tells of requests that go beyond."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from search.drafts import MAX_DRAFT_CHARS
from search.engine import MAX_LIMIT, MAX_OFFSET, MAX_RELATED_LIMIT, RelatedOptions, SearchOptions
from search.errors import PostNotFoundError

NEAREST_PATHS: Final = 3
"""How many known paths an unknown one is answered with."""

MIN_PATH_LIKENESS: Final = 0.85
"""Paths less like the unknown one than this (Jaro-Winkler) would only puzzle."""

MAX_PATH_CHARS: Final = 500
"""An unknown path is compared this far."""


def within(value: int, largest: int) -> int:
    """The value, or the nearest one from 0 to the largest."""
    return max(0, min(value, largest))


def bounded_search(options: SearchOptions | None, limit: int) -> SearchOptions:
    """What is answered of what was asked for; `limit` counts where there are no options."""
    wanted = options or SearchOptions(limit=limit)
    return replace(
        wanted,
        limit=within(wanted.limit, MAX_LIMIT),
        offset=within(wanted.offset, MAX_OFFSET),
    )


def bounded_related(options: RelatedOptions | None, limit: int) -> RelatedOptions:
    """The same for a related list."""
    wanted = options or RelatedOptions(limit=limit)
    return replace(wanted, limit=within(wanted.limit, MAX_RELATED_LIMIT))


def post_not_found(path: str, known: Sequence[str]) -> PostNotFoundError:
    """The error for a path that no post has, with the known paths that are most like it."""
    found = process.extract(
        path[:MAX_PATH_CHARS],
        known,
        scorer=JaroWinkler.normalized_similarity,
        score_cutoff=MIN_PATH_LIKENESS,
        limit=NEAREST_PATHS,
    )
    return PostNotFoundError(path, tuple(nearest for nearest, _, _ in found))


def cut_draft_notices(text: str) -> tuple[str, ...]:
    """What to tell of a draft that is longer than what is read of it."""
    if len(text) <= MAX_DRAFT_CHARS:
        return ()
    return (f"Only the first {MAX_DRAFT_CHARS} characters of the text were read.",)
