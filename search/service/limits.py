"""How much one client may ask: requests in a time, and bytes in a request."""

import ipaddress
import math
import time
from http import HTTPStatus
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import limits
from flask import Flask, Response, abort, request

from search.service.problems import problem

MAX_REQUEST_BYTES: Final = 64 * 1024
"""A reader's history is a few kilobytes; no other request but that with a text needs a body."""

MAX_TEXT_REQUEST_BYTES: Final = 16 * 1024 * 1024
"""A text may be longer than anything is read of it, which the answer says; but not without end."""

TEXT_ENDPOINT: Final = "api.related_to_text"

COUNTED_PREFIX: Final = "/api/v1/"
COUNTED_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
"""A preflight that is refused would hide the reason from a page of another site."""

IPV6_NETWORK_BITS: Final = 64
"""Of the addresses that one line has, which are more than could be counted singly."""

_WAIT_SECONDS: Final = "signpost.wait_seconds"


class RateLimited:
    """A WSGI application in front of another that counts requests to the API by client address.

    Those past `rate_limit`, of which there may be several as `10/second;600/minute`, are handed on
    with a note by which the application refuses them. Counts are in this process's memory: with
    several workers each counts for itself.
    """

    def __init__(self, application: WSGIApplication, rate_limit: str) -> None:
        self._application = application
        self._limits = limits.parse_many(rate_limit)
        self._limiter = limits.strategies.FixedWindowRateLimiter(limits.storage.MemoryStorage())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answers the request."""
        is_counted = environ["PATH_INFO"].startswith(COUNTED_PREFIX)
        if is_counted and environ["REQUEST_METHOD"] in COUNTED_METHODS:
            client = _client_key(environ.get("REMOTE_ADDR", ""))
            for limit in self._limits:
                if not self._limiter.hit(limit, client):
                    reset_at = self._limiter.get_window_stats(limit, client).reset_time
                    environ[_WAIT_SECONDS] = max(1, math.ceil(reset_at - time.time()))
        return self._application(environ, start_response)


def has_to_wait(environ: WSGIEnvironment) -> bool:
    """Whether this request is one too many, and to be refused."""
    return _WAIT_SECONDS in environ


def limit_request_rate(app: Flask, rate_limit: str) -> None:
    """Bounds the requests of each client address to the API; "" bounds nothing."""
    if not rate_limit:
        return
    app.wsgi_app = RateLimited(app.wsgi_app, rate_limit)  # type: ignore[method-assign]

    def refuse_past_limit() -> Response | None:
        seconds = request.environ.get(_WAIT_SECONDS)
        if seconds is None:
            return None
        return problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"That was more than {rate_limit} from one address. Wait {seconds} s, then go on.",
            headers={"Retry-After": str(seconds)},
        )

    app.before_request(refuse_past_limit)


def limit_request_size(app: Flask) -> None:
    """Has requests with a larger body refused before anything is read of it."""
    app.before_request(_refuse_large_body)


def _refuse_large_body() -> None:
    largest = MAX_TEXT_REQUEST_BYTES if request.endpoint == TEXT_ENDPOINT else MAX_REQUEST_BYTES
    request.max_content_length = largest
    if (request.content_length or 0) > largest:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _client_key(address: str) -> str:
    """What stands for a client: its address, or of IPv6 the network that one line has."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))
    except ValueError:
        return address
