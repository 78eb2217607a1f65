"""How a question is timed, and how times are told."""

import time
from collections.abc import Callable, Sequence
from statistics import quantiles
from typing import Final, NamedTuple, ParamSpec

Asked = ParamSpec("Asked")

ROUNDS: Final = 3
"""Each query is timed so often, in rounds over all queries; its best time counts."""


class Measured(NamedTuple):
    """What a process that only answers has taken: milliseconds by query, and memory."""

    times_ms: list[float]
    private_mb: float


def milliseconds(ask: Callable[Asked, object], *asked: Asked.args, **how: Asked.kwargs) -> float:
    """How long one answer takes."""
    started = time.perf_counter()
    ask(*asked, **how)
    return (time.perf_counter() - started) * 1000


def percentiles_row(times_ms: Sequence[float]) -> str:
    """The 50th, 95th and 99th percentile as cells of a Markdown table."""
    percentiles = quantiles(times_ms, n=100, method="inclusive")
    return " | ".join(f"{percentiles[at - 1]:.3f}" for at in (50, 95, 99))
