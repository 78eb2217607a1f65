"""Headers of every answer: what a browser may do with it, and which other sites may read it."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request
from flask_cors import CORS

from search.service.observing import REQUEST_ID_HEADER

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}

SHARED_PREFIXES: Final = ("/api/", "/static/")
"""Where the answers and the widgets' module are: what other sites may be allowed to load."""

PREFLIGHT_SECONDS: Final = 7200
"""How long a browser may remember what an origin may do; Chromium keeps it no longer than this."""


def add_security_headers(response: Response) -> Response:
    """The response with the headers that keep a browser from doing more than the pages need."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def revalidate_pages(response: Response) -> Response:
    """A page with a tag, by which a browser that has it already need not be sent it again."""
    is_page = response.status_code == HTTPStatus.OK and response.mimetype == "text/html"
    if not is_page or request.method not in {"GET", "HEAD"} or "Cache-Control" in response.headers:
        return response
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def allow_origins(app: Flask, origins: Sequence[str]) -> None:
    """Lets the pages of these origins, or of all with `*`, read the API and load the module."""
    if not origins:
        return
    is_open = "*" in origins
    if not is_open:
        app.after_request(_vary_by_origin)
    # As patterns, since an IPv6 address in brackets would be taken for one that means less.
    exactly = [re.compile(re.escape(origin) + r"\Z", re.IGNORECASE) for origin in origins]
    CORS(
        app,
        resources=[rf"{prefix}.*" for prefix in SHARED_PREFIXES],
        origins="*" if is_open else exactly,
        send_wildcard=is_open,
        methods=["GET", "HEAD", "POST"],
        allow_headers=["Content-Type", "If-None-Match", REQUEST_ID_HEADER],
        expose_headers=["ETag", "Retry-After", REQUEST_ID_HEADER],
        max_age=PREFLIGHT_SECONDS,
        allow_private_network=False,
    )


def _vary_by_origin(response: Response) -> Response:
    """Keeps a cache from giving one origin what it kept for another, or for none."""
    if request.path.startswith(SHARED_PREFIXES):
        response.vary.add("Origin")
    return response
