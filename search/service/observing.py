"""Each request as an operator sees it: an id, a line in the log, and what is measured of it."""

import logging
import re
import uuid
from time import perf_counter
from typing import Any, Final, Literal, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request

from search.service.metrics import RequestMetrics

REQUEST_ID_HEADER: Final = "X-Request-Id"

SLOW_SECONDS: Final = 1.0
"""An answer that takes longer is told of as problems are."""

LogRequests: TypeAlias = Literal["none", "problems", "all"]
"""Which requests are logged; problems are errors, and answers that took more than SLOW_SECONDS."""

ENDPOINT: Final = "signpost.endpoint"
"""Where the environment of a request tells what answers it."""

HAS_NO_RESULTS: Final = "signpost.has_no_results"
"""Where it tells that a search has found nothing."""

_REQUEST_ID: Final = "signpost.request_id"
_FIRST_ERROR: Final = 400
_FIRST_SERVER_ERROR: Final = 500

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""A client's own id is taken over if it can do no harm in a log or a header."""

_log = logging.getLogger(__name__)


class Observed:
    """A WSGI application in front of another: gives requests their ids, measures and logs them.

    What readers type and where they are from is in no line of the log.
    """

    def __init__(
        self, application: WSGIApplication, metrics: RequestMetrics, log_requests: LogRequests
    ) -> None:
        self._application = application
        self._metrics = metrics
        self._log_requests = log_requests

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answers the request."""
        started = perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        environ[_REQUEST_ID] = request_id
        status = _FIRST_SERVER_ERROR

        def start(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            headers.append((REQUEST_ID_HEADER, request_id))
            return start_response(line, headers, *rest)

        try:
            return self._application(environ, start)
        finally:
            seconds = perf_counter() - started
            self._metrics.observe(
                environ.get(ENDPOINT) or "none",
                status,
                seconds,
                has_no_results=HAS_NO_RESULTS in environ,
            )
            self._tell(environ, status, seconds)

    def _tell(self, environ: WSGIEnvironment, status: int, seconds: float) -> None:
        is_problem = status >= _FIRST_ERROR or seconds > SLOW_SECONDS
        if self._log_requests == "none" or (self._log_requests == "problems" and not is_problem):
            return
        told = {
            "request_id": environ[_REQUEST_ID],
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        level = logging.ERROR if status >= _FIRST_SERVER_ERROR else logging.INFO
        _log.log(
            level,
            "%(method)s %(path)r: %(status)d in %(ms)s ms, request %(request_id)s",
            told,
            extra={"request": told},
        )


def tell_endpoints(app: Flask) -> None:
    """Has this app tell which of its endpoints answers."""
    app.before_request(_tell_endpoint)


def tell_no_results() -> None:
    """Notes that the search that is being answered has found nothing."""
    request.environ[HAS_NO_RESULTS] = True


def request_id() -> str:
    """The id of the request that is being answered."""
    return str(request.environ[_REQUEST_ID])


def _tell_endpoint() -> None:
    request.environ[ENDPOINT] = request.endpoint
