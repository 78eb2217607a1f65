"""What requests are answered from: a generation in the cluster, and what is said about it."""

from dataclasses import dataclass

from search.opensearch.clustergeneration import ClusterGeneration
from search.opensearch.slices import Slice
from search.tuning import Tuning


@dataclass(frozen=True, slots=True)
class Opened:
    """A generation, what its owner says about searching, and what the urls of posts start with.

    `site` is a slice without posts: it knows the words of the whole site.
    """

    generation: ClusterGeneration
    tuning: Tuning
    base_url: str
    site: Slice

    @classmethod
    def of(cls, generation: ClusterGeneration, tuning: Tuning, base_url: str | None) -> "Opened":
        """The generation, opened; without a base_url, with the one that it was built with."""
        starts = generation.base_url if base_url is None else base_url
        return cls(generation, tuning, starts.rstrip("/"), Slice((), generation, tuning))
