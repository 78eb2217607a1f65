"""The examples of proxies, with real ones in front of a real server."""

import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import pytest
import yaml

from index.build import build_index
from search.service.limits import MAX_TEXT_REQUEST_BYTES
from tests.conftest import write_site
from tests.test_deploy import CADDY, COMPOSE, NGINX, passes, program
from tests.test_server import Served, a_free_port

HOST: Final = "search.example.org"
UPSTREAM: Final = "127.0.0.1:8000"
REQUESTS_A_MINUTE: Final = 6


def certificate(folder: Path) -> tuple[str, str]:
    """The files of a certificate for the host of the examples, and of its key."""
    names = str(folder / "cert.pem"), str(folder / "key.pem")
    passes(
        *(program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
        *("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"),
        *("-out", names[0], "-keyout", names[1]),
    )
    return names


def adapted(example: Path, *changes: tuple[str, str]) -> str:
    """The example with changes, each of which finds what it is for."""
    text = example.read_text(encoding="utf-8")
    for pattern, replacement in changes:
        text, count = re.subn(pattern, replacement.replace("\\", r"\\"), text)
        assert count, pattern
    return text


def nginx_command(folder: Path, upstream: str, port: int) -> list[str]:
    """What runs nginx with the example, but for its ports, its upstream and its certificate."""
    found = program("nginx")
    cert, key = certificate(folder)
    site = adapted(
        NGINX,
        (r"/etc/letsencrypt/\S+/fullchain\.pem", cert),
        (r"/etc/letsencrypt/\S+/privkey\.pem", key),
        (r".*listen \[::\].*\n", ""),
        (r"listen 80;", f"listen 127.0.0.1:{a_free_port()};"),
        (r"listen 443", f"listen 127.0.0.1:{port}"),
        (re.escape(UPSTREAM) + ";", f"{upstream};"),
    )
    (folder / "signpost.conf").write_text(site, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""  # who alone may enter this folder
    (folder / "nginx.conf").write_text(
        f"daemon off;\nerror_log stderr;\npid {folder}/pid;\n{user}events {{}}\n"
        f"http {{\naccess_log off;\n{temporary}include {folder}/signpost.conf;\n}}\n",
        encoding="utf-8",
    )
    return [found, "-e", "stderr", "-c", str(folder / "nginx.conf")]


def caddy_command(folder: Path, upstream: str, port: int) -> list[str]:
    """What runs Caddy with the example, but for its ports, its upstream and its certificate."""
    found = program("caddy")
    cert, key = certificate(folder)
    options = f"{{\nadmin off\nauto_https disable_redirects\nstorage file_system {folder}\n}}\n"
    site = adapted(
        CADDY,
        (
            rf"(?m)^{re.escape(HOST)} {{\n",
            f"{options}https://{HOST}:{port} {{\n\tbind 127.0.0.1\n\ttls {cert} {key}\n",
        ),
        (rf"reverse_proxy {re.escape(UPSTREAM)}", f"reverse_proxy {upstream}"),
    )
    file = folder / "Caddyfile"
    file.write_text(site, encoding="utf-8")
    return [found, "run", "--adapter", "caddyfile", "--config", str(file)]


PROXIES: Final = {"nginx": nginx_command, "caddy": caddy_command}


def test_nginx_takes_its_example(tmp_path: Path) -> None:
    passes(*nginx_command(tmp_path, UPSTREAM, a_free_port()), "-t")


def test_caddy_takes_its_example() -> None:
    found = program("caddy")
    text = CADDY.read_text(encoding="utf-8")
    passes(found, "validate", "--adapter", "caddyfile", "--config", str(CADDY))
    assert passes(found, "fmt", str(CADDY)).rstrip() == text.rstrip()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that believes the proxy, with a few posts."""
    folder = tmp_path_factory.mktemp("served")
    leaves = "Green leaves of every kind. " * 40
    write_site(
        folder,
        {
            "posts/fern.md": f"---\ntitle: Fern\n---\n{leaves}\n",
            "posts/moss.md": f"---\ntitle: Moss\n---\n{leaves}\n",
            "signpost.toml": '[service]\ntrusted_proxies = ["127.0.0.1"]\n'
            f'rate_limit = "{REQUESTS_A_MINUTE}/minute"\n',
        },
    )
    build_index(folder / "posts", folder / "index")
    server = Served(folder)
    server.read_until("Started worker")
    server.ask("/readyz")
    yield server
    assert server.end() == 0, server.said


class Proxy:
    """A proxy that runs, with requests to it by https."""

    def __init__(self, name: str, folder: Path, upstream: str) -> None:
        self._port = a_free_port()
        network = list(PROXIES).index(name) + 1
        self._clients = (f"127.0.{network}.{n}" for n in range(1, 255))
        command = PROXIES[name](folder, upstream, self._port)
        with (folder / "log").open("w") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, cwd=folder
            )
        for _ in range(600):
            with suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", self._port)).close()
                break
            assert self._process.poll() is None, (folder / "log").read_text()
            threading.Event().wait(0.05)

    def new_client(self) -> str:
        """An address that nobody has asked from."""
        return next(self._clients)

    def ask(
        self, path: str, client: str, *, body: bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """The answer to a request from this address: its status, headers and body."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        here = ("127.0.0.1", self._port)
        with closing(http.client.HTTPConnection(*here)) as connection:
            plain = socket.create_connection(here, timeout=20, source_address=(client, 0))
            connection.sock = context.wrap_socket(plain, server_hostname=HOST)
            connection.request("POST" if body else "GET", path, body, {"Host": HOST} | told)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def stop(self) -> None:
        """Ends it, and does not wait long for connections that a failed test has left open."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)


@pytest.fixture(scope="module", params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, served: Served, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    if sys.platform != "linux":
        pytest.skip("only on Linux is all of 127.0.0.0/8 this machine")
    proxy = Proxy(request.param, tmp_path_factory.mktemp("proxy"), f"127.0.0.1:{served.port}")
    yield proxy
    proxy.stop()


def test_the_proxy_tells_whom_it_asks_for(proxy: Proxy) -> None:
    one, another = proxy.new_client(), proxy.new_client()
    statuses = [
        proxy.ask("/api/v1/search?q=leaves", one, X_Forwarded_For=f"192.0.2.{n}")[0]  # made up
        for n in range(REQUESTS_A_MINUTE + 1)
    ]
    assert statuses == [200] * REQUESTS_A_MINUTE + [429]
    assert proxy.ask("/api/v1/search?q=leaves", another)[0] == 200


def test_the_proxy_tells_that_it_was_asked_by_https(proxy: Proxy) -> None:
    status, _, body = proxy.ask("/opensearch.xml", proxy.new_client(), X_Forwarded_Proto="http")
    assert status == 200
    assert f"https://{HOST}/search".encode() in body
    assert f"http://{HOST}".encode() not in body


def test_the_proxy_keeps_what_is_counted_to_its_owner(proxy: Proxy, served: Served) -> None:
    for path in ("/metrics", "/metrics?", "/%6Detrics", "//metrics", "/metrics/"):
        assert proxy.ask(path, proxy.new_client())[0] == 404, path
    assert b"signpost_ready 1.0" in served.ask("/metrics")


def test_tags_and_compression_come_through_as_they_are(proxy: Proxy) -> None:
    path, client = "/api/v1/search?q=green+leaves", proxy.new_client()
    _, plain, whole = proxy.ask(path, client, Accept_Encoding="identity")
    for coding in ("gzip", "br"):
        status, headers, body = proxy.ask(path, client, Accept_Encoding=coding)
        assert (status, headers["Content-Encoding"]) == (200, coding)
        assert headers["ETag"] == plain["ETag"]
        assert int(headers["Content-Length"]) == len(body) < len(whole)
        assert "Accept-Encoding" in headers["Vary"]
    assert proxy.ask(path, client, If_None_Match=plain["ETag"])[0] == 304


def test_the_proxy_takes_as_much_as_the_service(proxy: Proxy) -> None:
    path, text = "/api/v1/related", {"Content_Type": "text/plain"}
    long = b"green leaves of every kind " * 555_000
    assert 14_900_000 < len(long) < MAX_TEXT_REQUEST_BYTES
    status, _, body = proxy.ask(path, proxy.new_client(), body=long, **text)
    assert (status, b'"/fern"' in body) == (200, True)
    for too_long in ("17000000", "170000000", "99999999"):  # of which nothing has to come
        assert (
            proxy.ask(path, proxy.new_client(), body=b"g", Content_Length=too_long, **text)[0]
            == 413
        )


def test_a_container_is_healthy_as_long_as_there_are_answers(served: Served) -> None:
    compose = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    kind, _, *arguments = compose["services"]["signpost"]["healthcheck"]["test"]
    assert kind == "CMD"
    for port, is_healthy in ((served.port, True), (a_free_port(), False)):
        told = [argument.replace(":8000", f":{port}") for argument in arguments]
        assert str(port) in told[-1]
        done = subprocess.run(
            [sys.executable, *told], stderr=subprocess.DEVNULL, timeout=60, check=False
        )
        assert (done.returncode == 0) is is_healthy
