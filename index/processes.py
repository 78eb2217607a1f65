"""Processes that help with work that can be parted: started, and ended with the one that asks."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, Final, Protocol, TypeVar

CONTEXT: Final[SpawnContext] = multiprocessing.get_context("spawn")
"""Processes are started afresh and not forked: a child must not share an open database, nor a lock
that another thread holds."""

PARENT_LOOK_SECONDS: Final = 1.0
"""How often a companion looks whether the process that it is to end with is still there."""

Result = TypeVar("Result")


@contextmanager
def helping_processes(
    processes: int, prepare: Callable[..., None] | None = None, *prepared_with: Any
) -> Iterator[ProcessPoolExecutor]:
    """A pool of so many processes, each of which has called `prepare(*prepared_with)`.

    What waits is given up on leaving. The processes end with this one, however that ends. Hand them
    work within `interrupts_kept_from_children()`, for that is when they are started.
    """
    with ProcessPoolExecutor(processes, CONTEXT, _prepare, (prepare, prepared_with)) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def helper(*, is_worth_it: bool) -> Iterator["Helper"]:
    """A process that works off calls, one after another, while this one does something else.

    Without `is_worth_it` there is none, and what it is handed is done at once, here.
    """
    if not is_worth_it:
        yield _done_here
        return
    with helping_processes(1) as pool:

        def start(work: Callable[..., Result], *args: Any) -> "Future[Result]":
            with interrupts_kept_from_children():
                return pool.submit(work, *args)

        yield start


def _done_here(work: Callable[..., Result], *args: Any) -> "Future[Result]":
    done: Future[Result] = Future()
    done.set_result(work(*args))
    return done


class Helper(Protocol):
    """Takes a call to be made, and gives what will have its result, or its exception."""

    def __call__(self, work: Callable[..., Result], *args: Any) -> "Future[Result]":
        """Hands over the call `work(*args)`."""
        ...


@contextmanager
def interrupts_kept_from_children() -> Iterator[None]:
    """Processes that are started herein leave Ctrl-C to this one, which then ends them.

    They inherit that it is blocked; one that comes meanwhile is held back, and not lost.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def companion(work: Callable[..., None], *args: Any) -> Iterator[None]:
    """A process that does `work(*args)` beside this one, until this one leaves or ends.

    On leaving it is told to end by SIGTERM, and waited for. It leaves Ctrl-C to this one.
    """
    process = CONTEXT.Process(target=_work_beside, args=(os.getpid(), work, args))
    with interrupts_kept_from_children():
        process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _work_beside(parent: int, work: Callable[..., None], args: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_without, args=(parent,), daemon=True).start()
    work(*args)


def _end_without(parent: int) -> None:
    """Ends this process when its parent has ended; forks of that one would keep a pipe open."""
    while os.getppid() == parent:
        time.sleep(PARENT_LOOK_SECONDS)
    os._exit(1)


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _prepare(prepare: Callable[..., None] | None, prepared_with: tuple[Any, ...]) -> None:
    """Sees to it that this process ends with the one that started it, and prepares it."""
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    if prepare:
        prepare(*prepared_with)


def _end_after(process: BaseProcess) -> None:
    process.join()
    os._exit(1)
