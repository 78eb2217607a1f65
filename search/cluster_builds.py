"""Builds whose generation goes to a cluster."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from index.buildoptions import BuildOptions
from index.errors import BuildError
from index.generation import current_name, directory_of
from index.lock import build_lock
from index.opensearch.client import Cluster
from index.opensearch.options import ClusterOptions
from index.opensearch.publishing import publish_generation
from index.report import BuildReport, Progress
from search.build_settings import Build


@dataclass(frozen=True, slots=True)
class ClusterBuild:
    """A build on this machine, and the sending of what is published here.

    Of what the cluster has not, only what has changed is sent, unless it `is_full`.
    """

    build: Build
    options: ClusterOptions
    is_full: bool = False

    def __call__(
        self,
        content_dir: Path,
        index_dir: Path,
        options: BuildOptions,
        progress: Progress = lambda _step, _done, _total: None,
    ) -> BuildReport:
        """Raises what the build raises and, with its generation published here, ClusterError."""
        with closing(Cluster(self.options)) as cluster:
            report = self.build(content_dir, index_dir, options, progress)
            with _no_other_build(index_dir):
                name = publish_generation(
                    directory_of(index_dir, current_name(index_dir)),
                    cluster,
                    progress,
                    keep_generations=options.keep_generations,
                    is_full=self.is_full,
                )
        return replace(report, cluster_index=name)


@contextmanager
def _no_other_build(index_dir: Path) -> Iterator[None]:
    """Keeps others from sending at the same time, and from removing what is sent; BuildError."""
    with ExitStack() as stack:
        try:
            stack.enter_context(build_lock(index_dir))
        except OSError as error:
            raise BuildError(
                f"What is in {index_dir} can't be sent, as its lock can't be had "
                f"({error.strerror}). Run this as the user who builds the index."
            ) from error
        yield
