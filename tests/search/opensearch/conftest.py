"""Sites with everything: whole as the embedded engine has them, and in a real cluster."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import pytest

from index.build import build_index
from index.generation import current_name, directory_of
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.publishing import publish_generation
from search.embedded.generationsnapshot import GenerationSnapshot
from search.opensearch.clustergeneration import ClusterGeneration
from search.opensearch.opened import Opened
from search.tuning import Tuning
from tests.conftest import write_site
from tests.engine_contract.sites import SITES

NAMES: Final = ("harbor", "languages", "ledger")


@dataclass(frozen=True)
class Sent:
    """A generation here, and the same one opened in the cluster."""

    snapshot: GenerationSnapshot
    opened: Opened


@pytest.fixture(scope="session", params=NAMES)
def sent(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    cluster_hosts: tuple[str, ...],
) -> Iterator[Sent]:
    """Each of the sites in turn."""
    folder = tmp_path_factory.mktemp(request.param)
    site = SITES[request.param]
    build_index(write_site(folder / "posts", site.files), folder / "index", site.options)
    options = ClusterOptions(cluster_hosts, index=f"test-{uuid4().hex[:12]}", replicas=0)
    cluster = Cluster(options)
    directory = directory_of(folder / "index", current_name(folder / "index"))
    name = publish_generation(directory, cluster)
    generation = ClusterGeneration.open(cluster, name, folder / "cache")
    yield Sent(
        GenerationSnapshot.open(folder / "index"), Opened.of(generation, Tuning(), base_url=None)
    )
    cluster.delete_index(name)
    cluster.close()
