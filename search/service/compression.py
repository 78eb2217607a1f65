"""Answers made smaller for clients that can take them so: brotli, or else gzip."""

import gzip
from functools import lru_cache
from typing import Final

import brotli
from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

CODINGS: Final = ("br", "gzip")
"""The codings there are, the better one first."""

MIN_BYTES: Final = 500
"""What is smaller fits into one packet anyway."""

MAX_FILE_BYTES: Final = 1_000_000
REMEMBERED_FILES: Final = 64

_MIMETYPES: Final = frozenset(
    {
        "application/json",
        "application/problem+json",
        "application/javascript",
        "application/opensearchdescription+xml",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)

_FAST: Final = {"br": 4, "gzip": 5}
_SMALL: Final = {"br": 11, "gzip": 9}
"""How hard to try: for an answer that is made once, and for a file that is sent again and again."""


def compress_answers(app: Flask) -> None:
    """Has answers of this app compressed where the client takes it, and it is worth it."""
    app.after_request(_compressed)


@lru_cache(maxsize=256)
def coding_for(accepted: str) -> str:
    """The coding for a client with this Accept-Encoding; nothing where none of CODINGS will do."""
    accept = parse_accept_header(accepted, Accept)
    quality = {coding: accept.quality(coding) for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: quality[coding])
    return best if quality[best] > 0 else ""


def _compressed(response: Response) -> Response:
    """The response, compressed or not, with what caches have to know."""
    if response.mimetype not in _MIMETYPES or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    coding = coding_for(request.headers.get("Accept-Encoding", ""))
    is_file = response.direct_passthrough
    size = response.content_length or 0
    if not coding or response.status_code == 206 or size < MIN_BYTES or request.method == "HEAD":
        return response
    if is_file:
        if size > MAX_FILE_BYTES:
            return response
        response.direct_passthrough = False
        data = _file(response.get_data(), coding)
        response.add_etag()
        response.set_etag(response.get_etag()[0] or "", weak=True)
    else:
        data = _encoded(response.get_data(), coding, _FAST[coding])
    response.set_data(data)
    response.headers["Content-Encoding"] = coding
    return response


@lru_cache(maxsize=REMEMBERED_FILES)
def _file(data: bytes, coding: str) -> bytes:
    return _encoded(data, coding, _SMALL[coding])


def _encoded(data: bytes, coding: str, quality: int) -> bytes:
    if coding == "br":
        found: bytes = brotli.compress(data, quality=quality)
        return found
    return gzip.compress(data, quality, mtime=0)
