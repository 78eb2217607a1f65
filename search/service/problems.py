"""How the service says that something went wrong: RFC 9457 under `/api`, a page elsewhere."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from flask import Flask, Response, current_app, make_response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from index.errors import IndexUnavailableError
from search.errors import BadRequestError, PostNotFoundError
from search.service.cluster_errors import note_cluster_error
from search.service.observing import request_id
from search.service.pages import error_page

RETRY_AFTER_SECONDS: Final = 2
"""When to ask again while there is no index: soon after it is published, and no rush until then."""

PROBE_PATHS: Final = frozenset(
    {"/healthz", "/readyz", "/metrics", "/openapi.json", "/opensearch.xml"}
)
"""Addresses outside of `/api/` that programs read, and people do not."""

_PATH_SAFE: Final = "/:@!$&'()*+,;=~"
"""What a URI's path may have unescaped, by RFC 3986."""

_PAGE_TITLES: Final[Mapping[int, str]] = {
    HTTPStatus.BAD_REQUEST: "That was not understood",
    HTTPStatus.NOT_FOUND: "Nothing here",
    HTTPStatus.METHOD_NOT_ALLOWED: "That cannot be done here",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not ready yet",
}
_DETAILS: Final[Mapping[int, str]] = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take the method {method}.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request's body is larger than this service takes.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "The body must be text/plain, text/markdown or application/json, as its Content-Type says."
    ),
}

_log = logging.getLogger(__name__)


def problem(
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
) -> Response:
    """The answer to a request that failed: a problem document for programs, a page for people.

    `members` are added to the document.
    """
    if _is_for_a_program(request.path):
        document = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": int(status),
            "detail": detail,
            "instance": quote(request.path, safe=_PATH_SAFE),
            "request_id": request_id(),
            **(members or {}),
        }
        response = make_response(current_app.json.response(document), status)
        response.mimetype = "application/problem+json"
    else:
        title = _PAGE_TITLES.get(status, HTTPStatus(status).phrase)
        response = error_page(status, title, detail)
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers or {})
    return response


def install_error_handlers(app: Flask) -> None:
    """Has every error of this app answered by `problem`."""
    app.register_error_handler(BadRequestError, _on_bad_request)
    app.register_error_handler(PostNotFoundError, _on_post_not_found)
    app.register_error_handler(IndexUnavailableError, _on_no_index)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_unexpected)


def _on_bad_request(error: BadRequestError) -> Response:
    return problem(HTTPStatus.BAD_REQUEST, str(error), members={"parameter": error.parameter})


def _on_post_not_found(error: PostNotFoundError) -> Response:
    return problem(HTTPStatus.NOT_FOUND, str(error), members={"nearest": list(error.nearest)})


def _on_no_index(error: IndexUnavailableError) -> Response:
    """Without the reason, which is the owner's: it is in the log, and at `/readyz`."""
    note_cluster_error(error)
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "There is no index to answer from at the moment. Please try again shortly.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    if isinstance(error, RequestRedirect) or error.response is not None or error.code is None:
        return error
    status, headers = error.code, {}
    if isinstance(error, MethodNotAllowed):
        if _is_unknown_to_api(request.path):
            status = HTTPStatus.NOT_FOUND
        else:
            headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    detail = _DETAILS.get(status, error.description or HTTPStatus(status).description)
    return problem(status, detail.replace("{method}", request.method), headers=headers)


def _on_unexpected(_error: Exception) -> Response:
    _log.exception("Request %s failed: %s %r", request_id(), request.method, request.path)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"The service could not answer. The log has the reason under {request_id()}.",
    )


def _is_for_a_program(path: str) -> bool:
    return path.startswith("/api/") or path in PROBE_PATHS


def _is_unknown_to_api(path: str) -> bool:
    """Whether this is under `/api/` and only the pages' rule for every address matches it."""
    if not path.startswith("/api/"):
        return False
    endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    return bool(endpoint == "pages.post")
