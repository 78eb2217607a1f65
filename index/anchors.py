"""Anchors of headings: GitHub's way, which most site generators share."""

import re
import unicodedata
from dataclasses import dataclass, field

_DROPPED = re.compile(r"[^\w\s-]")
NAMELESS_ANCHOR = "section"
"""The anchor of a heading that has no letters or digits."""


@dataclass(slots=True)
class Anchors:
    """The anchors of one page, each given once."""

    _taken: dict[str, int] = field(default_factory=dict)

    def take(self, heading: str, own_id: str = "") -> str:
        """An anchor for a heading: its own id if it has one, else a slug of its text.

        A slug that is taken gets `-1`, `-2` and so on.
        """
        if own_id:
            self._taken.setdefault(own_id, 0)
            return own_id
        slug = anchor_slug(heading) or NAMELESS_ANCHOR
        if slug not in self._taken:
            self._taken[slug] = 0
            return slug
        number = self._taken[slug] + 1
        while f"{slug}-{number}" in self._taken:
            number += 1
        self._taken[slug] = number
        self._taken[f"{slug}-{number}"] = 0
        return f"{slug}-{number}"


def anchor_slug(heading: str) -> str:
    """Text in lower case, without punctuation, a hyphen for each space."""
    kept = _DROPPED.sub(_mark_or_nothing, heading.strip().lower())
    return re.sub(r"\s", "-", kept)


def _mark_or_nothing(found: re.Match[str]) -> str:
    """A combining mark is part of its letter; all else that is no word character goes."""
    return found[0] if unicodedata.category(found[0]).startswith("M") else ""
