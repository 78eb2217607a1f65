"""What becomes of requests when a cluster is not well, with nodes that answer as they are told."""

import json
import logging
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from index.errors import (
    ClusterAwayError,
    ClusterError,
    ClusterIndexNotFoundError,
    ClusterNotWellError,
    ClusterPackageError,
    ClusterReadOnlyError,
    ClusterRefusedError,
    ClusterSlowError,
    IndexUnavailableError,
)
from index.opensearch import connection, sending
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.documents import document
from index.opensearch.sending import batches, send

PASSWORD = "not-to-be-told"  # noqa: S105

_SELF_SIGNED = (
    "req -x509 -newkey rsa:2048 -nodes -days 2 -batch"
    " -subj /CN=localhost -addext subjectAltName=DNS:localhost"
)

Answer = tuple[int, Any]
Node = Callable[[str, bytes], Answer]


@pytest.fixture
def node() -> Iterator[Callable[..., str]]:
    """Starts nodes that answer what a function of path and body gives; gives their addresses."""
    with ExitStack() as stack:

        def start(answer: Node, context: ssl.SSLContext | None = None) -> str:
            return stack.enter_context(_node(answer, context))

        yield start


@contextmanager
def _node(answer: Node, context: ssl.SSLContext | None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, told = answer(self.path, body)
            data = told if isinstance(told, bytes) else json.dumps(told).encode()
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                return

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        scheme = "https" if context else "http"
        yield f"{scheme}://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def refusal(status: int, kind: str, reason: str) -> Node:
    error = {"type": kind, "reason": reason}
    return lambda _path, _body: (
        status,
        {"error": error | {"root_cause": [error]}, "status": status},
    )


def well(_path: str, _body: bytes) -> Answer:
    return 200, {"status": "green"}


def cluster_of(*hosts: str, **settings: Any) -> Cluster:
    return Cluster(ClusterOptions(hosts, **({"timeout_ms": 2_000} | settings)))


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        (refusal(401, "security_exception", "no"), ClusterRefusedError, "password"),
        (refusal(403, "security_exception", "no rights"), ClusterRefusedError, "no rights"),
        (
            refusal(404, "index_not_found_exception", "no such index [posts]"),
            ClusterIndexNotFoundError,
            "signpost build",
        ),
        (refusal(429, "es_rejected_execution_exception", "full"), ClusterNotWellError, "health"),
        (refusal(503, "search_phase_execution_exception", "red"), ClusterNotWellError, "health"),
        (
            refusal(
                429,
                "cluster_block_exception",
                "blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, "
                "index has read-only-allow-delete block]",
            ),
            ClusterReadOnlyError,
            "disk space",
        ),
        (
            refusal(403, "cluster_block_exception", "blocked by: [FORBIDDEN/5/index read-only]"),
            ClusterReadOnlyError,
            "disk space",
        ),
        (
            refusal(503, "cluster_block_exception", "blocked by: [no cluster manager]"),
            ClusterNotWellError,
            "no cluster manager",
        ),
        (
            refusal(403, "index_create_block_exception", "cluster create-index blocked (api)"),
            ClusterReadOnlyError,
            "disk space",
        ),
        (refusal(500, "node_disconnected_exception", "n2 went"), ClusterNotWellError, "n2 went"),
        (refusal(408, "timeout", "too long"), ClusterSlowError, "timeout_ms"),
        (refusal(400, "parsing_exception", "unknown query"), ClusterError, "unknown query"),
        (refusal(500, "null_pointer_exception", "oh"), ClusterError, "oh"),
        (lambda *_: (502, b"<html>Bad gateway</html>"), ClusterNotWellError, "health"),
        (lambda *_: (200, b"<html>A portal</html>"), ClusterError, "can't be read"),
    ],
)
def test_what_a_node_refuses_has_a_name(
    answer: Node, error: type[ClusterError], told: str, node: Callable[..., str]
) -> None:
    cluster = cluster_of(node(answer), timeout_ms=500, username="u", password=PASSWORD)
    with pytest.raises(error, match=told) as raised:
        cluster.search("posts", {})
    assert type(raised.value) is error
    assert isinstance(raised.value, IndexUnavailableError)
    assert PASSWORD not in repr((raised.value, raised.value.__cause__))
    assert "\n" not in str(raised.value)
    cluster.close()


def test_another_node_answers(node: Callable[..., str]) -> None:
    away = f"http://127.0.0.1:{unused_port()}"
    busy = node(refusal(503, "busy", "busy"))
    full = node(refusal(429, "circuit_breaking_exception", "full"))
    cluster = cluster_of(away, busy, full, node(well))
    for _ in range(4):
        assert cluster.health() == {"status": "green"}
    cluster.close()


