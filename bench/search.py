"""How fast answers are, beside other engines over the same posts, in one run.

    python -m bench search --corpus ../shared/corpora/windows-drivers

Engines take turns, ROUNDS of them: each is asked all the queries, one after another, as a service
would be, and the best time of each query counts. So what else the machine does hits all alike.
Needs the packages of requirements-bench.txt.
"""

import multiprocessing
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import click

from bench.machine import machine, own_memory_mb
from bench.queries import BARE_KINDS, TimedQuery, make_queries
from bench.timing import ROUNDS, Measured, milliseconds, percentiles_row
from index.build import build_index
from index.loader import LoadOptions, load_posts
from index.opening import open_current
from search import open_engine
from search.embedded.generationsnapshot import GenerationSnapshot
from search.engine import SearchOptions
from search.service.worker import calm_garbage_collector

Times = list[float]
"""Milliseconds, one for each query."""


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--index", "index_dir", type=click.Path(path_type=Path), help="Reuse this index.")
def main(corpus: Path, index_dir: Path | None) -> None:
    """Time searches beside Whoosh, tantivy, SQLite FTS5 and bm25s."""
    with tempfile.TemporaryDirectory() as scratch:
        if index_dir is None:
            index_dir = Path(scratch) / "index"
            build_index(corpus, index_dir)
        posts = [(post.title, post.text) for post in load_posts(corpus, LoadOptions()).posts]
        queries = make_queries([title for title, _ in posts])
        click.echo(f"{machine()}\n{len(posts):,} posts, {len(queries):,} queries\n")
        # Whole answers are given in a process of their own, as a worker gives them.
        with multiprocessing.get_context("spawn").Pool(1) as worker:
            whole = worker.apply(time_whole, (index_dir, queries))
        bare = [query.text for query in queries if query.kind in BARE_KINDS]
        by_engine = _time_bare(_engines(index_dir, posts, Path(scratch)), bare)
    _print_bare(by_engine)
    _print_whole(whole.times_ms, queries)
    click.echo(f"\nprivate memory of that process: {whole.private_mb:.0f} MB")


def _engines(
    index_dir: Path, posts: Sequence[tuple[str, str]], scratch: Path
) -> Mapping[str, Callable[[str], Sequence[Any]]]:
    from bench import peers

    snapshot = GenerationSnapshot.open(index_dir)
    return {
        "signpost": peers.signpost(snapshot),
        "whoosh": peers.whoosh(open_current(index_dir).directory, snapshot),
        "tantivy": peers.tantivy_index(posts, scratch / "tantivy"),
        "sqlite fts5": peers.sqlite_fts5(posts, scratch / "fts5.sqlite"),
        "bm25s": peers.bm25s_index(posts),
    }


def _time_bare(
    engines: Mapping[str, Callable[[str], Sequence[Any]]], queries: Sequence[str]
) -> dict[str, Times]:
    """Each engine's best time for each query."""
    best = {name: [float("inf")] * len(queries) for name in engines}
    for _ in range(ROUNDS):
        for name, top in engines.items():
            for at, query in enumerate(queries):
                best[name][at] = min(best[name][at], milliseconds(top, query))
    return best


def time_whole(index_dir: Path, queries: Sequence[TimedQuery]) -> Measured:
    """The best time of each whole answer: parsed, matched, scored, counted, with ten extracts."""
    engine = open_engine(index_dir)
    calm_garbage_collector()  # as the service does
    as_typed = partial(engine.search, options=SearchOptions(last_word_is_prefix=True))
    best = [float("inf")] * len(queries)
    for _ in range(ROUNDS):
        for at, query in enumerate(queries):
            ask = as_typed if query.kind == "prefix" else engine.search
            best[at] = min(best[at], milliseconds(ask, query.text))
    return Measured(best, own_memory_mb())


def _print_bare(by_engine: Mapping[str, Times]) -> None:
    click.echo("top ten of bare words, ids and scores (ms)")
    click.echo(
        "| engine | p50 | p95 | p99 | p50 beside Signpost's |\n| --- | --- | --- | --- | --- |"
    )
    ours = median(by_engine["signpost"])
    for name, times in by_engine.items():
        click.echo(f"| {name} | {percentiles_row(times)} | {median(times) / ours:.1f}x |")


def _print_whole(times: Times, queries: Sequence[TimedQuery]) -> None:
    click.echo("\nwhole answers of this engine (ms)")
    click.echo("| queries | p50 | p95 | p99 |\n| --- | --- | --- | --- |")
    click.echo(f"| all | {percentiles_row(times)} |")
    for kind in dict.fromkeys(sorted(query.kind for query in queries)):
        chosen = [taken for taken, query in zip(times, queries, strict=True) if query.kind == kind]
        click.echo(f"| {kind} | {percentiles_row(chosen)} |")
