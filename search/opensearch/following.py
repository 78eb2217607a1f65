"""The generation in a cluster that is answered from: the published one, once it is at hand."""

import logging
import shutil
import threading
from pathlib import Path

from index.errors import ClusterDamagedError, ClusterError, ClusterVersionError
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.generations import current_index, is_generation
from search.opensearch.clustergeneration import ClusterGeneration
from search.opensearch.opened import Opened
from search.tuning import Tuning

_log = logging.getLogger(__name__)


class Following:
    """`now` is what to answer from; `move_on` looks for what is published, one thread at a time.

    `failure` is what the last look met, None where all can be answered. `passed_over` is what is
    wrong with the published index where what is at hand answers on, None where nothing is.
    Raises ClusterError where there is nothing to begin with.
    """

    def __init__(
        self, options: ClusterOptions, cache_dir: Path, base_url: str | None, tuning: Tuning
    ) -> None:
        self.failure: ClusterError | None = None
        self.passed_over: ClusterError | None = None
        self._cluster = Cluster(options)
        self._cache_dir = cache_dir
        self._base_url = base_url
        self._tuning = tuning
        self._looking = threading.Lock()
        try:
            self.now = self._opened(current_index(self._cluster, options.index).name)
        except ClusterError:
            self._cluster.close()
            raise

    def move_on(self) -> None:
        """Asks what is published, and opens it if that is another one; raises ClusterError."""
        with self._looking:
            try:
                self._follow()
            except ClusterError as error:
                self.failure = error
                raise
            self.failure = None
            if self.passed_over is not None:
                raise self.passed_over

    def _follow(self) -> None:
        """Looks; what is at hand is asked as well, as it may have lost its shards since."""
        try:
            name = current_index(self._cluster, self._cluster.options.index).name
            if name != self.now.generation.index:
                before, self.now = self.now, self._opened(name)
                self._remove_all_but(name, before.generation.index)
        except (ClusterVersionError, ClusterDamagedError) as error:
            self.now.generation.check()
            if self.passed_over is None:
                _log.warning("Answering on from %s: %s", self.now.generation.index, error)
            self.passed_over = error
        else:
            self.passed_over = None
            self.now.generation.check()

    def _opened(self, index: str) -> Opened:
        generation = ClusterGeneration.open(self._cluster, index, self._cache_dir)
        return Opened.of(generation, self._tuning, self._base_url)

    def _remove_all_but(self, *kept: str) -> None:
        """Removes dictionaries that nobody needs any more; other processes may need the last."""
        alias = self._cluster.options.index
        for folder in self._cache_dir.iterdir():
            if is_generation(folder.name, alias) and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)
