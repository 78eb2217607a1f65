"""Bodies are read within a time, and only so many at once."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO

import pytest
from flask import Flask, Response
from werkzeug.test import EnvironBuilder, run_wsgi_app

from search.service import bodies


@contextmanager
def slow_body() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """A stream to read from, and the one to write to what is to be read there."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb", buffering=0) as source, os.fdopen(reading, "rb") as stream:
        yield stream, source


def post(app: Flask, stream: Any, length: int) -> Response:
    builder = EnvironBuilder(method="POST", path="/api/v1/related", content_type="text/plain")
    environ = builder.get_environ() | {"wsgi.input": stream, "CONTENT_LENGTH": str(length)}
    return Response(*run_wsgi_app(app, environ))


def test_a_body_that_comes_in_pieces_is_read_whole(make_app: Callable[..., Flask]) -> None:
    with slow_body() as (stream, source), ThreadPoolExecutor(1) as pool:
        answer = pool.submit(post, make_app(), stream, 12)
        source.write(b"apple ")
        source.write(b"trees.")
        found = answer.result()
    assert found.status_code == 200
    assert found.get_json()["related"]


def test_a_body_that_does_not_come_is_given_up(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)
    with slow_body() as (stream, source):
        refused = post(make_app(), stream, 12)
        source.write(b"apple trees.")  # so that what waits for it ends
    assert refused.status_code == 408
    assert refused.mimetype == "application/problem+json"
    assert "0.05 seconds" in refused.get_json()["detail"]


def test_past_so_many_bodies_at_once_the_next_is_told_to_come_back(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app()
    begun = threading.Semaphore(0)

    class Waiting:
        """Tells when it is read, and gives its bytes when it may."""

        def __init__(self) -> None:
            self.may_end = threading.Event()

        def read(self, size: int = -1) -> bytes:
            begun.release()
            self.may_end.wait()
            return b"apple" if size else b""

    streams = [Waiting() for _ in range(bodies.MAX_BODIES_AT_ONCE)]
    with ThreadPoolExecutor(len(streams)) as pool:
        answers = [pool.submit(post, app, stream, 5) for stream in streams]
        for _ in streams:
            begun.acquire()
        refused = post(app, BytesIO(b"pears"), 5)
        for stream in streams:
            stream.may_end.set()
        assert [answer.result().status_code for answer in answers] == [200, 200]
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert post(app, BytesIO(b"pears"), 5).status_code == 200
