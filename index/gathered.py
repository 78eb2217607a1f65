"""What all posts come to, gathered as they arrive, in whatever order that is."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from index.analysis import DEFAULT_LANGUAGE
from index.analyzed import AnalyzedPost
from index.phrases import PhraseCounter
from index.postspool import PostSpool
from index.sitewords import SiteWords


class Gathered:
    """The posts themselves, set aside; their words, laid out; and the pieces of phrases."""

    def __init__(self) -> None:
        self.posts = PostSpool()
        self.words = SiteWords()
        self.phrases = PhraseCounter()

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
        self.posts.append(data)
        post = AnalyzedPost.from_bytes(data)
        language = post.post.lang or DEFAULT_LANGUAGE
        self.words.add(post.words, language)
        self.phrases.add(post.piece_names, post.pieces, language)

    def reorder(self, places: Sequence[int]) -> None:
        """Puts everything in the order of these places, which are those of all posts."""
        self.posts.reorder(places)
        self.words.reorder(places)
        self.phrases.reorder(places)
