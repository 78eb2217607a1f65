"""Where the API is described: `/openapi.json` for programs, `/api/docs` for people to try it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for

from index.errors import IndexUnavailableError
from search.errors import PostNotFoundError
from search.service.openapi import description
from search.service.openapi_examples import Examples
from search.service.state import get_engine, get_settings

_EXTENSION: Final = "signpost-examples"

blueprint = Blueprint("api_docs", __name__)


@dataclass(frozen=True, slots=True)
class FormField:
    """A parameter as a field to fill in; `choices` are there where only those are taken.

    `examples` are what it is filled in with: one, which may be empty, or several.
    """

    name: str
    description: str
    is_required: bool
    is_repeatable: bool
    is_number: bool
    choices: tuple[str, ...]
    default: str
    examples: tuple[str, ...]

    @classmethod
    def from_parameter(cls, parameter: Mapping[str, Any]) -> Self:
        """The field for a parameter of the OpenAPI document."""
        schema = parameter["schema"]
        is_repeatable = schema.get("type") == "array"
        example = parameter.get("example", "")
        values = example if is_repeatable and example else [example]
        choices = ["true", "false"] if schema.get("type") == "boolean" else schema.get("enum", ())
        default = schema.get("default", "")
        return cls(
            name=parameter["name"],
            description=parameter["description"],
            is_required=parameter.get("required", False),
            is_repeatable=is_repeatable,
            is_number=schema.get("type") == "integer",
            choices=tuple(choices),
            default=default if isinstance(default, str) else json.dumps(default),
            examples=tuple(values),
        )


@dataclass(frozen=True, slots=True)
class OperationForm:
    """An operation as a form.

    `bodies` are examples of what may be sent, by media type; `statuses` say what may come back.
    """

    id: str
    method: str
    path: str
    summary: str
    fields: tuple[FormField, ...]
    bodies: Mapping[str, str]
    statuses: Mapping[str, str]


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI document, with examples from the index where there is one."""
    response = jsonify(_document())
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/api/docs")
def docs() -> str:
    """A page with a form for every operation, filled in with the examples."""
    document = _document()
    forms: dict[str, list[OperationForm]] = {tag["name"]: [] for tag in document["tags"]}
    for tag, form in _forms(document):
        forms[tag].append(form)
    return render_template("api.html", forms=forms)


def _document() -> dict[str, Any]:
    try:
        examples = _examples()
    except (IndexUnavailableError, PostNotFoundError):  # the latter, if it went away this moment
        examples = Examples()
    return description(get_settings().site.title, request.script_root, examples)


def _examples() -> Examples:
    """Examples from the generation at hand, kept as long as it is: they cost several searches."""
    engine, search_page = get_engine(), url_for("pages.search", _external=True)
    made_for = (engine.status().generation, search_page)
    kept: tuple[tuple[str, str], Examples] | None = current_app.extensions.get(_EXTENSION)
    if kept is None or kept[0] != made_for:
        kept = (made_for, Examples.from_engine(engine, search_page))
        current_app.extensions[_EXTENSION] = kept
    return kept[1]


def _forms(document: Mapping[str, Any]) -> Iterator[tuple[str, OperationForm]]:
    """Each operation's tag and form."""
    problems = document["components"]["responses"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            form = OperationForm(
                id=operation["operationId"],
                method=method.upper(),
                path=path,
                summary=operation["summary"],
                fields=tuple(
                    FormField.from_parameter(parameter)
                    for parameter in operation.get("parameters", ())
                    if parameter["in"] == "query"
                ),
                bodies=_bodies(operation),
                statuses={
                    status: found.get("description") or _referred_to(found, problems)["description"]
                    for status, found in operation["responses"].items()
                },
            )
            yield operation["tags"][0], form


def _referred_to(reference: Mapping[str, str], components: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = components[reference["$ref"].rpartition("/")[2]]
    return found


def _bodies(operation: Mapping[str, Any]) -> dict[str, str]:
    """What to send as an example, as text, by media type."""
    content = operation.get("requestBody", {}).get("content", {})
    examples = {media_type: media.get("example", "") for media_type, media in content.items()}
    return {
        media_type: example
        if isinstance(example, str)
        else json.dumps(example, ensure_ascii=False, indent=2)
        for media_type, example in examples.items()
    }
