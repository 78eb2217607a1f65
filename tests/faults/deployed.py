"""A site whose index is in a real cluster: the command, the service, and what they say of faults."""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from index.errors import ClusterError
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.generations import current_index, indices_of
from search.service import create_app
from search.settings import Settings, load_settings
from tests.cli.conftest import Site
from tests.faults.sites import POSTS, write_posts

TIMEOUT_MS: Final = 2_000
"""How long the service waits for the cluster: less than by default, so that tests are short."""

MOST_SECONDS: Final = 4 * TIMEOUT_MS / 1000
"""No answer takes longer: one asks the cluster a few times at the most."""

PATIENCE_SECONDS: Final = 60

ASKED: Final = (
    "search?q=lantern&limit=100",
    "search?q=words&sort=newest&explain=1",
    "related?path=/7",
    "recommend?history=/7&history=/8",
    "post?path=/9",
    "suggest?q=post",
)
"""Under /api/v1/."""


class Deployed:
    """A folder with posts, with settings that name a cluster, and an alias of its own there."""

    def __init__(self, folder: Path, hosts: tuple[str, ...], /, **engine: Any) -> None:
        self.site = Site(folder)
        self.index_dir = folder / "build" / "index"
        self.alias = f"faults-{uuid.uuid4().hex[:12]}"
        self.cluster = Cluster(ClusterOptions(hosts, index=self.alias, timeout_ms=30_000))
        self._engine = {
            "kind": "opensearch",
            "hosts": list(hosts),
            "index": self.alias,
            "timeout_ms": TIMEOUT_MS,
            "replicas": 0,
            "cache_dir": str(folder / "cache"),
            **engine,
        }
        self.configure()
        self.write_posts("first")

    def write_posts(self, mark: str) -> None:
        """Other posts, which all bear a mark."""
        write_posts(self.site.folder / "content", mark)

    def configure(self, **engine: Any) -> None:
        """Writes the settings, with some others for the cluster."""
        lines = (f"{key} = {json.dumps(value)}" for key, value in (self._engine | engine).items())
        service = ("[service]", 'rate_limit = ""', "answer_cache_mb = 0")
        self.site.write({"signpost.toml": "\n".join(("[engine]", *lines, *service, ""))})

    def settings(self, **engine: Any) -> Settings:
        """The same settings, for a service in this process."""
        return load_settings(
            overrides={
                "index": {"dir": self.index_dir},
                "engine": self._engine | engine,
                "service": {"rate_limit": "", "answer_cache_mb": 0},
            },
            environ={},
        )

    def service(self, **engine: Any) -> "Service":
        """A service that starts now."""
        return Service(create_app(self.settings(**engine)).test_client())

    def build(self, mark: str) -> str:
        """Publishes posts with a mark in the cluster; gives the name of the index."""
        self.write_posts(mark)
        name: str = self.site.json("build")["cluster_index"]
        return name

    def refused(self, *arguments: str) -> str:
        """The sentence of a command that can't be done, and shows nothing that it should not."""
        began = time.monotonic()
        done = self.site.run(*arguments, code=3)
        assert time.monotonic() - began < PATIENCE_SECONDS
        said = done.stderr.splitlines()[-1]
        assert said.startswith("signpost: "), done.stderr
        return said

    def published(self) -> str:
        """The index that the alias stands for."""
        return current_index(self.cluster, self.alias).name

    def indices(self) -> set[str]:
        """All indices that builds made, whatever became of them."""
        found = indices_of(self.cluster, self.alias)
        return {*found.current, *found.older, *found.unpublished}

    def close(self) -> None:
        """Removes what is in the cluster."""
        with closing(self.cluster), suppress(ClusterError):
            for name in self.indices():
                self.cluster.delete_index(name)


@contextmanager
def deployed(folder: Path, hosts: tuple[str, ...], /, **engine: Any) -> Iterator[Deployed]:
    """A site for as long as the context lasts."""
    with closing(Deployed(folder, hosts, **engine)) as site:
        yield site


class Service:
    """Asks the service, and looks at each answer: it comes in time, and has the shape it should."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def ask(self, path: str) -> TestResponse:
        """The answer to a GET."""
        began = time.monotonic()
        answer = self._client.get(path)
        assert time.monotonic() - began < MOST_SECONDS, path
        assert "Traceback" not in answer.text
        if answer.status_code == 503:
            assert int(answer.headers["Retry-After"]) >= 1
            assert answer.headers["Cache-Control"] == "no-store"
            if path.startswith("/api/"):
                assert answer.mimetype == "application/problem+json"
                assert list(answer.get_json())[:3] == ["type", "title", "status"]
                assert "://" not in answer.text, "readers are told no addresses"
        return answer

    def answers(self) -> list[dict[str, Any]]:
        """What it answers to all that may be asked; the time that it took is left out."""
        found = []
        for path in ASKED:
            answer = self.ask(f"/api/v1/{path}")
            assert answer.status_code == 200, (path, answer.text)
            found.append({k: v for k, v in answer.get_json().items() if k != "took_ms"})
        assert found[0]["total"] == len(found[0]["hits"]) == POSTS
        return found

    def readiness(self) -> dict[str, Any]:
        """What it says when it is ready."""
        answer = self.ask("/readyz")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def counted(self, kind: str) -> float:
        """How many errors of a kind it has counted."""
        for family in text_string_to_metric_families(self._client.get("/metrics").text):
            for sample in family.samples:
                if sample.name == "signpost_cluster_errors_total" and sample.labels == {
                    "kind": kind
                }:
                    return sample.value
        return 0

    def check_refuses(self, kind: str, told: str, caplog: pytest.LogCaptureFixture) -> None:
        """Sees that an error of a kind is told to all who should know: 503, probe, metric, log.

        What does not need the cluster may be answered on.
        """
        refused = self.ask("/api/v1/search?q=lantern")
        assert refused.status_code == 503, refused.text
        for path in ASKED:
            assert self.ask(f"/api/v1/{path}").status_code in {200, 503}
        assert self.ask("/search?q=lantern").status_code == 503
        until(lambda: self.ask("/readyz").status_code == 503)
        assert told in self.ask("/readyz").get_json()["detail"]
        assert self.ask("/healthz").status_code == 200
        assert self.counted(kind) >= 1
        lines = [record.getMessage() for record in caplog.records]
        assert any(told in line for line in lines), lines
        assert "Traceback" not in caplog.text

    def check_falls_back(self, told: str) -> None:
        """Sees that the index on this machine answers everything, and that this is said."""
        self.answers()
        readiness = self.readiness()
        assert (readiness["engine"], readiness["is_fallback"]) == ("embedded", True)
        assert told in readiness["fallback_reason"]

    def check_recovers(self) -> None:
        """Sees that the cluster answers again by itself."""
        until(lambda: self.ask("/api/v1/search?q=lantern").status_code == 200)

        def is_well() -> bool:
            ready = self.ask("/readyz")
            told = ready.get_json()
            return ready.status_code == 200 and (told["engine"], told["is_fallback"]) == (
                "opensearch",
                False,
            )

        until(is_well)
        self.answers()


def until(holds: Callable[[], bool]) -> None:
    """Returns as soon as it is so; fails if that takes a minute."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < ends_at
        threading.Event().wait(0.1)
