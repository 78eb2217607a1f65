"""What a cluster does beside the engine on this machine: a real one, of three nodes of 512 MB.

    python -m bench cluster --judged ../shared/relevance --corpora ../shared/corpora
    python -m bench cluster quality speed --judged ../shared/relevance --corpora ../shared/corpora

The cluster is started for this at ports of its own, and stopped in the end. Parts can be named:

    quality    nDCG of both engines on the judged collections
    building   how long a large corpus takes to be built into the cluster
    speed      how long searches of that corpus take over HTTP, from both engines
    failing    what clients see when nodes are killed, and come back
    builds     what clients see of builds
    memory     what a sender and a service have in memory as posts become more

Each ends with what is asked of it, and whether that was met. Needs Java 17 or 21, the first time
Maven, and Linux. The documentation of Windows drivers takes some minutes to index, and so many
synthetic posts a quarter of an hour.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from bench.cluster_bars import Bar, print_bars
from bench.cluster_builds import measure_builds
from bench.cluster_failing import measure_failing
from bench.cluster_memory import measure_memory
from bench.cluster_quality import measure_quality
from bench.cluster_sites import Run
from bench.cluster_speed import measure_building, measure_speed
from bench.machine import machine
from tests.cluster.cluster import Cluster
from tests.cluster.errors import ClusterProblemError
from tests.cluster.node import HEAP_MB, NODES

FIRST_PORT: Final = 9551
"""Where no cluster of the tests is."""

PARTS: Final[Mapping[str, Callable[[Run], list[Bar]]]] = {
    "building": measure_building,
    "quality": measure_quality,
    "speed": measure_speed,
    "failing": measure_failing,
    "builds": measure_builds,
    "memory": measure_memory,
}
"""In the order in which they are measured: the first build is of an empty cluster."""

BUILDS: Final = 20
SIZE: Final = 200_000


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--judged", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--corpora", type=click.Path(path_type=Path, exists=True), required=True)
@click.option(
    "--large",
    metavar="NAME",
    default="windows-drivers",
    show_default=True,
    help="The corpus that is built and searched against the clock.",
)
@click.option("--builds", type=click.IntRange(1), default=BUILDS, show_default=True)
@click.option(
    "--size", type=click.IntRange(100), default=SIZE, show_default=True, help="Synthetic posts."
)
def main(
    parts: Sequence[str], judged: Path, corpora: Path, large: str, builds: int, size: int
) -> None:
    """Measure a cluster of three nodes, in all PARTS or in some."""
    cluster = Cluster(FIRST_PORT)
    click.echo(f"{machine()}; {NODES} nodes of {HEAP_MB} MB on the same machine")
    try:
        with tempfile.TemporaryDirectory() as folder, cluster.claimed() as is_ours:
            if not is_ours:
                raise click.ClickException(f"the cluster at port {FIRST_PORT} is in use")
            run = Run(cluster, Path(folder).resolve(), judged, corpora, large, builds, size)
            for name, measure in PARTS.items():
                if not parts or name in parts:
                    print_bars(measure(run))
    except ClusterProblemError as error:
        raise click.ClickException(str(error)) from None
