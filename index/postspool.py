"""Analysed posts, set aside until all are known: in memory while they are few, then in a file."""

from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Final

from index.analyzed import AnalyzedPost

MEMORY_BYTES: Final = 64_000_000
"""Posts are kept in memory up to this size; past it, all are in a file that nobody else sees."""


class PostSpool:
    """Takes posts in as bytes, and gives them back one by one, in any order."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - closed by `close`
        self._extents: list[tuple[int, int]] = []
        self._end = 0

    def close(self) -> None:
        """Lets go of the posts."""
        self._file.close()

    def append(self, post: bytes) -> None:
        """Takes in the next post, as AnalyzedPost.to_bytes gives it."""
        self._file.seek(self._end)
        self._file.write(post)
        self._extents.append((self._end, len(post)))
        self._end += len(post)

    def reorder(self, places: Sequence[int]) -> None:
        """Puts the posts in the order of these places; those that have none are let go."""
        self._extents = [self._extents[place] for place in places]

    def __len__(self) -> int:
        return len(self._extents)

    def __getitem__(self, place: int) -> AnalyzedPost:
        start, size = self._extents[place]
        self._file.seek(start)
        return AnalyzedPost.from_bytes(self._file.read(size))

    def __iter__(self) -> Iterator[AnalyzedPost]:
        return map(self.__getitem__, range(len(self)))
