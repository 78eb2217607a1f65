"""The protocol that every engine keeps, and how one is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from search.drafts import Draft
from search.related_results import Recommendations, RelatedPosts
from search.results import EngineStatus, PostDetails, SearchResults, Suggestions
from search.tuning import Tuning

Sort = Literal["relevance", "newest", "oldest"]
SeriesPlacement = Literal["mixed", "first", "excluded"]

DEFAULT_LIMIT = 10
MAX_LIMIT = 100
"""More hits than this in one answer are nobody's first page; page on with `offset`."""

MAX_OFFSET = 10_000
"""How deep one may page; past that, a narrower query serves better than more pages."""

DEFAULT_RELATED_LIMIT = 5
MAX_RELATED_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must have besides matching.

    Values of one field are alternatives, fields are wanted together; letter case is ignored.
    """

    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    langs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How an answer is cut and ordered.

    `last_word_is_prefix` is for answers as one types; `explains` asks for each hit's explanation.
    """

    limit: int = DEFAULT_LIMIT
    offset: int = 0
    sort: Sort = "relevance"
    filters: Filters = Filters()
    last_word_is_prefix: bool = False
    explains: bool = False


@dataclass(frozen=True, slots=True)
class RelatedOptions:
    """How a related list is chosen.

    With `includes_newer` false, posts dated after the source are left out, none where it has no
    date; with `excludes_linked`, those that its body links to. `since` leaves out posts dated
    before it, and undated ones. Of `langs` and of `categories`, where there are any, a post must
    have one. `series` says what becomes of the other parts of the source's series: they are listed
    as any post is, or first, or not at all. `half_life_days` is how much older a post must be to
    count half as alike, and 0 where age does not matter; None leaves it to the settings. `explains`
    asks for every reason of each post, not only the largest.
    """

    limit: int = DEFAULT_RELATED_LIMIT
    includes_newer: bool = True
    excludes_linked: bool = False
    since: date | None = None
    langs: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    series: SeriesPlacement = "mixed"
    half_life_days: float | None = None
    explains: bool = False


class Engine(Protocol):
    """Answers from one generation at a time; safe to call from many threads.

    Nothing a reader can type raises. Every answer names the generation it came from.
    """

    def search(
        self, text: str, *, limit: int = DEFAULT_LIMIT, options: SearchOptions | None = None
    ) -> SearchResults:
        """The posts that match `text`; `options`, where given, has the limit too."""
        ...

    def related(
        self,
        path: str,
        *,
        limit: int = DEFAULT_RELATED_LIMIT,
        options: RelatedOptions | None = None,
    ) -> RelatedPosts:
        """What to read after the post at `path`; PostNotFoundError where there is none.

        `path` may also be one of the post's aliases, or lack its leading slash.
        """
        ...

    def recommend(
        self,
        history: Sequence[str],
        *,
        limit: int = DEFAULT_RELATED_LIMIT,
        options: RelatedOptions | None = None,
    ) -> Recommendations:
        """What to read after several posts, of which the one read last comes last and counts most.

        Nothing that was read is listed again. Without any known post: popular posts, then new ones.
        """
        ...

    def related_to_text(self, text: str, *, limit: int = DEFAULT_RELATED_LIMIT) -> RelatedPosts:
        """What to read after a text that is no post, and the tags and links that it deserves."""
        ...

    def related_to_draft(self, draft: Draft, *, limit: int = DEFAULT_RELATED_LIMIT) -> RelatedPosts:
        """The same for a text of which more is known."""
        ...

    def suggest(self, text: str, *, limit: int = DEFAULT_LIMIT) -> Suggestions:
        """Tags, phrases and titles that continue `text`."""
        ...

    def post(self, path: str) -> PostDetails:
        """The post at `path`; PostNotFoundError where there is none."""
        ...

    def recent(self, *, limit: int = DEFAULT_LIMIT) -> Sequence[PostDetails]:
        """The newest posts, newest first, without their bodies (`html` is empty)."""
        ...

    def paths(self) -> Sequence[str]:
        """The canonical paths of all posts, in order."""
        ...

    def near_duplicates(self, path: str) -> Sequence[tuple[str, float]]:
        """Posts that say the same as the one at `path`, such as versions of it.

        Each with the cosine of the two texts, most alike first. PostNotFoundError.
        """
        ...

    def text_cosines(self, paths: Sequence[str]) -> Sequence[Sequence[float]]:
        """How alike the texts of some posts are: the cosine of each with each, in their order.

        PostNotFoundError where there is no post at one of the paths.
        """
        ...

    def status(self) -> EngineStatus:
        """What the engine answers from at this moment."""
        ...

    def move_on(self) -> None:
        """Looks at once for a generation that was published, and answers from it when it is open.

        Meanwhile, other threads are answered from the one at hand.
        """
        ...


def open_engine(
    index_dir: str | Path, *, base_url: str | None = None, tuning: Tuning | None = None
) -> Engine:
    """An engine over the generation published in `index_dir`.

    `base_url` starts the urls of hits; without it, the one that the index was built with does.
    `tuning` is what the site's owner says about searching.
    Raises IndexUnavailableError, of which each kind says what to do.
    """
    from search.embedded.engine import EmbeddedEngine  # noqa: PLC0415  # it imports this module

    return EmbeddedEngine.open(Path(index_dir), base_url=base_url, tuning=tuning)
