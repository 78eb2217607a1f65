"""Bodies of requests, read within a time: a client that sends slowly must not keep others waiting.

A worker answers few requests at a time. Most have no body; those that do are read only so many at a
time, and for so long.
"""

import threading
from concurrent.futures import Future
from http import HTTPStatus
from io import BytesIO
from typing import Final

from flask import Flask, Response, request
from werkzeug.wsgi import get_input_stream

from search.service.problems import RETRY_AFTER_SECONDS, problem

MAX_BODIES_AT_ONCE: Final = 2
"""Half of the requests that a worker of `signpost serve` works on at a time."""

BODY_SECONDS: Final = 10.0
"""The longest text that is taken comes in a second over most lines."""


def read_bodies_in_time(app: Flask) -> None:
    """Has the bodies of POST requests read before they are answered, each within BODY_SECONDS.

    One that takes longer is answered with 408; one that comes while MAX_BODIES_AT_ONCE others are
    being read, with 503. How large a body may be is to be decided before.
    """
    places = threading.BoundedSemaphore(MAX_BODIES_AT_ONCE)

    def read_body() -> Response | None:
        if request.method != "POST":
            return None
        if not places.acquire(blocking=False):
            return problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Too many texts are being sent at the moment. Please try again shortly.",
                headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
            )
        try:
            body = _read_in_time(BODY_SECONDS)
        except TimeoutError:
            return problem(
                HTTPStatus.REQUEST_TIMEOUT,
                f"The body did not come within {BODY_SECONDS:g} seconds.",
            )
        finally:
            places.release()
        request.environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return None

    app.before_request(read_body)


def _read_in_time(seconds: float) -> bytes:
    """The whole body; TimeoutError if it does not come in time.

    It is read by a thread of its own, which goes on waiting until the connection ends.
    """
    stream = get_input_stream(request.environ, max_content_length=request.max_content_length)
    read: Future[bytes] = Future()

    def work() -> None:
        try:
            read.set_result(stream.read())
        except BaseException as error:  # whatever it is, it is raised below
            read.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return read.result(timeout=seconds)
