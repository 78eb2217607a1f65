"""Which generations readers have open, so that none of them is removed.

A reader has a shared `flock` on the manifest of its generation; who wants to remove a generation
asks for an exclusive one. The kernel keeps these locks for open files and not for names: they are
seen by all processes of the machine, need no permission to write, and end with their process,
however it ends. Network file systems pass them on where they have locks at all; where there are
none, a reader does without.
"""

import errno
import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.generation import MANIFEST_FILE


class Hold:
    """A claim on a generation: nothing removes it for as long as this object lives."""

    def __init__(self, descriptor: int) -> None:
        weakref.finalize(self, os.close, descriptor)


def hold(directory: Path) -> Hold:
    """Claims a generation for a reader.

    Raises FileNotFoundError where it is not there or on its way out, and other kinds of OSError
    where its manifest can't be opened.
    """
    file = directory / MANIFEST_FILE
    descriptor = os.open(file, os.O_RDONLY)
    try:
        _lock_shared(descriptor, file)
        if not os.path.samestat(os.fstat(descriptor), file.stat()):
            raise _gone(file)
    except OSError:
        os.close(descriptor)
        raise
    return Hold(descriptor)


@contextmanager
def kept_from_readers(directory: Path) -> Iterator[bool]:
    """Whether no reader has this generation; if so, none can claim it meanwhile.

    Where that can't be told, it counts as claimed. A generation that has lost its manifest can't
    be opened by anyone, and is free.
    """
    try:
        descriptor = os.open(directory / MANIFEST_FILE, os.O_RDWR)  # some file systems ask for it
    except FileNotFoundError:
        yield True
        return
    try:
        yield _is_locked_alone(descriptor)
    finally:
        os.close(descriptor)


def _lock_shared(descriptor: int, file: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _gone(file) from None
    except OSError:
        return  # no locks there: who can't be seen reading has to be asked before pruning


def _is_locked_alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _gone(file: Path) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, "It is being removed", str(file))
