"""How much one client may ask: requests in a time, and bytes in a request."""

import math
import time
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Flask, Response, abort, request
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address

from search.service.problems import problem

MAX_REQUEST_BYTES: Final = 64 * 1024
"""A reader's history is a few kilobytes; no other request but that with a text needs a body."""

MAX_TEXT_REQUEST_BYTES: Final = 16 * 1024 * 1024
"""A text may be longer than anything is read of it, which the answer says; but not without end."""

TEXT_ENDPOINT: Final = "api.related_to_text"


def limit_request_size(app: Flask) -> None:
    """Has requests with a larger body refused before anything is read of it."""
    app.before_request(_refuse_large_body)


def limit_request_rate(app: Flask, blueprint: Blueprint, rate_limit: str) -> None:
    """Bounds the requests of each client address to all of the blueprint; "" bounds nothing.

    Counts are in this process's memory: with several workers each counts for itself.
    """
    if not rate_limit:
        return
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    # A refused preflight would hide the reason from a page of another site: it is not counted.
    limiter.shared_limit(rate_limit, scope=blueprint.name, methods=["GET", "HEAD", "POST"])(
        blueprint
    )

    def refuse(_error: RateLimitExceeded) -> Response:
        limit = limiter.current_limit
        reset_at = limit.window.reset_time if limit else 0.0
        seconds = max(1, math.ceil(reset_at - time.time()))
        return problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"That was more than {rate_limit} from one address. Wait {seconds} s, then go on.",
            headers={"Retry-After": str(seconds)},
        )

    app.register_error_handler(RateLimitExceeded, refuse)


def _refuse_large_body() -> None:
    largest = MAX_TEXT_REQUEST_BYTES if request.endpoint == TEXT_ENDPOINT else MAX_REQUEST_BYTES
    request.max_content_length = largest
    if (request.content_length or 0) > largest:
        abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
