"""One node: a process that can be started, killed and told from every other."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests.cluster.distribution import runner
from tests.cluster.errors import ClusterStartError

ADDRESS: Final = "127.0.0.1"
HEAP_MB: Final = 512
NODES: Final = 3

TRANSPORT: Final = 100
"""Nodes talk to each other at a port that is so much above the one for requests."""

STOP_SECONDS: Final = 30
"""A node that has not ended so long after it was asked to is killed."""

SHOWN_LINES: Final = 25

_THREADS: Final = "org.opensearch.secure_sm.SecuredForkJoinWorkerThreadFactory"

_JAVA_OPTIONS: Final = (
    *(f"-Xms{HEAP_MB}m", f"-Xmx{HEAP_MB}m", f"-XX:MaxDirectMemorySize={HEAP_MB // 2}m", "-Xss1m"),
    *("-XX:+UseG1GC", "-XX:G1ReservePercent=25", "-XX:InitiatingHeapOccupancyPercent=30"),
    *("-Xshare:auto", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Djna.nosys=true"),
    *("-XX:-OmitStackTraceInFastThrow", "-Djava.locale.providers=SPI,COMPAT"),
    *("-Dio.netty.noUnsafe=true", "-Dio.netty.noKeySetOptimization=true"),
    *("-Dio.netty.recycler.maxCapacityPerThread=0", "-Dio.netty.allocator.numDirectArenas=0"),
    *("-Dlog4j.shutdownHookEnabled=false", "-Dlog4j2.disable.jmx=true"),
    "-Djava.security.manager=allow",
    f"-Djava.util.concurrent.ForkJoinPool.common.threadFactory={_THREADS}",
    *("-Dopensearch.distribution.type=zip", "-Dopensearch.bundled_jdk=false"),
)
"""As the distribution's own launcher has them, without the four Javas that it runs to say so."""

_LOGGING: Final = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""

_IN_BACKGROUND: Final = '"$@" </dev/null >"$LOG" 2>&1 & echo $!'
"""For a shell: the process belongs to nobody then, and outlives whoever started it."""


class Node:
    """A node of the cluster whose first port is given; it need not run.

    Its process holds a lock from its first moment to its last, through which it is known: a
    process with the same number that is another one is never taken for it.
    """

    def __init__(self, folder: Path, number: int, first_port: int) -> None:
        self.number = number
        self.port = first_port + number - 1
        self.url = f"http://{ADDRESS}:{self.port}"
        self._first_port = first_port
        self._folder = folder / f"node-{number}"
        self._lock_file = self._folder / "running"
        self._pid_file = self._folder / "pid"

    @property
    def is_running(self) -> bool:
        """Whether its process lives; it may not answer yet."""
        if not self._lock_file.exists():
            return False
        with self._lock_file.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @property
    def pid(self) -> int | None:
        """The number of its process; None if it does not run."""
        return int(self._pid_file.read_text()) if self.is_running else None

    def taken_ports(self) -> Iterable[int]:
        """Those of its ports that something listens at."""
        for port in (self.port, self.port + TRANSPORT):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((ADDRESS, port))
                except OSError:
                    yield port

    def clear(self) -> None:
        """Throws its data away."""
        shutil.rmtree(self._folder / "data", ignore_errors=True)

    def start(self, opensearch: Path, java: Path) -> None:
        """Starts its process, which takes its time until it answers. It must not run."""
        self._write_configuration()
        user = runner()
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
        with self._lock_file.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            started = subprocess.run(
                ["/bin/sh", "-c", _IN_BACKGROUND, "sh", *self._command(opensearch, java)],
                env=environment | {"LOG": str(self._folder / "log")},
                cwd=self._folder,
                pass_fds=(lock.fileno(),),
                start_new_session=True,  # a Ctrl-C is not for it
                stdout=subprocess.PIPE,
                text=True,
                check=True,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
            )
            self._pid_file.write_text(started.stdout)

    def _command(self, opensearch: Path, java: Path) -> list[str]:
        return [
            str(java / "bin" / "java"),
            *_JAVA_OPTIONS,
            f"-Djava.io.tmpdir={self._folder / 'tmp'}",
            f"-Dopensearch.path.home={opensearch}",
            f"-Dopensearch.path.conf={self._folder / 'config'}",
            *("-cp", f"{opensearch / 'lib'}/*", "org.opensearch.bootstrap.OpenSearch"),
        ]

    def _write_configuration(self) -> None:
        for name in ("config", "data", "tmp"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        seeds = [f"{ADDRESS}:{self._first_port + TRANSPORT + n}" for n in range(NODES)]
        names = [f"n{n + 1}" for n in range(NODES)]
        lines = (
            f"cluster.name: signpost-{self._first_port}",
            f"node.name: n{self.number}",
            f"network.host: {ADDRESS}",
            f"http.port: {self.port}",
            f"transport.port: {self.port + TRANSPORT}",
            f"path.data: {self._folder / 'data'}",
            f"path.logs: {self._folder / 'tmp'}",
            f"discovery.seed_hosts: {json.dumps(seeds)}",
            f"cluster.initial_cluster_manager_nodes: {json.dumps(names)}",
            "cluster.routing.allocation.disk.threshold_enabled: false",
            "indices.recovery.max_bytes_per_sec: 200mb",  # as in compose.yaml
        )
        config = self._folder / "config"
        (config / "opensearch.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (config / "log4j2.properties").write_text(_LOGGING, encoding="utf-8")
        if user := runner():
            self._folder.chmod(0o755)
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)

    def signal(self, number: signal.Signals) -> None:
        """Sends its process a signal, if it runs."""
        if (pid := self.pid) is not None:
            os.kill(pid, number)

    def kill(self) -> None:
        """Ends its process as a crash would (kill -9), and waits until it has ended."""
        self.signal(signal.SIGKILL)
        self.wait_for_end()

    def wait_for_end(self) -> None:
        """Waits until its process has ended; one that does not end by itself is killed."""
        for is_last in (False, True):
            deadline = time.monotonic() + STOP_SECONDS
            while self.is_running:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.05)
            else:
                return
            if not is_last:
                self.signal(signal.SIGKILL)
        raise ClusterStartError(f"node {self.number} (process {self.pid}) does not end")

    def last_words(self) -> str:
        """The end of its log."""
        file = self._folder / "log"
        lines = file.read_text("utf-8", "replace").splitlines() if file.exists() else []
        return "\n".join((f"{file}:", *lines[-SHOWN_LINES:]))
