"""What a process and all that it starts take: time, memory at the highest, on Linux."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

SAMPLED_SECONDS: Final = 0.05
"""Memory is looked at so often."""

_PROC: Final = Path("/proc")


class Taken(NamedTuple):
    """Seconds by the clock, seconds of processors, and MiB of memory at the highest."""

    seconds: float
    processor_seconds: float
    memory_mb: float


def run_apart(work: Callable[..., None], *args: Any) -> Taken:
    """Makes a call in a process of its own, and tells what it and its children took.

    Memory that several of them share counts once. RuntimeError if it fails.
    """
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_timed, args=(sender, work, args))
    process.start()
    root = process.pid or 0
    peak = [0.0]
    done = threading.Event()
    sampler = threading.Thread(target=_sample, args=(root, peak, done))
    sampler.start()
    process.join()
    done.set()
    sampler.join()
    if process.exitcode:
        raise RuntimeError(f"{work.__name__} ended with {process.exitcode}")
    seconds, processor_seconds = receiver.recv()
    return Taken(seconds, processor_seconds, peak[0])


def _timed(sender: Any, work: Callable[..., None], args: tuple[Any, ...]) -> None:
    before, started = os.times(), time.monotonic()
    work(*args)
    seconds, after = time.monotonic() - started, os.times()
    sender.send((seconds, sum(after[:4]) - sum(before[:4])))


def _sample(root: int, peak: list[float], done: threading.Event) -> None:
    while not done.wait(SAMPLED_SECONDS):
        peak[0] = max(peak[0], sum(map(memory_mb, tree(root))))


def tree(root: int) -> Iterator[int]:
    """A process and all below it, as far as they are there."""
    waiting = [root]
    while waiting:
        process = waiting.pop()
        yield process
        try:
            for task in (_PROC / str(process) / "task").iterdir():
                waiting += map(int, (task / "children").read_text(encoding="utf-8").split())
        except OSError:
            continue  # it has ended meanwhile


def memory_mb(process: int, counted: str = "Pss") -> float:
    """What a process has in memory, its share of what it has in common with others.

    `counted` may name something else that the kernel counts, such as "Pss_Anon", the same of what
    is of no file.
    """
    try:
        lines = (_PROC / str(process) / "smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{counted}:")), 0.0
    )
