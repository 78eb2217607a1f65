"""The gateway of compose.yaml: nginx itself, in front of two servers that say how they are."""

import http.client
import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from tests.test_deploy import COMPOSE, program
from tests.test_server import a_free_port


class Handler(BaseHTTPRequestHandler):
    """Answers each request with the status that its server has at the moment."""

    def do_GET(self) -> None:
        assert isinstance(self.server, Backend)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = self.server.status
        self.server.asked.append(self.path)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 503:
            self.send_header("Retry-After", "2")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


class Backend(ThreadingHTTPServer):
    """A server in the place of one of Signpost's."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 200
        self.asked: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def end(self) -> None:
        self.shutdown()
        self.server_close()


class Gateway:
    """Two servers, and nginx in front of them as compose.yaml has it run."""

    def __init__(self, folder: Path) -> None:
        self.backends = Backend(), Backend()
        self._port = a_free_port()
        gateway = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]["gateway"]
        text = gateway["environment"]["NGINX_CONF"].replace("$$", "$")
        text = text.replace(" /tmp/", f" {folder}/").replace(
            "listen 8080", f"listen 127.0.0.1:{self._port}"
        )
        text = re.sub(r"fail_timeout=\d+s", "fail_timeout=1s", text)
        for n, backend in enumerate(self.backends, 101):
            text = text.replace(f"10.213.47.{n}:8000", f"127.0.0.1:{backend.server_port}")
        user = "user root;\n" if os.geteuid() == 0 else ""  # who alone may enter this folder
        (folder / "nginx.conf").write_text(user + text, encoding="utf-8")
        command = [program("nginx"), "-e", "stderr", "-c", str(folder / "nginx.conf")]
        with (folder / "log").open("w") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        for _ in range(600):
            with suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", self._port)).close()
                break
            assert self._process.poll() is None, (folder / "log").read_text()
            threading.Event().wait(0.05)

    def ask(
        self, path: str = "/", body: bytes | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """The answer to a request: its status, headers and body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)) as connection:
            connection.request("POST" if body else "GET", path, body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def statuses(self, times: int = 6, body: bytes | None = None) -> list[int]:
        return [self.ask(body=body)[0] for _ in range(times)]

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    program("nginx")
    made = Gateway(tmp_path)
    yield made
    made.end()
    for backend in made.backends:
        backend.end()


def test_both_servers_answer(gateway: Gateway) -> None:
    assert gateway.ask("/healthz")[0] == 200
    assert gateway.statuses() == [200] * 6
    assert all(backend.asked for backend in gateway.backends)
    assert gateway.ask("/metrics")[0] == 404


@pytest.mark.parametrize("body", [None, b"a text to find related posts for"])
def test_what_one_server_cannot_answer_the_other_does(gateway: Gateway, body: bytes | None) -> None:
    one, another = gateway.backends
    one.status = 503
    assert gateway.statuses(body=body) == [200] * 6
    one.status = 200
    threading.Event().wait(2.2)  # until it is asked again
    another.end()
    assert gateway.statuses(body=body) == [200] * 6


def test_errors_keep_their_shape_while_neither_can(gateway: Gateway) -> None:
    for backend in gateway.backends:
        backend.status = 503
    assert gateway.statuses() == [503] * 6
    for backend in gateway.backends:
        backend.end()
    status, headers, told = gateway.ask("/api/v1/search?q=leaves")
    assert status == 503
    assert int(headers["Retry-After"]) > 0
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(told)["status"] == 503
