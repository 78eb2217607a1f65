"""Some posts of a generation, found by what names them."""

from collections.abc import Iterable, Sequence

from search.embedded.documents import Document, Documents, document_of
from search.opensearch.postnames import PostNames
from search.opensearch.posts import StoredPost


class SliceDocuments(Documents):
    """Posts in the order of their paths, numbered in it."""

    def __init__(self, posts: Sequence[StoredPost], names: PostNames) -> None:
        """`names` are those of all posts of the site."""
        self._posts = posts
        self._names = names
        self._documents: dict[int, Document] = {}
        self._number_of = {post.path: at for at, post in enumerate(posts)}

    def __len__(self) -> int:
        return len(self._posts)

    def __getitem__(self, docnum: int) -> Document:
        """The document with this number, from 0."""
        docnum = int(docnum)
        if docnum not in self._documents:
            self._documents[docnum] = document_of(docnum, self._posts[docnum].fields)
        return self._documents[docnum]

    def docnum(self, path: str) -> int | None:
        """The number of the post with this canonical path or alias, where it is among them."""
        canonical = self._names.canonical(path)
        return None if canonical is None else self._number_of.get(canonical)

    def paths(self) -> list[str]:
        """All canonical paths, in order."""
        return list(self._number_of)

    def titled(self, key: str) -> list[int]:
        """The posts whose title has this `title_key`."""
        return self._numbers(self._names.titled(key))

    def pinned(self, key: str) -> list[int]:
        """The posts that are pinned to the query with this `pin_key`."""
        return self._numbers(self._names.pinned(key))

    def _numbers(self, paths: Iterable[str]) -> list[int]:
        """The numbers of those of some posts that are here."""
        return [self._number_of[path] for path in paths if path in self._number_of]
