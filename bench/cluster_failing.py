"""Whether readers notice that a node of the cluster crashes, and comes back."""

import json
from collections.abc import Sequence
from random import Random
from time import perf_counter, sleep
from typing import Any, Final
from urllib.parse import quote

import click

from bench.clients import Client, Seen, asking
from bench.cluster_bars import (
    PERCENTILES,
    Bar,
    milliseconds_cells,
    print_head,
    print_heading,
    print_row,
)
from bench.cluster_sites import ClusterSite, Run
from bench.cluster_speed import WORKERS
from bench.queries import SEED, make_queries
from bench.serve import served
from search import Engine
from tests.cluster.node import Node

CALM_SECONDS: Final = 5
DOWN_SECONDS: Final = 10
TIMEOUT_SECONDS: Final = 30
COMPARED: Final = (150, 50)
"""Searches and related lists that are asked for before and after."""


def measure_failing(run: Run) -> list[Bar]:
    """Prints what clients see while each of the nodes is killed, and brought back, in turn.

    First they ask for as long with all nodes there: what changes then has another cause.
    """
    site = run.built("cilium", run.corpora / "cilium").site
    searches, related = _asked(site.embedded)
    print_heading(f"nodes killed under load, {WORKERS} workers")
    counted = ("seconds", "answers", "failed", "asked again", "other answers after")
    print_head("node", "it had", *counted, *PERCENTILES)
    failed, changed = 0, 0

    def choose(chance: Random) -> str:
        return chance.choice(searches if chance.random() < 0.8 else related)

    with served(site.index_dir, run.scratch, 0, WORKERS, site.settings) as (port, _):
        compared = searches[: COMPARED[0]] + related[: COMPARED[1]]
        before = _answers(port, compared)
        for node in (None, *run.cluster.nodes):
            seen, began = Seen(), perf_counter()
            had = _role(site, node.number) if node else ""
            with asking(port, seen, choose, timeout_seconds=TIMEOUT_SECONDS):
                sleep(CALM_SECONDS)
                if node:
                    _crash(run, node)
                sleep(CALM_SECONDS)
            took = perf_counter() - began
            after = _answers(port, compared)
            told = zip(compared, before, after, strict=True)
            others = [path for path, one, other in told if one != other]
            counts = len(seen.seconds), len(seen.failed), seen.asked_again
            changes = f"{len(others)} of {len(compared)}"
            times = milliseconds_cells(seen.seconds)
            print_row(node.number if node else "none", had, took, *counts, changes, *times)
            for what in (*dict.fromkeys(seen.failed), *(f"another answer: {p}" for p in others)):
                click.echo(what, err=True)
            failed += len(seen.failed)
            changed += len(others) if node else 0
            before = after
    return [
        Bar("a node killed under load: failed requests", str(failed), "0", not failed),
        Bar("a node killed under load: answers that changed", str(changed), "0", not changed),
    ]


def _crash(run: Run, node: Node) -> None:
    """Kills a node, and brings it back after a while."""
    run.cluster.kill(node.number)
    sleep(DOWN_SECONDS)
    run.cluster.restart(node.number)


def _asked(engine: Engine) -> tuple[list[str], list[str]]:
    """The addresses of searches, and of related lists."""
    paths = list(engine.paths())
    titles = [engine.post(path).title for path in paths]
    Random(SEED).shuffle(paths)
    searches = [f"/api/v1/search?q={quote(query.text)}" for query in make_queries(titles)]
    return searches, [f"/api/v1/related?path={quote(path)}" for path in paths]


def _answers(port: int, paths: Sequence[str]) -> list[dict[str, Any] | None]:
    """What is answered to each, but for how long that took; None where it failed."""
    client = Client(port, Seen(), TIMEOUT_SECONDS)
    bodies = (client.ask(path) for path in paths)
    answers = [None if body is None else json.loads(body) for body in bodies]
    return [answer and answer | {"took_ms": 0} for answer in answers]


def _role(site: ClusterSite, number: int) -> str:
    """What a node does for the cluster, and for the index."""
    name = f"n{number}"
    state = site.ask("/_cluster/state/cluster_manager_node,nodes,routing_table")
    (node,) = (key for key, told in state["nodes"].items() if told["name"] == name)
    index = state["routing_table"]["indices"]
    copies = [
        "the first copy" if shard["primary"] else "another copy"
        for found, table in index.items()
        if found.startswith(f"{site.options.index}-")
        for shards in table["shards"].values()
        for shard in shards
        if shard["node"] == node
    ]
    rules = ["the lead"] if state["cluster_manager_node"] == node else []
    return " and ".join([*rules, *copies]) or "neither"
