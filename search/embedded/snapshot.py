"""What a request may ask of the posts: those of a whole generation, or some of them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from index.blocks import BLOCKS
from index.layout import UNDATED
from search.embedded.concepts import Concepts
from search.embedded.dictionary import TERM_BLOCKS, Dictionary
from search.embedded.documents import Documents
from search.embedded.groups import Groups, SeriesGroups
from search.embedded.labels import Labels
from search.embedded.postings import Postings
from search.embedded.texts import Texts
from search.embedded.vectors import BlockRows, Rows, VectorBlock
from search.query import Clause
from search.tuning import Tuning

SECONDS_A_DAY: Final = 86_400

AGE_SHARE: Final = 0.5
"""How much of a score age can take in all, where it is to matter: an old post that answers well
still beats a new one that hardly does."""


class Snapshot:
    """Documents of one generation, numbered from 0; never changes, safe for many threads.

    `dictionary` is that of the whole site, whose newest post is dated `newest_timestamp`, UNDATED
    where none is. `timestamps`, `newest_rank`, `boosts` and `is_popular` have one entry for each
    document, as `index.columns` describes them; `boosts` include the site's own. `series` has the
    posts to be read one after the other, in the order of the parts; `translations` the posts that
    are one post in several languages, by path. `clause_counts` tells in how many documents of the
    site some clauses match, where not all documents are here.
    """

    generation_name: str
    tuning: Tuning
    dictionary: Dictionary
    documents: Documents
    postings: Postings
    texts: Texts
    concepts: Concepts
    matrix: BlockRows
    timestamps: npt.NDArray[np.int64]
    newest_timestamp: int
    newest_rank: npt.NDArray[np.int32]
    boosts: npt.NDArray[np.float64]
    is_popular: npt.NDArray[np.bool_]
    labels: Mapping[str, Labels]
    series: SeriesGroups
    translations: Groups
    clause_counts: dict[Clause, int]

    def _share(self, dictionary: Dictionary) -> None:
        """Has what the whole site has in common at hand."""
        self.dictionary = dictionary
        self.words = dictionary.words
        self.title_phrases = dictionary.title_phrases
        self.word_shown = dictionary.word_shown

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages of the site's posts, that of most posts first."""
        return self.dictionary.languages

    @cached_property
    def has_boosts(self) -> bool:
        """Whether any post's scores are multiplied by something."""
        return bool(np.any(self.boosts != 1))

    @cached_property
    def recency(self) -> npt.NDArray[np.float64] | None:
        """What age leaves of each post's scores; None where age does not matter.

        Half of it goes with age, a half-life after the other.
        """
        halves = self.halved_by_age(self.tuning.recency_half_life_days)
        return None if halves is None else 1 - AGE_SHARE + AGE_SHARE * halves

    def halved_by_age(self, half_life_days: float) -> npt.NDArray[np.float64] | None:
        """For each post a half to the power of its age in half-lives; None where age is nothing.

        The newest post has no age. An undated post is as old as one of a single half-life.
        """
        half_life_seconds = half_life_days * SECONDS_A_DAY
        if not half_life_seconds or self.newest_timestamp == UNDATED:
            return None
        is_dated = self.timestamps != UNDATED
        ages = np.where(is_dated, self.newest_timestamp - self.timestamps, half_life_seconds)
        return np.asarray(0.5 ** (ages / half_life_seconds))

    @cached_property
    def rows(self) -> dict[str, Rows]:
        """Each block of the matrix."""
        return {block: Rows(self.matrix, block) for block in BLOCKS}

    @cached_property
    def vectors(self) -> dict[str, VectorBlock]:
        """The blocks whose columns have terms of their own."""
        columns = self.dictionary.columns
        return {name: VectorBlock(self.matrix, name, columns[name]) for name in TERM_BLOCKS}
