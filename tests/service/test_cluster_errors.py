"""A cluster that fails while the service answers from it: told in one shape, and counted."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from index import errors
from index.errors import (
    ClusterAwayError,
    ClusterError,
    ClusterNotWellError,
    ClusterSlowError,
    IndexUnavailableError,
)
from search.engine import Engine
from search.fallback import FallbackEngine
from search.service import create_app
from search.service.cluster_errors import LOG_SECONDS, ClusterErrors, kind_of
from search.service.metrics import RequestMetrics
from search.settings import load_settings
from tests.service.test_metrics import all_samples

REASON = "No node of the cluster at https://search-1:9200 answers."


class Breakable:
    """An engine that raises an error for as long as it has one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.error: IndexUnavailableError | None = None

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.engine, name)

        def ask(*arguments: Any, **options: Any) -> Any:
            if self.error:
                raise self.error
            return method(*arguments, **options)

        return ask


@pytest.fixture
def cluster(engine: Engine) -> Breakable:
    return Breakable(engine)


@pytest.fixture
def client(make_app: Any, cluster: Breakable) -> FlaskClient:
    client: FlaskClient = make_app(cluster).test_client()
    return client


def counted(client: FlaskClient, kind: str) -> float:
    answer = client.get("/metrics").text
    marks = f'signpost_cluster_errors_total{{kind="{kind}"}} '
    return next(
        (float(line[len(marks) :]) for line in answer.split("\n") if line.startswith(marks)), 0
    )


def lines_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    name = "search.service.cluster_errors"
    return [record.getMessage() for record in caplog.records if record.name == name]


@pytest.mark.parametrize(
    "path",
    ["search?q=apple", "suggest?q=a", "related?path=/orchard/pears", "post?path=/orchard/pears",
     "recommend?history=/orchard/pears", "suggest/opensearch?q=a"],
)  # fmt: skip
def test_a_request_that_the_cluster_fails_is_one_to_be_tried_again(
    client: FlaskClient, cluster: Breakable, path: str
) -> None:
    assert client.get(f"/api/v1/{path}").status_code == 200
    cluster.error = ClusterAwayError(REASON)
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.get_json()["status"] == 503
    assert "search-1" not in answer.text
    cluster.error = None
    assert client.get(f"/api/v1/{path}").status_code == 200


def test_pages_say_that_they_are_not_ready(client: FlaskClient, cluster: Breakable) -> None:
    cluster.error = ClusterSlowError(REASON)
    for path in ("/", "/search?q=apple", "/orchard/pears"):
        page = client.get(path)
        assert (page.status_code, page.mimetype) == (503, "text/html")
        assert int(page.headers["Retry-After"]) >= 1
        assert "search-1" not in page.text


def test_the_probe_says_which_error_it_is(client: FlaskClient, cluster: Breakable) -> None:
    cluster.error = ClusterNotWellError(REASON)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["detail"]) == (503, REASON)
    assert client.get("/healthz").status_code == 200
    assert all_samples(client)["signpost_ready"] == (0, {})
    cluster.error = None
    assert client.get("/readyz").status_code == 200


def test_many_failures_are_one_line_in_the_log_and_each_is_counted(
    client: FlaskClient, cluster: Breakable, caplog: pytest.LogCaptureFixture
) -> None:
    cluster.error = ClusterAwayError(REASON)
    for _ in range(5):
        client.get("/api/v1/search?q=apple")
    cluster.error = ClusterSlowError("Too slow.")
    client.get("/api/v1/search?q=apple")
    assert lines_of(caplog) == [
        f"A request can't be answered: {REASON}",
        "A request can't be answered: Too slow.",
    ]
    assert "Traceback" not in caplog.text
    assert (counted(client, "away"), counted(client, "slow")) == (5, 1)


def test_a_later_line_says_how_many_there_were_meanwhile(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    errors = ClusterErrors(RequestMetrics())
    for _ in range(4):
        errors.note(ClusterAwayError("Away."))
    now += LOG_SECONDS
    errors.note(ClusterAwayError("Away."))
    assert lines_of(caplog) == [
        "A request can't be answered: Away.",
        "A request can't be answered: Away. (and 3 more since this was last told)",
    ]


def test_an_index_that_is_missing_is_no_error_of_a_cluster(
    make_app: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_app(index=tmp_path / "none").test_client()
    assert client.get("/api/v1/search?q=apple").status_code == 503
    assert "signpost_cluster_errors_total{" not in client.get("/metrics").text
    assert lines_of(caplog) == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ClusterError, "other"),
        (ClusterAwayError, "away"),
        (ClusterNotWellError, "not_well"),
        (errors.ClusterReadOnlyError, "read_only"),
        (errors.ClusterIndexNotFoundError, "index_not_found"),
    ],
)
def test_kinds_are_named_as_metrics_name_things(error: type[ClusterError], kind: str) -> None:
    assert kind_of(error("x")) == kind


def test_with_a_fallback_all_requests_are_answered_and_the_probe_and_metrics_say_so(
    make_app: Any, cluster: Breakable, engine: Engine
) -> None:
    metrics = RequestMetrics()
    falling = FallbackEngine(
        lambda: cluster,
        lambda: engine,
        ClusterErrors(metrics).count,
    )
    client = make_app(falling).test_client()
    cluster.error = ClusterAwayError(REASON)
    assert client.get("/api/v1/search?q=apple").get_json()["total"] == 3
    assert client.get("/orchard/pears").status_code == 200
    told = client.get("/readyz").get_json()
    assert (told["engine"], told["is_fallback"], told["fallback_reason"]) == (
        "embedded",
        True,
        REASON,
    )
    assert all_samples(client)["signpost_fallback"] == (1, {})


def test_a_cluster_that_is_away_at_the_start_is_waited_for(index_dir: Path) -> None:
    engine = {"kind": "opensearch", "hosts": ["http://127.0.0.1:9"], "timeout_ms": 500}
    overrides = {"index": {"dir": index_dir}, "engine": engine}
    client = create_app(load_settings(overrides=overrides, environ={})).test_client()
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert "No node of the cluster at http://127.0.0.1:9 answers." in ready.get_json()["detail"]
    assert client.get("/api/v1/search?q=apple").status_code == 503
    assert counted(client, "away") >= 1
    engine["fallback"] = "embedded"
    client = create_app(load_settings(overrides=overrides, environ={})).test_client()
    assert client.get("/readyz").get_json()["is_fallback"]
    assert client.get("/api/v1/search?q=apple").get_json()["total"] == 3
    assert counted(client, "away") >= 1
