"""Posts, set aside until all are known: in memory while they are few, then in a file."""

from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Final, NamedTuple

from index.post import Post
from index.storedpost import StoredPost

MEMORY_BYTES: Final = 64_000_000
"""Posts are kept in memory up to this size; past it, all are in a file that nobody else sees."""


class Extent(NamedTuple):
    """Where a post is: in which file, from which byte, and how many of them."""

    file: IO[bytes]
    start: int
    size: int

    def read(self) -> bytes:
        """The bytes there."""
        self.file.seek(self.start)
        return self.file.read(self.size)


class PostSpool:
    """Takes posts in as bytes, and gives them back one by one, in any order.

    `extents` say where each is. Those that it begins with may be in a file of somebody else.
    """

    def __init__(self, extents: Sequence[Extent] = ()) -> None:
        self._file = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - closed by `close`
        self._end = 0
        self.extents = list(extents)

    def close(self) -> None:
        """Lets go of the posts that it took in."""
        self._file.close()

    def use_file(self) -> None:
        """Keeps what it takes in, and has taken in, in a file, however little that is."""
        self._file.rollover()

    def append(self, post: bytes) -> None:
        """Takes in the next post, as StoredPost.to_bytes gives it."""
        self._file.seek(self._end)
        self._file.write(post)
        self.extents.append(Extent(self._file, self._end, len(post)))
        self._end += len(post)

    def reorder(self, places: Sequence[int]) -> None:
        """Puts the posts in the order of these places; those that have none are let go."""
        self.extents = [self.extents[place] for place in places]

    def __len__(self) -> int:
        return len(self.extents)

    def __getitem__(self, place: int) -> StoredPost:
        return StoredPost.from_bytes(self.extents[place].read())

    def post(self, place: int) -> Post:
        """The post there, its sections and HTML aside."""
        return StoredPost.post_in(self.extents[place].read())

    def __iter__(self) -> Iterator[StoredPost]:
        return map(self.__getitem__, range(len(self)))
