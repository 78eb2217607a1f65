"""The API's own description as an OpenAPI 3.1 document, from what the service is made of."""

from functools import cache
from typing import Any, Final

from search.service.openapi_answers import HEADERS, answer_schemas, problem_responses, responses
from search.service.openapi_examples import Examples
from search.service.openapi_operations import OPERATIONS, Operation
from search.service.openapi_parameters import SOME_TEXT, body_schema, query_parameters
from search.service.parameters import Parameters

OPENAPI_VERSION: Final = "3.1.0"
API_VERSION: Final = "1"

TEXT_TYPES: Final = ("text/plain", "text/markdown")
"""What a text alone may be sent as."""

_DESCRIPTION: Final = """\
Search, completions, related posts and single posts, from nothing but the site's own text.

Fields may be added to an answer; none will change its meaning or go away. Parameters that an \
operation does not know are ignored, and one without a value counts as left out. In an address, \
`1` and `true`, `0` and `false` are the same."""

_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an answer at hand: 304 and no body while it holds.",
    "schema": {"type": "string"},
}


def description(site_title: str, root: str, examples: Examples) -> dict[str, Any]:
    """The OpenAPI document of the service below the path `root`.

    Parts of it are in every such document, and not to be changed.
    """
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, examples)
    return {
        "openapi": OPENAPI_VERSION,
        "info": {
            "title": f"{site_title}: search and related posts",
            "version": API_VERSION,
            "description": _DESCRIPTION,
        },
        "servers": [{"url": root or "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(one.tag for one in OPERATIONS)],
        "paths": paths,
        "components": _components(),
    }


@cache
def _components() -> dict[str, Any]:
    """What the operations refer to."""
    return {
        "schemas": answer_schemas(),
        "responses": problem_responses(),
        "headers": dict(HEADERS),
    }


def _operation(operation: Operation, examples: Examples) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
    }
    if operation.query:
        example = examples.queries.get(operation.id, {})
        described["parameters"] = query_parameters(operation.query, example)
    if operation.has_etag:
        described["parameters"].append(_IF_NONE_MATCH)
    if operation.body:
        example = examples.bodies.get(operation.id, {})
        described["requestBody"] = _request_body(
            operation.body, example, takes_text=operation.takes_text
        )
    described["responses"] = responses(
        operation.answer,
        operation.answer_summary,
        operation.problems,
        has_etag=operation.has_etag,
        example=examples.answers.get(operation.id),
    )
    return described


def _request_body(model: type[Parameters], example: Any, *, takes_text: bool) -> dict[str, Any]:
    """The JSON object of the model, and where that is taken too, its text alone."""
    content: dict[str, Any] = {"application/json": {"schema": body_schema(model)}}
    if example:
        content["application/json"]["example"] = example
    for media_type in TEXT_TYPES if takes_text else ():
        content[media_type] = {"schema": {"type": "string", "pattern": SOME_TEXT}}
        if example:
            content[media_type]["example"] = example["text"]
    return {"required": True, "content": content}
