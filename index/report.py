"""What a build tells while it runs, and when it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from index.post import LeftOut, Problem

Progress = Callable[[str, int, int], None]
"""Called with the step under way (a word or two for the owner), and how many of how many."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: files = posts + the length of left_out.

    With `is_unchanged` it published nothing, since `generation` is what it would have made.
    `changes_at` is the first moment at which a post becomes due or expires, if any does.
    `cluster_index` is what the generation is called in a cluster, if it is in one.
    """

    generation: str
    files: int
    posts: int
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    seconds: float
    is_unchanged: bool = False
    changes_at: datetime | None = None
    cluster_index: str = ""

    def as_json(self) -> dict[str, Any]:
        """The report in the shape that `--json` prints."""
        answer = {
            "generation": self.generation,
            "files": self.files,
            "posts": self.posts,
            "left_out": [entry.as_json() for entry in self.left_out],
            "problems": [problem.as_json() for problem in self.problems],
            "seconds": round(self.seconds, 3),
            "is_unchanged": self.is_unchanged,
        }
        return answer | ({"cluster_index": self.cluster_index} if self.cluster_index else {})
