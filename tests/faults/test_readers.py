"""Readers while builds publish and prune: each answer is old or new, and none fails."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index.build import BuildOptions, build_index
from index.generation import current_name, directory_of, generation_names
from index.pruning import prune_index
from search import open_engine
from search.embedded import engine as engine_module
from tests.faults.conftest import ROOT
from tests.faults.sites import POSTS, mark_of, write_posts
from tests.test_server import a_free_port, first_answer

PUBLISHES = 20

Publish = Callable[[str], str]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Publishes posts with a mark, keeps no other generation than it must, and gives its name."""

    def build(mark: str) -> str:
        content = write_posts(tmp_path / "posts", mark)
        return build_index(content, tmp_path / "index", BuildOptions(keep_generations=1)).generation

    return build


READER = """
import sys
from pathlib import Path
from search import open_engine
from search.embedded import engine
engine.PUBLISH_CHECK_SECONDS = float(sys.argv[2])
reader = open_engine(Path(sys.argv[1]))
print(reader.status().generation, flush=True)
"""

WAIT = (
    READER
    + """
sys.stdin.read()
from tests.faults.sites import mark_of
print(mark_of(reader), flush=True)
"""
)

READ_ON = (
    READER
    + """
import json, threading
from tests.faults.sites import POSTS
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set())).start()
seen = set()
while not ended.is_set():
    found = reader.search("lantern", limit=100)
    assert found.total == len(found.hits) == POSTS
    seen |= {(found.generation, mark) for hit in found.hits for mark in hit.tags}
    near = reader.related("/7")
    seen |= {(near.generation, post.title.split()[-1]) for post in near.related}
print(json.dumps(sorted(seen)), flush=True)
"""
)


def start_reader(program: str, index_dir: Path, check_seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, index_dir, str(check_seconds)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_what_a_reader_has_open_stays_until_it_ends(publish: Publish, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    held = publish("held")
    with start_reader(WAIT, index_dir, 3600) as reader:
        assert first_line(reader) == held
        last = [publish(f"mark{number}") for number in range(4)][-1]
        assert generation_names(index_dir) == [last, held]
        assert prune_index(index_dir, keep=1).in_use == (held,)
        said, _ = reader.communicate()
        assert said.strip() == "held", "it reads what it had not yet read"
    assert prune_index(index_dir, keep=1).removed == (held,)
    assert generation_names(index_dir) == [last]


def test_a_killed_reader_holds_nothing(publish: Publish, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    held = publish("held")
    with start_reader(WAIT, index_dir, 3600) as reader:
        assert first_line(reader) == held
        last = publish("last")
        os.kill(reader.pid, signal.SIGKILL)
    assert prune_index(index_dir, keep=1).removed == (held,)
    assert generation_names(index_dir) == [last]


def test_two_readers_hold_a_generation_until_both_let_go(publish: Publish, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    held = publish("held")
    engines = [open_engine(index_dir), open_engine(index_dir)]
    publish("last")
    for _ in range(2):
        assert prune_index(index_dir, keep=1).in_use == (held,)
        engines.pop()
    assert prune_index(index_dir, keep=1).removed == (held,)


def test_an_engine_answers_from_arrays_that_it_had_not_opened_before_all_was_pruned(
    publish: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "PUBLISH_CHECK_SECONDS", 3600.0)
    publish("held")
    engine = open_engine(tmp_path / "index")
    for number in range(3):
        publish(f"mark{number}")
    assert mark_of(engine) == "held"


def test_what_a_killed_pruning_left_is_no_generation(publish: Publish, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    name = publish("live")
    leftover = directory_of(index_dir, f".removed-{name}")
    leftover.mkdir()
    (leftover / "half").write_bytes(b"x" * 1000)
    assert generation_names(index_dir) == [name]
    pruned = prune_index(index_dir, keep=1)
    assert (pruned.removed, pruned.kept, pruned.freed_bytes) == ((), (name,), 1000)
    assert not leftover.exists()


def test_engines_in_other_processes_read_through_many_publishes(
    publish: Publish, tmp_path: Path
) -> None:
    marks = {publish("mark0"): "mark0"}
    with (
        start_reader(READ_ON, tmp_path / "index", 0) as one,
        start_reader(READ_ON, tmp_path / "index", 0) as other,
    ):
        assert {first_line(one), first_line(other)} == set(marks)
        for number in range(1, PUBLISHES + 1):
            marks[publish(f"mark{number}")] = f"mark{number}"
        for reader in (one, other):
            said, _ = reader.communicate()
            assert reader.returncode == 0
            seen = json.loads(said)
            assert len(seen) > PUBLISHES // 4
            assert all(marks[generation] == mark for generation, mark in seen)


@contextmanager
def serving(index_dir: Path, workers: int) -> Iterator[str]:
    """The address of a running `signpost serve`."""
    port = a_free_port()
    with subprocess.Popen(
        [
            *(sys.executable, "-c", "from search.cli import main; main()", "serve"),
            *("--index", index_dir, "--port", str(port), "--workers", str(workers)),
        ],
        cwd=index_dir.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SIGNPOST_SERVICE__RATE_LIMIT": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            first_answer(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)


class HttpReader(threading.Thread):
    """Asks until it is told to end; `seen` has what the answers were of, `failure` what went wrong."""

    def __init__(self, address: str, ended: threading.Event) -> None:
        super().__init__()
        self._address = address
        self._ended = ended
        self.seen: set[tuple[str, str]] = set()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while not self._ended.is_set():
                found = self._ask("search?q=lantern&limit=100")
                assert found["total"] == len(found["hits"]) == POSTS
                for hit in found["hits"]:
                    self.seen.add((found["generation"], hit["title"].split()[-1]))
                near = self._ask("related?path=/7")
                for post in near["related"]:
                    self.seen.add((near["generation"], post["title"].split()[-1]))
        except Exception as error:  # any failed request fails the test
            self.failure = error

    def _ask(self, what: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self._address}/api/v1/{what}") as answer:
            told: dict[str, Any] = json.loads(answer.read())
            return told


def wait_until(is_so: Callable[[], bool]) -> None:
    """Returns as soon as it is so; fails if that takes a minute."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def test_a_running_server_answers_through_many_publishes(publish: Publish, tmp_path: Path) -> None:
    marks = {publish("mark0"): "mark0"}
    index_dir = tmp_path / "index"
    ended = threading.Event()
    with serving(index_dir, workers=2) as address:
        readers = [HttpReader(address, ended) for _ in range(3)]
        for reader in readers:
            reader.start()
        try:
            for number in range(1, PUBLISHES + 1):
                name = publish(f"mark{number}")
                marks[name] = f"mark{number}"
                if number % 5 == 0:  # time for the server to move on
                    wait_until(
                        lambda: any(
                            reader.failure
                            or (current_name(index_dir), marks[current_name(index_dir)])
                            in reader.seen
                            for reader in readers
                        )
                    )
        finally:
            ended.set()
            for reader in readers:
                reader.join()
    assert [reader.failure for reader in readers] == [None] * len(readers)
    seen = set().union(*(reader.seen for reader in readers))
    assert len({generation for generation, _ in seen}) >= 5
    assert seen <= set(marks.items())
