"""What Prometheus reads: well-formed, and true with an index, with a damaged one, and without."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from index.build import build_index
from index.generation import current_name, directory_of
from search.embedded import engine as engine_module
from search.engine import Engine

REQUEST_METRICS = (
    "signpost_request",
    "signpost_searches",
    "signpost_answer_cache",
    "signpost_cluster",
)
Samples = dict[str, tuple[float, dict[str, str]]]


def samples_of(client: FlaskClient) -> Samples:
    """What is told of the index."""
    return {
        name: sample
        for name, sample in all_samples(client).items()
        if not name.startswith(REQUEST_METRICS)
    }


def all_samples(client: FlaskClient) -> Samples:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    return {
        sample.name: (sample.value, sample.labels)
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_metrics_of_an_index(client: FlaskClient, engine: Engine) -> None:
    status = engine.status()
    assert samples_of(client) == {
        "signpost_ready": (1, {}),
        "signpost_generation_info": (
            1,
            {"generation": status.generation, "created_at": status.created_at},
        ),
        "signpost_posts": (5, {}),
        "signpost_fallback": (0, {}),
    }


def test_requests_are_counted_by_what_answers_them_and_how(client: FlaskClient) -> None:
    for path in ("/api/v1/search?q=apple", "/api/v1/search?q=pear", "/api/v1/search?limit=x"):
        client.get(path)
    client.get("/orchard/pears")
    client.get("/favicon.ico")
    answer = client.get("/metrics")
    counted = {
        (sample.labels["endpoint"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == "signpost_request_seconds_count"
    }
    assert counted == {
        ("api.search", "200"): 2,
        ("api.search", "400"): 1,
        ("pages.post", "200"): 1,
        ("pages.post", "404"): 1,
    }


def test_searches_that_find_nothing_are_counted(client: FlaskClient) -> None:
    for path in ("/api/v1/search?q=apple", "/api/v1/search?q=zzzqqq", "/search?q=zzzqqq"):
        client.get(path)
    value, _ = all_samples(client)["signpost_searches_without_results_total"]
    assert value == 2


def test_without_an_index_there_is_only_that_to_tell(make_app: Any, tmp_path: Path) -> None:
    client = make_app(index=tmp_path / "none").test_client()
    assert samples_of(client) == {"signpost_ready": (0, {})}


def test_a_damaged_generation_shows_in_the_log_in_the_probe_and_in_the_metrics(
    make_app: Callable[..., Any],
    content_dir: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine_module, "PUBLISH_CHECK_SECONDS", 0.0)
    index = tmp_path / "index"
    first, second = (build_index(content_dir, index).generation for _ in range(2))
    (directory_of(index, current_name(index)) / "matrix" / "terms.ends.npy").unlink()
    client = make_app(index=index).test_client()

    assert f"Answering from {first}" in caplog.text
    assert f"{second}/matrix/terms.ends.npy is missing" in caplog.text
    ready = client.get("/readyz")
    assert ready.status_code == 200, "it can answer"
    told = ready.get_json()
    assert (told["generation"], told["is_fallback"]) == (first, True)
    assert f"{second}/matrix/terms.ends.npy is missing" in told["fallback_reason"]
    assert samples_of(client)["signpost_fallback"] == (1, {})
    assert samples_of(client)["signpost_generation_info"][1]["generation"] == first
    found = client.get("/api/v1/search?q=apple").get_json()
    assert (found["generation"], found["total"]) == (first, 3)

    third = build_index(content_dir, index).generation
    told = client.get("/readyz").get_json()
    assert (told["generation"], told["is_fallback"]) == (third, False)
    assert told["fallback_reason"] is None
    assert samples_of(client)["signpost_fallback"] == (0, {})
