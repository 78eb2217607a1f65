"""A reader's history: the posts behind the paths, and what had to be passed over."""

from collections.abc import Callable, Hashable, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

MAX_HISTORY_POSTS: Final = 20
"""With each post counting half as much as the one after it, earlier ones make no difference."""

MAX_NAMED_PATHS: Final = 5
MAX_NAMED_CHARS: Final = 200
"""A notice is for a developer to read: it names so many paths, so far."""


Post = TypeVar("Post", bound=Hashable)


class History(NamedTuple, Generic[Post]):
    """The posts that were read, the newest last, each once; and what to tell of the others."""

    posts: tuple[Post, ...]
    notices: tuple[str, ...]


def read_history(paths: Sequence[str], find: Callable[[str], Post | None]) -> History[Post]:
    """The posts that `find` gives for some paths, in the order in which they were read.

    Of a post that was read several times the last time counts. Of many posts the last
    MAX_HISTORY_POSTS count.
    """
    posts: dict[Post, None] = {}
    unknown: dict[str, None] = {}
    repeated: dict[str, None] = {}
    for path in paths:
        post = find(path)
        if post is None:
            unknown[path] = None
        else:
            if post in posts:
                repeated[path] = None
                del posts[post]
            posts[post] = None
    notices = []
    if unknown:
        notices.append(f"Passed over, since no post has this path: {_named(list(unknown))}.")
    if repeated:
        notices.append(f"Named more than once, counted once: {_named(list(repeated))}.")
    if len(posts) > MAX_HISTORY_POSTS:
        notices.append(f"Only the last {MAX_HISTORY_POSTS} posts of the history were used.")
    return History(tuple(posts)[-MAX_HISTORY_POSTS:], tuple(notices))


def _named(paths: Sequence[str]) -> str:
    named = ", ".join(path[:MAX_NAMED_CHARS] for path in paths[:MAX_NAMED_PATHS])
    more = len(paths) - MAX_NAMED_PATHS
    return f"{named} and {more} more" if more > 0 else named
