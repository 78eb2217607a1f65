"""What is in memory while more and more posts are sent to a cluster, and served from it.

Posts are put together from real titles and paragraphs. They are built into an index on this machine
first, by a process of its own that is measured apart: what is looked at is the one that sends, and
the service, which answers from what was published before and then goes over to what was sent.

How much of posts the service keeps is a setting. Here it is so little that either site fills it, so
that what is measured beside it is what grows.
"""

import json
import multiprocessing
import shutil
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import click

from bench.build import write_posts
from bench.clients import CLIENTS, Client, Seen
from bench.cluster_bars import Bar, print_head, print_heading, print_row
from bench.cluster_sites import ClusterSite, Run, print_sizes
from bench.cluster_speed import WORKERS
from bench.growth import paragraphs_of
from bench.indexers import signpost
from bench.processtree import Taken, memory_mb, run_apart, tree
from bench.queries import make_queries
from bench.serve import served
from index.generation import current_name, directory_of
from index.loader import LoadOptions, load_posts
from index.opensearch.client import Cluster
from index.opensearch.options import ClusterOptions
from index.opensearch.publishing import publish_generation

FIRST_SHARE: Final = 4
"""A site of a quarter of the posts comes first: what grows with the posts is told by the two."""

STEPS: Final = 10
SAMPLED_SECONDS: Final = 0.1
QUERIES: Final = 400
EXTRAPOLATED: Final = 1_000_000
MOST_MB: Final = 500
MOST_SLOPE_MB: Final = 10
"""What is called flat: so much more memory for each further 100,000 posts."""

MOVE_ON_SECONDS: Final = 60

POST_CACHE_MB: Final = 16


class Memory(NamedTuple):
    """MiB, with the pages of files that are mapped; and what of it is of no file."""

    resident: float
    own: float

    @classmethod
    def of(cls, processes: Iterable[int]) -> "Memory":
        """What processes have together; what they share counts once."""
        found = list(processes)
        own = sum(memory_mb(each, "Pss_Anon") for each in found)
        return cls(sum(map(memory_mb, found)), own)

    def or_more(self, other: "Memory") -> "Memory":
        """The higher of both, one by one."""
        return Memory(max(self.resident, other.resident), max(self.own, other.own))


class Sent(NamedTuple):
    """What building so many posts took, and then sending them.

    `steps` are the highest of the sender while each tenth of the posts was sent, and at last
    the rest; `service` is the highest of the service meanwhile.
    """

    posts: int
    built: Taken
    seconds: float
    steps: list[Memory]
    service: Memory

    @property
    def sender(self) -> Memory:
        """The most that the sender had."""
        highest = NOTHING
        for step in self.steps:
            highest = highest.or_more(step)
        return highest


NOTHING: Final = Memory(0, 0)


