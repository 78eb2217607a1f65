"""The pages: home, results, posts and errors, whole without a line of JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as WerkzeugResponse

from search.errors import PostNotFoundError
from search.results import FacetCount, SearchResults
from search.service.links import (
    FACET_PARAMETERS,
    SORTS,
    SearchAddress,
    host_of,
    image_src,
    page_count,
    page_window,
    safe_href,
    verbatim,
)
from search.service.observing import tell_no_results
from search.service.state import get_engine, get_settings
from search.service.wording import long_date, why_related

RECENT_POSTS: Final = 9
"""Cards on the home page: three rows of three on a wide screen."""

RELATED_POSTS: Final = 4
"""Neighbors under a post: a choice, without burying the end of the page."""

FACET_VALUES_SHOWN: Final = 8
"""Values of a facet seen at once; the rest is behind a `More` that opens without a script."""

SIGNS: Final = 5
"""Arms of the signpost on the home page: the largest categories, as many as fit beside the box."""

MIN_TOC_SECTIONS: Final = 4
"""A post with fewer titled sections is seen at a glance and needs no table of contents."""

_FACET_TITLES: Final = {
    "categories": "Category",
    "tags": "Tag",
    "year": "Year",
    "authors": "Author",
}
_SORT_TITLES: Final = {"relevance": "Relevance", "newest": "Newest", "oldest": "Oldest"}

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that narrows or sorts an answer; `is_on` where it is in force already."""

    text: str
    url: str
    is_on: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet as the page offers it: values that are on come first; `more` are to be opened."""

    title: str
    shown: Sequence[Choice]
    more: Sequence[Choice]


@blueprint.get("/")
def home() -> str:
    """What the site has: a search box, the newest posts, and every category and tag."""
    engine = get_engine()
    posts = engine.status().posts
    facets = engine.search("").facets
    return render_template(
        "home.html",
        posts=posts,
        recent=engine.recent(limit=RECENT_POSTS),
        signs=_signs(facets),
        facets=_facets(facets, SearchAddress(), posts),
    )


@blueprint.get("/search")
def search() -> str | WerkzeugResponse:
    """One page of the answer to the query in the address."""
    address = SearchAddress.from_arguments(request.args)
    results = get_engine().search(address.query, options=address.options)
    if not results.total:
        tell_no_results()
    pages = page_count(results.total)
    if address.page > pages:
        return redirect(search_url(address.turned_to(pages)))
    return render_template(
        "search.html",
        address=address,
        results=results,
        first=address.options.offset + 1,
        pages=pages,
        window=page_window(address.page, pages),
        facets=_facets(results.facets, address, results.total),
        filters=_filters_on(address),
        sorts=_sorts(address),
        verbatim_url=_verbatim_url(address, results),
    )


@blueprint.get("/<path:path>")
def post(path: str) -> str | WerkzeugResponse:
    """The post with this canonical path; its other addresses lead there."""
    if path.startswith("api/"):
        abort(HTTPStatus.NOT_FOUND)
    engine = get_engine()
    try:
        details = engine.post("/" + path.strip("/"))
        related = engine.related(details.path, limit=RELATED_POSTS).related
    except PostNotFoundError as error:
        return _post_not_found(error)
    if details.path != "/" + path:
        canonical = url_for(".post", path=details.path.lstrip("/"))
        return redirect(canonical, HTTPStatus.MOVED_PERMANENTLY)
    titled = [section for section in details.sections if section.title and section.anchor]
    return render_template(
        "post.html",
        post=details,
        contents=titled if len(titled) >= MIN_TOC_SECTIONS else [],
        related=related,
    )


def error_page(
    status: int, title: str, detail: str, *, nearest: Sequence[tuple[str, str]] = ()
) -> Response:
    """A page that says what went wrong, and where to go from there; it needs no engine.

    `nearest` are names and addresses of pages that may have been meant.
    """
    page = render_template(
        "error.html",
        status=status,
        title=title,
        detail=detail,
        nearest=nearest,
        words=_words_of_path(request.path) if status == HTTPStatus.NOT_FOUND else "",
    )
    return make_response(page, status)


def search_url(address: SearchAddress | None = None, **parameters: Any) -> str:
    """The address of a results page."""
    return url_for("pages.search", **(address.parameters if address else {}), **parameters)


@blueprint.app_context_processor
def _helpers() -> dict[str, object]:
    """What every template may call."""
    site = get_settings().site
    return {
        "site": site,
        "safe_href": safe_href,
        "search_url": search_url,
        "image_src": lambda image, path: image_src(image, path, site.base_url),
        "host_of": host_of,
        "long_date": long_date,
        "why_related": why_related,
    }


def _signs(counts: dict[str, tuple[FacetCount, ...]]) -> list[Choice]:
    """The site's largest categories; its largest tags where it has no categories to speak of."""
    name = "categories" if len(counts.get("categories", ())) > 1 else "tags"
    return [
        Choice(sign.value, search_url(SearchAddress().toggled(name, sign.value)))
        for sign in counts.get(name, ())[:SIGNS]
    ]


def _facets(
    counts: dict[str, tuple[FacetCount, ...]], address: SearchAddress, total: int
) -> list[Facet]:
    """The facets that have something to choose: a value of all `total` posts is none."""
    facets = []
    for name, title in _FACET_TITLES.items():
        choices = [
            Choice(
                text=value.value,
                url=search_url(address.toggled(name, value.value)),
                is_on=address.has(name, value.value),
                count=value.count,
            )
            for value in counts.get(name, ())
        ]
        if any(choice.is_on or choice.count != total for choice in choices):
            choices.sort(key=lambda choice: not choice.is_on)
            shown, more = choices[:FACET_VALUES_SHOWN], choices[FACET_VALUES_SHOWN:]
            facets.append(Facet(title, shown, more))
    return facets


def _filters_on(address: SearchAddress) -> list[Choice]:
    """The filters in force, each with the address that takes it off."""
    return [
        Choice(f"{_FACET_TITLES[facet]}: {value}", search_url(address.toggled(facet, value)), True)
        for facet in FACET_PARAMETERS
        for value in address.narrowed.get(facet, ())
    ]


def _sorts(address: SearchAddress) -> list[Choice]:
    return [
        Choice(_SORT_TITLES[sort], search_url(address.sorted_by(sort)), sort == address.sort)
        for sort in SORTS
    ]


def _verbatim_url(address: SearchAddress, results: SearchResults) -> str:
    """Where the words are searched as they were typed; empty where nothing was corrected."""
    if not results.corrected:
        return ""
    return search_url(address.asking(verbatim(address.query, results.corrected)))


def _post_not_found(error: PostNotFoundError) -> Response:
    nearest = [(_title(path), url_for(".post", path=path.lstrip("/"))) for path in error.nearest]
    detail = "There is no post at this address. It may have moved, or the link has a slip in it."
    return error_page(HTTPStatus.NOT_FOUND, "Nothing here", detail, nearest=nearest)


def _title(path: str) -> str:
    """What the post is called; its path where an index without it has just been published."""
    try:
        return get_engine().post(path).title
    except PostNotFoundError:
        return path


def _words_of_path(path: str) -> str:
    """What one would search for after following a dead link: the words of its last part."""
    return " ".join(path.rstrip("/").rpartition("/")[2].replace("-", " ").split())
