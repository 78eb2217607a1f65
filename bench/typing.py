"""How soon results are on the screen after a key: in Chromium, from a server on this machine.

    python -m bench typing --corpus ../shared/corpora/windows-drivers

The page is Signpost's own front page, from one worker that keeps no answers. Queries as readers
type them (`bench/queries.py`) are typed key by key into the box, each key once the results of the
one before are there, so that every key counts. A key's time is taken in the page: from the time
stamp of its input event to the start of the second frame after its results came into the panel. The
first of these two frames has them laid out and painted, so a time has everything in it, and up to a
frame (17 ms) too much. The widget waits on purpose before it asks, in case another key comes
(`debounce`, 120 ms): that is taken off.

Needs Chromium (Debian: apt-get install chromium), or its path in CHROMIUM.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Final

import click
from playwright.sync_api import Page, sync_playwright

from bench.machine import machine
from bench.queries import make_queries
from bench.serve import served
from index.build import build_index
from index.loader import LoadOptions, load_posts

QUERIES: Final = 60
WARM_UP: Final = 3
"""Queries that are typed before, and not counted."""

DEBOUNCE_MS: Final = 120
BAR_MS: Final = 50

_WATCH: Final = """
let painted;
document.addEventListener("input", ({ timeStamp }) => {
  let done;
  window.painted = new Promise((resolve, reject) => {
    done = resolve;
    setTimeout(() => reject(new Error("no results within 10 seconds")), 10_000);
  });
  painted = () => done(performance.now() - timeStamp);
}, true);
document.addEventListener("signpost-search", () => {
  const finish = painted;
  requestAnimationFrame(() => requestAnimationFrame(finish));
});
"""
"""`window.painted` becomes the milliseconds that the last input took, once its results are seen."""


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--index", "index_dir", type=click.Path(path_type=Path), help="Reuse this index.")
@click.option("--queries", type=click.IntRange(1), default=QUERIES, show_default=True)
def main(corpus: Path, index_dir: Path | None, queries: int) -> None:
    """Time keystrokes until their results are painted."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        raise click.ClickException("This needs Chromium. On Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as scratch:
        if index_dir is None:
            index_dir = Path(scratch) / "index"
            build_index(corpus, index_dir)
        posts = load_posts(corpus, LoadOptions()).posts
        typed = [query.text for query in make_queries([post.title for post in posts])]
        with served(index_dir, Path(scratch), 0) as (port, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.add_init_script(_WATCH)
            page.goto(f"http://127.0.0.1:{port}/")
            page.get_by_role("combobox").focus()
            for text in typed[queries : queries + WARM_UP]:
                list(_keys(page, text))
            times = [list(_keys(page, text)) for text in typed[:queries]]
            browser.close()
    load = os.getloadavg()[0]
    click.echo(f"{machine()}, load {load:.1f}\n{len(posts):,} posts, {queries} queries typed\n")
    click.echo(
        f"| key | keys | p50 ms | p95 ms | slowest ms | bar, p95 (beyond {DEBOUNCE_MS} ms) |"
    )
    click.echo("| --- | --- | --- | --- | --- | --- |")
    for name, taken in (
        ("first of a query", [keys[0] for keys in times]),
        ("last of a query", [keys[-1] for keys in times]),
        ("all", [key for keys in times for key in keys]),
    ):
        percentiles = quantiles(taken, n=100, method="inclusive")
        click.echo(
            f"| {name} | {len(taken):,} | {percentiles[49]:.1f} | {percentiles[94]:.1f} "
            f"| {max(taken):.1f} | {BAR_MS} |"
        )


def _keys(page: Page, text: str) -> Iterator[float]:
    """Types this into the empty box: the milliseconds of each key, beyond what is waited for."""
    for key in text:
        page.keyboard.type(key)
        yield page.evaluate("window.painted") - DEBOUNCE_MS
    page.get_by_role("combobox").fill("")
