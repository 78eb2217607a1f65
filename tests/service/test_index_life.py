"""The service without an index, with a first one, with the next one, and with a broken one."""

import runpy
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.build import build_index
from index.errors import IndexUnavailableError
from search.engine import Engine
from search.service.state import OPENING_PAUSE_SECONDS, ServiceState
from search.settings import load_settings

REPOSITORY = Path(__file__).parents[2]


class Clock:
    """Time that passes when told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def state_over(index: Path) -> ServiceState:
    return ServiceState(load_settings(overrides={"index": {"dir": index}}, environ={}))


def test_with_an_index_both_probes_are_content(client: FlaskClient, engine: Engine) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.headers["Cache-Control"] == "no-store"
    assert ready.get_json() == {"status": "ready", **engine.status().as_json()}
    assert ready.get_json()["posts"] == 5


def test_without_an_index_the_service_is_up_and_says_what_it_waits_for(
    make_app: Any, tmp_path: Path
) -> None:
    client = make_app(index=tmp_path / "none").test_client()
    assert client.get("/healthz").status_code == 200

    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert "signpost build" in ready.get_json()["detail"]

    for path in ("search?q=apple", "suggest?q=a", "related?path=/a", "post?path=/a"):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 503
        assert answer.mimetype == "application/problem+json"
        assert int(answer.headers["Retry-After"]) >= 1
        assert str(tmp_path) not in answer.text

    for path in ("/", "/search?q=apple", "/orchard/pears"):
        page = client.get(path)
        assert (page.status_code, page.mimetype) == (503, "text/html")
        assert int(page.headers["Retry-After"]) >= 1
        assert str(tmp_path) not in page.text


def test_a_bad_parameter_is_told_even_without_an_index(make_app: Any, tmp_path: Path) -> None:
    client = make_app(index=tmp_path / "none").test_client()
    assert client.get("/api/v1/search?limit=x").status_code == 400


def test_a_first_build_brings_the_service_to_life(
    make_app: Any, content_dir: Path, tmp_path: Path, clock: Clock
) -> None:
    client = make_app(index=tmp_path / "index").test_client()
    assert client.get("/api/v1/search?q=apple").status_code == 503
    build_index(content_dir, tmp_path / "index")
    clock.now += OPENING_PAUSE_SECONDS
    assert client.get("/readyz").status_code == 200
    assert client.get("/api/v1/search?q=apple").get_json()["total"] == 3
    assert client.get("/orchard/pears").status_code == 200


def test_a_failed_opening_is_not_tried_again_before_its_time(
    content_dir: Path, tmp_path: Path, clock: Clock
) -> None:
    waiting = state_over(tmp_path / "index")
    with pytest.raises(IndexUnavailableError):
        waiting.engine()
    build_index(content_dir, tmp_path / "index")
    clock.now += OPENING_PAUSE_SECONDS * 0.9
    with pytest.raises(IndexUnavailableError, match="signpost build"):
        waiting.engine()
    clock.now += OPENING_PAUSE_SECONDS * 0.1
    assert waiting.engine().status().posts == 5


def test_the_reason_for_waiting_is_logged_once_for_as_long_as_it_is_the_same(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = state_over(tmp_path / "index")
    for _ in range(3):
        clock.now += OPENING_PAUSE_SECONDS
        with pytest.raises(IndexUnavailableError):
            waiting.engine()
    [record] = caplog.records
    assert str(tmp_path) in record.getMessage()


def test_a_new_generation_gives_new_tags_and_new_answers(
    make_app: Any, content_dir: Path, tmp_path: Path, clock: Clock
) -> None:
    content, index = tmp_path / "content", tmp_path / "index"
    shutil.copytree(content_dir, content)
    build_index(content, index)
    client = make_app(index=index).test_client()
    before = client.get("/api/v1/search?q=apple")
    (content / "quince.md").write_text(
        "---\ntitle: Quince, the apple's cousin\ndate: 2024-05-01\n---\nHard and sweet.\n",
        encoding="utf-8",
    )
    build_index(content, index)
    clock.now += 60
    after = client.get("/api/v1/search?q=apple", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.get_json()["generation"] != before.get_json()["generation"]
    assert after.get_json()["total"] == before.get_json()["total"] + 1


def test_a_damaged_index_is_waited_on_like_a_missing_one(
    make_app: Any, content_dir: Path, tmp_path: Path, clock: Clock
) -> None:
    index = tmp_path / "index"
    build_index(content_dir, index)
    for file in index.rglob("*.sqlite*"):
        file.write_bytes(b"")
    for file in index.rglob("*.json"):
        file.write_bytes(b"{")
    client = make_app(index=index).test_client()
    assert client.get("/readyz").status_code == 503
    assert client.get("/api/v1/search").status_code == 503
    build_index(content_dir, index)
    clock.now += OPENING_PAUSE_SECONDS
    assert client.get("/readyz").status_code == 200


def test_many_first_requests_at_once_open_one_engine(index_dir: Path) -> None:
    shared, start = state_over(index_dir), threading.Barrier(8)
    engines: set[int] = set()
    refusals: list[str] = []

    def ask() -> None:
        start.wait()
        try:
            engines.add(id(shared.engine()))
        except IndexUnavailableError as error:
            refusals.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engines == {id(shared.engine())}
    assert all("being opened" in refusal for refusal in refusals)


def test_the_wsgi_entry_point_serves_with_the_settings_of_its_folder(
    index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "signpost.toml").write_text(
        f"[site]\ntitle = 'Orchard'\n[index]\ndir = '{index_dir}'\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.environ", {})
    application = runpy.run_path(str(REPOSITORY / "wsgi.py"))["application"]
    client = application.test_client()
    assert client.get("/readyz").status_code == 200
    assert "Orchard" in client.get("/").text
