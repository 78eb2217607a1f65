"""An id for each request, by which an answer and the log can be brought together."""

import re
import uuid
from typing import Final

from flask import Response, g, request

REQUEST_ID_HEADER: Final = "X-Request-Id"

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""A client's own id is taken over if it can do no harm in a log or a header."""


def request_id() -> str:
    """This request's id: the client's own where it is sound, else a new one."""
    if "request_id" not in g:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        g.request_id = given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
    return str(g.request_id)


def add_request_id(response: Response) -> Response:
    """The response with the id in its header."""
    response.headers[REQUEST_ID_HEADER] = request_id()
    return response
