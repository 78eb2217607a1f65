"""The weights of related lists, fitted to a site's judgments on half of the sources.

The other half says whether it was worth it.
"""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from search.embedded.likeness import Source
from search.embedded.snapshot import Snapshot
from search.engine import Engine
from search.evaluate_related import NDCG_5, SHOWN, evaluate_related
from search.judgments import Qrels
from search.related_tuning import RELATED_WEIGHTS, RelatedTuning

MAX_SOURCES: Final = 300
"""So many sources of each half are looked at: nDCG@5 is then known to about 0.02."""

STEPS: Final = 50
"""Weights are in steps of a fiftieth of their sum."""

SHIFTS: Final = (STEPS, 25, 10, 5, 2, 1)
"""So many steps at a time are shifted from one weight to another: first far, then near."""

TRIED_POSTS: Final = 100
"""For each source the best posts of each kind of likeness compete: no other could come first."""

MIN_GAIN: Final = 0.005
"""A smaller gain on the other half may as well be chance."""

Floats = npt.NDArray[np.float64]
Steps = tuple[int, ...]
"""How many of STEPS each weight has."""


class _Judged(NamedTuple):
    """A source: the likeness of each kind with some posts (a row each), and what the posts gain."""

    likeness: Floats
    has: Floats
    gains: Floats
    ideal: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """Weights that do best on the fitted half, and nDCG@5 of real lists on both halves.

    Each pair has the value with the weights in force, then with the new ones.
    """

    weights: Mapping[str, float]
    sources: tuple[int, int]
    fitted: tuple[float, float]
    held_out: tuple[float, float]

    @property
    def is_worth_it(self) -> bool:
        """Whether the half that was not looked at gains, too."""
        return self.held_out[1] >= self.held_out[0] + MIN_GAIN

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints under `tuned`."""
        return {
            "weights": dict(self.weights),
            "is_worth_it": self.is_worth_it,
            "fitted": {"sources": self.sources[0], **_named(self.fitted)},
            "held_out": {"sources": self.sources[1], **_named(self.held_out)},
        }


def tune(
    qrels: Qrels,
    snapshot: Snapshot,
    open_with: Callable[[RelatedTuning], Engine],
    progress: Callable[[int, int], None],
) -> Tuned:
    """The best weights by `qrels`, searched for on one half of its sources.

    The search begins at the weights in force, and ends where no shift between two of them gains.
    `open_with` gives an engine over the same posts as `snapshot`, with other weights. Raises
    ValueError where a half has no source with a relevant post.
    """
    in_force = snapshot.tuning.related
    halves = _halves({path: qrels[path] for path in qrels if any(qrels[path].values())})
    if not all(halves):
        raise ValueError("too few sources have a relevant post to be halved")
    judged = [one for path in halves[0] if (one := _judged(path, halves[0][path], snapshot))]
    weights = _best_weights(judged, in_force.weights, progress)
    engines = [open_with(tuning) for tuning in (in_force, replace(in_force, weights=weights))]
    fitted, held_out = (
        tuple(evaluate_related(half, engine).means[NDCG_5] for engine in engines) for half in halves
    )
    sizes = (len(halves[0]), len(halves[1]))
    return Tuned(weights, sizes, (fitted[0], fitted[1]), (held_out[0], held_out[1]))


def _halves(qrels: Qrels) -> tuple[Qrels, Qrels]:
    """Two halves of the sources, the same ones each time, of MAX_SOURCES at the most."""
    digests = {path: hashlib.blake2b(path.encode(errors="replace")).digest() for path in qrels}
    by_digest = sorted(qrels, key=digests.__getitem__)
    middle = len(by_digest) // 2
    first, second = by_digest[:middle][:MAX_SOURCES], by_digest[middle:][:MAX_SOURCES]
    return {path: qrels[path] for path in first}, {path: qrels[path] for path in second}


def _judged(path: str, grades: Mapping[str, int], snapshot: Snapshot) -> _Judged | None:
    docnum = snapshot.documents.docnum(path)
    if docnum is None:
        return None
    compared = Source.compared(docnum, snapshot)
    likeness = np.array(
        [
            Source.of_weighted({name: compared[name]}, {name: 1.0}, snapshot).likeness(snapshot)
            for name in RELATED_WEIGHTS
        ]
    )
    likeness[:, docnum] = 0
    gains = np.zeros(len(snapshot.documents))
    for other, grade in grades.items():
        number = snapshot.documents.docnum(other)
        if number is not None and number != docnum:
            gains[number] = max(grade, 0)
    count = min(TRIED_POSTS, likeness.shape[1])
    tried = np.unique(np.argpartition(-likeness, count - 1, axis=1)[:, :count])
    ideal = np.sort([grade for grade in grades.values() if grade > 0])[::-1][:SHOWN]
    has = np.array([float(name in compared) for name in RELATED_WEIGHTS])
    return _Judged(likeness[:, tried], has, gains[tried], float(ideal @ _discounts(len(ideal))))


def _best_weights(
    judged: list[_Judged], start: Mapping[str, float], progress: Callable[[int, int], None]
) -> dict[str, float]:
    """Weights that no shift makes better: of a part of one weight to another, large parts first."""
    value = lru_cache(maxsize=None)(
        lambda steps: round(float(np.mean([_ndcg(np.array(steps), one) for one in judged])), 6)
    )
    best = _in_steps([start[name] for name in RELATED_WEIGHTS])
    for number, shift in enumerate(SHIFTS):
        progress(number, len(SHIFTS))
        better = max(_beside(best, shift), key=value, default=best)
        while value(better) > value(best):
            best = better
            better = max(_beside(best, shift), key=value, default=best)
    progress(len(SHIFTS), len(SHIFTS))
    return {name: step / STEPS for name, step in zip(RELATED_WEIGHTS, best, strict=True)}


def _in_steps(weights: Sequence[float]) -> Steps:
    """Weights in steps, STEPS of them together: rounded down, and those that lose most get one."""
    exact = [weight * STEPS / sum(weights) for weight in weights]
    by_loss = sorted(range(len(exact)), key=lambda at: math.floor(exact[at]) - exact[at])
    one_more = by_loss[: STEPS - sum(map(math.floor, exact))]
    return tuple(math.floor(step) + (at in one_more) for at, step in enumerate(exact))


def _ndcg(weights: npt.NDArray[np.integer[Any]], judged: _Judged) -> float:
    """nDCG@5 of the posts by likeness alone, with linear gains."""
    score = weights @ judged.likeness  # the weights' sum does not change the order
    count = min(SHOWN, len(score))
    best = np.argpartition(-score, count - 1)[:count]
    ranked = best[np.argsort(-score[best], kind="stable")]
    return float(judged.gains[ranked] @ _discounts(count)) / judged.ideal


def _discounts(count: int) -> Floats:
    return np.array([1 / math.log2(rank + 2) for rank in range(count)])


def _beside(steps: Steps, shift: int) -> list[Steps]:
    """`steps` with some of one weight given to another one, for every two; in a fixed order."""
    return [
        tuple(step + shift * ((at == more) - (at == less)) for at, step in enumerate(steps))
        for more in range(len(steps))
        for less in range(len(steps))
        if more != less and steps[less] >= shift
    ]


def _named(pair: tuple[float, float]) -> dict[str, float]:
    return {"in_force": pair[0], "tuned": pair[1]}
