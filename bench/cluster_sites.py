"""Sites that are built into a cluster by the command, each once, to be measured there."""

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from bench.cluster_bars import print_head, print_row
from bench.rebuild import COMMAND
from index.opensearch.connection import Connection
from index.opensearch.options import ClusterOptions
from search import Engine, open_engine
from search.opensearch.engine import OpenSearchEngine
from tests.cluster.cluster import Cluster


@dataclass(frozen=True, slots=True)
class ClusterSite:
    """A folder of posts, its index on this machine, and the cluster that has a copy of it."""

    content: Path
    index_dir: Path
    options: ClusterOptions

    @property
    def settings(self) -> dict[str, str]:
        """The variables by which a command builds into the cluster, or answers from it."""
        return {
            "SIGNPOST_ENGINE__KIND": "opensearch",
            "SIGNPOST_ENGINE__HOSTS": ",".join(self.options.hosts),
            "SIGNPOST_ENGINE__INDEX": self.options.index,
            "SIGNPOST_ENGINE__CACHE_DIR": str(self._cache_dir),
        }

    @property
    def embedded(self) -> Engine:
        """The engine on this machine."""
        return open_engine(self.index_dir)

    @property
    def cluster(self) -> Engine:
        """The engine on the cluster."""
        return OpenSearchEngine.open(self.options, self._cache_dir)

    @property
    def _cache_dir(self) -> Path:
        return self.index_dir.with_name("cache")

    def build(self, *options: str) -> dict[str, Any]:
        """Runs the command with some options; the report that it prints."""
        folders = (str(self.content), "--index", str(self.index_dir))
        command = [*COMMAND, "build", *folders, "--json", *options]
        variables = self.settings | {"SIGNPOST_POSTS__INCLUDE": "drafts"}
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.index_dir.parent,
            env=os.environ | variables,
        )
        if done.returncode:
            raise click.ClickException(f"the build failed: {done.stderr or done.stdout}")
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def ask(self, path: str) -> Any:
        """What the cluster itself says at an address."""
        with closing(Connection(self.options)) as connection:
            return connection.ask("GET", path)


@dataclass(frozen=True, slots=True)
class Built:
    """A site in the cluster, and how long a build of it took, with the sending in that."""

    site: ClusterSite
    posts: int
    seconds: float
    sending_seconds: float


@dataclass
class Run:
    """What is measured, and on what: a cluster that nobody else uses.

    `large` is the corpus that is timed; `builds` are made under load; `size` synthetic posts are
    sent.
    """

    cluster: Cluster
    scratch: Path
    judged: Path
    corpora: Path
    large: str
    builds: int
    size: int
    _built: dict[str, Built] = field(default_factory=dict)

    def site(self, name: str, content: Path) -> ClusterSite:
        """A site that need not be built yet, in folders of its own."""
        folder = self.scratch / name
        folder.mkdir(exist_ok=True)
        options = ClusterOptions(self.cluster.hosts, index=name)
        return ClusterSite(content.resolve(), folder / "built", options)

    def built(self, name: str, content: Path) -> Built:
        """The site of this name, built the first time that it is asked for."""
        if name not in self._built:
            self._built[name] = timed_build(self.site(name, content))
        return self._built[name]

    @property
    def large_content(self) -> Path:
        """The posts of the corpus that is timed."""
        return self.corpora / self.large


def timed_build(site: ClusterSite, *options: str) -> Built:
    """Builds a site with some options of the command."""
    started = time.time()
    posts = site.build(*options)["posts"]
    ended = time.time()
    ((_, told),) = site.ask(f"/{site.options.index}/_settings").items()
    # The index is made when all is ready to be sent.
    began_sending = int(told["settings"]["index"]["creation_date"]) / 1000
    return Built(site, posts, ended - started, ended - began_sending)


def print_sizes(run: Run, sites: Mapping[str, tuple[ClusterSite, int]]) -> None:
    """What posts take in the cluster, by names of sites with their posts; and the nodes' memory."""
    click.echo()
    print_head("site in the cluster", "posts", "MB of one copy", "kB a post")
    for name, (site, posts) in sites.items():
        told = site.ask(f"/{site.options.index}/_stats/store")
        size = told["_all"]["primaries"]["store"]["size_in_bytes"]
        print_row(name, posts, size / 1e6, f"{size / 1e3 / posts:.2f}")
    heaps = _heaps_mb(next(iter(sites.values()))[0])
    resident = [f"{_resident_mb(node.pid):,.0f}" for node in run.cluster.nodes if node.pid]
    click.echo(f"\nnodes: {', '.join(resident)} MB in memory, {', '.join(heaps)} MB of heap in use")


def _heaps_mb(site: ClusterSite) -> Sequence[str]:
    nodes = site.ask("/_nodes/stats/jvm")["nodes"].values()
    named = sorted((node["name"], node["jvm"]["mem"]["heap_used_in_bytes"]) for node in nodes)
    return [f"{used / 2**20:,.0f}" for _, used in named]


def _resident_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
