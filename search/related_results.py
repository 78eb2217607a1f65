"""What every engine returns as to what to read next: frozen values in the words of the HTTP API.

`as_json()` of each value is exactly what the HTTP API and `--json` print.
"""

from dataclasses import dataclass
from typing import Any, Literal

Rung = Literal["series", "pinned", "similar", "category", "popular", "recent"]
"""Why a post is in a related list: the first of these, in this order, that brought it there. The
first is there only where the parts of a series were asked for first."""

ReasonKind = Literal["term", "mention", "tag", "category"]
"""What two neighbours share; a mention is a word or a phrase of one's name that stands in the
other's text."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Something two posts share, and how much of the score it accounts for."""

    kind: ReasonKind
    value: str
    contribution: float


@dataclass(frozen=True, slots=True)
class RelatedPost:
    """A post worth reading next.

    `score` is the similarity, from 0 to 1; `reasons` are its largest contributions, or all of them
    where that was asked for, largest first. A post that is there for another reason than similarity
    says so in `rung`.
    """

    path: str
    url: str
    title: str
    date: str | None
    summary: str
    image: str
    score: float
    rung: Rung
    reasons: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The item as JSON."""
        return members(self) | {"reasons": [members(reason) for reason in self.reasons]}


@dataclass(frozen=True, slots=True)
class TagSuggestion:
    """A tag that a text deserves, and how many posts have it.

    `score` is the share of the posts most like the text that have the tag, the more alike ones
    counting more, and a little more where the text has the tag's words (`is_mentioned`).
    """

    value: str
    score: float
    posts: int
    is_mentioned: bool


@dataclass(frozen=True, slots=True)
class LinkSuggestion:
    """A post that a text all but names, and the words of the text that should carry the link.

    `score` is the share of the title that these words have, by the weight of its words.
    """

    path: str
    url: str
    title: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class RelatedPosts:
    """The related list of the post at `path` (None for a text that is no post), best first.

    `tags` and `links` are what a text that is no post deserves, best first; a post has none.
    """

    path: str | None
    generation: str
    related: tuple[RelatedPost, ...]
    notices: tuple[str, ...] = ()
    tags: tuple[TagSuggestion, ...] = ()
    links: tuple[LinkSuggestion, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The list as JSON; `notices` only where there are any, suggestions only for a text."""
        answer = members(self) | {"related": [item.as_json() for item in self.related]}
        if self.path is not None:
            del answer["tags"], answer["links"]
        else:
            answer["tags"] = [members(tag) for tag in self.tags]
            answer["links"] = [members(link) for link in self.links]
        return without_empty(answer, "notices")


@dataclass(frozen=True, slots=True)
class Recommendations:
    """What to read after the posts of `history`, best first.

    `history` has the canonical paths of those posts that were used, the one read last at the end.
    `notices` say in words which of the others were passed over, and why.
    """

    history: tuple[str, ...]
    generation: str
    related: tuple[RelatedPost, ...]
    notices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The list as JSON; `notices` only where there are any."""
        answer = members(self) | {"related": [item.as_json() for item in self.related]}
        return without_empty(answer, "notices")


def members(value: Any) -> dict[str, Any]:
    """The fields of a dataclass with slots, by name, each as it is.

    dataclasses.asdict copies everything in depth, which took a third of the time of an answer.
    """
    return {name: getattr(value, name) for name in value.__slots__}


def without_empty(answer: dict[str, Any], *names: str) -> dict[str, Any]:
    """`answer` less those of the named entries that are empty."""
    return {key: value for key, value in answer.items() if value or key not in names}
