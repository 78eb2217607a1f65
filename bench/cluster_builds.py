"""Whether readers notice builds into a cluster: no request may fail, and no answer be mixed.

Several posts change with each build. An answer is mixed if it has not all of them, as they were in
the build of its generation.
"""

import json
import shutil
from collections import Counter
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final
from urllib.parse import quote

import click

from bench.clients import Seen, asking
from bench.cluster_bars import (
    PERCENTILES,
    Bar,
    milliseconds_cells,
    print_head,
    print_heading,
    print_row,
)
from bench.cluster_sites import Run
from bench.cluster_speed import WORKERS
from bench.queries import make_queries
from bench.serve import served
from bench.uninterrupted import MARKED_QUERY

MARKED_POSTS: Final = 5
MARKED_SHARE: Final = 0.25
"""The posts that change, and how often they are asked for."""

TIMEOUT_SECONDS: Final = 30


def measure_builds(run: Run) -> list[Bar]:
    """Prints what clients see of builds of a site that changes."""
    content = run.scratch / "changing"
    shutil.copytree(run.corpora / "cilium", content)
    _mark(content, 0)
    site = run.site("changes", content)
    titles = {site.build()["generation"]: _titles(0)}
    engine = site.embedded
    queries = [query.text for query in make_queries([engine.post(p).title for p in engine.paths()])]
    print_heading(f"{run.builds} builds under load, {WORKERS} workers")
    seen = Seen()
    answers: Counter[tuple[str, tuple[str, ...]]] = Counter()

    def choose(chance: Random) -> str:
        is_marked = chance.random() < MARKED_SHARE
        return f"/api/v1/search?q={quote(MARKED_QUERY if is_marked else chance.choice(queries))}"

    def read(path: str, body: bytes) -> None:
        if MARKED_QUERY in path:
            answer = json.loads(body)
            found = tuple(sorted(hit["title"] for hit in answer["hits"]))
            answers[answer["generation"], found] += 1

    with served(site.index_dir, run.scratch, 0, WORKERS, site.settings) as (port, _):
        began = perf_counter()
        with asking(port, seen, choose, read, TIMEOUT_SECONDS):
            for number in range(1, run.builds + 1):
                _mark(content, number)
                titles[site.build()["generation"]] = _titles(number)
        took = perf_counter() - began
    mixed = {each: count for each, count in answers.items() if titles.get(each[0]) != each[1]}
    generations = len({generation for generation, _ in answers})
    counted = ("answers", "failed", "asked again", "of changed posts", "mixed", "generations seen")
    print_head("seconds", "a build", *counted, *PERCENTILES)
    counts = len(seen.seconds), len(seen.failed), seen.asked_again
    counts_of_changed = answers.total(), sum(mixed.values()), f"{generations} of {run.builds + 1}"
    times = milliseconds_cells(seen.seconds)
    print_row(took, took / run.builds, *counts, *counts_of_changed, *times)
    for failure in dict.fromkeys(seen.failed):
        click.echo(f"failed: {failure}", err=True)
    for each in mixed:
        click.echo(f"mixed: {each}", err=True)
    return [
        Bar(f"{run.builds} builds: failed requests", str(len(seen.failed)), "0", not seen.failed),
        Bar(f"{run.builds} builds: mixed answers", str(sum(mixed.values())), "0", not mixed),
    ]


def _titles(number: int) -> tuple[str, ...]:
    return tuple(f"Build {number}, post {post}" for post in range(MARKED_POSTS))


def _mark(content: Path, number: int) -> None:
    """Writes the posts whose titles tell which build they are of."""
    for post, title in enumerate(_titles(number)):
        text = f"---\ntitle: {title}\n---\n{MARKED_QUERY} {number}\n"
        (content / f"changing-{post}.md").write_text(text, encoding="utf-8")
