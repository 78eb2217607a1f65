"""What a cluster has of the index, for those who look after it."""

from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

from index.opensearch.options import ClusterOptions


@dataclass(frozen=True, slots=True)
class ClusterState:
    """The published index: its name, how many posts it was sent and how many there are.

    `health` is the cluster's word: `green`, `yellow` (some copies are missing) or `red`.
    """

    index: str
    generation: str
    posts: int
    found: int
    health: str
    size_bytes: int

    @property
    def is_sound(self) -> bool:
        """Whether all of it is there."""
        return self.found == self.posts and self.health != "red"

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return asdict(self) | {"is_sound": self.is_sound}


def look_at_cluster(options: ClusterOptions) -> ClusterState:
    """What is published in the cluster. Raises ClusterError."""
    from index.opensearch.client import Cluster  # noqa: PLC0415  # only where there is a cluster
    from index.opensearch.generations import current_index  # noqa: PLC0415

    with closing(Cluster(options)) as cluster:
        name, meta = current_index(cluster, options.index)
        return ClusterState(
            index=name,
            generation=meta["generation"],
            posts=meta["posts"],
            found=cluster.count(name, {"term": {"kind": "post"}}),
            health=cluster.health(name)["status"],
            size_bytes=cluster.index_bytes(name),
        )


def prune_cluster(options: ClusterOptions, keep: int) -> tuple[str, ...]:
    """Removes all but the newest `keep` generations from the cluster, and what builds left there.

    To be called while no build is at work. Gives the names of the indices; raises ClusterError.
    """
    from index.opensearch.client import Cluster  # noqa: PLC0415  # only where there is a cluster
    from index.opensearch.generations import current_index, prune, remove_leftovers  # noqa: PLC0415

    with closing(Cluster(options)) as cluster:
        current_index(cluster, options.index)  # or an older one might be all that is left
        leftovers = remove_leftovers(cluster, options.index)
        return (*prune(cluster, options.index, keep), *leftovers)
