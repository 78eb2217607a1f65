"""`--watch` as a person has it: save a file, and the answer changes; nothing ends it but Ctrl-C."""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from index.generation import current_name, generation_names
from index.lock import build_lock
from search import open_engine
from tests.cli.conftest import Site
from tests.test_server import a_free_port, first_answer

PATIENCE_SECONDS = 120


class Watching:
    """A command that watches, and what it says line by line, errors included."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def hears(self, part: str) -> str:
        """The next line that has this in it."""
        while True:
            line = self._lines.get(timeout=PATIENCE_SECONDS)
            assert line is not None, self.said
            self.said.append(line)
            if part in line:
                return line

    def ends(self, with_signal: signal.Signals) -> None:
        """Ends it as a terminal would, and sees that it ends well."""
        os.killpg(self.process.pid, with_signal)
        self.has_ended_well()

    def has_ended_well(self) -> None:
        """Waits for its end, which is no failure."""
        assert self.process.wait(PATIENCE_SECONDS) == 0, self.said
        while (line := self._lines.get(timeout=PATIENCE_SECONDS)) is not None:
            self.said.append(line)
        assert "Traceback" not in "".join(self.said)


@contextmanager
def watching(site: Site, *arguments: str) -> Iterator[Watching]:
    process = subprocess.Popen(
        [sys.executable, "-c", "from search.cli import main; main()", *arguments],
        cwd=site.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield Watching(process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def eventually(holds: Callable[[], bool]) -> None:
    """Waits until something holds; bounded."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < ends_at
        threading.Event().wait(0.05)


def found(site: Site, word: str) -> list[str]:
    return [hit.path for hit in open_engine(site.folder / "build" / "index").search(word).hits]


def test_saving_builds_failing_builds_nothing_and_control_c_ends_it(site: Site) -> None:
    index = site.folder / "build" / "index"
    with watching(site, "build", "--watch", "--strict") as command:
        command.hears("Published 2 posts")
        assert found(site, "lichen") == []
        site.write({"content/lichen.md": "---\ntitle: Lichen\n---\nGrey.\n"})
        command.hears("Published 3 posts")
        assert found(site, "lichen") == ["/lichen"]

        published = current_name(index)
        site.write({"content/broken.md": "---\ntitle: B\n"})
        assert "Problem: broken.md:1: " in command.hears("1 problem with the posts; nothing was")
        assert current_name(index) == published
        (site.folder / "content" / "broken.md").unlink()
        command.hears("Nothing has changed: 3 posts")

        shutil.move(site.folder / "content", site.folder / "aside")
        command.hears("There is no folder")
        assert current_name(index) == published
        shutil.move(site.folder / "aside", site.folder / "content")
        command.hears("Nothing has changed")
        (site.folder / "content" / "lichen.md").unlink()
        command.hears("Published 2 posts")
        command.ends(signal.SIGINT)
    assert not [*(index / "generations").glob(".*")]


def test_what_is_touched_or_not_read_is_not_built(site: Site) -> None:
    with watching(site, "build", "content", "--watch", "--index", "content/.index", "--json") as it:
        assert json.loads(it.hears("generation"))["posts"] == 2
        site.write({"content/.fern.md.swp": "x", "content/node_modules/a/readme.md": "# A\n"})
        (site.folder / "content" / "fern.md").touch()
        site.write({"content/lichen.md": "---\ntitle: Lichen\n---\nGrey.\n"})
        assert json.loads(it.hears("generation"))["posts"] == 3
        it.ends(signal.SIGTERM)
        assert len([line for line in it.said if "generation" in line]) == 2
    assert 2 <= len(generation_names(site.folder / "content" / ".index")) <= 3


def test_another_build_in_the_way_is_waited_for(site: Site) -> None:
    site.run("build")
    with build_lock(site.folder / "build" / "index"), watching(site, "build", "--watch") as command:
        command.hears("Nothing has changed")
        site.write({"content/lichen.md": "---\ntitle: Lichen\n---\nGrey.\n"})
        assert f"pid {os.getpid()}" in command.hears("Another build")
        lock = site.folder / "build" / "index" / "build.lock"
        lock.unlink()  # as if it were given back: the next build makes another
        command.hears("Published 3 posts")
        assert len([line for line in command.said if "Another build" in line]) == 1
        command.ends(signal.SIGINT)


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
def test_serving_goes_on_with_what_was_saved(site: Site, with_signal: signal.Signals) -> None:
    port = a_free_port()
    url = f"http://127.0.0.1:{port}/api/v1/search?q=lichen"
    with watching(site, "serve", "--watch", "--port", str(port)) as command:
        command.hears("Published 2 posts")
        eventually(lambda: b'"hits":[]' in _answer(url, port))
        site.write({"content/lichen.md": "---\ntitle: Lichen\n---\nGrey.\n"})
        eventually(lambda: b'"path":"/lichen"' in _answer(url, port))
        command.process.send_signal(with_signal)  # its other processes end with it
        command.has_ended_well()
    assert not [*(site.folder / "build" / "index" / "generations").glob(".*")]


def _answer(url: str, port: int) -> bytes:
    first_answer(f"http://127.0.0.1:{port}/healthz")
    try:
        with urllib.request.urlopen(url) as answer:
            body: bytes = answer.read()
            return body
    except urllib.error.HTTPError as error:
        with error:
            return error.read()


def test_what_builds_beside_a_server_ends_with_it_however_that_ends(site: Site) -> None:
    with watching(site, "serve", "--watch", "--port", str(a_free_port())) as command:
        command.hears("Published 2 posts")
        session = command.process.pid
        os.kill(session, signal.SIGKILL)
        eventually(lambda: not _builds(session))


def _builds(session: int) -> bool:
    """Whether a process of this session was started to build; the server's own are forks."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text()
            if "spawn_main" in command and os.getsid(int(process.name)) == session:
                return True
        except OSError:
            continue
    return False
