"""A process that builds again and again, each time in a fork that may be killed at any moment.

    python -m tests.faults.forking CONTENT INDEX

What a build needs is imported once, so that hundreds of builds take seconds. A line of JSON on
standard input asks for a build, a line on standard output tells what became of it:

    {}                  to its end
    {"seconds": 0.1}    killed after so long, if it is not done by then
    {"event": 12}       killed just before the event of this number, from 0
    {"pause": 12}       stopped there, and left so; its process is told
    {"file_bytes": 99}  in a process whose files may not grow past that
    {"user": 65534}     in a process of this user

What is told has the exit code (1 for a build that was refused, with the `error` that it raised),
the seconds, and the `events` that came before the end, each in words. An event is
a step that the build tells of, or a change to the disk.
"""

import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from index.build import BuildOptions, build_index
from index.errors import BuildError

CHANGES = {
    "os.chmod",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.truncate",
    "shutil.rmtree",
}
KEPT = 2
"""Generations, so that every build has one to prune."""


class Events:
    """Counts events, and has something happen just before one of them."""

    def __init__(self, index_dir: Path, at: int, happens: Callable[[], None]) -> None:
        self._index_dir = str(index_dir)
        self._at = at
        self._happens = happens
        self.told: list[str] = []

    def note(self, told: str) -> None:
        if len(self.told) == self._at:
            self._happens()
        self.told.append(told)

    def progress(self, step: str, done: int, total: int) -> None:
        self.note(f"{step}: {done} of {total}")

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        is_written = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (is_written or event in CHANGES) and str(arguments[0]).startswith(self._index_dir):
            self.note(f"{event} {Path(str(arguments[0])).name}")


def build_in_fork(content: Path, index_dir: Path, order: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            _build(content, index_dir, order, writing)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(2)  # whatever it was: standard error has it, and the test is told
    os.close(writing)
    if "pause" in order:
        os.waitpid(child, os.WUNTRACED)
        os.close(reading)
        return {"process": child}
    if "seconds" in order and not signal.sigtimedwait({signal.SIGCHLD}, order["seconds"]):
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as stream:
        told = stream.read()
    _, status = os.waitpid(child, 0)
    signal.sigtimedwait({signal.SIGCHLD}, 0)  # that of this child, if it has not been taken
    return {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": time.monotonic() - started,
        **json.loads(told or "{}"),
    }


def _build(content: Path, index_dir: Path, order: dict[str, Any], writing: int) -> None:
    sent = signal.SIGKILL if "event" in order else signal.SIGSTOP
    at = order.get("event", order.get("pause", -1))
    events = Events(index_dir, at, lambda: os.kill(os.getpid(), sent))
    # A killed process loses nothing that the kernel has, so that waiting for the disk is no use.
    os.fsync = lambda fd: events.note(f"fsync {fd}")
    sys.addaudithook(events.audit)
    _restrict(order)
    error = ""
    try:
        build_index(
            content,
            index_dir,
            BuildOptions(keep_generations=KEPT),
            progress=events.progress,
            starts_over=False,
        )
    except BuildError as raised:
        error = str(raised)
    with os.fdopen(writing, "w") as stream:
        json.dump({"events": events.told, "error": error}, stream)
    os._exit(1 if error else 0)


def _restrict(order: dict[str, Any]) -> None:
    if "file_bytes" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_bytes"],) * 2)
    if "user" in order:
        os.setuid(order["user"])


def main() -> None:
    content, index_dir = Path(sys.argv[1]), Path(sys.argv[2])
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    # What is imported only in the course of a build, when it may not be permitted any more.
    b" ".decode("cp437")
    version("numpy")
    for line in sys.stdin:
        print(json.dumps(build_in_fork(content, index_dir, json.loads(line))), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
