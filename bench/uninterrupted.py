"""Whether all requests are answered while the index is built again and again, and workers change.

    python -m bench uninterrupted --corpus ../shared/corpora/cilium

Eight clients keep their connections and ask without a pause. Meanwhile a post is changed and the
index is built by the command, twenty times, and half-way through the server is told to replace its
worker (SIGHUP). Answers are mixed if one generation is ever seen with two texts of that post.

A server may close a connection that is kept just when the next request is on its way; browsers and
proxies then ask once more by a new one. So do these clients, and how often is told.
"""

import json
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from pathlib import Path
from random import Random
from time import perf_counter, sleep
from typing import Final
from urllib.parse import quote

import click
import numpy as np

from bench.machine import machine
from bench.queries import make_queries
from bench.rebuild import COMMAND
from bench.serve import served
from index.build import build_index
from index.loader import LoadOptions, load_posts

CLIENTS: Final = 8
BUILDS: Final = 20
SECONDS: Final = 60
TIMEOUT_SECONDS: Final = 10
MARKED_QUERY: Final = "uninterruptedmark"
MARKED_SHARE: Final = 0.1
"""What is in the one post that is changed, and how often it is asked for."""


@dataclass
class Seen:
    """What the clients saw: seconds of each answer, failures, and texts of the post that changes.

    `marks` are by generation. `asked_again` counts connections that were closed too early.
    """

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    asked_again: int = 0
    marks: dict[str, set[str]] = field(default_factory=dict)


class _Client:
    """Asks the server at a port by one connection, and notes what comes back."""

    def __init__(self, port: int, seen: Seen) -> None:
        self._port = port
        self._seen = seen
        self._connection = self._connect()

    def ask(self, path: str) -> None:
        began = perf_counter()
        try:
            status, body = self._answer(path)
        except (OSError, HTTPException) as error:
            self._seen.failed.append(repr(error))
            self._connection = self._connect()
            return
        self._seen.seconds.append(perf_counter() - began)
        if status != 200:
            self._seen.failed.append(f"{status} for {path}: {body[:200]!r}")
            return
        answer = json.loads(body)
        for hit in answer["hits"] if MARKED_QUERY in path else ():
            self._seen.marks.setdefault(answer["generation"], set()).add(hit["title"])

    def _answer(self, path: str) -> tuple[int, bytes]:
        is_kept = self._connection.sock is not None
        try:
            self._connection.request("GET", path)
            response = self._connection.getresponse()
        except (RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if not is_kept:
                raise
            self._seen.asked_again += 1
            self._connection = self._connect()
            self._connection.request("GET", path)
            response = self._connection.getresponse()
        return response.status, response.read()

    def _connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_SECONDS)


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--builds", type=click.IntRange(1), default=BUILDS, show_default=True)
@click.option("--seconds", type=click.IntRange(1), default=SECONDS, show_default=True)
def main(corpus: Path, builds: int, seconds: int) -> None:
    """Ask on while the index is built anew and the worker is replaced."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        content, index = scratch / "content", scratch / "built"
        shutil.copytree(corpus, content)
        _mark(content, 0)
        build_index(content, index)
        posts = load_posts(content, LoadOptions()).posts
        queries = [query.text for query in make_queries([post.title for post in posts])]
        seen = Seen()
        with served(index, scratch, cache_mb=0) as (port, process):
            began = perf_counter()
            with _clients(port, queries, seen):
                for number in range(1, builds + 1):
                    _mark(content, number)
                    _build(content, index)
                    if number == builds // 2:
                        process.send_signal(signal.SIGHUP)
                    sleep(max(0.0, began + seconds * number / builds - perf_counter()))
            took = perf_counter() - began
    milliseconds = np.array(seen.seconds) * 1000
    click.echo(f"{machine()}\n{len(posts):,} posts, {builds} builds and a new worker\n")
    click.echo("| seconds | answers | failed | asked again | generations seen | mixed | p50 ms |")
    click.echo("| --- | --- | --- | --- | --- | --- | --- |")
    mixed = sum(len(marks) > 1 for marks in seen.marks.values())
    click.echo(
        f"| {took:.0f} | {len(seen.seconds):,} | {len(seen.failed)} | {seen.asked_again} "
        f"| {len(seen.marks)} | {mixed} | {np.median(milliseconds):.1f} |"
    )
    slowest = f"p99 {np.percentile(milliseconds, 99):.0f} ms, slowest {milliseconds.max():.0f} ms"
    click.echo(f"\n{slowest}, with the builds beside it.")
    for failure in dict.fromkeys(seen.failed):
        click.echo(f"failed: {failure}")


@contextmanager
def _clients(port: int, queries: Sequence[str], seen: Seen) -> Iterator[None]:
    """Clients that ask without a pause, until it is left."""
    ended = threading.Event()

    def ask(seed: int) -> None:
        client, chance = _Client(port, seen), Random(seed)  # noqa: S311
        while not ended.is_set():
            text = MARKED_QUERY if chance.random() < MARKED_SHARE else chance.choice(queries)
            client.ask(f"/api/v1/search?q={quote(text)}")

    clients = [threading.Thread(target=ask, args=(seed,)) for seed in range(CLIENTS)]
    for each in clients:
        each.start()
    try:
        yield
    finally:
        ended.set()
        for each in clients:
            each.join()


def _build(content: Path, index: Path) -> None:
    command = [*COMMAND, "build", str(content), "--index", str(index)]
    subprocess.run(command, check=True, capture_output=True, cwd=index.parent)


def _mark(content: Path, number: int) -> None:
    """Writes the post whose title tells which build it is of."""
    text = f"---\ntitle: Build {number}\n---\n{MARKED_QUERY} {number}\n"
    (content / "uninterrupted.md").write_text(text, encoding="utf-8")
