"""Posts to a Whoosh index."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from whoosh import index as whoosh_index

from index.schema import WEIGHED_FIELD, whoosh_schema

FieldPositions = Mapping[str, Mapping[str, list[int]]]
"""For each field of the schema, where each of its terms stands."""

WRITER_MEMORY_MB: Final = 256
"""Postings are sorted in memory up to this size; past it, in runs on disk, which is slower."""

_WHOOSH_LOCK = "MAIN_WRITELOCK"


class FullTextWriter:
    """Writes one Whoosh segment into an empty folder, documents numbered from 0 as they come.

    A context manager: the index is committed on leaving, and given up if an error is on its way.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self._directory = directory
        created = whoosh_index.create_in(str(directory), whoosh_schema())
        self._writer = created.writer(limitmb=WRITER_MEMORY_MB)

    def __enter__(self) -> Self:
        return self

    def add(self, path: str, positions: FieldPositions, weights: Mapping[str, float]) -> None:
        """Adds the next document: where its terms stand, and the weight of each in all of it."""
        occupied = {field: terms for field, terms in positions.items() if terms}
        self._writer.add_document(path=path, **occupied, **{WEIGHED_FIELD: weights})

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self._writer.cancel()
            return
        self._writer.commit()
        (self._directory / _WHOOSH_LOCK).unlink(missing_ok=True)
