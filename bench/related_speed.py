"""How fast related lists are, beside those of others: one at a time, and all of a site."""

import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf
from pathlib import Path
from statistics import median
from typing import Final

import click

from bench import hugo
from bench.queries import SEED
from bench.related_site import COSINE, HUGO, SIGNPOST, RelatedSite
from bench.relevance import MAX_SOURCES
from bench.timing import ROUNDS, Asked, milliseconds, percentiles_row
from search.engine import DEFAULT_RELATED_LIMIT
from search.every_post import EngineSource, every_post
from search.export_related import exported_list, write_single_file
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
    sources = random.Random(SEED).sample(docnums, min(MAX_SOURCES, len(docnums)))
    best = {name: [inf] * len(sources) for name in ways}
    calm_garbage_collector()  # as the service does
    for _ in range(ROUNDS):
        for name, related in ways.items():
            for at, source in enumerate(sources):
                best[name][at] = min(best[name][at], milliseconds(related, source, LIMIT))
    return best


def _time_all_lists(site: RelatedSite, settings: hugo.RelatedSettings | None) -> dict[str, float]:
    """The best time of ROUNDS for the lists of all posts, in seconds; infinite if not in time."""
    command = hugo.find_hugo()
    with tempfile.TemporaryDirectory() as scratch:
        folder, out = Path(scratch) / "site", Path(scratch) / "related.json"
        ways: dict[str, Callable[[], float]] = {
            SIGNPOST: partial(_seconds, _export, site.index_dir, out),
            COSINE: partial(_seconds, site.cosine.all_related, LIMIT, WORKERS),
        }
        if command and settings:
            hugo.write_site(folder, site.posts, range(len(site.posts)))
            ways[HUGO] = partial(_hugo_seconds, folder, command, settings)
        rounds = [{name: take() for name, take in ways.items()} for _ in range(ROUNDS)]
    return {name: min(taken[name] for taken in rounds) for name in ways}


def _seconds(work: Callable[Asked, object], *asked: Asked.args, **how: Asked.kwargs) -> float:
    return milliseconds(work, *asked, **how) / 1000


def _export(index_dir: Path, out: Path) -> None:
    """What `signpost export related` does: all lists, with reasons, as JSON in one file."""
    ask = partial(exported_list, limit=LIMIT)
    write_single_file(out, every_post(EngineSource(index_dir), ask, WORKERS))


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
