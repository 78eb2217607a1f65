"""How long a build into a cluster takes, and answers from it, through the service."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Final, NamedTuple
from urllib.parse import quote

import click
import numpy as np

from bench.clients import CLIENTS, Client, Seen
from bench.cluster_bars import (
    PERCENTILES,
    Bar,
    milliseconds_cells,
    print_head,
    print_heading,
    print_row,
)
from bench.cluster_sites import Built, Run, print_sizes, timed_build
from bench.queries import make_queries
from bench.serve import served
from search import Engine

WORKERS: Final = 2
BUILD_SECONDS: Final = 60
MOST_MS: Final = (15, 60)
"""In the middle, and of all but one in a hundred."""

PASSES: Final = ("first", "second")
"""Of a service that has just been started, and once more by the same connections."""


class Pass(NamedTuple):
    """What all queries took, asked once each."""

    name: str
    took: float
    seconds: list[float]
    failed: list[str]


def measure_building(run: Run) -> list[Bar]:
    """Prints how long the command takes with the large corpus, whole.

    The first build is by nodes that have just been started, the second by the same.
    """
    print_heading(f"building {run.large} into the cluster, by the command")
    first = run.built(run.large, run.large_content)
    builds = {"first": first, "second": timed_build(first.site, "--full")}
    print_head("build", "posts", "seconds", "of these, sending", "ms a post to send")
    for name, built in builds.items():
        each_ms = f"{1000 * built.sending_seconds / built.posts:.2f}"
        print_row(name, built.posts, built.seconds, built.sending_seconds, each_ms)
    print_sizes(run, {run.large: (first.site, first.posts)})
    return [_build_bar(name, built) for name, built in builds.items()]


def _build_bar(name: str, built: Built) -> Bar:
    measured = f"{built.seconds:.1f} s, of which {built.sending_seconds:.1f} s to send"
    what = f"{built.posts:,} posts built into the cluster, {name} build"
    return Bar(what, measured, f"{BUILD_SECONDS} s", built.seconds <= BUILD_SECONDS)


def measure_speed(run: Run) -> list[Bar]:
    """Prints how long searches take over HTTP, from the cluster and from this machine."""
    built = run.built(run.large, run.large_content)
    site = built.site
    paths = _searches(site.embedded)
    print_heading(f"{len(paths):,} searches of {built.posts:,} posts, {WORKERS} workers")
    print_head("engine", "clients", "pass", "answers/s", *PERCENTILES)
    bars = []
    for clients in (1, CLIENTS):
        for engine, settings in (("embedded", {}), ("cluster", site.settings)):
            with served(site.index_dir, run.scratch, 0, WORKERS, settings) as (port, _):
                for each in _passes(port, paths, clients):
                    rate = len(paths) / each.took
                    times = milliseconds_cells(each.seconds)
                    print_row(engine, clients, each.name, rate, *times)
                    for failure in dict.fromkeys(each.failed):
                        click.echo(f"failed: {failure}", err=True)
                    if engine == "cluster":
                        bars.append(_bar(each, clients))
    return bars


def _searches(engine: Engine) -> list[str]:
    """What readers type, as the search box asks for what they have not finished."""
    titles = [engine.post(path).title for path in engine.paths()]
    return [
        f"/api/v1/search?q={quote(query.text)}{'&prefix=true' if query.kind == 'prefix' else ''}"
        for query in make_queries(titles)
    ]


def _passes(port: int, paths: Sequence[str], clients: int) -> Iterator[Pass]:
    """All that is asked, by so many clients at a time, that share it evenly."""
    seen = [Seen() for _ in range(clients)]
    asked = [Client(port, each) for each in seen]
    shares = [paths[first::clients] for first in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        for name in PASSES:
            began = perf_counter()
            list(pool.map(_ask_all, asked, shares))
            took = perf_counter() - began
            seconds = [second for each in seen for second in each.seconds]
            yield Pass(name, took, seconds, [what for each in seen for what in each.failed])
            for each in seen:
                each.seconds.clear()
                each.failed.clear()


def _ask_all(client: Client, paths: Sequence[str]) -> None:
    for path in paths:
        client.ask(path)


def _bar(each: Pass, clients: int) -> Bar:
    middle, most = np.percentile(np.array(each.seconds) * 1000, (50, 99)).tolist()
    who = "one client" if clients == 1 else f"{clients} clients"
    is_met = not each.failed and middle <= MOST_MS[0] and most <= MOST_MS[1]
    measured = f"{middle:.1f} / {most:.1f} ms, {len(each.failed)} failed"
    what = f"search p50 / p99, {who}, {each.name} pass"
    return Bar(what, measured, f"{MOST_MS[0]} / {MOST_MS[1]} ms", is_met)
