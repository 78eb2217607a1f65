"""The posts that a related list is chosen from, gathered from the cluster."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from index.opensearch.layout import document_id
from search.embedded.related import MIN_SIMILARITY
from search.embedded.rungs import POOL_POSTS
from search.embedded.sparse import Vector
from search.engine import RelatedOptions
from search.opensearch import dsl
from search.opensearch.dsl import Json
from search.opensearch.likenessquery import at_least, fillers, like, may_follow
from search.opensearch.opened import Opened
from search.opensearch.ordering import BY_WORDS, NEWEST_FIRST, aged
from search.opensearch.posts import StoredPost
from search.opensearch.searchrequest import SEARCH_TYPE, candidates_body, candidates_in
from search.opensearch.slices import Slice
from search.related_results import RelatedPost

FIRST_POSTS: Final = 100
"""So many of the posts most alike are looked at; where most of them repeat each other, more."""

MORE_TIMES: Final = 4
MOST_POSTS: Final = 1_600

MAX_MEMBERS: Final = 1_000
"""Parts of a series, or translations of some posts, that are looked at."""

NEAR_SIMILARITY: Final = 0.9 * MIN_SIMILARITY
"""Posts that the cluster holds for less alike are not looked at: it holds features for more common
that were taken out of posts since, until it has cleared them away."""

_FILLING: Final = frozenset({"category", "popular", "recent"})

List = Callable[[Slice], Sequence[RelatedPost]]
"""Makes the list from the posts at hand."""


@dataclass(slots=True)
class Gathering:
    """Gathers posts for one list; `newest_first` was read, `also` has paths that were named."""

    opened: Opened
    newest_first: Sequence[StoredPost]
    options: RelatedOptions
    also: Sequence[str] = ()
    more: Sequence[Json] = ()
    _paths: dict[str, None] = field(default_factory=dict)

    def chosen(self, vector: Vector, listed: List) -> Sequence[RelatedPost]:
        """The list from the posts that are most like a vector, and those that fill it.

        Where the list could be another one if more posts were looked at, more are.
        """
        self._add(post.path for post in self.newest_first)
        self._add(self.also)
        size = max(FIRST_POSTS, MORE_TIMES * self.options.limit)
        similar, *others = self._found([self._similar(vector, size), *self._beside()])
        self._add(chain(similar, *others))
        items = listed(self._slice())
        while self._wants_more(items):
            if len(similar) < size or size >= MOST_POSTS:
                self._add(chain(*self._found(self._fillers())))
                return listed(self._slice())
            size *= MORE_TIMES
            (similar,) = self._found([self._similar(vector, size)])
            self._add(similar)
            items = listed(self._slice())
        return items

    def _wants_more(self, items: Sequence[RelatedPost]) -> bool:
        """Whether there is room left for posts that are alike."""
        return len(items) < self.options.limit or any(item.rung in _FILLING for item in items)

    def _similar(self, vector: Vector, size: int) -> Json:
        """Asks for the posts most like a vector that may follow."""
        opened, tuning = self.opened, self.opened.tuning.related
        query = like(vector, opened.generation.keys)
        half_life_days = self.options.half_life_days
        if half_life_days is None:
            half_life_days = tuning.half_life_days
        query = aged(
            at_least(query, NEAR_SIMILARITY), half_life_days, opened.generation.newest_timestamp
        )
        return candidates_body(self._may_follow(query), {}, size, BY_WORDS)

    def _beside(self) -> list[Json]:
        """Asks for what a list may need whatever is alike.

        The newest posts are better than repetitions; parts of a series may be named.
        """
        bodies = [self._newest(dsl.EVERY_POST)]
        bodies += [candidates_body(query, {}, FIRST_POSTS, BY_WORDS) for query in self.more]
        series = [post.facts["series"] for post in self.newest_first if "series" in post.facts]
        if series:
            parts: Json = {"terms": {"series": series}}
            bodies.append(candidates_body(parts, {}, MAX_MEMBERS, NEWEST_FIRST))
        return bodies

    def _fillers(self) -> list[Json]:
        return [self._newest(query) for query in fillers(self.newest_first)]

    def _newest(self, query: Json) -> Json:
        """Asks for the newest of the posts that a query finds and that may follow."""
        size = self.options.limit + POOL_POSTS + len(self.newest_first)
        return candidates_body(self._may_follow(query), {}, size, NEWEST_FIRST)

    def _found(self, bodies: Sequence[Json]) -> list[list[str]]:
        """The paths of the posts that each search finds, in order."""
        generation = self.opened.generation
        answers = generation.cluster.msearch(generation.index, bodies, SEARCH_TYPE)
        return [[each.path for each in candidates_in(answer)] for answer in answers]

    def _may_follow(self, query: Json) -> Json:
        names = self.opened.generation.names
        barred = [post.path for post in self.newest_first]
        if self.options.excludes_linked:
            links = (path for post in self.newest_first for path in post.fields["links"])
            barred += [path for path in map(names.canonical, links) if path is not None]
        return may_follow(query, self.newest_first, [*map(document_id, barred)], self.options)

    def _add(self, paths: Iterable[str]) -> None:
        self._paths |= dict.fromkeys(paths)

    def _slice(self) -> Slice:
        """All posts so far, and the translations of those that have any."""
        opened, store = self.opened, self.opened.generation.store
        posts = store.fetch(self._paths, ("vectors",))
        groups = sorted({p.facts["translation"] for p in posts if "translation" in p.facts})
        if groups:
            twins: Json = {"terms": {"translation": groups}}
            (found,) = self._found([candidates_body(twins, {}, MAX_MEMBERS, NEWEST_FIRST)])
            posts = store.fetch((*self._paths, *found), ("vectors",))
        return Slice(posts, opened.generation, opened.tuning)
