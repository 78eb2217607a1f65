"""A reader's history: the posts behind the paths, and what had to be passed over."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from search.embedded.documents import Document
from search.embedded.snapshot import Snapshot

MAX_HISTORY_POSTS: Final = 20
"""With each post counting half as much as the one after it, earlier ones make no difference."""

MAX_NAMED_PATHS: Final = 5
MAX_NAMED_CHARS: Final = 200
"""A notice is for a developer to read: it names so many paths, so far."""


class History(NamedTuple):
    """The posts that were read, the newest last, each once; and what to tell of the others."""

    docs: tuple[Document, ...]
    notices: tuple[str, ...]


def read_history(paths: Sequence[str], snapshot: Snapshot) -> History:
    """The posts at some paths, in the order in which they were read.

    Of a post that was read several times the last time counts. Of many posts the last
    MAX_HISTORY_POSTS count.
    """
    numbers: dict[int, None] = {}
    unknown: dict[str, None] = {}
    repeated: dict[str, None] = {}
    for path in paths:
        docnum = snapshot.documents.docnum(path)
        if docnum is None:
            unknown[path] = None
        else:
            if docnum in numbers:
                repeated[path] = None
                del numbers[docnum]
            numbers[docnum] = None
    docs = snapshot.documents.several(list(numbers)[-MAX_HISTORY_POSTS:])
    notices = []
    if unknown:
        notices.append(f"Passed over, since no post has this path: {_named(list(unknown))}.")
    if repeated:
        notices.append(f"Named more than once, counted once: {_named(list(repeated))}.")
    if len(numbers) > MAX_HISTORY_POSTS:
        notices.append(f"Only the last {MAX_HISTORY_POSTS} posts of the history were used.")
    return History(tuple(docs), tuple(notices))


def _named(paths: Sequence[str]) -> str:
    named = ", ".join(path[:MAX_NAMED_CHARS] for path in paths[:MAX_NAMED_PATHS])
    more = len(paths) - MAX_NAMED_PATHS
    return f"{named} and {more} more" if more > 0 else named
