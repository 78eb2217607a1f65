"""Whether all requests are answered while the index is built again and again, and workers change.

    python -m bench uninterrupted --corpus ../shared/corpora/cilium

Eight clients keep their connections and ask without a pause. Meanwhile a post is changed and the
index is built by the command, twenty times, and half-way through the server is told to replace its
worker (SIGHUP). Answers are mixed if one generation is ever seen with two texts of that post.
"""

import json
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from random import Random
from time import perf_counter, sleep
from typing import Final
from urllib.parse import quote

import click
import numpy as np

from bench.clients import Seen, asking
from bench.machine import machine
from bench.queries import make_queries
from bench.rebuild import COMMAND
from bench.serve import served
from index.build import build_index
from index.loader import LoadOptions, load_posts

BUILDS: Final = 20
SECONDS: Final = 60
MARKED_QUERY: Final = "uninterruptedmark"
MARKED_SHARE: Final = 0.1
"""What is in the one post that is changed, and how often it is asked for."""


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
        marks: dict[str, set[str]] = {}

        def choose(chance: Random) -> str:
            is_marked = chance.random() < MARKED_SHARE
            text = MARKED_QUERY if is_marked else chance.choice(queries)
            return f"/api/v1/search?q={quote(text)}"

        def read(path: str, body: bytes) -> None:
            answer = json.loads(body)
            for hit in answer["hits"] if MARKED_QUERY in path else ():
                marks.setdefault(answer["generation"], set()).add(hit["title"])

        with served(index, scratch, cache_mb=0) as (port, process):
            began = perf_counter()
            with asking(port, seen, choose, read):
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
    mixed = sum(len(titles) > 1 for titles in marks.values())
    click.echo(
        f"| {took:.0f} | {len(seen.seconds):,} | {len(seen.failed)} | {seen.asked_again} "
        f"| {len(marks)} | {mixed} | {np.median(milliseconds):.1f} |"
    )
    slowest = f"p99 {np.percentile(milliseconds, 99):.0f} ms, slowest {milliseconds.max():.0f} ms"
    click.echo(f"\n{slowest}, with the builds beside it.")
    for failure in dict.fromkeys(seen.failed):
        click.echo(f"failed: {failure}")


def _build(content: Path, index: Path) -> None:
    command = [*COMMAND, "build", str(content), "--index", str(index)]
    subprocess.run(command, check=True, capture_output=True, cwd=index.parent)


def _mark(content: Path, number: int) -> None:
    """Writes the post whose title tells which build it is of."""
    text = f"---\ntitle: Build {number}\n---\n{MARKED_QUERY} {number}\n"
    (content / "uninterrupted.md").write_text(text, encoding="utf-8")