def measure_memory(run: Run) -> list[Bar]:
    """Prints what the sender and the service have, with a quarter of the posts and with all."""
    posts = load_posts(run.large_content, LoadOptions()).posts
    titles, pool = [post.title for post in posts], paragraphs_of(posts)
    queries = [query.text for query in make_queries(titles)[:QUERIES]]
    site = run.site("synthetic", run.scratch / "posts")
    print_heading(f"{run.size:,} synthetic posts sent, {WORKERS} workers beside")

    def sent(size: int, pool: Sequence[str], service: int | None = None) -> Sent:
        write_posts(site.content, size, titles, pool)
        built = run_apart(signpost, site.content, site.index_dir)
        shutil.rmtree(site.content)
        return _sent(site, size, built, service)

    # What the cluster has of the first site is of no use to the second.
    first = sent(run.size // FIRST_SHARE, pool[::-1])
    settings = site.settings | {"SIGNPOST_ENGINE__POST_CACHE_MB": str(POST_CACHE_MB)}
    with served(site.index_dir, run.scratch, 0, WORKERS, settings) as (port, service):
        before = _served(site, port, service.pid, queries)
        second = sent(run.size, pool, service.pid)
        moved_on = _served(site, port, service.pid, queries)
    with served(site.index_dir, run.scratch, 0, WORKERS, settings) as (port, service):
        afresh = _served(site, port, service.pid, queries)
    _print_sent((first, second))
    click.echo()
    what = f"service, all its processes, {POST_CACHE_MB} MB of posts kept by each worker"
    print_head(what, "MB", "of its own")
    print_row(f"answering from {first.posts:,} posts", *before)
    print_row(f"while {second.posts:,} are built and sent, at the highest", *second.service)
    print_row(f"gone over to {second.posts:,} posts", *moved_on)
    print_row(f"answering from {second.posts:,} posts from the start", *afresh)
    print_sizes(run, {"synthetic": (site, run.size)})
    sizes = (first.posts, second.posts)
    highest = moved_on.or_more(second.service).own
    return [
        _bar("sender", sizes, (first.sender, second.sender)),
        _bar("service", sizes, (before, afresh)),
        Bar(
            f"memory of the service, of its own, while {second.posts:,} posts are built and sent",
            f"{highest:,.0f} MB at the highest",
            f"under {MOST_MB} MB",
            highest < MOST_MB,
        ),
    ]


def _sent(site: ClusterSite, posts: int, built: Taken, service: int | None) -> Sent:
    """Sends what was built, by a process of its own, and watches that and the service."""
    context = multiprocessing.get_context("spawn")
    done = context.Value("q", 0)
    directory = directory_of(site.index_dir, current_name(site.index_dir))
    process = context.Process(target=_send, args=(directory, site.options, done))
    steps, of_service = [NOTHING] * (STEPS + 1), NOTHING
    started = time.monotonic()
    process.start()
    while process.is_alive():
        step = min(done.value * STEPS // posts, STEPS)
        steps[step] = steps[step].or_more(Memory.of([process.pid or 0]))
        if service is not None:
            of_service = of_service.or_more(Memory.of(tree(service)))
        process.join(SAMPLED_SECONDS)
    if process.exitcode:
        raise click.ClickException("the sending failed")
    return Sent(posts, built, time.monotonic() - started, steps, of_service)


def _send(directory: Path, options: ClusterOptions, done: Any) -> None:
    """Sends a generation, as a build does."""

    def progress(_step: str, number: int, _total: int) -> None:
        done.value = max(done.value, number)

    with closing(Cluster(options)) as cluster:
        publish_generation(directory, cluster, progress)


def _served(site: ClusterSite, port: int, service: int, queries: Sequence[str]) -> Memory:
    """What the service has once it answers queries from what was published last."""
    shares = [queries[first::CLIENTS] for first in range(CLIENTS)]
    asked = [Client(port, Seen()) for _ in shares]
    wanted = {current_name(site.index_dir)}
    deadline = time.monotonic() + MOVE_ON_SECONDS
    with ThreadPoolExecutor(CLIENTS) as pool:
        while set().union(*pool.map(_generations, asked, shares)) != wanted:
            if time.monotonic() > deadline:
                raise click.ClickException("the service does not go over to what was published")
    return Memory.of(tree(service))


def _generations(client: Client, queries: Sequence[str]) -> set[str]:
    """The generations that queries are answered from."""
    bodies = (client.ask(f"/api/v1/search?q={quote(query)}") for query in queries)
    return {"" if body is None else json.loads(body)["generation"] for body in bodies}


def _print_sent(sent: Sequence[Sent]) -> None:
    print_head("posts", "built here, s", "MB of that", "sent, s", "ms a post")
    for each in sent:
        each_ms = f"{1000 * each.seconds / each.posts:.2f}"
        print_row(each.posts, each.built.seconds, each.built.memory_mb, each.seconds, each_ms)
    click.echo()
    shown = [f"{each.posts:,} posts: {what}" for each in sent for what in ("MB", "of its own")]
    print_head("sent, of all", *shown)
    for step in range(STEPS + 1):
        what = f"to {100 * (step + 1) // STEPS}%" if step < STEPS else "the rest"
        print_row(what, *(cell for each in sent for cell in _cells(each.steps[step])))


def _cells(memory: Memory) -> tuple[object, ...]:
    """Empty where it went by between two looks."""
    return ("", "") if memory == NOTHING else memory


def _bar(who: str, posts: tuple[int, int], memory: tuple[Memory, Memory]) -> Bar:
    """By the memory of its own: pages of files are given back wherever memory is short."""
    first, last = memory
    slope = (last.own - first.own) / (posts[1] - posts[0]) * 100_000
    told = last.own + max(slope, 0) * (EXTRAPOLATED - posts[1]) / 100_000
    return Bar(
        f"memory of the {who}, of its own, with {EXTRAPOLATED:,} posts (extrapolated)",
        f"{told:,.0f} MB; {last.own:,.0f} MB at {posts[1]:,}, {slope:+.1f} MB per 100,000",
        f"under {MOST_MB} MB, and flat (at most {MOST_SLOPE_MB} MB per 100,000)",
        told < MOST_MB and slope <= MOST_SLOPE_MB,
    )