def test_a_node_that_hangs_leaves_time_for_another(node: Callable[..., str]) -> None:
    is_over = threading.Event()

    def hangs(_path: str, _body: bytes) -> Answer:
        is_over.wait(10)
        return 200, {}

    cluster = cluster_of(node(hangs), node(well), timeout_ms=1_000)
    for _ in range(4):
        began = time.monotonic()
        assert cluster.health() == {"status": "green"}
        assert time.monotonic() - began < 1
    is_over.set()
    cluster.close()


def test_no_request_takes_longer_than_its_time(node: Callable[..., str]) -> None:
    is_over = threading.Event()

    def hangs(_path: str, _body: bytes) -> Answer:
        is_over.wait(10)
        return 200, {}

    cluster = cluster_of(node(hangs), node(hangs), timeout_ms=600)
    began = time.monotonic()
    with pytest.raises(ClusterSlowError):
        cluster.health()
    assert 0.5 < time.monotonic() - began < 1.5
    began = time.monotonic()
    with pytest.raises(ClusterSlowError):
        cluster.search("posts", {}, timeout_seconds=0.2)
    assert time.monotonic() - began < 0.6
    is_over.set()
    cluster.close()


def test_what_can_not_get_better_is_asked_once(node: Callable[..., str]) -> None:
    asked: list[str] = []

    def refuses(path: str, body: bytes) -> Answer:
        asked.append(path)
        return refusal(400, "parsing_exception", "no")(path, body)

    with pytest.raises(ClusterError):
        cluster_of(node(refuses), node(refuses)).search("posts", {})
    assert len(asked) == 1


def test_nobody_is_there() -> None:
    cluster = cluster_of(*(f"http://127.0.0.1:{unused_port()}" for _ in range(3)))
    with pytest.raises(ClusterAwayError, match="http://127"):
        cluster.health()


def test_nothing_of_a_failure_is_logged(
    node: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    host = node(refusal(503, "busy", "busy")).replace("//", f"//admin:{PASSWORD}@")
    cluster = cluster_of(host, timeout_ms=300)
    with pytest.raises(ClusterNotWellError) as raised:
        cluster.health()
    assert PASSWORD not in str(raised.value)
    assert PASSWORD not in caplog.text
    assert "Traceback" not in caplog.text


def test_a_password_is_sent_and_not_shown(node: Callable[..., str]) -> None:
    options = ClusterOptions((node(well),), username="admin", password=PASSWORD)
    assert PASSWORD not in repr(options)
    assert Cluster(options).health() == {"status": "green"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate of localhost that signs itself, and a server's context with it."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    file, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [openssl, *_SELF_SIGNED.split(), "-keyout", str(key), "-out", str(file)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return file, context


def test_certificates_are_checked(
    node: Callable[..., str], certificate: tuple[Path, ssl.SSLContext]
) -> None:
    file, context = certificate
    host = node(well, context)
    with pytest.raises(ClusterRefusedError, match=r"self.signed certificate.*ca_file"):
        cluster_of(host).health()
    assert cluster_of(host, ca_file=file).health() == {"status": "green"}
    assert cluster_of(host, verifies_certificates=False).health() == {"status": "green"}
    elsewhere = host.replace("localhost", "127.0.0.1")
    with pytest.raises(ClusterRefusedError, match="can't be trusted"):
        cluster_of(elsewhere, ca_file=file).health()


def test_a_file_of_authorities_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="No such file"):
        cluster_of("https://localhost:1", ca_file=tmp_path / "none.pem")
    (tmp_path / "bad.pem").write_text("no certificate")
    with pytest.raises(ClusterError, match="can't be talked to"):
        cluster_of("https://localhost:1", ca_file=tmp_path / "bad.pem")


def test_no_hosts() -> None:
    with pytest.raises(ClusterError, match="no host"):
        cluster_of()


def test_the_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "IS_INSTALLED", False)
    with pytest.raises(ClusterPackageError, match=r"pip install signpost-search\[opensearch\]"):
        cluster_of("http://localhost:1")


def test_of_many_searches_the_first_that_fails_is_told(node: Callable[..., str]) -> None:
    error = {"type": "index_not_found_exception", "reason": "no such index"}
    answers = {"responses": [{"hits": {}}, {"error": error, "status": 404}]}
    cluster = cluster_of(node(lambda *_: (200, answers)))
    with pytest.raises(ClusterIndexNotFoundError):
        cluster.msearch("posts", [{}, {}])


@pytest.mark.parametrize(
    ("answers", "ask"),
    [
        ("responses", lambda cluster: cluster.msearch("posts", [{}, {}])),
        ("docs", lambda cluster: cluster.mget("posts", ["a", "b"])),
    ],
)
def test_what_a_lost_node_leaves_unanswered_is_asked_again(
    answers: str, ask: Callable[[Cluster], list[Any]], node: Callable[..., str]
) -> None:
    lost = {"type": "node_not_connected_exception", "reason": "n2 went"}
    error = {"type": "search_phase_execution_exception", "root_cause": [], "caused_by": lost}
    told = [{"n": 1}, {"error": error, "status": 500}, {"n": 2}]
    cluster = cluster_of(node(lambda *_: (200, {answers: [told.pop(0), {}]})))
    assert ask(cluster) == [{"n": 1}, {}]
    assert ask(cluster) == [{"n": 2}, {}]
    assert told == []


