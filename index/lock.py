"""One build at a time for an index."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import BuildLockedError

_LOCK_FILE = "build.lock"


@contextmanager
def build_lock(index_dir: Path) -> Iterator[None]:
    """Holds the lock of an index; BuildLockedError, naming the holder, if another build has it.

    The kernel gives the lock back when its process ends, however it ends, so a killed build never
    has to be cleaned up after. The file itself stays.
    """
    index_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(index_dir / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
            raise BuildLockedError(
                f"Another build is writing to {index_dir} ({holder or 'holder unknown'}). "
                "Wait until it is done, or end it."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"pid {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
