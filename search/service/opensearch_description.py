"""How a browser adds the site to its address bar: `/opensearch.xml`, and completions for it."""

import re
from typing import Final
from urllib.parse import urlencode, urljoin

from flask import Blueprint, Response, make_response, render_template

from search.results import Suggestion, Suggestions
from search.service.links import safe_href
from search.service.state import get_settings

DESCRIPTION_TYPE: Final = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE: Final = "application/x-suggestions+json"

MAX_SHORT_NAME_CHARS: Final = 16
MAX_LONG_NAME_CHARS: Final = 48
"""What OpenSearch 1.1 allows."""

_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

blueprint = Blueprint("opensearch", __name__)


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """The OpenSearch description of the site's search, which is always these pages' own."""
    title = " ".join(_NO_XML.sub("", get_settings().site.title).split()) or "Signpost"
    response = make_response(
        render_template(
            "opensearch.xml",
            short_name=shortened(title, MAX_SHORT_NAME_CHARS),
            long_name=shortened(title, MAX_LONG_NAME_CHARS),
            title=title,
        )
    )
    response.mimetype = DESCRIPTION_TYPE
    return response


def browser_suggestions(suggestions: Suggestions, search_page: str) -> list[object]:
    """Completions in the OpenSearch suggestions format.

    What was typed; the completions; for each, what it is in words; and where it leads, which is
    the post of a title, and a search for anything else. `search_page` is the url of the results
    page, and relative urls are taken to start from it.
    """
    found = suggestions.suggestions
    return [
        suggestions.query,
        [suggestion.text for suggestion in found],
        [_in_words(suggestion) for suggestion in found],
        [_url(suggestion, search_page) for suggestion in found],
    ]


def shortened(text: str, max_chars: int) -> str:
    """The text's first words that fit; of a first word that does not, as much as fits."""
    if len(text) <= max_chars:
        return text
    words = text[: max_chars + 1].rpartition(" ")[0]
    return words.rstrip(" ,;:–—-") or text[:max_chars]


def _in_words(suggestion: Suggestion) -> str:
    if suggestion.kind == "title":
        return "a post"
    posts = f"{suggestion.count:,} post{'' if suggestion.count == 1 else 's'}"
    return f"{suggestion.kind}, {posts}"


def _url(suggestion: Suggestion, search_page: str) -> str:
    if suggestion.kind == "title":
        try:
            return safe_href(urljoin(search_page, suggestion.url or ""), fallback=search_page)
        except ValueError:  # an author's own address for a post may be none
            return search_page
    wanted = {"tag": suggestion.text} if suggestion.kind == "tag" else {"q": f'"{suggestion.text}"'}
    return f"{search_page}?{urlencode(wanted)}"
