"""What an owner would want to fix, each with its file, line and kind."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

KINDS: Final = {
    "left-out": "Left out by mistake",
    "same-path": "Two posts with one path",
    "date": "Dates that can't be read, or lie in the future",
    "field": "Fields that were passed over",
    "no-title": "No title",
    "same-title": "The same title as another post",
    "dead-link": "Links within the site that lead nowhere",
    "dead-anchor": "Links to a heading that isn't there",
    "tag-case": "Tags that differ only by case",
    "short": "Too short to be found",
    "key": "Fields that look misspelt",
}
"""Every kind of finding, the gravest first, with its heading."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to fix. `kind` is one of KINDS; the rest is as in a Problem."""

    file: str
    line: int
    kind: str
    reason: str
    field: str = ""

    def as_json(self) -> dict[str, Any]:
        """The finding in the shape that `--json` prints."""
        return {
            "file": self.file,
            "line": self.line,
            "kind": self.kind,
            "reason": self.reason,
            "field": self.field,
        }


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found. `findings` are in order of file and line."""

    files: int
    posts: int
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def by_kind(self) -> Mapping[str, int]:
        """How many there are of each kind that there is, in the order of KINDS."""
        counts = Counter(finding.kind for finding in self.findings)
        return {kind: counts[kind] for kind in KINDS if counts[kind]}

    def as_json(self) -> dict[str, Any]:
        """The report in the shape that `--json` prints."""
        return {
            "files": self.files,
            "posts": self.posts,
            "by_kind": dict(self.by_kind),
            "problems": [finding.as_json() for finding in self.findings],
            "seconds": round(self.seconds, 3),
        }
