"""A door to a cluster that is open to everybody: with TLS, a name and a password."""

import shutil
import ssl
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

USER: Final = "gatekeeper"

_SELF_SIGNED: Final = (
    "req -x509 -newkey rsa:2048 -nodes -days 2 -batch"
    " -subj /CN=localhost -addext subjectAltName=DNS:localhost"
)


class Door:
    """An https address that passes on what comes with the password, and refuses all else.

    The minimal distribution of OpenSearch has no such door of its own. `ca_file` has the
    certificate, which signed itself.
    """

    def __init__(self, node: str, password: str, folder: Path) -> None:
        self.password = password
        self.ca_file = folder / "cert.pem"
        self._node = urlsplit(node).netloc
        key = folder / "key.pem"
        openssl = shutil.which("openssl") or pytest.skip("there is no openssl")
        subprocess.run(
            [openssl, *_SELF_SIGNED.split(), "-keyout", str(key), "-out", str(self.ca_file)],
            check=True,
            capture_output=True,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca_file, key)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://localhost:{self._server.server_address[1]}"

    @contextmanager
    def used(self) -> Iterator["Door"]:
        """The door, for as long as the context lasts."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                told = b64encode(f"{USER}:{door.password}".encode()).decode()
                if self.headers.get("authorization") != f"Basic {told}":
                    self._answer(401, "text/plain", b"Unauthorized")
                    return
                with closing(HTTPConnection(door._node)) as node:
                    kind = self.headers.get("content-type", "application/json")
                    node.request(self.command, self.path, body, {"content-type": kind})
                    found = node.getresponse()
                    self._answer(found.status, found.headers["content-type"], found.read())

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

            def _answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
