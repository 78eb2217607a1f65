"""Where the server listens: only where nothing else does, and a sentence where it can't."""

import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index.report import BuildReport
from search.errors import ListeningError
from search.server import free_address

Build = Callable[..., BuildReport]


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_answer(url: str) -> bytes:
    """What the server answers, once it does: the worker says that it starts before it listens."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(url) as answer:
                body: bytes = answer.read()
                return body
        except urllib.error.URLError:
            threading.Event().wait(0.05)
    raise AssertionError(f"no answer at {url}")


def test_a_host_name_becomes_its_address() -> None:
    assert free_address("localhost", a_free_port()) in {"127.0.0.1", "::1"}


def test_a_port_in_use_is_refused_even_where_it_could_be_shared() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ListeningError, match=f"port {port}, already. End it, or choose --port"):
            free_address("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ListeningError, match=r"192\.0\.2\.1 is no address of this machine"):
        free_address("192.0.2.1", 8000)


class Served:
    """`signpost serve` in a process of its own, in a folder that may have a signpost.toml."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = a_free_port()
        self.said = ""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", "from search.cli import main; main()", "serve"),
                *("--index", str(folder / "index"), "--port", str(self.port), *options),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        )

    def read_until(self, words: str, times: int = 1, after: int | None = None) -> None:
        """Reads what it says until it has said this so often; fails if it ends before.

        Where it is to follow on a signal, that is sent first.
        """
        if after is not None:
            self._process.send_signal(after)
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while self.said.count(words) < times:
                assert selector.select(60), self.said
                more = os.read(self._process.stdout.fileno(), 65_536)
                assert more, self.said
                self.said += more.decode()

    def ask(self, path: str) -> bytes:
        return first_answer(f"http://127.0.0.1:{self.port}{path}")

    def workers(self) -> set[int]:
        """The pids of those that have begun."""
        return {int(pid) for pid in re.findall(r"Spawning worker-\d+ with PID: (\d+)", self.said)}

    def end(self) -> int:
        """Tells it to end, and gives how it did."""
        self._process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """How it ended."""
        rest, _ = self._process.communicate(timeout=60)
        self.said += rest.decode()
        return self._process.returncode

    def stop(self) -> None:
        """Ends it in any case, for a test that has failed."""
        if self._process.poll() is None:
            self.end()


@pytest.fixture
def serve(build: Build, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    build({"fern.md": "---\ntitle: Fern\n---\nGreen leaves.\n"})
    started: list[Served] = []

    def start(*options: str) -> Served:
        started.append(Served(tmp_path, *options))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def test_the_command_serves_and_ends_when_it_is_told_to(serve: Callable[..., Served]) -> None:
    served = serve()
    served.read_until("Started worker")
    assert re.search(rf"Signpost is at http://127\.0\.0\.1:{served.port}/", served.said)
    assert b'"path":"/fern"' in served.ask("/api/v1/search?q=leaves")
    assert served.end() == 0, served.said
    assert "Traceback" not in served.said


def test_hangup_rereads_settings_and_wrong_ones_change_nothing(
    serve: Callable[..., Served], tmp_path: Path
) -> None:
    settings = tmp_path / "signpost.toml"
    settings.write_text('[site]\nbase_url = "https://old.example"\n')
    served = serve()
    served.read_until("Started worker")
    settings.write_text('[site]\nbase_url = "https://new.example"\nwidht = 3\n')
    served.read_until("those before stay", after=signal.SIGHUP)
    assert "widht" in served.said
    assert b"https://old.example/fern" in served.ask("/api/v1/search?q=leaves")
    settings.write_text('[site]\nbase_url = "https://new.example"\n')
    served.read_until("Stopped old worker", after=signal.SIGHUP)
    assert b"https://new.example/fern" in served.ask("/api/v1/search?q=leaves")
    assert served.end() == 0, served.said
    assert "Traceback" not in served.said


def test_a_worker_that_is_killed_is_replaced(serve: Callable[..., Served]) -> None:
    served = serve("--workers", "2")
    served.read_until("Started worker", 2)
    killed = min(served.workers())
    os.kill(killed, signal.SIGKILL)
    served.read_until("Started worker", 3)
    assert len(served.workers()) == 3
    for _ in range(20):  # each by a connection of its own, so that both workers are asked
        assert b'"path":"/fern"' in served.ask("/api/v1/search?q=leaves")
    assert served.end() == 0, served.said


def test_what_is_being_answered_when_the_server_is_told_to_end_is_finished(
    serve: Callable[..., Served],
) -> None:
    served = serve()
    served.read_until("Started worker")
    served.ask("/healthz")
    body = b"green leaves of every kind " * 4_000
    head = f"POST /api/v1/related HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        connection.sendall(f"{head}Content-Type: text/plain\r\n\r\n".encode() + body[:50_000])
        served.read_until("Stopping worker", after=signal.SIGTERM)
        connection.sendall(body[50_000:])
        assert connection.recv(100).startswith(b"HTTP/1.1 200 OK")
    assert served.ended() == 0, served.said


def test_clients_that_send_slowly_do_not_keep_others_waiting(serve: Callable[..., Served]) -> None:
    served = serve()
    served.read_until("Started worker")
    served.ask("/healthz")
    head = b"POST /api/v1/related HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n"
    with ExitStack() as stack:
        for _ in range(12):
            connection = socket.create_connection(("127.0.0.1", served.port), timeout=60)
            stack.enter_context(connection)
            connection.sendall(head + b"Content-Type: text/plain\r\n\r\ngreen")
        with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/", timeout=5) as answer:
            assert answer.status == 200
    assert served.end() == 0, served.said


def test_connections_that_are_kept_open_do_not_keep_others_waiting(
    serve: Callable[..., Served],
) -> None:
    served = serve()
    served.read_until("Started worker")
    served.ask("/healthz")
    with ExitStack() as stack:
        for _ in range(50):
            connection = socket.create_connection(("127.0.0.1", served.port), timeout=5)
            stack.enter_context(connection)
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200 OK")
    assert served.end() == 0, served.said


def test_what_all_workers_count_is_told_by_each_and_outlives_them(
    serve: Callable[..., Served],
) -> None:
    served = serve("--workers", "2")
    served.read_until("Started worker", 2)
    for _ in range(12):
        served.ask("/api/v1/search?q=leaves")
    os.kill(min(served.workers()), signal.SIGKILL)
    served.read_until("Started worker", 3)
    counted = b'signpost_request_seconds_count{endpoint="api.search",status="200"} 12.0'
    for _ in range(6):
        assert counted in served.ask("/metrics")
    assert served.end() == 0, served.said
