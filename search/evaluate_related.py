"""How good related lists are, by judged posts: nDCG@5, P@5, MRR, coverage and likeness within.

A source is judged by the posts that a reader of it ought to be led to. Coverage is the share of all
posts that stand in any of the lists: whether the same few are recommended everywhere. Intra-list
similarity (ILS) is the mean cosine of the texts of any two posts in a list: whether lists say the
same several times (Ziegler et al. 2005, who take the sum in place of the mean).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Any, Final

from search.engine import MAX_RELATED_LIMIT, Engine
from search.errors import PostNotFoundError
from search.judgments import Qrels
from search.measures import KnownPaths, Scores, measure, some_of

NDCG_5: Final = "nDCG@5"
MEASURES: Final = (NDCG_5, "P@5", "MRR")
"""The measures by the names that they have in answers, in the order of answers."""

SHOWN: Final = 5
"""Coverage looks at so many posts of each list: those that a widget shows."""


@dataclass(frozen=True, slots=True)
class RelatedEvaluation:
    """How good the lists were.

    `means` has MEASURES over all sources with a relevant post; a source that no post is counts
    zero. `notes` say in sentences what is likely to be wrong.
    """

    sources: int
    means: Scores
    coverage: float
    intra_list_similarity: float
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What `signpost evaluate related --json` prints."""
        return {"sources": self.sources, **self.measured}

    @property
    def measured(self) -> dict[str, float]:
        """Every measure by its name."""
        return {**self.means, "coverage": self.coverage, "ILS": self.intra_list_similarity}


def evaluate_related(qrels: Qrels, engine: Engine) -> RelatedEvaluation:
    """How well `engine` leads on from each source, by what `qrels` says of other posts.

    Raises ValueError where no source has a relevant post, MeasuresMissingError where ir-measures
    is not installed.
    """
    judged = {
        source: grades for source, grades in qrels.items() if any(g > 0 for g in grades.values())
    }
    if not judged:
        raise ValueError("no source has a judgment that says a post is relevant")
    paths = KnownPaths(engine)
    resolved = {source: paths.resolved(grades) for source, grades in judged.items()}
    for source in judged:
        paths.canonical(source)  # names it among the missing, if it is
    runs = {source: _related_paths(source, engine) for source in judged}
    scores = measure(resolved, runs, MEASURES).values()
    listed = {path for run in runs.values() for path in run[:SHOWN]}
    return RelatedEvaluation(
        sources=len(judged),
        means={name: fmean(score[name] for score in scores) for name in MEASURES},
        coverage=len(listed) / engine.status().posts,
        intra_list_similarity=_intra_list_similarity(runs.values(), engine),
        notes=_notes(paths.missing),
    )


def _related_paths(source: str, engine: Engine) -> list[str]:
    try:
        return [post.path for post in engine.related(source, limit=MAX_RELATED_LIMIT).related]
    except PostNotFoundError:
        return []


def _intra_list_similarity(runs: Iterable[Sequence[str]], engine: Engine) -> float:
    """The mean over all lists of two posts or more; 0 where there are none."""
    means = []
    for shown in (run[:SHOWN] for run in runs):
        if len(shown) > 1:
            cosines = engine.text_cosines(shown)
            means.append(fmean(cosines[a][b] for a, b in combinations(range(len(shown)), 2)))
    return fmean(means) if means else 0.0


def _notes(missing: list[str]) -> tuple[str, ...]:
    if not missing:
        return ()
    note = (
        f"No post has {len(missing)} of the judged paths: {some_of(missing)}. "
        "Is it the right index? Were drafts left out?"
    )
    return (note,)
