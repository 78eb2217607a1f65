"""What a build was made of: every file of the folder as it was read, and the time of day."""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

SETTLED_NS: Final = 2_000_000_000
"""Nanoseconds after which a further change to a file has another time: disks count time in steps,
the coarsest in steps of two seconds."""


class Stamp(NamedTuple):
    """What tells a changed file without reading it; times are nanoseconds since 1970.

    `ctime_ns` changes with the bytes, the name and the permissions, and nobody can set it back.
    """

    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> "Stamp":
        """The stamp in what the system tells of a file."""
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

    def is_settled(self, read_ns: int) -> bool:
        """Whether a change after the moment of reading would have changed the stamp."""
        return max(self.mtime_ns, self.ctime_ns) + SETTLED_NS < read_ns


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was read: the SHA-256 of its bytes in hexadecimal digits, and its stamp.

    The stamp is None where it was too fresh to tell a later change by. Of a file that is larger
    than a post may be, only the bytes that show it are counted.
    """

    sha256: str
    stamp: Stamp | None


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file under the folder of posts; `state` is None for one that was not or can't be read.

    `reason` says why its name or kind makes it no post, and is empty for one that was to be read.
    """

    source: str
    reason: str
    state: FileState | None

    def as_json(self) -> list[Any]:
        """The file as a row."""
        state = self.state
        if state is None:
            return [self.source, self.reason]
        return [self.source, self.reason, state.sha256, *(state.stamp or ())]

    @classmethod
    def from_json(cls, row: list[Any]) -> "InputFile":
        """The file from its row."""
        source, reason, *read = row
        if not read:
            return cls(source, reason, None)
        sha256, *stamp = read
        return cls(source, reason, FileState(sha256, Stamp(*stamp) if stamp else None))


@dataclass(frozen=True, slots=True)
class Inputs:
    """Every file, in the order of `find_files`, and by which time posts were due or expired.

    `changes_at` is the first moment after `now` at which a post becomes due or expires; None where
    none does.
    """

    files: tuple[InputFile, ...]
    now: datetime
    changes_at: datetime | None

    def hold_at(self, now: datetime) -> bool:
        """Whether the same posts are to be seen at another moment."""
        return self.now <= now and (self.changes_at is None or now < self.changes_at)

    def as_json(self) -> dict[str, Any]:
        """The same as JSON; times are ISO 8601."""
        return {
            "now": self.now.isoformat(),
            "changes_at": self.changes_at.isoformat() if self.changes_at else None,
            "files": [file.as_json() for file in self.files],
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Inputs":
        """The inputs from what `as_json` made of them."""
        changes_at = fields["changes_at"]
        return cls(
            files=tuple(InputFile.from_json(row) for row in fields["files"]),
            now=datetime.fromisoformat(fields["now"]),
            changes_at=datetime.fromisoformat(changes_at) if changes_at else None,
        )
