"""How long a build takes, in how much memory, and how large the index is, beside other indexers.

    python -m bench build --corpus ../shared/corpora/windows-drivers
    python -m bench build --corpus ../shared/corpora/windows-drivers --growth

Indexers take turns, each in a process of its own with all that it starts; of each the fastest round
counts. Needs the packages of requirements-bench.txt, and Linux.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import click

from bench import indexers
from bench.growth import paragraphs_of, synthetic_posts
from bench.machine import machine
from bench.processtree import Taken, run_apart
from index.analyses import ANALYSES_DIR
from index.loader import LoadOptions, load_posts
from index.post import Post

ROUNDS: Final = 3
SIZES: Final = (1_000, 5_000, 14_000, 100_000)
FILES_A_FOLDER: Final = 1_000


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True)
@click.option("--growth", is_flag=True, help="Instead: more and more posts.")
@click.option("--size", "sizes", type=int, multiple=True, default=SIZES, show_default=True)
def main(corpus: Path, rounds: int, growth: bool, sizes: Sequence[int]) -> None:
    """Time builds beside Pagefind, tantivy, SQLite FTS5 and a plain Whoosh script."""
    posts = load_posts(corpus, LoadOptions()).posts
    click.echo(machine())
    with tempfile.TemporaryDirectory() as scratch:
        if growth:
            _grow(posts, sizes, Path(scratch))
        else:
            _compare(corpus, posts, rounds, Path(scratch))


def _compare(corpus: Path, posts: Sequence[Post], rounds: int, scratch: Path) -> None:
    pages, texts = scratch / "pages", scratch / "texts.jsonl"
    indexers.write_pages(posts, pages)
    indexers.write_texts(posts, texts)
    read: dict[str, tuple[Callable[[Path, Path], None], Path]] = {
        "signpost": (indexers.signpost, corpus),
        "pagefind": (indexers.pagefind, pages),
        "tantivy": (indexers.tantivy, texts),
        "sqlite fts5": (indexers.sqlite_fts5, texts),
        "whoosh": (indexers.plain_whoosh, texts),
    }
    rows: dict[str, tuple[Taken, float]] = {}
    for turn in range(rounds):
        for name, (work, source) in read.items():
            taken, size_mb = _measured(work, source, scratch / "out")
            click.echo(f"round {turn + 1}: {name}, {taken.seconds:.1f} s", err=True)
            if name not in rows or taken.seconds < rows[name][0].seconds:
                rows[name] = taken, size_mb
    posts_mb = _size_mb([corpus / post.source for post in posts])
    click.echo(f"{len(posts):,} posts of {posts_mb:.0f} MB in all, best of {rounds} rounds\n")
    click.echo("| indexer | seconds | beside Pagefind | processor s | memory MB | index MB |")
    click.echo("| --- | --- | --- | --- | --- | --- |")
    for name, (taken, size_mb) in rows.items():
        beside = taken.seconds / rows["pagefind"][0].seconds
        click.echo(
            f"| {name} | {taken.seconds:.1f} | {beside:.2f}x | {taken.processor_seconds:.1f} "
            f"| {taken.memory_mb:,.0f} | {size_mb:.0f} |"
        )


def _grow(posts: Sequence[Post], sizes: Sequence[int], scratch: Path) -> None:
    """Builds of posts that are put together from real titles and paragraphs."""
    titles, pool = [post.title for post in posts], paragraphs_of(posts)
    click.echo("\n| posts | seconds | ms a post | processor s | memory MB | posts MB | index MB |")
    click.echo("| --- | --- | --- | --- | --- | --- | --- |")
    for size in sizes:
        content = scratch / "content"
        write_posts(content, size, titles, pool)
        posts_mb = _size_mb(content.rglob("*.md"))
        taken, index_mb = _measured(indexers.signpost, content, scratch / "out")
        click.echo(
            f"| {size:,} | {taken.seconds:.1f} | {1000 * taken.seconds / size:.2f} "
            f"| {taken.processor_seconds:.1f} | {taken.memory_mb:,.0f} | {posts_mb:.1f} "
            f"| {index_mb:.1f} |"
        )
        shutil.rmtree(content)


def write_posts(content: Path, size: int, titles: Sequence[str], pool: Sequence[str]) -> None:
    """So many posts as files of Markdown, put together from these titles and paragraphs."""
    for number, units in enumerate(synthetic_posts(size, titles, pool)):
        folder = content / str(number // FILES_A_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        head, *body = units
        title = head.text.replace('"', "'").replace("\\", "/")
        text = "\n\n".join(unit.text for unit in body)
        file = folder / f"{number}.md"
        file.write_text(f'---\ntitle: "{title}"\n---\n{text}\n', encoding="utf-8")


def _measured(work: Callable[[Path, Path], None], source: Path, out: Path) -> tuple[Taken, float]:
    """What the work took, and the MB that it made, without what is kept for the next build."""
    taken = run_apart(work, source, out)
    kept = out / ANALYSES_DIR
    files = (file for file in out.rglob("*") if file.is_file())
    size_mb = _size_mb(file for file in files if not file.is_relative_to(kept))
    shutil.rmtree(out)
    return taken, size_mb


def _size_mb(files: Iterable[Path]) -> float:
    return sum(file.stat().st_size for file in files) / 1e6
