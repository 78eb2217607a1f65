"""Examples for the API's description: what this site's own posts are asked for, and answer."""

from dataclasses import dataclass, field
from typing import Any, Final, Self

from search.drafts import Draft
from search.engine import Engine, RelatedOptions
from search.service.opensearch_description import browser_suggestions

TYPED_CHARS: Final = 4
"""So many characters of a title stand for what somebody has typed so far."""

LIMIT: Final = 3
"""Enough to see what a list is like."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Values to ask with, by operation and name; bodies and answers, by operation.

    All of them are empty for a site without posts.
    """

    queries: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_engine(cls, engine: Engine, search_page: str) -> Self:
        """Examples from the newest posts of the site; `search_page` is the results page's url."""
        newest = engine.recent(limit=2)
        if not newest:
            return cls()
        post = newest[0]
        query = (post.tags or post.categories or (post.title,))[0]
        typed = post.title[:TYPED_CHARS]
        history = [read.path for read in reversed(newest)]
        draft = Draft(post.summary or post.title, title=post.title)
        listed = RelatedOptions(limit=LIMIT)
        suggestions = engine.suggest(typed, limit=LIMIT)
        recommendations = engine.recommend(history, options=listed).as_json()
        return cls(
            queries={
                "search": {"q": query, "limit": LIMIT},
                "suggest": {"q": typed, "limit": LIMIT},
                "suggestToBrowser": {"q": typed, "limit": LIMIT},
                "related": {"path": post.path, "limit": LIMIT},
                "recommend": {"history": history, "limit": LIMIT},
                "post": {"path": post.path},
            },
            bodies={
                "relatedToText": {"text": draft.text, "title": draft.title, "limit": LIMIT},
                "recommendPrivately": {"history": history, "limit": LIMIT},
            },
            answers={
                "search": engine.search(query, limit=LIMIT).as_json(),
                "suggest": suggestions.as_json(),
                "suggestToBrowser": browser_suggestions(suggestions, search_page),
                "related": engine.related(post.path, options=listed).as_json(),
                "relatedToText": engine.related_to_draft(draft, limit=LIMIT).as_json(),
                "recommend": recommendations,
                "recommendPrivately": recommendations,
                "post": engine.post(post.path).as_json(),
                "health": {"status": "ok"},
                "readiness": {"status": "ready", **engine.status().as_json()},
            },
        )
