"""One build at a time for an index."""

import errno
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from index.errors import BuildError, BuildLockedError

MAX_HOLDER_BYTES: Final = 200
"""A process number and the name of a machine."""

HOLDER_SECONDS: Final = 1.0
"""Who gets the lock may need a moment to write who it is."""

_LOCK_FILE = "build.lock"
_WITHOUT_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})

_held: set[int] = set()
"""The open locks of this process, which a forked one must not keep from being given back."""


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Holds the lock of an index; BuildLockedError, naming the holder, if another process has it.

    The kernel gives the lock back when its process ends, however it ends, so a killed build never
    has to be cleaned up after; a lock whose owner lives is never broken. The file itself stays.
    Network file systems pass the lock on to other machines. Where there are no locks at all,
    building is refused with a BuildError.
    """
    index_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(index_dir / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    _held.add(descriptor)
    try:
        _lock(descriptor, index_dir)
        with suppress(OSError):  # a note for others, which a full disk has no room for
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"pid {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        yield
    finally:
        if descriptor in _held:  # and not in a process that was forked meanwhile
            _held.discard(descriptor)
            os.close(descriptor)


def _holder(descriptor: int) -> str:
    """Who has the lock; empty where that is not written there, even after a moment."""
    ends_at = time.monotonic() + HOLDER_SECONDS
    while True:
        holder = os.pread(descriptor, MAX_HOLDER_BYTES, 0).decode(errors="replace").strip()
        if holder or time.monotonic() > ends_at:
            return holder
        time.sleep(HOLDER_SECONDS / 50)


def _lock(descriptor: int, index_dir: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _holder(descriptor)
        raise BuildLockedError(
            f"Another build is writing to {index_dir} ({holder or 'holder unknown'}). "
            "Wait until it is done, or end it."
        ) from None
    except OSError as error:
        if error.errno not in _WITHOUT_LOCKS:
            raise
        raise BuildError(
            f"The file system of {index_dir} has no locks ({error.strerror}), so that two builds "
            "at once could not be told apart. Choose a folder on another with --index. "
            "Nothing was published."
        ) from error


def _leave_locks_to_parent() -> None:
    """In a forked process: lets go of the parent's locks, which stay as long as the parent does."""
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_leave_locks_to_parent)
