"""What each endpoint answers, in OpenAPI's words, from the values that are answered with."""

from collections.abc import Mapping
from http import HTTPStatus
from inspect import cleandoc
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from search.related_results import Recommendations, RelatedPosts
from search.results import EngineStatus, PostDetails, SearchResults, Suggestions
from search.service.links import FACET_PARAMETERS
from search.service.observing import REQUEST_ID_HEADER
from search.service.opensearch_description import SUGGESTIONS_TYPE

SCHEMAS: Final = "#/components/schemas/"

VALUES: Final = (
    SearchResults, Suggestions, RelatedPosts, Recommendations, PostDetails, EngineStatus,
)  # fmt: skip

SOMETIMES: Final[Mapping[str, frozenset[str]]] = {
    "Hit": frozenset({"explanation"}),
    "SearchResults": frozenset({"nearest", "notices"}),
    "RelatedPosts": frozenset({"notices"}),
    "RelatedToText": frozenset({"notices"}),
    "Recommendations": frozenset({"notices"}),
}
"""The members of each value that `as_json` leaves out where they are empty."""

_OWN_DESCRIPTIONS: Final[Mapping[str, str]] = {
    "PostDetails": (
        "One post's stored fields, less its text. `series` is null for a post that is part of none."
    )
}
"""Where the class says more than what is answered."""

_OWN_SCHEMAS: Final[Mapping[str, Any]] = {
    "BrowserSuggestions": {
        "type": "array",
        "description": "What was typed; the completions; what each is; where each leads.",
        "items": {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        },
        "minItems": 4,
        "maxItems": 4,
    },
    "Health": {
        "type": "object",
        "properties": {"status": {"const": "ok"}},
        "required": ["status"],
    },
    "Readiness": {
        "allOf": [
            {
                "type": "object",
                "properties": {"status": {"const": "ready"}},
                "required": ["status"],
            },
            {"$ref": f"{SCHEMAS}EngineStatus"},
        ]
    },
    "Problem": {
        "type": "object",
        "description": "What went wrong, in the form of RFC 9457.",
        "properties": {
            "type": {"const": "about:blank"},
            "title": {"type": "string", "description": "The status in words."},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "What is wrong, and what would be right."},
            "instance": {"type": "string", "format": "uri-reference"},
            "parameter": {"type": "string", "description": "With 400: which one is at fault."},
            "nearest": {
                "type": "array",
                "items": {"type": "string"},
                "description": "With 404, of a post: paths that look like the one asked for.",
            },
            "request_id": {"type": "string", "description": "What the log has it under."},
        },
        "required": ["type", "title", "status", "detail", "instance", "request_id"],
    },
}

HEADERS: Final[Mapping[str, Any]] = {
    REQUEST_ID_HEADER: {
        "description": "An id that the log has too: the client's own, where it sent a sound one.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
    "ETag": {
        "description": "A tag of the generation and the request; If-None-Match takes it.",
        "required": True,
        "schema": {"type": "string", "pattern": '^W/"[^"]+"$'},
    },
    "Retry-After": {
        "description": "In how many seconds to ask again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
}

_PROBLEMS: Final[Mapping[int, str]] = {
    HTTPStatus.BAD_REQUEST: "A parameter is not of its form; `parameter` names it.",
    HTTPStatus.NOT_FOUND: "No post has that path; `nearest` has paths that look like it.",
    HTTPStatus.REQUEST_TIMEOUT: "The body did not come in time.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of another kind than those that are taken.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests from one address.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "A fault of the service; its log has the reason.",
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "There is no index to answer from yet; or too many bodies are being read at the moment."
    ),
}
_BARE: Final[Mapping[int, str]] = {
    HTTPStatus.REQUEST_URI_TOO_LONG: (
        "An address of more than some 65,000 bytes, refused by the HTTP server without a body."
    ),
}
_SAYS_WHEN: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "BrowserSuggestions": SUGGESTIONS_TYPE,
    "Problem": "application/problem+json",
}
"""What answers are sent as, where it is not plain JSON."""


