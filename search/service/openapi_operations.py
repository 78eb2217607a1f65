"""Every operation of the API: what it takes, what it answers, and how it can fail."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal

from search.service.parameters import (
    DraftParameters,
    Parameters,
    PostParameters,
    RecommendParameters,
    RelatedParameters,
    SearchParameters,
    SuggestParameters,
)

Tag = Literal["Search", "Related posts", "Posts", "Running the service"]

_EVERY: Final = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_CHECKED: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_URI_TOO_LONG, *_EVERY)
_OF_A_POST: Final = (HTTPStatus.NOT_FOUND, *_CHECKED)
_WITH_BODY: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    *_EVERY,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    `query` and `body` are the models of what is taken in the address and as a JSON object; texts
    may be sent where `takes_text`. `answer` names a schema, and is None for plain text. `problems`
    are the statuses of its failures. `has_etag` where the answer may be 304.
    """

    method: Literal["get", "post"]
    path: str
    id: str
    tag: Tag
    summary: str
    answer: str | None
    answer_summary: str
    problems: tuple[int, ...]
    query: type[Parameters] | None = None
    body: type[Parameters] | None = None
    takes_text: bool = False
    has_etag: bool = False


OPERATIONS: Final = (
    Operation(
        "get", "/api/v1/search", "search", "Search",
        "The posts that match a query, with facets, corrections and snippets.",
        "SearchResults", "One page of hits.", _CHECKED,
        query=SearchParameters, has_etag=True,
    ),
    Operation(
        "get", "/api/v1/suggest", "suggest", "Search",
        "Tags, phrases and titles that continue what was typed so far.",
        "Suggestions", "Completions, best first.", _CHECKED,
        query=SuggestParameters, has_etag=True,
    ),
    Operation(
        "get", "/api/v1/suggest/opensearch", "suggestToBrowser", "Search",
        "The same, in the form that browsers want for their address bar.",
        "BrowserSuggestions", "Completions in the OpenSearch suggestions format.", _CHECKED,
        query=SuggestParameters,
    ),
    Operation(
        "get", "/api/v1/related", "related", "Related posts",
        "What to read after a post, with the reasons for each.",
        "RelatedPosts", "Posts to read next, best first.", _OF_A_POST,
        query=RelatedParameters, has_etag=True,
    ),
    Operation(
        "post", "/api/v1/related", "relatedToText", "Related posts",
        "What goes with a text that is no post, and the tags and links that it deserves.",
        "RelatedToText", "Posts like the text, best first, and suggestions for it.",
        (*_WITH_BODY, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
        body=DraftParameters, takes_text=True,
    ),
    Operation(
        "get", "/api/v1/recommend", "recommend", "Related posts",
        "What to read after several posts.",
        "Recommendations", "Posts to read next, best first.", _CHECKED,
        query=RecommendParameters, has_etag=True,
    ),
    Operation(
        "post", "/api/v1/recommend", "recommendPrivately", "Related posts",
        "The same, with the history in the body, where no log keeps it.",
        "Recommendations", "Posts to read next, best first.", _WITH_BODY,
        body=RecommendParameters,
    ),
    Operation(
        "get", "/api/v1/post", "post", "Posts",
        "The stored fields of one post, without its text.",
        "PostDetails", "The post.", _OF_A_POST,
        query=PostParameters, has_etag=True,
    ),
    Operation(
        "get", "/healthz", "health", "Running the service",
        "Whether the process is up.",
        "Health", "It is.", (HTTPStatus.INTERNAL_SERVER_ERROR,),
    ),
    Operation(
        "get", "/readyz", "readiness", "Running the service",
        "Whether there is an index to answer from, and which.",
        "Readiness", "There is.",
        (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE),
    ),
    Operation(
        "get", "/metrics", "metrics", "Running the service",
        "What Prometheus collects.",
        None, "Metrics in Prometheus's text format.", (HTTPStatus.INTERNAL_SERVER_ERROR,),
    ),
)  # fmt: skip
"""In the order in which they are shown."""
