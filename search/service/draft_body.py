"""A text that is no post, as the body of a request: plain, Markdown, or in a JSON object."""

import re
from http import HTTPStatus
from itertools import islice
from typing import Final

from flask import Request, abort

from search.drafts import MAX_DRAFT_CHARS
from search.errors import BadRequestError
from search.service.json_arguments import JsonArguments
from search.service.parameters import MAX_DRAFT_LINKS, DraftParameters

MAX_TEXT_BYTES: Final = 4 * (MAX_DRAFT_CHARS + 1)
"""More of a text is not read: it is one character more than the engine looks at, at least."""

PASSED_OVER_BYTES: Final = 1024 * 1024
"""The rest of a body is passed over in pieces of so many."""

_FRONT_MATTER = re.compile(
    r"\A(?P<fence>---|\+\+\+)[ \t]*\r?\n.*?\n(?P=fence)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_LINK_TARGET = re.compile(
    r"\]\(\s*<?(?P<inline>[^\s()<>]+) | ^[ ]{0,3}\[[^\]\n]+\]:\s*<?(?P<defined>[^\s<>]+)",
    re.MULTILINE | re.VERBOSE,
)
"""Where a link of Markdown leads: `[words](target)`, or `[name]: target` on a line of its own."""


def read_draft(request: Request) -> DraftParameters:
    """The text with what is known of it; BadRequestError where there is none.

    The `limit` may be in the address. Front matter of a plain text is passed over, and where
    Markdown links to is known. Other kinds of bodies are answered with 415.
    """
    limit = DraftParameters.from_arguments(request.args).limit
    if request.is_json:
        members = JsonArguments.from_request(request)
        given = DraftParameters.from_arguments(members)
        limit = given.limit if members.getlist("limit") else limit
    elif request.mimetype in {"text/plain", "text/markdown"}:
        text = _FRONT_MATTER.sub("", _beginning(request))
        links = _link_targets(text) if request.mimetype == "text/markdown" else ()
        given = DraftParameters(text=text, links=links)
    else:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if not (given.text.strip() or given.title.strip()):
        raise BadRequestError("text", "The text is needed: send it as the body, or in JSON.")
    return given.model_copy(update={"limit": limit})


def _beginning(request: Request) -> str:
    """The first MAX_TEXT_BYTES of the body, which is read to its end.

    Most clients send all of a text before they look for an answer. To them, a server that answers
    and closes before is one that went away.
    """
    beginning = request.stream.read(MAX_TEXT_BYTES)
    while request.stream.read(PASSED_OVER_BYTES):
        pass
    return beginning.decode("utf-8-sig", errors="replace")


def _link_targets(text: str) -> tuple[str, ...]:
    """The first MAX_DRAFT_LINKS targets, each once."""
    found = (link["inline"] or link["defined"] for link in _LINK_TARGET.finditer(text))
    return tuple(islice(dict.fromkeys(found), MAX_DRAFT_LINKS))