def answer_schemas() -> dict[str, Any]:
    """The schema of every value that is answered with, by name."""
    adapters: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (value.__name__, "serialization", TypeAdapter(value)) for value in VALUES
    ]
    _, found = TypeAdapter.json_schemas(adapters, ref_template=f"{SCHEMAS}{{model}}")
    schemas = found["$defs"]
    search, status = schemas["SearchResults"]["properties"], schemas["EngineStatus"]["properties"]
    search["facets"] = _facets(search["facets"]["additionalProperties"])
    status["is_fallback"] = {"type": "boolean"}
    del schemas["PostDetails"]["properties"]["html"]
    _tell_text_from_post(schemas)
    ordered = {name: _as_answered(name, schemas[name]) for name in sorted(schemas)}
    return {**ordered, **_OWN_SCHEMAS}


def problem_responses() -> dict[str, Any]:
    """The responses of requests that failed, by the name of their status."""
    bare = {_name(status): {"description": told} for status, told in _BARE.items()}
    return bare | {
        _name(status): {
            "description": description,
            "headers": _headers(
                REQUEST_ID_HEADER, *(["Retry-After"] if status in _SAYS_WHEN else [])
            ),
            "content": {MEDIA_TYPES["Problem"]: {"schema": {"$ref": f"{SCHEMAS}Problem"}}},
        }
        for status, description in _PROBLEMS.items()
    }


def responses(
    schema: str | None, description: str, problems: tuple[int, ...], *, has_etag: bool, example: Any
) -> dict[str, Any]:
    """An operation's responses by status; `schema` None is plain text, `example` None is none."""
    headers = _headers(REQUEST_ID_HEADER, *(["ETag"] if has_etag else []))
    if schema is None:
        content: dict[str, Any] = {"text/plain": {"schema": {"type": "string"}}}
    else:
        media: dict[str, Any] = {"schema": {"$ref": f"{SCHEMAS}{schema}"}}
        if example is not None:
            media["example"] = example
        content = {MEDIA_TYPES.get(schema, "application/json"): media}
    answers = {"200": {"description": description, "headers": headers, "content": content}}
    if has_etag:
        answers["304"] = {"description": "The client has this answer already.", "headers": headers}
    for status in sorted(problems):
        answers[str(int(status))] = {"$ref": f"#/components/responses/{_name(status)}"}
    return answers


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _facets(counts: dict[str, Any]) -> dict[str, Any]:
    names = list(FACET_PARAMETERS)
    return {"type": "object", "properties": dict.fromkeys(names, counts), "required": names}


def _tell_text_from_post(schemas: dict[str, Any]) -> None:
    """Parts what a post and what a text is answered with, which is one class here."""
    of_post = schemas["RelatedPosts"]
    of_text = {**of_post, "properties": {**of_post["properties"], "path": {"type": "null"}}}
    schemas["RelatedToText"] = of_text
    suggestions = ("tags", "links")
    members = {
        name: member for name, member in of_post["properties"].items() if name not in suggestions
    }
    schemas["RelatedPosts"] = {**of_post, "properties": {**members, "path": {"type": "string"}}}


def _as_answered(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema as `as_json` keeps it: all members are there, but for those of SOMETIMES."""
    properties = {key: _member(key, found) for key, found in schema["properties"].items()}
    told = cleandoc(schema["description"]).replace("None", "null")
    return {
        "type": "object",
        "description": _OWN_DESCRIPTIONS.get(name, told),
        "properties": properties,
        "required": [key for key in properties if key not in SOMETIMES.get(name, ())],
    }


def _member(name: str, found: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in found.items() if key not in {"title", "default"}}
    if name in {"date", "updated"}:
        kept["anyOf"] = [{"type": "string", "format": "date"}, {"type": "null"}]
    return kept
