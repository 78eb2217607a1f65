"""What all posts come to, gathered as they arrive, in whatever order that is."""

from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from index.analyzed import AnalyzedPost, stored_part
from index.phrases import PhraseCounter
from index.postspool import Extent, PostSpool
from index.sitewords import SiteWords
from index.state import State, part, prefixed

MAX_UNUSED_SHARE: Final = 0.5
"""Of the forms that are remembered, those that no post has any more."""


class Gathered:
    """The posts themselves, set aside; their words, laid out; and the pieces of phrases."""

    def __init__(
        self,
        posts: PostSpool | None = None,
        words: SiteWords | None = None,
        phrases: PhraseCounter | None = None,
    ) -> None:
        self.posts = PostSpool() if posts is None else posts
        self.words = words or SiteWords()
        self.phrases = phrases or PhraseCounter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.posts.close()

    def add(self, data: bytes) -> None:
        """Takes in the next post, as AnalyzedPost.to_bytes gives it."""
        self.posts.append(stored_part(data))
        post = AnalyzedPost.from_bytes(data)
        language = post.stored.language
        self.words.add(post.words, language)
        self.phrases.add(post.piece_names, post.pieces, language)

    def reorder(self, places: Sequence[int]) -> None:
        """Puts the posts at these places in their order, and lets go of the others."""
        self.posts.reorder(places)
        self.words.reorder(places)
        self.phrases.reorder(places)

    @property
    def can_go_on(self) -> bool:
        """Whether more posts can be added to its state as if it were new."""
        return self.phrases.is_whole and self.words.unused_share() <= MAX_UNUSED_SHARE

    def state(self) -> State:
        """All but the posts themselves."""
        return prefixed("words", self.words.state()) | prefixed("phrases", self.phrases.state())

    @classmethod
    def of_state(cls, state: State, extents: Sequence[Extent]) -> "Gathered":
        """What was in this state, and where the posts are; KeyError where something is missing."""
        words = SiteWords(part("words", state))
        phrases = PhraseCounter(part("phrases", state))
        return cls(PostSpool(extents), words, phrases)
