"""The JSON API, version 1: what the engine answers, under `/api/v1`."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, Protocol

from flask import Blueprint, Response, jsonify, request, url_for

from search.engine import Engine
from search.results import SearchResults
from search.service.answer_cache import may_be_kept
from search.service.draft_body import read_draft
from search.service.json_arguments import JsonArguments
from search.service.observing import tell_no_results
from search.service.opensearch_description import SUGGESTIONS_TYPE, browser_suggestions
from search.service.parameters import (
    CommaSeparated,
    Parameters,
    PostParameters,
    RecommendParameters,
    RelatedParameters,
    SearchParameters,
    SuggestParameters,
)
from search.service.state import get_engine, get_settings

ETAG_BYTES: Final = 12
"""Enough that no two requests share a tag by chance, and short in a header."""

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


class Answer(Protocol):
    """Any value that an engine returns."""

    def as_json(self) -> dict[str, Any]:
        """The answer as the API gives it."""
        ...


@blueprint.get("/search")
def search() -> Response:
    """The posts that match `q`."""
    given = SearchParameters.from_arguments(request.args)

    def find(engine: Engine) -> SearchResults:
        found = engine.search(given.q, options=given.options)
        if not found.total:
            tell_no_results()
        return found

    return _answer(given, find)


@blueprint.get("/suggest")
def suggest() -> Response:
    """Titles and tags that continue `q`."""
    given = SuggestParameters.from_arguments(request.args)
    return _answer(given, lambda engine: engine.suggest(given.q, limit=given.limit))


@blueprint.get("/suggest/opensearch")
def suggest_to_browser() -> Response:
    """The same for a browser's address bar, with urls that start from the request's host."""
    given = SuggestParameters.from_arguments(request.args)
    suggestions = get_engine().suggest(given.q, limit=given.limit)
    search_page = url_for("pages.search", _external=True)
    response = jsonify(browser_suggestions(suggestions, search_page))
    response.mimetype = SUGGESTIONS_TYPE
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/related")
def related() -> Response:
    """What to read after the post at `path`."""
    given = RelatedParameters.from_arguments(request.args)
    return _answer(given, lambda engine: engine.related(given.path, options=given.options))


@blueprint.post("/related")
def related_to_text() -> Response:
    """What goes with a text that is no post, and the tags and links that it deserves."""
    given = read_draft(request)
    return _answer_to_post(get_engine().related_to_draft(given.draft, limit=given.limit))


@blueprint.route("/recommend", methods=["GET", "POST"])
def recommend() -> Response:
    """What to read after the posts of `history`."""
    is_post = request.method == "POST"
    in_address = CommaSeparated(request.args, "history")
    arguments = JsonArguments.from_request(request) if is_post else in_address
    given = RecommendParameters.from_arguments(arguments)
    if is_post:
        answer = get_engine().recommend(given.history, options=given.options)
        return _answer_to_post(answer)
    return _answer(given, lambda engine: engine.recommend(given.history, options=given.options))


@blueprint.get("/post")
def post() -> Response:
    """The fields of the post at `path`."""
    given = PostParameters.from_arguments(request.args)
    return _answer(given, lambda engine: engine.post(given.path))


def _answer(parameters: Parameters, ask: Callable[[Engine], Answer]) -> Response:
    """The answer as JSON; 304 without asking where the client has it already."""
    engine = get_engine()
    # Taken before the answer: if a new generation comes in between, the tag is the older one, and
    # the client asks once too often rather than once too seldom.
    generation = engine.status().generation
    may_be_kept(generation)
    etag = _etag(generation, parameters)
    if request.if_none_match.contains_weak(etag) and not request.if_none_match.star_tag:
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = jsonify(ask(engine).as_json())
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _answer_to_post(answer: Answer) -> Response:
    """The answer as JSON, which no cache has a use for."""
    response = jsonify(answer.as_json())
    response.headers["Cache-Control"] = "no-store"
    return response


def _etag(generation: str, parameters: Parameters) -> str:
    """A tag for all that an answer depends on; weak, as `took_ms` is never the same twice."""
    parts = (generation, get_settings().site.base_url, request.path, parameters.model_dump_json())
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=ETAG_BYTES).hexdigest()
