"""What is gathered, in another order and with posts that are let go, comes to the same files."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.analyzed import analyze
from index.build import _write
from index.buildoptions import BuildOptions
from index.gathered import Gathered
from index.generation import FULLTEXT_DIR
from index.loader import LoadOptions, load_posts
from index.post import Post

GUIDE = Path(__file__).parents[2] / "content"
"""Real posts, which share words, phrases and links."""


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_depends_neither_on_order_nor_on_posts_that_were_let_go(
    seed: int, tmp_path: Path
) -> None:
    order = random.Random(seed)
    guide = load_posts(GUIDE, LoadOptions()).posts
    posts = [replace(post, lang=order.choice(["", "", "de", "tr"])) for post in guide]
    kept = [post for post in posts if order.random() < 0.6]
    arrived = order.sample(posts, len(posts))
    plain, shuffled = tmp_path / "plain", tmp_path / "shuffled"
    write(plain, kept, kept)
    write(shuffled, kept, arrived)
    files = files_of(plain)
    assert len(files) > 100
    assert files_of(shuffled) == files


def write(directory: Path, kept: Sequence[Post], arrived: Sequence[Post]) -> None:
    """Writes the posts that are kept, after all that have arrived were gathered."""
    directory.mkdir()
    with Gathered() as gathered:
        for post in arrived:
            gathered.add(analyze(post).to_bytes())
        gathered.reorder([arrived.index(post) for post in kept])
        read = [gathered.posts.post(at) for at in range(len(gathered.posts))]
        assert [post.path for post in read] == [post.path for post in kept]
        _write(directory, read, gathered, BuildOptions(), lambda _step, _done, _total: None)


def files_of(directory: Path) -> dict[str, bytes]:
    """All files but those of the full text, whose segments have names of their own each time."""
    return {
        str(file.relative_to(directory)): file.read_bytes()
        for file in sorted(directory.rglob("*"))
        if file.is_file() and FULLTEXT_DIR not in file.parts
    }
