"""A cluster to answer from."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexUnavailableError
from index.opensearch.options import ClusterOptions
from search.engine import Engine
from search.tuning import Tuning

Tell = Callable[[IndexUnavailableError], None]
"""Is given an error of a cluster that nobody else hears of."""


@dataclass(frozen=True, slots=True)
class ClusterSource:
    """What an engine on a cluster is opened with, to be opened again in another process.

    What servers need to have at hand of the index is kept in `cache_dir`. With `has_fallback`, the
    index on this machine answers while the cluster can't.
    """

    options: ClusterOptions
    cache_dir: Path
    has_fallback: bool = False

    def open(self, base_url: str | None, tuning: Tuning | None) -> Engine:
        """The engine on the cluster; raises IndexUnavailableError."""
        from search.opensearch.engine import OpenSearchEngine  # noqa: PLC0415  # where it is used

        return OpenSearchEngine.open(self.options, self.cache_dir, base_url=base_url, tuning=tuning)
