"""A text that is no post, as the body of a request: plain, Markdown, or in a JSON object."""

import re
from http import HTTPStatus
from typing import Final

from flask import Request, abort

from search.drafts import MAX_DRAFT_CHARS
from search.errors import BadRequestError
from search.service.json_arguments import JsonArguments
from search.service.parameters import DraftParameters

MAX_TEXT_BYTES: Final = 4 * (MAX_DRAFT_CHARS + 1)
"""More of a text is not read: it is one character more than the engine looks at, at least."""

_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\n---\r?\n", re.DOTALL)


def read_draft(request: Request) -> DraftParameters:
    """The text with what is known of it; BadRequestError where there is none.

    The `limit` may be in the address. Front matter of a plain text is passed over. Other kinds of
    bodies are answered with 415.
    """
    limit = DraftParameters.from_arguments(request.args).limit
    if request.is_json:
        members = JsonArguments.from_request(request)
        given = DraftParameters.from_arguments(members)
        limit = given.limit if members.getlist("limit") else limit
    elif request.mimetype in {"text/plain", "text/markdown"}:
        text = request.stream.read(MAX_TEXT_BYTES).decode(errors="replace")
        given = DraftParameters(text=_FRONT_MATTER.sub("", text))
    else:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if not (given.text.strip() or given.title.strip()):
        raise BadRequestError("text", "The text is needed: send it as the body, or in JSON.")
    return given.model_copy(update={"limit": limit})
