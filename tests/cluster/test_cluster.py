"""The cluster of the tests, itself: by its command, with real nodes where Java and Maven are."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cluster import distribution, fortests
from tests.cluster.cluster import FIRST_PORT, PRIVATE_PORTS, Cluster
from tests.cluster.distribution import FOLDER_FOR_ROOT, cache_folder
from tests.cluster.errors import ClusterMissingError
from tests.cluster.node import NODES, TRANSPORT, Node

ROOT: Final = Path(__file__).resolve().parents[2]

VARIABLES: Final = (
    fortests.HOSTS_VARIABLE,
    fortests.REASON_VARIABLE,
    fortests.REQUIRED_VARIABLE,
)


def command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What `python -m tests.cluster` did, with no variable of ours but these."""
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return subprocess.run(
        [sys.executable, "-m", "tests.cluster", *arguments],
        cwd=ROOT,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def ask(host: str, path: str, body: dict[str, Any] | None = None, method: str = "GET") -> Any:
    request = urllib.request.Request(
        f"{host}{path}",
        json.dumps(body).encode() if body is not None else None,
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def running(cluster: Cluster) -> list[int]:
    return [node.number for node in cluster.nodes if node.is_running]


def test_three_nodes_answer_and_have_the_module_that_is_needed(own_cluster: Cluster) -> None:
    for host in own_cluster.hosts:
        assert ask(host, "/_cluster/health")["status"] == "green"
    for node in ask(own_cluster.hosts[0], "/_nodes/plugins")["nodes"].values():
        assert "analysis-common" in {module["name"] for module in node["modules"]}
        assert node["ip"] == "127.0.0.1"


def test_starting_twice_changes_nothing(own_cluster: Cluster) -> None:
    before = [node.pid for node in own_cluster.nodes]
    done = command("--port", str(own_cluster.first_port), "start")
    assert (done.returncode, done.stdout.split()) == (0, [*own_cluster.hosts])
    assert "they all run already" in done.stderr
    assert [node.pid for node in own_cluster.nodes] == before


def test_a_killed_node_is_missing_and_comes_back_with_its_data(own_cluster: Cluster) -> None:
    port = str(own_cluster.first_port)
    settings = {"settings": {"number_of_shards": 3, "number_of_replicas": 1}}
    ask(own_cluster.hosts[0], "/leaves", settings, "PUT")
    for n in range(20):
        ask(own_cluster.hosts[0], f"/leaves/_doc/{n}?refresh=true", {"n": n}, "PUT")
    killed = own_cluster.nodes[1].pid

    assert command("--port", port, "kill", "2").returncode == 0
    assert running(own_cluster) == [1, 3]
    status = command("--port", port, "status")
    assert status.returncode == 1
    assert f"node 2  {own_cluster.hosts[1]}  does not run" in status.stdout
    assert ask(own_cluster.hosts[2], "/leaves/_count")["count"] == 20
    twice = command("--port", port, "kill", "2")
    assert (twice.returncode, "node 2 does not run" in twice.stderr) == (1, True)

    assert command("--port", port, "restart", "2").returncode == 0
    assert own_cluster.nodes[1].pid not in (None, killed)
    assert ask(own_cluster.hosts[1], "/leaves/_count")["count"] == 20
    status = command("--port", port, "status")
    assert (status.returncode, "green, with 3 nodes" in status.stdout) == (0, True)


def test_data_is_kept_only_where_that_is_asked_for(own_cluster: Cluster) -> None:
    port = str(own_cluster.first_port)
    ask(own_cluster.hosts[0], "/moss", {}, "PUT")
    assert command("--port", port, "stop").returncode == 0
    assert running(own_cluster) == []
    assert "it does not run" in command("--port", port, "stop").stderr
    assert command("--port", port, "start", "--keep").returncode == 0
    assert "moss" in ask(own_cluster.hosts[0], "/_all")
    own_cluster.stop()
    own_cluster.start()
    assert ask(own_cluster.hosts[0], "/_all") == {}


def test_a_cluster_that_is_used_is_not_taken_by_another(own_cluster: Cluster) -> None:
    with own_cluster.claimed() as is_mine:
        assert not is_mine
    assert running(own_cluster) == [1, 2, 3]


def test_all_tests_get_the_same_cluster(cluster_hosts: tuple[str, ...]) -> None:
    assert len(cluster_hosts) == NODES
    assert {ask(host, "/_cluster/health")["number_of_nodes"] for host in cluster_hosts} == {NODES}


def test_no_two_clusters_share_a_port() -> None:
    firsts = [FIRST_PORT, *PRIVATE_PORTS]
    ports = [first + n + more for first in firsts for n in range(NODES) for more in (0, TRANSPORT)]
    assert len(ports) == len(set(ports))


@pytest.fixture
def without_java(tmp_path: Path) -> dict[str, str]:
    """Variables by which neither Java nor Maven is found, nor anything fetched before."""
    (tmp_path / "sitecustomize.py").write_text(
        "import tests.cluster.distribution as d\nd._JAVA_HOMES = ()\n", encoding="utf-8"
    )
    return {
        "PATH": str(tmp_path),
        "JAVA_HOME": "",
        "OPENSEARCH_JAVA_HOME": "",
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
        "XDG_CACHE_HOME": str(tmp_path),
    }


UNUSED: Final = str(PRIVATE_PORTS[-1])


@pytest.mark.parametrize("required", ["", "1"])
def test_without_java_a_command_is_run_and_told_why(
    without_java: dict[str, str], required: str
) -> None:
    told = (
        "import os; print(os.environ.get('TEST_CLUSTER_HOSTS'), os.environ['TEST_CLUSTER_MISSING'])"
    )
    variables = without_java | {fortests.REQUIRED_VARIABLE: required}
    done = command("--port", UNUSED, "run", sys.executable, "-c", told, **variables)
    assert done.returncode == 0
    assert done.stdout.startswith("None no Java 17 or 21, or no Maven: ")
    assert done.stderr.count("NO CLUSTER: no Java 17 or 21, or no Maven: ") == 2
    assert command("--port", UNUSED, "start", **without_java).returncode == 1


def test_what_maven_cannot_fetch_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maven = tmp_path / "mvn"
    maven.write_text("#!/bin/sh\necho '[ERROR] Unknown host'\nexit 1\n", encoding="utf-8")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(distribution, "cache_folder", lambda: tmp_path / "cache")
    with pytest.raises(
        ClusterMissingError, match=r"could not fetch org\S+: \[ERROR\] Unknown host"
    ):
        distribution.installed()
    maven.write_text('#!/bin/sh\nfor last; do :; done\ntouch "${last#*=}/opensearch-2.19.4.zip"\n')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    with pytest.raises(ClusterMissingError, match="is not the file that it should be"):
        distribution.installed()
    maven.unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClusterMissingError, match="mvn is not installed"):
        distribution.installed()
    assert [file.name for file in (tmp_path / "cache").iterdir()] == ["lock"]


def test_a_command_s_own_end_is_told() -> None:
    code = "import os, sys; sys.exit(int(os.environ['TEST_CLUSTER_HOSTS']))"
    done = command("run", sys.executable, "-c", code, **{fortests.HOSTS_VARIABLE: "7"})
    assert done.returncode == 7


def test_a_process_of_the_same_number_is_not_taken_for_a_node(tmp_path: Path) -> None:
    node = Node(tmp_path, 1, FIRST_PORT)
    (tmp_path / "node-1").mkdir()
    (tmp_path / "node-1" / "running").touch()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        (tmp_path / "node-1" / "pid").write_text(str(other.pid))
        assert (node.is_running, node.pid) == (False, None)
        node.kill()
        assert other.poll() is None


def test_what_root_s_nodes_could_not_read_is_kept_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    tmp_path.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert cache_folder() == FOLDER_FOR_ROOT
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert cache_folder() == tmp_path / "signpost-cluster"


def test_tests_are_skipped_or_fail_as_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(fortests.HOSTS_VARIABLE, raising=False)
    monkeypatch.setenv(fortests.REASON_VARIABLE, "no Java 17 or 21, or no Maven: none")
    for fixture in (fortests.shared_hosts, fortests.cluster_alone):
        with pytest.raises(pytest.skip.Exception, match="no Java 17 or 21"), fixture():
            pass
    monkeypatch.delenv(fortests.REASON_VARIABLE)
    monkeypatch.setattr("tests.cluster.cluster.PRIVATE_PORTS", range(0))
    monkeypatch.delenv(fortests.REQUIRED_VARIABLE, raising=False)
    with pytest.raises(pytest.skip.Exception, match="are taken"), fortests.cluster_alone():
        pass
    monkeypatch.setenv(fortests.REQUIRED_VARIABLE, "1")
    with pytest.raises(pytest.fail.Exception, match="are taken"), fortests.cluster_alone():
        pass
