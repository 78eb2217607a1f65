"""How time and memory grow with the number of posts: ids and scores, at 1,000 to 1,000,000 posts.

    python -m bench growth --corpus ../shared/corpora/windows-drivers

The posts are put together from real titles and paragraphs, the same ones for the same seed; only
the postings are written, as a build writes them. A million posts need 12 GiB and some minutes.
"""

import multiprocessing
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from bench.machine import machine, own_memory_mb
from bench.queries import BARE_KINDS, SEED, make_queries
from bench.timing import ROUNDS, Measured, milliseconds, percentiles_row
from index.analysis import DEFAULT_LANGUAGE, query_word_parts, words
from index.fieldlengths import use_weights
from index.loader import LoadOptions, load_posts
from index.matrix import write_matrix
from index.post import Post
from index.sitewords import SiteWords
from index.units import Unit
from index.unitwords import words_of_units
from search.embedded.filepostings import FilePostings
from search.embedded.termlist import TermList

SIZES: Final = (1_000, 14_000, 100_000, 1_000_000)

PARAGRAPHS_A_POST: Final = 3
PARAGRAPH_CHARS: Final = (60, 600)
MAX_PARAGRAPHS: Final = 30_000
LIMIT: Final = 10


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--size", "sizes", type=int, multiple=True, default=SIZES, show_default=True)
def main(corpus: Path, sizes: Sequence[int]) -> None:
    """Time lookups over more and more posts made of real paragraphs."""
    posts = load_posts(corpus, LoadOptions()).posts
    titles = [post.title for post in posts]
    pool = paragraphs_of(posts)
    queries = [query.text for query in make_queries(titles) if query.kind in BARE_KINDS]
    click.echo(f"{machine()}\n{len(queries)} queries, posts of {len(pool):,} paragraphs\n")
    click.echo("| posts | p50 ms | p95 ms | p99 ms | arrays MB | private MB |")
    click.echo("| --- | --- | --- | --- | --- | --- |")
    # Each size is measured in a process of its own, which has not built anything.
    context = multiprocessing.get_context("spawn")
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch, context.Pool(1) as other:
            directory = Path(scratch) / "matrix"
            _write(directory, size, titles, pool)
            found = other.apply(measure, (directory, queries))
            arrays_mb = sum(file.stat().st_size for file in directory.iterdir()) / 2**20
            row = percentiles_row(found.times_ms)
            click.echo(f"| {size:,} | {row} | {arrays_mb:,.0f} | {found.private_mb:.0f} |")


def measure(directory: Path, queries: Sequence[str]) -> Measured:
    """The best times of all queries, from their text to ids and scores."""
    postings = FilePostings(directory, TermList(directory))
    best = [float("inf")] * len(queries)
    for _ in range(ROUNDS):
        for at, query in enumerate(queries):
            best[at] = min(best[at], milliseconds(lambda text: _top(text, postings), query))
    return Measured(best, own_memory_mb())


def _top(text: str, postings: FilePostings) -> list[tuple[int, float]]:
    readings = (query_word_parts(word, (DEFAULT_LANGUAGE,)) for word in words(text))
    terms = [part.term for found in readings if found for part in found[0] if not part.is_extra]
    numbers = (postings.number(term) for term in terms)
    return postings.top([number for number in numbers if number is not None], LIMIT)


def paragraphs_of(posts: Sequence[Post]) -> list[str]:
    """Paragraphs of prose of a usual length, out of which posts can be put together."""
    least, most = PARAGRAPH_CHARS
    every = [
        line
        for post in posts
        for section in post.sections
        for line in section.text.splitlines()
        if least <= len(line) <= most
    ]
    return random.Random(SEED).sample(every, min(len(every), MAX_PARAGRAPHS))


def _write(directory: Path, size: int, titles: Sequence[str], pool: Sequence[str]) -> None:
    """The postings of so many posts, each a title and some paragraphs."""
    site = SiteWords()
    for post in synthetic_posts(size, titles, pool):
        site.add(words_of_units(post), DEFAULT_LANGUAGE)
    started = time.monotonic()
    units = site.units()
    write_matrix(directory, site.uses(), units, use_weights(units, site.unit_chars()))
    click.echo(f"wrote {size:,} posts in {time.monotonic() - started:.0f} s", err=True)


def synthetic_posts(size: int, titles: Sequence[str], pool: Sequence[str]) -> Iterator[list[Unit]]:
    """So many posts, the same ones each time: a title and some paragraphs of the pool."""
    chosen = random.Random(SEED)
    for _ in range(size):
        paragraphs = chosen.choices(pool, k=PARAGRAPHS_A_POST)
        yield [Unit("title", chosen.choice(titles)), *(Unit("body", text) for text in paragraphs)]
