"""A site whose related posts are measured: its posts, and the ways of relating them."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from sklearn.feature_extraction.text import CountVectorizer

from bench.cosine import BodyCosine
from bench.morelikethis import MoreLikeThis
from bench.relevance import built, everything_judged
from index.loader import load_posts
from index.post import Post
from search import Engine, open_engine

Related = Callable[[int, int], Sequence[int]]
"""From a post's number and a limit to the numbers of the related posts, best first."""

SIGNPOST: Final = "Signpost"
HUGO: Final = "Hugo"
COSINE: Final = "Body TF-IDF cosine alone"
MORE_LIKE_THIS: Final = "More-like-this, simulated"


class RelatedSite:
    """The posts of a folder, numbered in order of their paths, and what finds related ones.

    Bodies are split into words once, by scikit-learn's own rules, for all but Signpost.
    """

    def __init__(self, content_dir: Path, index_dir: Path) -> None:
        """Opens the index in `index_dir`, or builds one there; ValueError if it has other posts."""
        self.index_dir = index_dir
        has_index = (index_dir / "CURRENT").exists()
        self.engine: Engine = open_engine(index_dir) if has_index else built(content_dir, index_dir)
        self.posts: Sequence[Post] = load_posts(content_dir, everything_judged()).posts
        self.docnums = {post.path: docnum for docnum, post in enumerate(self.posts)}
        indexed = self.engine.status().posts
        if indexed != len(self.posts):
            raise ValueError(
                f"the index in {index_dir} has {indexed} posts, and {content_dir} has "
                f"{len(self.posts)}; delete that index to have it built anew"
            )

    def ways(self) -> dict[str, Related]:
        """Each way that answers from within this process, by its name; Signpost's is the first."""
        return {
            SIGNPOST: self._related,
            COSINE: self.cosine.related,
            MORE_LIKE_THIS: self._more_like_this.related,
        }

    @cached_property
    def cosine(self) -> BodyCosine:
        """Brute force by scikit-learn."""
        return BodyCosine.of_texts([post.text for post in self.posts])

    @cached_property
    def _more_like_this(self) -> MoreLikeThis:
        return MoreLikeThis(CountVectorizer().fit_transform(post.text for post in self.posts))

    def _related(self, docnum: int, limit: int) -> list[int]:
        related = self.engine.related(self.posts[docnum].path, limit=limit).related
        return [self.docnums[post.path] for post in related]
