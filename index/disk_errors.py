"""What to tell the owner when the disk says no."""

import errno
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_FULL = "The disk is full: free some space and build again. signpost prune may help."
_DENIED = "Writing is not permitted there: change the folder's owner or --index."
_IN_THE_WAY = "A file stands where a folder is needed: choose another --index."
_READ_ONLY = "That disk is read-only: choose another folder with --index."
_FAULTY = "The disk reports faults: look after it, or choose another with --index."

WHAT_TO_DO: Final[Mapping[int, str]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: "The disk quota is used up: free some space and build again.",
    errno.EFBIG: "A file grew past the allowed size: raise the limit and build again.",
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _READ_ONLY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.EIO: _FAULTY,
    errno.ENOENT: "Something removed files of it meanwhile: build again when nothing else does.",
}

_OF_SQLITE: Final[Mapping[int, int]] = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_READONLY: errno.EROFS,
}
"""SQLite's result codes, of which the lowest byte tells the kind, as errors of the system."""


def explain(error: OSError | sqlite3.Error, index_dir: Path) -> str:
    """Why an index could not be written, and what to do."""
    what_to_do = WHAT_TO_DO.get(
        _code(error), f"{error}. See whether the disk has room and is in order, and build again."
    )
    return f"The index in {index_dir} could not be written. {what_to_do} Nothing was published."


def _code(error: OSError | sqlite3.Error) -> int:
    if isinstance(error, OSError):
        return error.errno or 0  # NumPy has none to tell
    return _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, 0)
