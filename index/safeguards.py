"""When a build had better not be published: far too few posts, or posts that are gone."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from index.errors import ContentChangedError, IndexDamagedError, IndexUnavailableError, ShrinkError
from index.generation import MANIFEST_FILE, current_name, directory_of, generation_names
from index.post import Post

MAX_SHRINK: Final = 0.5
"""The share of the posts that may go from one build to the next without being asked for."""

ANY_SHRINK: Final = 1.0
"""As a share: however many posts are gone."""


def refuse_shrink(index_dir: Path, posts: int, max_shrink: float) -> None:
    """ShrinkError if more than that share of the published posts would be gone."""
    before = _published_posts(index_dir)
    if before - posts > max_shrink * before:
        raise ShrinkError(
            f"The published index has {before:,} posts, and now there are {posts:,}: more than "
            f"{max_shrink:.0%} of them are gone. Nothing was published. If the folder of posts is "
            "complete, and they are meant to go: signpost build --allow-shrink."
        )


def refuse_emptied(content_dir: Path, posts: Sequence[Post], max_shrink: float) -> None:
    """ContentChangedError if more than that share of the posts' files, or all, are gone by now."""
    gone = sum(not _is_there(content_dir, post.source) for post in posts)
    if gone == len(posts) or gone > max_shrink * len(posts):
        raise ContentChangedError(
            f"Of {len(posts):,} posts in {content_dir}, {gone:,} went away while the index was "
            "made. Put them back, and build again. Nothing was published."
        )


def _is_there(content_dir: Path, source: str) -> bool:
    """Whether a post's file is there; a name that can't be shown as it is gets the benefit."""
    return "\\" in source or (content_dir / source).exists()


def _published_posts(index_dir: Path) -> int:
    """How many posts the published generation has; if it can't tell, the newest that can.

    Whatever version made it: the count is at the same place in all of them. 0 for no index.
    """
    try:
        names = [current_name(index_dir)]
    except IndexDamagedError:
        names = []
    except IndexUnavailableError:
        return 0
    counts = (_count(directory_of(index_dir, name)) for name in names + generation_names(index_dir))
    return next((count for count in counts if count is not None), 0)


def _count(directory: Path) -> int | None:
    try:
        fields = json.loads((directory / MANIFEST_FILE).read_text(encoding="utf-8"))
        return int(fields["counts"]["posts"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