def test_missing_shards_do_not_count_as_none(node: Callable[..., str]) -> None:
    told = {"count": 3, "_shards": {"failed": 1}}
    with pytest.raises(ClusterNotWellError, match="shards"):
        cluster_of(node(lambda *_: (200, told))).count("posts", {"match_all": {}})


def test_a_copy_that_is_there_is_taken(node: Callable[..., str]) -> None:
    there = refusal(400, "resource_already_exists_exception", "index [b] already exists")
    cluster_of(node(there)).clone_index("a", "b", {})


def test_a_copy_that_does_not_start_is_none(node: Callable[..., str]) -> None:
    told = {"acknowledged": True, "shards_acknowledged": False}
    with pytest.raises(ClusterNotWellError, match=r"can't make a copy of a, .*--full"):
        cluster_of(node(lambda _path, _body: (200, told))).clone_index("a", "b", {})


class Bulk:
    """A node that takes documents; `refused` has what it says of each, a number of times."""

    def __init__(self, refused: Mapping[str, tuple[int, str, int]]) -> None:
        self.refused = {name: list(told) for name, told in refused.items()}
        self.taken: list[str] = []
        self.requests = 0

    def __call__(self, _path: str, body: bytes) -> Answer:
        self.requests += 1
        names = [json.loads(line)["index"]["_id"] for line in body.split(b"\n")[:-1:2]]
        return 200, {"items": [{"index": self._told(name)} for name in names]}

    def _told(self, name: str) -> dict[str, Any]:
        told: list[Any] = self.refused.get(name, [0, "", 0])
        status, kind, times = told
        if times:
            told[2] -= 1
            return {"status": status, "error": {"type": kind, "reason": f"because of {kind}"}}
        self.taken.append(name)
        return {"status": 201}


def documents(count: int) -> list[Any]:
    return [document(str(n), {"n": n}) for n in range(count)]


@pytest.mark.parametrize("status", [429, 503])
def test_documents_that_are_put_off_are_sent_again(
    status: int, node: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "FIRST_PAUSE_SECONDS", 0.001)
    bulk = Bulk({"3": (status, "rejected", 4), "5": (status, "rejected", 1)})
    sent: list[int] = []
    send(cluster_of(node(bulk)), "a", documents(9), sent.append)
    assert sorted(bulk.taken, key=int) == [str(n) for n in range(9)]
    assert bulk.requests == 5
    assert sent == [9]


def test_documents_that_are_put_off_too_often(
    node: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "FIRST_PAUSE_SECONDS", 0.001)
    bulk = Bulk({"3": (429, "rejected", 1000)})
    with pytest.raises(ClusterNotWellError, match="because of rejected"):
        send(cluster_of(node(bulk)), "a", documents(9))
    assert bulk.requests == sending.MOST_ROUNDS


def test_a_document_that_is_refused(node: Callable[..., str]) -> None:
    bulk = Bulk({"3": (400, "mapper_parsing_exception", 1)})
    with pytest.raises(ClusterError, match="refuses the document 3: because of mapper"):
        send(cluster_of(node(bulk)), "a", documents(9))
    assert bulk.requests == 1


def test_an_index_that_takes_no_writes(node: Callable[..., str]) -> None:
    error = {"type": "cluster_block_exception", "reason": "disk usage exceeded"}
    told = {"items": [{"index": {"status": 429, "error": error}}] * 2}
    with pytest.raises(ClusterReadOnlyError):
        send(cluster_of(node(lambda *_: (200, told))), "a", documents(2))


def test_an_answer_about_fewer_documents(node: Callable[..., str]) -> None:
    with pytest.raises(ClusterError, match="tells of 0 documents"):
        send(cluster_of(node(lambda *_: (200, {"items": []}))), "a", documents(2))


def test_few_documents_are_in_memory_at_a_time(node: Callable[..., str]) -> None:
    made = 0

    def counted() -> Iterator[Any]:
        nonlocal made
        for each in documents(50):
            made += 1
            yield each

    bulk = Bulk({})
    most: list[int] = []

    def watching(path: str, body: bytes) -> Answer:
        time.sleep(0.01)
        most.append(made - len(bulk.taken))
        return bulk(path, body)

    cluster = cluster_of(node(watching), bulk_mb=1e-6, bulk_requests=2)
    send(cluster, "a", counted())
    assert len(bulk.taken) == 50
    assert max(most) <= 6


def test_batches() -> None:
    some = documents(5)
    size = len(some[0].body)
    assert [len(batch) for batch in batches(some, 2 * size)] == [2, 2, 1]
    assert [len(batch) for batch in batches(some, 1)] == [1] * 5
    assert list(batches([], 10)) == []
