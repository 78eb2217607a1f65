"""What both evaluations measure with: ir-measures by our names, and paths as the index has them."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Final

from search.engine import Engine
from search.errors import MeasuresMissingError, PostNotFoundError
from search.judgments import Qrels

MAX_NAMED: Final = 3
"""How many of the paths that no post has, or of the qids that no query has, a note names."""

Scores = dict[str, float]
"""The value of each measure, by its name."""


def measure(
    qrels: Qrels, runs: Mapping[str, Sequence[str]], names: Collection[str]
) -> dict[str, Scores]:
    """The scores of each qid of `qrels`, in its order; `runs` has the found paths, best first.

    `names` are those of ir-measures, but that its RR is called MRR here. A qid without a run, or
    with an empty one, scores zero. Raises MeasuresMissingError.
    """
    try:
        from ir_measures import iter_calc, parse_measure  # noqa: PLC0415  # not on every processor
    except ImportError:
        raise MeasuresMissingError(
            "Evaluating needs the package ir-measures, which was not installed along, since on "
            "this processor it has to be compiled. Install a C++ compiler, then: "
            "pip install ir-measures."
        ) from None
    by_measure = {parse_measure(name.replace("MRR", "RR")): name for name in names}
    # The order of the list is the run. Scores would let ties fall in another order.
    ranked = {
        qid: {path: float(-rank) for rank, path in enumerate(run)} for qid, run in runs.items()
    }
    scores = {qid: dict.fromkeys(names, 0.0) for qid in qrels}
    for metric in iter_calc(list(by_measure), qrels, ranked):
        scores[metric.query_id][by_measure[metric.measure]] = float(metric.value)
    return scores


class KnownPaths:
    """Paths as the engine's index has them; `missing` collects those that no post has."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.missing: list[str] = []
        self.canonical = cache(self._canonical)

    def resolved(self, grades: dict[str, int]) -> dict[str, int]:
        """The grades by canonical path; the higher one where two paths are one post's."""
        resolved: dict[str, int] = {}
        for written, grade in grades.items():
            path = self.canonical(written)
            resolved[path] = max(grade, resolved.get(path, grade))
        return resolved

    def _canonical(self, path: str) -> str:
        try:
            return self._engine.post(path).path
        except PostNotFoundError:
            self.missing.append(path)
            return path


def some_of(names: Sequence[str]) -> str:
    """The first of some names, for a note."""
    return ", ".join(names[:MAX_NAMED]) + (", …" if len(names) > MAX_NAMED else "")
