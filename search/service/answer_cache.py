"""Finished answers, kept for the next who asks the same; they die with their generation."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import request
from werkzeug.http import parse_etags

from search.service.compression import coding_for
from search.service.limits import has_to_wait
from search.service.metrics import RequestMetrics
from search.service.observing import ENDPOINT, HAS_NO_RESULTS

CACHED_PREFIX: Final = "/api/v1/"

_GENERATION: Final = "signpost.generation"
_BYTES_BESIDE_BODY: Final = 2_000
"""What an answer takes with its address and headers, about."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer as it goes out, and what is told of it."""

    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    endpoint: str
    has_no_results: bool


class AnswerCache:
    """A WSGI application in front of another that keeps what that one says may be kept.

    `generation` gives what answers come from at the moment, None while there is nothing. All that
    is kept takes `max_bytes` at the most; what was asked for longest ago goes first.
    """

    def __init__(
        self,
        application: WSGIApplication,
        generation: Callable[[], str | None],
        metrics: RequestMetrics,
        max_bytes: int,
    ) -> None:
        self._application = application
        self._generation = generation
        self._metrics = metrics
        self._answers = _Answers(max_bytes)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answers the request."""
        if not _may_have_one(environ):
            return self._application(environ, start_response)
        key = (
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_ORIGIN", ""),
            coding_for(environ.get("HTTP_ACCEPT_ENCODING", "")),
        )
        kept = self._answers.find(key, self._generation())
        self._metrics.observe_cache(is_hit=kept is not None)
        if kept is None:
            return self._ask(key, environ, start_response)
        environ[ENDPOINT] = kept.endpoint
        if kept.has_no_results:
            environ[HAS_NO_RESULTS] = True
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match and parse_etags(if_none_match).contains_weak(kept.etag):
            of_body = ("content-length", "content-type", "content-encoding")
            start_response(
                "304 NOT MODIFIED",
                [pair for pair in kept.headers if pair[0].lower() not in of_body],
            )
            return []
        start_response("200 OK", kept.headers.copy())
        return [kept.body]

    def _ask(
        self, key: tuple[str, ...], environ: WSGIEnvironment, start_response: StartResponse
    ) -> Any:
        """The answer of the application, which is kept where that says so."""
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told[:] = status, headers.copy()
            return start_response(status, headers, *rest)

        parts = self._application(environ, start)
        generation = environ.get(_GENERATION)
        if generation is None or not told[0].startswith("200"):
            return parts
        try:
            body = b"".join(parts)
        finally:
            parts.close()  # type: ignore[attr-defined]
        etag = dict(told[1])["ETag"].removeprefix("W/").strip('"')
        kept = _Kept(told[1], body, etag, environ[ENDPOINT], HAS_NO_RESULTS in environ)
        self._answers.keep(key, kept, generation)
        return [body]


def may_be_kept(generation: str) -> None:
    """Notes that what is being answered depends on the request and this generation alone."""
    request.environ[_GENERATION] = generation


def _may_have_one(environ: WSGIEnvironment) -> bool:
    """Whether the request is one whose answer may be kept."""
    has_body = environ.get("CONTENT_LENGTH", "0") not in {"", "0"}
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ["PATH_INFO"].startswith(CACHED_PREFIX)
        and not has_body
        and "HTTP_TRANSFER_ENCODING" not in environ
        and not has_to_wait(environ)
    )


class _Answers:
    """Answers of one generation, up to so many bytes; safe to use from many threads."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._generation: str | None = None
        self._kept: OrderedDict[tuple[str, ...], _Kept] = OrderedDict()
        self._bytes = 0

    def find(self, key: tuple[str, ...], generation: str | None) -> _Kept | None:
        """The answer to a request, if it is of this generation."""
        with self._lock:
            if generation != self._generation:
                self._start(generation)
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def keep(self, key: tuple[str, ...], answer: _Kept, generation: str) -> None:
        """Keeps an answer, unless there is another generation by now."""
        size = _size(key, answer)
        with self._lock:
            if generation != self._generation or size > self._max_bytes or key in self._kept:
                return
            self._kept[key] = answer
            self._bytes += size
            while self._bytes > self._max_bytes:
                self._bytes -= _size(*self._kept.popitem(last=False))

    def _start(self, generation: str | None) -> None:
        self._generation = generation
        self._kept.clear()
        self._bytes = 0


def _size(key: tuple[str, ...], answer: _Kept) -> int:
    return len(answer.body) + sum(map(len, key)) + _BYTES_BESIDE_BODY
