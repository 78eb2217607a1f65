"""A generation in the cluster, open for reading: what is at hand of it, and how to ask for more."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.errors import ClusterDamagedError
from index.generation import COMPLETIONS_DIR, VECTORS_DIR
from index.layout import UNDATED
from index.opensearch.client import Cluster
from index.opensearch.fetching import fetch_dictionary
from index.opensearch.layout import POSTS_DIR
from search.embedded.completion import Completer
from search.embedded.dictionary import Dictionary
from search.embedded.sortedstrings import load_array
from search.opensearch import dsl
from search.opensearch.clausecounts import ClauseCounts
from search.opensearch.columnkeys import ColumnKeys
from search.opensearch.postnames import PostNames
from search.opensearch.poststore import PostStore
from search.opensearch.scorefactor import has_k1_factor


class ClusterGeneration:
    """One index of the cluster, which never changes, and its dictionary in a folder here.

    `posts` is how many it has; the newest of them is dated `newest_timestamp`, UNDATED where none
    is. Scores of words in the cluster have to be multiplied by `term_boost`. Safe for many threads.
    """

    def __init__(
        self, cluster: Cluster, index: str, folder: Path, manifest: Mapping[str, Any]
    ) -> None:
        self.cluster = cluster
        self.index = index
        self.name: str = manifest["generation"]
        self.created_at: str = manifest["created_at"]
        self.base_url: str = manifest["base_url"]
        self.posts: int = manifest["posts"]
        self.has_boosts: bool = manifest["has_boosts"]
        newest = manifest["newest_timestamp"]
        self.newest_timestamp: int = UNDATED if newest is None else newest
        self.dictionary = Dictionary(folder, self.posts)
        self.names = PostNames(folder / POSTS_DIR)
        self.completer = Completer(folder / COMPLETIONS_DIR, self.names)
        has_factor = not len(self.names) or has_k1_factor(
            cluster, index, self.names.paths[0], self.posts
        )
        self.term_boost = 1.0 if has_factor else dsl.TERM_BOOST_WITHOUT_FACTOR
        self.keys = ColumnKeys(
            self.dictionary,
            load_array(folder / VECTORS_DIR, "features.counts"),
            1.0 if has_factor else dsl.FEATURE_BOOST_WITHOUT_FACTOR,
        )
        self.store = PostStore(cluster, index)
        self.clause_counts = ClauseCounts()

    @classmethod
    def open(cls, cluster: Cluster, index: str, cache_dir: Path) -> "ClusterGeneration":
        """The generation in an index; fetches its dictionary unless that is in `cache_dir`.

        Raises ClusterError, of which ClusterDamagedError is for a dictionary that can't be read or
        kept.
        """
        folder = cache_dir / index
        try:
            return cls(cluster, index, folder, fetch_dictionary(cluster, index, folder))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ClusterDamagedError(
                f"What searching needs of the index {index} can't be kept in {cache_dir} or read "
                f"from there ({error}). See that the folder can be written to, or remove it."
            ) from error

    def check(self) -> None:
        """Raises ClusterError unless all of its shards can be asked."""
        self.cluster.search(self.index, {"size": 0, "track_total_hits": False})
