"""How much memory this process and those that it started have, as the system tells it.

On Linux that is the proportional set size: memory that several processes share counts once.
Elsewhere it is the most that this process ever had, and nothing is told of others.
"""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from index.memory import MemoryUse

_PROC: Final = Path("/proc")
_TELLS_CHILDREN: Final = _PROC / "thread-self" / "children"
"""Not there where the kernel was made without it."""

_PSS: Final = "Pss:"
_RESIDENT_PAGES: Final = 1


def memory_use() -> MemoryUse | None:
    """What is there at this moment; None where the system tells nothing."""
    own, *others = _tree()
    own_mb = _proportional_mb(own)
    if own_mb is None:
        most_mb = _most_resident_mb()
        return None if most_mb is None else MemoryUse(most_mb, None)
    if not _TELLS_CHILDREN.exists():
        return MemoryUse(own_mb, None)
    return MemoryUse(own_mb, sum(_proportional_mb(process) or 0 for process in others))


def resident_mb() -> float:
    """What all of them have, shared memory counted with each; 0 where the system tells nothing.

    It is never less than what memory_use tells, and had at once.
    """
    found = sum(map(_resident_mb, _tree()))
    return found or _most_resident_mb() or 0.0


def give_back() -> None:
    """Gives memory that is not needed back to the system, as far as that can be had done.

    What is left in cycles of objects is let go, and the C library keeps no more than it must.
    """
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _tree() -> Iterator[int]:
    """This process and all below it, as far as they are there."""
    waiting = [os.getpid()]
    while waiting:
        process = waiting.pop()
        yield process
        with suppress(OSError):  # it has ended meanwhile
            for task in (_PROC / str(process) / "task").iterdir():
                with suppress(OSError):
                    waiting += map(int, (task / "children").read_bytes().split())


def _proportional_mb(process: int) -> float | None:
    try:
        lines = (_PROC / str(process) / "smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(_PSS)), None)


def _resident_mb(process: int) -> float:
    try:
        pages = (_PROC / str(process) / "statm").read_bytes().split()[_RESIDENT_PAGES]
    except OSError:
        return 0.0
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _most_resident_mb() -> float | None:
    """The most that this process ever had."""
    try:
        import resource  # noqa: PLC0415  # not on every system
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10
