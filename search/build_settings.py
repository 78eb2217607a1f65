"""How the settings say that posts are to be built."""

from pathlib import Path
from typing import Protocol

from index.buildoptions import BuildOptions
from index.loader import LoadOptions
from index.report import BuildReport, Progress
from index.safeguards import ANY_SHRINK
from index.updating import update_index
from search.settings import Settings


class Build(Protocol):
    """What builds as `update_index` does, and raises what that raises, or ClusterError."""

    def __call__(
        self, content_dir: Path, index_dir: Path, options: BuildOptions, progress: Progress = ..., /
    ) -> BuildReport:
        """The report of the build."""
        ...


def build_options(
    settings: Settings, *, is_strict: bool = False, allows_shrink: bool = False
) -> BuildOptions:
    """What builds are to be done with, by the time of day that it is now."""
    return BuildOptions(
        load=LoadOptions(settings.permalinks, frozenset(settings.posts.include)),
        base_url=settings.site.base_url,
        language=settings.site.language,
        is_strict=is_strict,
        keep_generations=settings.index.keep_generations,
        max_shrink=ANY_SHRINK if allows_shrink else settings.index.max_shrink,
        max_memory_mb=settings.index.max_memory_mb,
    )


def build_of(settings: Settings, *, is_full: bool = False) -> Build:
    """What builds and, where the engine is a cluster, sends there what it made.

    Raises SettingsError where the cluster's password can't be read.
    """
    build: Build = update_index
    if is_full:
        from index.build import build_index  # noqa: PLC0415  # scikit-learn: a second

        build = build_index
    if not settings.engine.is_cluster:
        return build
    from search.chosen_engine import cluster_options_of  # noqa: PLC0415  # only for a cluster
    from search.cluster_builds import ClusterBuild  # noqa: PLC0415  # as well

    return ClusterBuild(build, cluster_options_of(settings), is_full)
