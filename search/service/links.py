"""Addresses: which ones a page may link to, and what a search page's own address says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self, get_args
from urllib.parse import urljoin, urlsplit

from werkzeug.datastructures import MultiDict

from search.engine import MAX_OFFSET, Filters, SearchOptions, Sort

PAGE_SIZE: Final = 10
"""Hits on a page: more is less scrolling back, fewer is an answer seen at once."""

MAX_PAGE: Final = MAX_OFFSET // PAGE_SIZE + 1

FACET_PARAMETERS: Final[Mapping[str, str]] = {
    "tags": "tag",
    "categories": "category",
    "authors": "author",
    "year": "year",
}
"""Each facet of an answer, and the parameter that narrows by it."""

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)

_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f-\xa0\s]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_YEAR = re.compile(r"[0-9]{4}")
_FIELD_NAME = re.compile(r"^((?:[A-Za-z]+:)?)(.+)$", re.DOTALL)
_PAGE = re.compile(r"[0-9]{1,6}")


def safe_href(url: str, fallback: str = "#") -> str:
    r"""`url` where it is http, https or relative; else `fallback`.

    What browsers pass over when they read a scheme (blanks, control characters) is passed over
    here too, so that `java\nscript:` is seen for what it is.
    """
    bare = _IGNORED_BY_BROWSERS.sub("", url)
    scheme = _SCHEME.match(bare)
    if scheme is None or scheme.group(1).lower() in {"http", "https"}:
        return url if bare else fallback
    return fallback


def host_of(url: str) -> str:
    """The host that `url` leads to; the whole of it where it names none."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def image_src(image: str, path: str, base_url: str) -> str:
    """The address of a post's image, which its author may have written relative to the post.

    Empty where there is no image that a page may load. A relative one is the site's to know: where
    no site is given, these pages have it not.
    """
    is_relative = not image.startswith("/") and "://" not in image
    if not image or (is_relative and not base_url):
        return ""
    try:
        return safe_href(urljoin(base_url + path, image), fallback="")
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """What the address of a search page says.

    `narrowed` has the wanted values by facet, for the facets that are narrowed; `page` counts
    from 1.
    """

    query: str = ""
    narrowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1

    @classmethod
    def from_arguments(cls, arguments: MultiDict[str, str]) -> Self:
        """The address as given; a part that makes no sense counts as left out."""
        sort, page = arguments.get("sort", ""), arguments.get("page", "")
        wanted = {
            facet: _values(arguments, parameter) for facet, parameter in FACET_PARAMETERS.items()
        }
        wanted["year"] = tuple(year for year in wanted["year"] if _YEAR.fullmatch(year))
        return cls(
            query=arguments.get("q", "").strip(),
            narrowed={facet: values for facet, values in wanted.items() if values},
            sort=next((known for known in SORTS if known == sort), "relevance"),
            page=min(max(int(page), 1), MAX_PAGE) if _PAGE.fullmatch(page) else 1,
        )

    @property
    def parameters(self) -> dict[str, Any]:
        """The query string's parameters; what is as by default is left out."""
        given: dict[str, Any] = {"q": self.query}
        for facet, values in self.narrowed.items():
            given[FACET_PARAMETERS[facet]] = list(values)
        given["sort"] = self.sort if self.sort != "relevance" else ""
        given["page"] = str(self.page) if self.page > 1 else ""
        return {name: value for name, value in given.items() if value}

    @property
    def options(self) -> SearchOptions:
        """What to ask the engine for."""
        filters = Filters(
            tags=self.narrowed.get("tags", ()),
            categories=self.narrowed.get("categories", ()),
            authors=self.narrowed.get("authors", ()),
            years=tuple(int(year) for year in self.narrowed.get("year", ())),
        )
        offset = (self.page - 1) * PAGE_SIZE
        return SearchOptions(limit=PAGE_SIZE, offset=offset, sort=self.sort, filters=filters)

    def has(self, facet: str, value: str) -> bool:
        """Whether the facet is narrowed to this value; letter case is ignored."""
        return any(_same(value, known) for known in self.narrowed.get(facet, ()))

    def toggled(self, facet: str, value: str) -> Self:
        """The first page with this filter off where it was on, and on where it was off."""
        values = self.narrowed.get(facet, ())
        others = tuple(known for known in values if not _same(value, known))
        chosen = others if self.has(facet, value) else (*values, value)
        narrowed = {**self.narrowed, facet: chosen}
        return replace(
            self, narrowed={name: kept for name, kept in narrowed.items() if kept}, page=1
        )

    def without_filters(self) -> Self:
        """The first page of the same query over all posts."""
        return replace(self, narrowed={}, page=1)

    def sorted_by(self, sort: Sort) -> Self:
        """The first page in another order."""
        return replace(self, sort=sort, page=1)

    def asking(self, query: str) -> Self:
        """The first page of another query, narrowed and sorted as this one."""
        return replace(self, query=query, page=1)

    def turned_to(self, page: int) -> Self:
        """Another page of the same answer."""
        return replace(self, page=page)


def page_count(total: int) -> int:
    """How many pages `total` hits fill, as far as one may page; at least 1."""
    return max(1, min(-(-total // PAGE_SIZE), MAX_PAGE))


def page_window(page: int, pages: int) -> list[int | None]:
    """The page numbers to offer: first, last and those around `page`; None stands for a gap."""
    near = {1, pages, *range(page - 1, page + 2)}
    numbers: list[int | None] = []
    previous = 0
    for number in sorted(near & set(range(1, pages + 1))):
        if number - previous == 2:
            numbers.append(number - 1)  # a gap of one page is no shorter than the page
        elif number - previous > 2:
            numbers.append(None)
        numbers.append(number)
        previous = number
    return numbers


def verbatim(query: str, corrected: str) -> str:
    """The query that asks for the words as typed: those that were corrected, in double quotes."""
    typed, answered = query.split(), corrected.split()
    if len(typed) != len(answered):
        return '"' + query.replace('"', "") + '"'
    return " ".join(
        word if word == other or '"' in word else _FIELD_NAME.sub(r'\1"\2"', word)
        for word, other in zip(typed, answered, strict=True)
    )


def _values(arguments: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """The values of a repeatable parameter, without blanks and repeats."""
    stripped = (value.strip() for value in arguments.getlist(name))
    return tuple(dict.fromkeys(value for value in stripped if value))


def _same(value: str, other: str) -> bool:
    return value.casefold() == other.casefold()
