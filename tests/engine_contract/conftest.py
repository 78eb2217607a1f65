"""Every promise is held by every engine: one fixture, with a parameter for each of them."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Protocol

import pytest

from index.build import build_index
from index.opening import open_current
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.publishing import publish_generation
from search import Engine, open_engine
from search.opensearch.engine import OpenSearchEngine
from search.tuning import Tuning
from tests.conftest import write_site
from tests.engine_contract.sites import SITES, Site

ENGINES: Final = ("embedded", "opensearch")


class Host(Protocol):
    """Where one kind of engine finds the generations that were built."""

    kind: str

    def publish(self, index_dir: Path) -> None:
        """Makes the current generation of a folder what an engine answers from next."""
        ...

    def open(
        self, index_dir: Path, *, base_url: str | None = None, tuning: Tuning | None = None
    ) -> Engine:
        """An engine over what was published of a folder."""
        ...


class EmbeddedHost:
    """This machine: what was built is published."""

    kind = "embedded"

    def publish(self, index_dir: Path) -> None:
        assert index_dir.is_dir()

    def open(
        self, index_dir: Path, *, base_url: str | None = None, tuning: Tuning | None = None
    ) -> Engine:
        return open_engine(index_dir, base_url=base_url, tuning=tuning)


class ClusterHost:
    """An OpenSearch cluster, in which each folder has an alias of its own."""

    kind = "opensearch"

    def __init__(self, hosts: tuple[str, ...], folder: Path) -> None:
        self._hosts = hosts
        self._folder = folder
        self._clusters: dict[Path, Cluster] = {}
        self._indices: list[tuple[Cluster, str]] = []

    def publish(self, index_dir: Path) -> None:
        cluster = self._cluster(index_dir)
        directory = open_current(index_dir).directory
        self._indices.append((cluster, publish_generation(directory, cluster)))

    def open(
        self, index_dir: Path, *, base_url: str | None = None, tuning: Tuning | None = None
    ) -> Engine:
        options = self._cluster(index_dir).options
        cache_dir = self._folder / uuid.uuid4().hex
        return OpenSearchEngine.open(options, cache_dir, base_url=base_url, tuning=tuning)

    def clear(self) -> None:
        """Takes away all that was published."""
        for cluster, name in self._indices:
            cluster.delete_index(name)
        for cluster in self._clusters.values():
            cluster.close()

    def _cluster(self, index_dir: Path) -> Cluster:
        """The cluster as it is asked for what was built in a folder."""
        if index_dir not in self._clusters:
            alias = f"contract-{uuid.uuid4().hex[:12]}"
            options = ClusterOptions(hosts=self._hosts, index=alias, replicas=0)
            self._clusters[index_dir] = Cluster(options)
        return self._clusters[index_dir]


@pytest.fixture(scope="session", params=ENGINES)
def host(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    """Where an engine of each kind answers from."""
    if request.param == "embedded":
        yield EmbeddedHost()
        return
    hosts = request.getfixturevalue("cluster_hosts")
    cluster = ClusterHost(hosts, tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.clear()


@pytest.fixture(scope="session")
def index_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a site's index, which is built when it is first asked for."""
    built: dict[str, Path] = {}

    def index(name: str) -> Path:
        if name not in built:
            folder = tmp_path_factory.mktemp(name)
            site = SITES[name]
            build_index(write_site(folder / "posts", site.files), folder / "index", site.options)
            built[name] = folder / "index"
        return built[name]

    return index


class EngineOf(Protocol):
    """Opens an engine over a site."""

    def __call__(
        self, name: str, *, base_url: str | None = None, tuning: Tuning | None = None
    ) -> Engine: ...


@pytest.fixture(scope="session")
def engine_of(host: Host, index_of: Callable[[str], Path]) -> EngineOf:
    """An engine over one of the sites; one for all that say nothing of how it is opened."""
    published: set[str] = set()
    plain: dict[str, Engine] = {}

    def engine(name: str, *, base_url: str | None = None, tuning: Tuning | None = None) -> Engine:
        if name not in published:
            host.publish(index_of(name))
            published.add(name)
        if base_url is not None or tuning is not None:
            return host.open(index_of(name), base_url=base_url, tuning=tuning)
        if name not in plain:
            plain[name] = host.open(index_of(name))
        return plain[name]

    return engine


@pytest.fixture(scope="session")
def harbor(engine_of: EngineOf) -> Engine:
    """The blog with everything."""
    return engine_of("harbor")


@pytest.fixture(scope="session")
def ledger(engine_of: EngineOf) -> Engine:
    """The site of many generated posts."""
    return engine_of("ledger")


class Published:
    """A site of its own for one test, which may be published again with other posts."""

    def __init__(self, host: Host, folder: Path) -> None:
        self._host = host
        self._folder = folder

    def publish(self, site: Site) -> str:
        """Builds the site in place of the one before; the name of the generation."""
        posts = self._folder / "posts"
        for file in posts.rglob("*.md"):
            file.unlink()
        report = build_index(write_site(posts, site.files), self._folder / "index", site.options)
        self._host.publish(self._folder / "index")
        return report.generation

    def open(self) -> Engine:
        """An engine that answers from what was published, now and later."""
        return self._host.open(self._folder / "index")


@pytest.fixture
def published(host: Host, tmp_path: Path) -> Published:
    """A site of the test's own."""
    return Published(host, tmp_path)
