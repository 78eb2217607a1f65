"""What every engine returns: frozen values in the words of the HTTP API.

`as_json()` of each value is exactly what the HTTP API and `--json` print.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from search.related_results import RelatedPost, members, without_empty

SuggestionKind = Literal["tag", "phrase", "title"]
"""What a completion leads to: a search for a tag or a phrase, or a post."""


@dataclass(frozen=True, slots=True)
class SectionRef:
    """The section of a post that answers; both parts are empty for the text before any heading."""

    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class SectionLink:
    """Another section of a post that has what was asked for, and where it opens."""

    title: str
    anchor: str
    url: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One post that matches.

    `url` opens the post at its section; `title_html` and `snippet_html` are escaped, with matches
    in `<mark>` and no other markup. `date` is `YYYY-MM-DD`, or None. `score` is comparable within
    one answer only. `missing` are the words of the query that the post does not have; it is empty
    for a post that has them all. `other_sections` are those that answer beside `section`, by their
    headings too, the best first. `explanation` has the parts of the score by name, which add up to
    it; it is empty unless it was asked for.
    """

    path: str
    url: str
    title: str
    title_html: str
    section: SectionRef
    snippet_html: str
    summary: str
    date: str | None
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    authors: tuple[str, ...]
    image: str
    score: float
    missing: tuple[str, ...] = ()
    other_sections: tuple[SectionLink, ...] = ()
    explanation: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The hit as JSON; `explanation` only where it was asked for."""
        nested = {
            "section": members(self.section),
            "other_sections": [members(section) for section in self.other_sections],
        }
        return without_empty(members(self) | nested, "explanation")


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many posts have this value, among those that the other filters leave."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """An answer to a query.

    `query` is what was typed. `corrected` is the query that was answered where a word had to be
    corrected, else None. `missing` are the words that the best hit lacks, where no post has them
    all; it is empty when the hits have all words. `total` counts all matching posts. `hits` is one
    page, best first; ties by newest, then path. `facets` has the keys `tags`, `categories`,
    `authors` and `year`, each by falling count, then value. `nearest` are posts offered where
    nothing matches. `notices` say in words what was cut or passed over.
    """

    query: str
    corrected: str | None
    missing: tuple[str, ...]
    total: int
    took_ms: float
    generation: str
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    nearest: tuple[RelatedPost, ...] = ()
    notices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON; `nearest` and `notices` only where there are any."""
        answer = members(self)
        answer["hits"] = [hit.as_json() for hit in self.hits]
        answer["facets"] = {
            name: [members(count) for count in counts] for name, counts in self.facets.items()
        }
        answer["nearest"] = [post.as_json() for post in self.nearest]
        return without_empty(answer, "nearest", "notices")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of what was typed so far.

    A `title` opens the post at `path` and `url`. A `tag` is a search for that tag, and a `phrase` a
    search for these words next to each other: they have neither path nor url, and `count` is the
    number of posts.
    """

    text: str
    kind: SuggestionKind
    path: str | None
    url: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Completions of `query`, best first."""

    query: str
    generation: str
    suggestions: tuple[Suggestion, ...]

    def as_json(self) -> dict[str, Any]:
        """The completions as JSON."""
        return members(self) | {"suggestions": [members(each) for each in self.suggestions]}


@dataclass(frozen=True, slots=True)
class SeriesPost:
    """Another part of a series."""

    path: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where a post stands in its series.

    `part` is its number, which its title may tell too; usually the first part is 1. `parts` is how
    many there are: the number of the last part, if that is more than there are posts. `previous`
    and `next` are the parts before and after it, None at the ends.
    """

    name: str
    part: int
    parts: int
    previous: SeriesPost | None
    next: SeriesPost | None

    def as_json(self) -> dict[str, Any]:
        """The place as JSON."""
        beside = {"previous": self.previous, "next": self.next}
        return members(self) | {name: post and members(post) for name, post in beside.items()}


@dataclass(frozen=True, slots=True)
class PostDetails:
    """One post's stored fields; `html` is its body, safe to put into a page as it is.

    `series` is None for a post that is part of none.
    """

    path: str
    url: str
    title: str
    date: str | None
    updated: str | None
    summary: str
    image: str
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    authors: tuple[str, ...]
    lang: str
    external_url: str
    featured: bool
    popular: bool
    series: SeriesPlace | None
    sections: tuple[SectionRef, ...]
    html: str

    def as_json(self) -> dict[str, Any]:
        """The fields as JSON, without the body."""
        answer = members(self) | {
            "series": self.series and self.series.as_json(),
            "sections": [members(section) for section in self.sections],
        }
        del answer["html"]
        return answer


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What an engine answers from.

    `fallback_reason` is None while that is what is published. Where it is not, as the published
    generation is damaged and another one stands in, it is a sentence that says why.
    """

    generation: str
    created_at: str
    posts: int
    engine: str = "embedded"
    fallback_reason: str | None = None

    @property
    def is_fallback(self) -> bool:
        """Whether something else than what is published answers."""
        return self.fallback_reason is not None

    def as_json(self) -> dict[str, Any]:
        """The status as JSON."""
        return members(self) | {"is_fallback": self.is_fallback}
