"""Some posts of a generation, laid out so that the embedded engine's code answers from them."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType

import numpy as np

from search.embedded.concepts import Concepts
from search.embedded.snapshot import Snapshot
from search.embedded.texts import Texts
from search.embedded.vectors import BlockRows
from search.opensearch.clausecounts import Counted
from search.opensearch.clustergeneration import ClusterGeneration
from search.opensearch.posts import StoredPost, in_order, newest_rank
from search.opensearch.slicedocuments import SliceDocuments
from search.opensearch.sliceparts import (
    SliceLabels,
    concepts_of,
    rows_of,
    series_of,
    texts_of,
    translations_of,
)
from search.opensearch.slicepostings import NO_USES, SlicePostings
from search.tuning import Tuning


class Slice(Snapshot):
    """Some posts, in the order of their paths; of the rest, what the dictionary tells.

    What is asked of a post has to have come with it: its `uses` for matching and ranking, its
    `texts` for hits, its `vectors` for what is related.
    """

    def __init__(
        self,
        posts: Iterable[StoredPost],
        generation: ClusterGeneration,
        tuning: Tuning,
        counts: Mapping[Counted, int] = MappingProxyType({}),
    ) -> None:
        self.posts = in_order(posts)
        self.tuning = tuning
        self.generation_name = generation.name
        self.clause_counts = {
            one: count for one, count in counts.items() if not isinstance(one, frozenset)
        }
        self._generation = generation
        dictionary = generation.dictionary
        self._share(dictionary)
        self.documents = SliceDocuments(self.posts, generation.names)
        self.postings = SlicePostings(
            [post.records.get("uses", NO_USES) for post in self.posts],
            dictionary.terms,
            generation.posts,
            {one: count for one, count in counts.items() if isinstance(one, frozenset)},
        )
        self.timestamps = np.array([post.timestamp for post in self.posts], np.int64)
        self.newest_timestamp = generation.newest_timestamp
        self.newest_rank = newest_rank(self.posts)
        self.boosts = np.array(
            [post.fields["boost"] * tuning.boost(post.path) for post in self.posts], np.float64
        )
        self.is_popular = np.array(
            [post.fields["popular"] or post.fields["featured"] for post in self.posts], np.bool_
        )
        self.labels = {
            name: SliceLabels(values, name, self.posts)
            for name, values in dictionary.labels.items()
        }
        self.series = series_of(self.posts, dictionary.series_names)
        self.translations = translations_of(self.posts)

    def complete(self, posts: Iterable[StoredPost]) -> None:
        """Takes what more has come of some of the posts, before it is laid out."""
        more = {post.path: post for post in posts}
        self.posts = [more.get(post.path, post) for post in self.posts]

    @cached_property
    def texts(self) -> Texts:  # type: ignore[override]  # laid out when a page is told of
        """The texts of the posts that came with theirs."""
        return texts_of(self.posts, self.postings)

    @cached_property
    def concepts(self) -> Concepts:  # type: ignore[override]  # laid out when it is needed
        """The concepts of all posts."""
        return concepts_of(self.posts)

    @cached_property
    def matrix(self) -> BlockRows:  # type: ignore[override]  # laid out when it is needed
        """The vectors of the posts that came with theirs."""
        return rows_of(self.posts, self._generation.keys, self.dictionary.block_starts)
