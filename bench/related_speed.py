"""How fast related lists are, beside those of others: one at a time, and all of a site."""

import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Final

import click

from bench import hugo
from bench.queries import SEED
from bench.related_site import COSINE, HUGO, SIGNPOST, RelatedSite
from bench.relevance import MAX_SOURCES
from bench.timing import ROUNDS, milliseconds, percentiles_row
from search import open_engine
from search.engine import DEFAULT_RELATED_LIMIT
from search.service.worker import calm_garbage_collector

LIMIT: Final = DEFAULT_RELATED_LIMIT

WORKERS: Final = 2
"""Processes or threads that work on all lists of a site; Hugo takes all cores that there are."""

TEXTBOOK_COSINE: Final = f"{COSINE}, by linear_kernel"


def print_speeds(site: RelatedSite, settings: hugo.RelatedSettings | None) -> None:
    """Prints what one list takes, and what all lists take, each in the same run for all ways."""
    _print_lookups(_time_lookups(site))
    _print_all_lists(_time_all_lists(site, settings), len(site.posts))


def _time_lookups(site: RelatedSite) -> dict[str, list[float]]:
    """Each way's best time of ROUNDS for each of a sample of sources, in milliseconds."""
    ways = site.ways() | {TEXTBOOK_COSINE: site.cosine.related_by_linear_kernel}
    docnums = range(len(site.posts))
    sources = random.Random(SEED).sample(docnums, min(MAX_SOURCES, len(docnums)))  # noqa: S311
    best = {name: [inf] * len(sources) for name in ways}
    calm_garbage_collector()  # as the service does
    for _ in range(ROUNDS):
        for name, related in ways.items():
            for at, source in enumerate(sources):
                best[name][at] = min(best[name][at], milliseconds(related, source, LIMIT))
    return best


def _time_all_lists(site: RelatedSite, settings: hugo.RelatedSettings | None) -> dict[str, float]:
    """The best time of ROUNDS for the lists of all posts, in seconds; infinite if not in time."""
    paths = [post.path for post in site.posts]
    command = hugo.find_hugo()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "site"
        ways: dict[str, Callable[[], float]] = {
            SIGNPOST: lambda: _seconds(lambda: all_lists_by_lookup(site.index_dir, paths)),
            COSINE: lambda: _seconds(lambda: site.cosine.all_related(LIMIT, WORKERS)),
        }
        if command and settings:
            hugo.write_site(folder, site.posts, range(len(site.posts)))
            ways[HUGO] = partial(_hugo_seconds, folder, command, settings)
        rounds = [{name: take() for name, take in ways.items()} for _ in range(ROUNDS)]
    return {name: min(taken[name] for taken in rounds) for name in ways}


def _seconds(work: Callable[[], object]) -> float:
    return milliseconds(work) / 1000


def all_lists_by_lookup(index_dir: Path, paths: Sequence[str]) -> dict[str, list[str]]:
    """Signpost's lists of all `paths`: one lookup after the other, in WORKERS processes."""
    shares = [(index_dir, paths[worker::WORKERS]) for worker in range(WORKERS)]
    with get_context("spawn").Pool(WORKERS) as pool:
        return {path: found for share in pool.map(_lists_of, shares) for path, found in share}


def _lists_of(share: tuple[Path, Sequence[str]]) -> list[tuple[str, list[str]]]:
    index_dir, paths = share
    engine = open_engine(index_dir)
    calm_garbage_collector()
    return [
        (path, [post.path for post in engine.related(path, limit=LIMIT).related]) for path in paths
    ]


def _hugo_seconds(folder: Path, command: Path, settings: hugo.RelatedSettings) -> float:
    """Hugo's time for all lists: a site with them, less the same site without."""
    without = hugo.run(folder, command, None, LIMIT)
    whole = hugo.run(folder, command, settings, LIMIT)
    return inf if whole is None or without is None else whole - without


def _print_lookups(by_way: Mapping[str, Sequence[float]]) -> None:
    click.echo(f"\none list of {LIMIT} (ms)")
    click.echo("| way | p50 | p95 | p99 | p50 beside Signpost's |\n| --- | --- | --- | --- | --- |")
    ours = median(by_way[SIGNPOST])
    for name, times in by_way.items():
        click.echo(f"| {name} | {percentiles_row(times)} | {median(times) / ours:.2f}x |")


def _print_all_lists(by_way: Mapping[str, float], posts: int) -> None:
    click.echo(f"\nlists of {LIMIT} for all {posts:,} posts")
    click.echo("| way | seconds | beside Signpost's |\n| --- | --- | --- |")
    for name, seconds in by_way.items():
        if seconds == inf:
            click.echo(f"| {name} | {hugo.NOT_FINISHED} | |")
        else:
            click.echo(f"| {name} | {seconds:.1f} | {seconds / by_way[SIGNPOST]:.2f}x |")
