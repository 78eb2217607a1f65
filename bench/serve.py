"""How many requests a second one worker answers, and how long each takes: over HTTP, from wrk.

    python -m bench serve --corpus ../shared/corpora/windows-drivers

One worker and one load generator, each on a processor of its own where there are two. Queries are
asked in turn, so that no answer is one that was kept, or one query again and again. Needs wrk
(Debian: apt-get install wrk).
"""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import click

from bench.machine import machine
from bench.queries import SEED, make_queries
from index.build import build_index
from index.loader import LoadOptions, load_posts
from index.post import Post

QUERIES: Final = 1_000
CONNECTIONS: Final = 8
CACHE_MB: Final = 32
SECONDS: Final = 10
WARM_UP_SECONDS: Final = 5
"""Until what is to be kept is kept."""

START_SECONDS: Final = 60
STOP_SECONDS: Final = 30

_SCRIPT: Final = """
local paths = {}
for path in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = path end
local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\n{"requests": %d, "microseconds": %d, "p50": %f, "p99": %f, "failed": %d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


class Measured(NamedTuple):
    """Requests a second, milliseconds, and requests that failed."""

    rate: float
    p50_ms: float
    p99_ms: float
    failed: int


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--index", "index_dir", type=click.Path(path_type=Path), help="Reuse this index.")
@click.option("--seconds", type=click.IntRange(1), default=SECONDS, show_default=True)
def main(corpus: Path, index_dir: Path | None, seconds: int) -> None:
    """Time requests of every kind."""
    if not shutil.which("wrk"):
        raise click.ClickException("This needs wrk. On Debian: apt-get install wrk")
    with tempfile.TemporaryDirectory() as scratch:
        if index_dir is None:
            index_dir = Path(scratch) / "index"
            build_index(corpus, index_dir)
        posts = load_posts(corpus, LoadOptions()).posts
        click.echo(f"{machine()}\n{len(posts):,} posts, one worker, {seconds} s each\n")
        click.echo("| what | connections | requests/s | p50 ms | p99 ms | failed |")
        click.echo("| --- | --- | --- | --- | --- | --- |")
        for name, connections, paths, cache_mb in _loads(posts):
            with served(index_dir, Path(scratch), cache_mb) as (port, _):
                _load(port, paths, connections, WARM_UP_SECONDS, Path(scratch))
                found = _load(port, paths, connections, seconds, Path(scratch))
            click.echo(
                f"| {name} | {connections} | {found.rate:,.0f} | {found.p50_ms:.2f} "
                f"| {found.p99_ms:.2f} | {found.failed} |"
            )


def _loads(posts: Sequence[Post]) -> Iterator[tuple[str, int, list[str], int]]:
    """What is asked: its name, by how many connections, the addresses, and megabytes to keep."""
    queries = [query.text for query in make_queries([post.title for post in posts])]
    chosen = random.Random(SEED).sample([post.path for post in posts], QUERIES)
    searches = [f"/api/v1/search?q={quote(text)}" for text in queries]
    suggests = [f"/api/v1/suggest?q={quote(text[: max(2, len(text) // 2)])}" for text in queries]
    related = [f"/api/v1/related?path={quote(path)}" for path in chosen]
    for name, addresses in (("search", searches), ("suggest", suggests), ("related", related)):
        yield name, CONNECTIONS, addresses, 0
        yield f"{name}, one at a time", 1, addresses, 0
    yield "one search again and again", CONNECTIONS, searches[:1], CACHE_MB
    for name, addresses in (("searches", searches), ("suggests", suggests), ("related", related)):
        yield f"the same 1,000 {name} again", CONNECTIONS, addresses, CACHE_MB


@contextmanager
def served(
    index_dir: Path,
    scratch: Path,
    cache_mb: int,
    workers: int = 1,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """A server with so many workers: its port on this machine, and its process.

    `settings` are variables of the environment.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    needed = {
        "SIGNPOST_SERVICE__RATE_LIMIT": "",
        "SIGNPOST_SERVICE__ANSWER_CACHE_MB": str(cache_mb),
    }
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from search.cli import main; main()", "serve"),
            *("--index", str(index_dir.resolve()), "--port", str(port)),
            *("--workers", str(workers)),
        ],
        env=os.environ | needed | dict(settings) | {"PYTHONPATH": str(Path.cwd())},
        cwd=scratch,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _wait_for(port: int) -> None:
    for _ in range(START_SECONDS * 10):
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz"):
                return
        except URLError:
            sleep(0.1)
    raise click.ClickException("The server did not begin to answer.")


def _load(
    port: int, paths: Sequence[str], connections: int, seconds: int, scratch: Path
) -> Measured:
    script, listed = scratch / "load.lua", scratch / "paths.txt"
    script.write_text(_SCRIPT)
    listed.write_text("".join(f"{path}\n" for path in paths))
    told = subprocess.run(
        [
            *("wrk", "--threads", "1", "--connections", str(connections), "--latency"),
            *("--duration", f"{seconds}s", "--script", str(script), f"http://127.0.0.1:{port}"),
        ],
        env=os.environ | {"BENCH_PATHS": str(listed)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = json.loads(told.strip().splitlines()[-1])
    return Measured(
        found["requests"] / found["microseconds"] * 1e6,
        found["p50"] / 1000,
        found["p99"] / 1000,
        found["failed"],
    )
