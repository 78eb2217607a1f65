"""Nodes that are killed, stopped or full, of a cluster that the tests here have for themselves."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from index.generation import current_name
from search import fallback
from tests.cluster.cluster import Cluster as Nodes
from tests.cluster.node import Node
from tests.cluster.test_cluster import ask
from tests.faults.deployed import Deployed, deployed, until
from tests.faults.test_readers import HttpReader
from tests.test_server import Served

READERS: Final = 8


@pytest.fixture(autouse=True)
def tries_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster that is back is noticed sooner than it has to be, so that tests are short."""
    monkeypatch.setattr(fallback, "RETRY_SECONDS", 0.3)


@pytest.fixture(scope="module")
def site(own_cluster: Nodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A site of whose index each shard is on one node only."""
    with deployed(tmp_path_factory.mktemp("single"), own_cluster.hosts) as site:
        site.build("first")
        yield site


@pytest.fixture(scope="module")
def copied_site(own_cluster: Nodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A site of whose index each node has some shards, and copies of some others."""
    folder = tmp_path_factory.mktemp("copied")
    with deployed(folder, own_cluster.hosts, replicas=1, shards=3, timeout_ms=10_000) as site:
        site.build("first")
        yield site


def holders(nodes: Nodes, index: str) -> set[int]:
    """The numbers of the nodes that have a shard of an index."""
    ask(nodes.hosts[0], "/_cluster/health?wait_for_no_relocating_shards=true&timeout=30s")
    shards = ask(nodes.hosts[0], f"/_cat/shards/{index}?format=json")
    return {int(shard["node"].removeprefix("n")) for shard in shards}


@pytest.fixture(autouse=True)
def all_run_again(own_cluster: Nodes) -> Iterator[None]:
    """Has each test find all nodes, whatever became of the one before."""
    yield
    own_cluster.start(keep=True)


@contextmanager
def served(site: Deployed) -> Iterator[Served]:
    """`signpost serve` with two workers, both ready."""
    server = Served(site.site.folder, "--workers", "2")
    try:
        server.read_until("Started worker", times=2)
        server.ask("/readyz")
        yield server
    finally:
        server.stop()


@contextmanager
def readers_of(server: Served) -> Iterator[list[HttpReader]]:
    """Many who ask all the time, of whom no request may fail."""
    ended = threading.Event()
    readers = [HttpReader(f"http://127.0.0.1:{server.port}", ended) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        until(lambda: all(reader.seen or reader.failure for reader in readers))
        yield readers
    finally:
        ended.set()
        for reader in readers:
            reader.join()
    assert [reader.failure for reader in readers] == [None] * READERS


def test_those_who_ask_do_not_notice_that_a_node_is_killed_and_comes_back(
    own_cluster: Nodes, site: Deployed, copied_site: Deployed, caplog: pytest.LogCaptureFixture
) -> None:
    """Unless it had the only copy: then the cluster is red, and that is told."""
    assert len(holders(own_cluster, copied_site.published())) == len(own_cluster.nodes)
    (killed,) = holders(own_cluster, site.published())
    red, falling = site.service(), site.service(fallback="embedded")
    before = red.answers(), copied_site.service().answers()
    with served(copied_site) as server, readers_of(server):
        own_cluster.kill(killed)
        red.check_refuses("not_well", "is not well", caplog)
        site.service().check_refuses("not_well", "is not well", caplog)
        falling.check_falls_back("is not well")
        assert "is not well" in site.refused("search", "lantern")
        assert "is not well" in site.refused("verify")
        assert copied_site.service().answers() == before[1]

        own_cluster.restart(killed)
        red.check_recovers()
        falling.check_recovers()
        assert (red.answers(), copied_site.service().answers()) == before
    assert "Traceback" not in server.said


@pytest.fixture
def changed(own_cluster: Nodes) -> Iterator[Any]:
    """Changes settings of the cluster, until the test ends."""
    host = own_cluster.hosts[0]
    names: list[str] = []

    def change(name: str, value: bool) -> None:
        names.append(name)
        ask(host, "/_cluster/settings", {"persistent": {name: value}}, "PUT")

    yield change
    ask(host, "/_cluster/settings", {"persistent": dict.fromkeys(names)}, "PUT")


def check_that_a_build_is_refused(site: Deployed, mark: str) -> None:
    """What is sent is published on this machine, and not in the cluster; readers notice nothing."""
    service = site.service()
    before, published, indices = service.answers(), site.published(), site.indices()
    site.write_posts(mark)
    assert "takes no writes" in site.refused("build")
    assert "Free disk space" in site.refused("build")
    assert (site.published(), site.indices()) == (published, indices)
    assert site.site.json("search", mark)["total"] == 0
    assert (service.answers(), site.service().answers()) == (before, before)
    assert service.readiness()["is_fallback"] is False


def test_a_cluster_whose_disks_are_full_refuses_builds_and_answers_on(
    site: Deployed, changed: Any
) -> None:
    """As nodes have it where their disks are past the flood stage."""
    site.cluster.change_settings(site.published(), {"index.blocks.read_only_allow_delete": True})
    changed("cluster.blocks.create_index", value=True)
    check_that_a_build_is_refused(site, "full")
    changed("cluster.blocks.create_index", value=False)
    site.cluster.change_settings(site.published(), {"index.blocks.read_only_allow_delete": None})
    changed("cluster.blocks.read_only_allow_delete", value=True)
    check_that_a_build_is_refused(site, "full")
    changed("cluster.blocks.read_only_allow_delete", value=False)
    assert site.site.json("build")["cluster_index"] == site.published()
    assert site.site.json("search", "full")["total"] > 0


def test_disks_that_fill_while_a_build_sends_leave_nothing_of_it(
    own_cluster: Nodes, site: Deployed
) -> None:
    host, block = own_cluster.hosts[0], {"index.blocks.read_only_allow_delete": True}
    template = {"index_patterns": [f"{site.alias}-*"], "template": {"settings": block}}
    ask(host, "/_index_template/full", template, "PUT")
    try:
        check_that_a_build_is_refused(site, "fuller")
    finally:
        ask(host, "/_index_template/full", method="DELETE")
    assert site.site.json("build")["cluster_index"] == site.published()


@contextmanager
def stopped(nodes: list[Node]) -> Iterator[None]:
    """Nodes that hang."""
    for node in nodes:
        node.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for node in nodes:
            node.signal(signal.SIGCONT)


def test_a_cluster_that_hangs_is_not_waited_for_longer_than_the_settings_say(
    own_cluster: Nodes, site: Deployed, caplog: pytest.LogCaptureFixture
) -> None:
    slow, falling = site.service(), site.service(fallback="embedded")
    with stopped(own_cluster.nodes):
        slow.check_refuses("slow", "does not answer in time", caplog)
        falling.check_falls_back("does not answer in time")
        site.service(fallback="embedded").check_falls_back("does not answer in time")
        assert "does not answer in time" in site.refused("status")
    slow.check_recovers()
    falling.check_recovers()


def test_a_cluster_that_is_away_is_told_and_waited_for(
    own_cluster: Nodes, site: Deployed, caplog: pytest.LogCaptureFixture
) -> None:
    before, published = site.service().answers(), site.published()
    away, falling = site.service(), site.service(fallback="embedded")
    for node in own_cluster.nodes:
        own_cluster.kill(node.number)
    away.check_refuses("away", "No node of the cluster", caplog)
    falling.check_falls_back("No node of the cluster")
    late = site.service()
    late.check_refuses("away", "No node of the cluster", caplog)
    for command in (["search", "lantern"], ["status"], ["verify"], ["prune"]):
        assert "No node of the cluster" in site.site.run(*command, code=3).stderr
    site.write_posts("away")
    assert "No node of the cluster" in site.refused("build")
    own_cluster.start(keep=True)
    for service in (away, falling, late):
        service.check_recovers()
        assert service.answers() == before
    assert site.published() == published
    assert site.site.json("build")["cluster_index"] == site.published() != published
    assert current_name(site.index_dir).lower() in site.published()
