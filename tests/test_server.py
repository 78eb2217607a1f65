"""Where the server listens: only where nothing else does, and a sentence where it can't."""

import re
import select
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
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


def test_the_command_serves_and_ends_when_it_is_told_to(build: Build, tmp_path: Path) -> None:
    build({"fern.md": "---\ntitle: Fern\n---\nGreen leaves.\n"})
    port = a_free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from search.cli import main; main()", "serve"),
            *("--index", str(tmp_path / "index"), "--port", str(port)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
    )
    assert process.stdout is not None
    said = ""
    try:
        while "Started worker" not in said:
            ready, _, _ = select.select([process.stdout], [], [], 60)
            assert ready, said
            line = process.stdout.readline()
            assert line, said
            said += line
        assert re.search(rf"Signpost is at http://127\.0\.0\.1:{port}/", said)
        assert b'"path":"/fern"' in first_answer(f"http://127.0.0.1:{port}/api/v1/search?q=leaves")
    finally:
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said + rest
    assert "Traceback" not in said + rest
