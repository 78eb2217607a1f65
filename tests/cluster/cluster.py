"""Three nodes as one: started together, and stopped by the last who needs them."""

import fcntl
import http.client
import json
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from tests.cluster.distribution import cache_folder, installed, java_home, locked
from tests.cluster.errors import ClusterStartError
from tests.cluster.node import NODES, Node

FIRST_PORT: Final = 9251
"""Of the cluster that all tests share: its nodes answer at this port and the two after it."""

PRIVATE_PORTS: Final = range(9261, 9351, 10)
"""The first ports of clusters that one test module has for itself."""

START_SECONDS: Final = 180

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Cluster:
    """The cluster at three ports of this machine; it need not run.

    Whatever is done to it waits for what another process is doing to it.
    """

    def __init__(self, first_port: int = FIRST_PORT) -> None:
        self.first_port = first_port
        self._folder = cache_folder() / "clusters" / str(first_port)
        self.nodes = [Node(self._folder, n, first_port) for n in range(1, NODES + 1)]
        self.hosts = tuple(node.url for node in self.nodes)

    def start(self, *, keep: bool = False) -> bool:
        """Starts what does not run of it, and waits until it is green; whether anything was.

        Where nothing ran, it starts without data, unless that of the last time is to be kept. It
        then runs until somebody stops it.
        """
        with self._alone():
            self._marker.unlink(missing_ok=True)
            return self._start(keep=keep)

    def stop(self) -> bool:
        """Stops what runs of it, whoever started it; whether anything did."""
        with self._alone():
            return self._stop(self.nodes)

    def kill(self, number: int) -> None:
        """Ends a node as a crash would."""
        with self._alone():
            node = self._node(number)
            if not node.is_running:
                raise ClusterStartError(f"node {number} does not run")
            node.kill()

    def restart(self, number: int) -> None:
        """Brings a node back with its data, and waits until the cluster is well again.

        A node that runs is stopped first. The cluster is well if it is green or, as long as
        another node is missing, yellow.
        """
        with self._alone():
            node = self._node(number)
            self._stop([node])
            self._launch([node])

    def health(self, query: str = "") -> dict[str, Any] | None:
        """What the first node that answers says of the cluster; None if there is none."""
        for node in self.nodes:
            with suppress(OSError, http.client.HTTPException, ValueError):
                with _DIRECT.open(f"{node.url}/_cluster/health{query}", timeout=10) as answer:
                    said: dict[str, Any] = json.load(answer)
                return said
        return None

    @contextmanager
    def used(self) -> Iterator[None]:
        """Has it run for as long as the context lasts.

        If it does not run yet, it is started, and stopped by the last of those who use it.
        """
        with self._users() as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            with self._alone():
                if not any(node.is_running for node in self.nodes):
                    self._marker.touch()
                self._start(keep=False)
            try:
                yield
            finally:
                with self._alone():
                    if self._marker.exists() and _gets_lock(users):
                        self._stop(self.nodes)

    @contextmanager
    def claimed(self) -> Iterator[bool]:
        """Has it run, without data, for nobody else; False, and nothing done, if it is in use."""
        with self._users() as users:
            if not _gets_lock(users):
                yield False
                return
            with self._alone():
                self._stop(self.nodes)  # left by somebody who was killed
                if any(port for node in self.nodes for port in node.taken_ports()):
                    yield False
                    return
                self._start(keep=False)
            try:
                yield True
            finally:
                self.stop()

    def _users(self) -> IO[str]:
        """A file that all who use it have locked together, or one of them alone."""
        self._make_folder()
        return (self._folder / "users").open("a")

    @property
    def _marker(self) -> Path:
        """It is there if the cluster is to be stopped once nobody uses it any more."""
        return self._folder / "stop-when-unused"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._make_folder()
        with locked(self._folder / "lock"):
            yield

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for folder in (self._folder, self._folder.parent, self._folder.parent.parent):
            folder.chmod(0o755)

    def _node(self, number: int) -> Node:
        if not 1 <= number <= NODES:
            raise ClusterStartError(f"there are nodes 1 to {NODES}, and no node {number}")
        return self.nodes[number - 1]

    def _start(self, *, keep: bool) -> bool:
        missing = [node for node in self.nodes if not node.is_running]
        if len(missing) == NODES and not keep:
            for node in missing:
                node.clear()
        self._launch(missing)
        return bool(missing)

    def _launch(self, nodes: list[Node]) -> None:
        """Starts these nodes, and stops them again if they do not become part of the cluster."""
        if nodes:
            java, opensearch = java_home(), installed()
            taken = [port for node in nodes for port in node.taken_ports()]
            if taken:
                raise ClusterStartError(
                    f"something else listens at port {taken[0]} of this machine"
                    " (another port can be named with --port)"
                )
        try:
            for node in nodes:
                node.start(opensearch, java)
            self._wait(nodes)
        except BaseException:
            self._stop(nodes)
            raise

    def _wait(self, started: list[Node]) -> None:
        deadline = time.monotonic() + START_SECONDS
        running = sum(node.is_running for node in self.nodes)
        status = "green" if running == NODES else "yellow"
        query = f"?wait_for_nodes=>={running}&wait_for_status={status}&timeout=5s"
        while time.monotonic() < deadline:
            ended = [node for node in started if not node.is_running]
            if ended:
                raise ClusterStartError(f"node {ended[0].number} ended. {ended[0].last_words()}")
            health = self.health(query)
            if health and not health["timed_out"] and all(map(_answers, started)):
                return
            time.sleep(0.2)
        words = "\n".join(node.last_words() for node in started or self.nodes)
        raise ClusterStartError(f"the cluster is not {status} after {START_SECONDS} s.\n{words}")

    def _stop(self, nodes: list[Node]) -> bool:
        running = [node for node in nodes if node.is_running]
        for node in running:
            node.signal(signal.SIGTERM)
        for node in running:
            node.wait_for_end()
        return bool(running)


def _answers(node: Node) -> bool:
    with suppress(OSError, http.client.HTTPException), _DIRECT.open(node.url, timeout=10):
        return True
    return False


def _gets_lock(file: IO[str]) -> bool:
    """Whether the file could be locked for its opener alone."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A cluster that nobody else uses, without data; it is stopped in the end."""
    for port in PRIVATE_PORTS:
        cluster = Cluster(port)
        with cluster.claimed() as is_mine:
            if is_mine:
                yield cluster
                return
    raise ClusterStartError("the ports of all private clusters are taken")
