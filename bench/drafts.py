"""What drafts are said to deserve, against the tags and links that authors gave.

Every post is a draft once: a fifth of the posts at a time is left out of the index, and asked about
without its tags and links.
"""

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

import click

from index.analysis import fold
from index.build import build_index
from index.links import LinkResolver
from index.loader import LoadOptions, load_posts
from index.post import Post
from search import Engine, open_engine
from search.drafts import Draft

FOLDS: Final = 5

SHOWN_TAGS: Final = 3
SHOWN_LINKS: Final = 3
"""What an author looks at first."""

MIN_PROSE_CHARS: Final = 200
"""A post with less text is no draft."""


class Tally:
    """Suggestions counted against what an author chose."""

    def __init__(self) -> None:
        self._hits = self._suggested = self._chosen = 0

    def add(self, suggested: list[str], chosen: set[str]) -> None:
        """Counts one draft."""
        self._hits += len(chosen.intersection(suggested))
        self._suggested += len(suggested)
        self._chosen += len(chosen)

    def __str__(self) -> str:
        precision = self._hits / max(1, self._suggested)
        recall = self._hits / max(1, self._chosen)
        return f"precision {precision:.3f}  recall {recall:.3f}  ({self._hits:,} met)"


@click.command()
@click.option(
    "--corpora",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    metavar="DIR",
    help="The folder of corpora.",
)
def main(corpora: Path) -> None:
    """Suggested tags and links, against those of authors."""
    for name in ("cilium", "rust-blog"):
        _report(corpora / name)


def _report(content_dir: Path) -> None:
    posts = load_posts(content_dir, LoadOptions()).posts
    links = LinkResolver(posts)
    tallies = {"tags": Tally(), "most common tags": Tally(), "links": Tally()}
    with tempfile.TemporaryDirectory() as scratch:
        for fold_number in range(FOLDS):
            held_out = [post for post in posts[fold_number::FOLDS] if _is_draft(post)]
            engine = _engine_without(held_out, content_dir, Path(scratch) / str(fold_number))
            kept = [post for post in posts if post not in held_out]
            tags = Counter(tag for post in kept for tag in {fold(tag) for tag in post.tags})
            for post in held_out:
                _ask(post, engine, tags, set(links.linked_paths(post)), tallies)
    click.echo(content_dir.name)
    for name, tally in tallies.items():
        click.echo(f"  {name:17} {tally}")


def _is_draft(post: Post) -> bool:
    return len(post.text) >= MIN_PROSE_CHARS and not post.external_url


def _engine_without(posts: list[Post], content_dir: Path, scratch: Path) -> Engine:
    """An engine over a copy of the folder that lacks some posts."""
    shutil.copytree(content_dir, scratch / "content")
    for post in posts:
        (scratch / "content" / post.source).unlink()
    build_index(scratch / "content", scratch / "index")
    return open_engine(scratch / "index")


def _ask(
    post: Post,
    engine: Engine,
    tags: Counter[str],
    linked: set[str],
    tallies: dict[str, Tally],
) -> None:
    """Asks about one post; `tags` are those of the others, which alone can be suggested."""
    found = engine.related_to_draft(Draft(post.text, post.title, lang=post.lang))
    chosen = {fold(tag) for tag in post.tags if tags[fold(tag)] > 1}
    tallies["tags"].add([fold(tag.value) for tag in found.tags[:SHOWN_TAGS]], chosen)
    common = [tag for tag, _ in tags.most_common(SHOWN_TAGS)]
    tallies["most common tags"].add(common, chosen)
    if known := linked & set(engine.paths()):  # of posts that link nowhere, nothing is known
        tallies["links"].add([link.path for link in found.links[:SHOWN_LINKS]], known)
