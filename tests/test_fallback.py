"""The engine that falls back: a real index stands in for a cluster that fails, and no longer."""

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.errors import (
    ClusterAwayError,
    ClusterError,
    ClusterPackageError,
    ClusterSlowError,
    IndexUnavailableError,
)
from index.report import BuildReport
from search import Engine, fallback, open_engine
from search.drafts import Draft
from search.errors import PostNotFoundError
from search.fallback import RETRY_SECONDS, FallbackEngine

POSTS = {
    "fern.md": "---\ntitle: Fern\ndate: 2024-01-01\ntags: [Shade]\n---\nGreen leaves.\n",
    "moss.md": "---\ntitle: Moss\ntags: [Shade]\n---\nGreen carpets.\n",
}


class Breakable:
    """An engine that raises an error for as long as it has one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.error: Exception | None = None
        self.asked = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.engine, name)

        def ask(*arguments: Any, **options: Any) -> Any:
            self.asked += 1
            if self.error:
                raise self.error
            return method(*arguments, **options)

        return ask


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(fallback, "time", clock)
    return clock


@pytest.fixture
def index(build: Callable[..., BuildReport], tmp_path: Path) -> Path:
    build(POSTS)
    return tmp_path / "index"


@pytest.fixture
def cluster(index: Path) -> Breakable:
    return Breakable(open_engine(index))


def raising(error: IndexUnavailableError) -> Callable[[], Engine]:
    def open_it() -> Engine:
        raise error

    return open_it


def nobody(_error: IndexUnavailableError) -> None:
    pass


@pytest.fixture
def engine(cluster: Breakable, index: Path) -> FallbackEngine:
    return FallbackEngine(lambda: cluster, lambda: open_engine(index), nobody)


def until(holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < ends_at
        threading.Event().wait(0.01)


def test_while_all_is_well_the_cluster_answers(engine: FallbackEngine, cluster: Breakable) -> None:
    assert engine.search("green").total == 2
    assert cluster.asked == 1
    assert engine.status().fallback_reason is None


def every_question(engine: Engine) -> Iterator[object]:
    yield engine.search("green", limit=1).hits
    yield engine.related("/fern").related
    yield engine.recommend(["/fern"]).related
    yield engine.related_to_text("green leaves").related
    yield engine.related_to_draft(Draft("green leaves"), limit=1).related
    yield engine.suggest("mo").suggestions
    yield engine.post("/moss")
    yield engine.recent(limit=1)
    yield engine.paths()
    yield engine.near_duplicates("/fern")
    yield engine.text_cosines(["/fern", "/moss"])


@pytest.mark.parametrize("is_broken", [False, True])
def test_every_question_is_passed_on(
    engine: FallbackEngine, cluster: Breakable, index: Path, is_broken: bool
) -> None:
    cluster.error = ClusterAwayError("No node answers.") if is_broken else None
    assert list(every_question(engine)) == list(every_question(open_engine(index)))
    engine.move_on()
    assert cluster.asked == (1 if is_broken else 12)


def test_when_the_cluster_fails_the_same_request_is_answered_and_says_so(
    engine: FallbackEngine, cluster: Breakable, caplog: pytest.LogCaptureFixture
) -> None:
    cluster.error = ClusterAwayError("No node answers.")
    for _ in range(5):
        assert engine.search("green").total == 2
    assert cluster.asked == 1, "it is left alone for a while"
    status = engine.status()
    assert (status.engine, status.is_fallback) == ("embedded", True)
    assert status.fallback_reason == "No node answers."
    [record] = caplog.records
    assert record.getMessage() == "Answering from the index on this machine: No node answers."


def test_what_the_index_on_this_machine_does_not_know_is_no_failure(
    engine: FallbackEngine, cluster: Breakable
) -> None:
    with pytest.raises(PostNotFoundError):
        engine.post("/nowhere")
    assert engine.status().fallback_reason is None
    cluster.error = ClusterSlowError("Too slow.")
    with pytest.raises(PostNotFoundError):
        engine.post("/nowhere")
    assert engine.status().is_fallback


def test_the_cluster_is_tried_again_and_answers_again(
    engine: FallbackEngine, cluster: Breakable, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    cluster.error = ClusterAwayError("No node answers.")
    engine.search("green")
    clock.now += RETRY_SECONDS * 0.9
    engine.search("green")
    assert cluster.asked == 1
    clock.now += RETRY_SECONDS * 0.1
    engine.search("green")
    until(lambda: cluster.asked == 2)
    assert engine.status().is_fallback
    cluster.error = None

    def is_back() -> bool:
        clock.now += RETRY_SECONDS
        return not engine.status().is_fallback

    until(is_back)
    asked = cluster.asked
    assert engine.search("green").total == 2
    assert cluster.asked == asked + 1
    assert [record.getMessage() for record in caplog.records] == [
        "Answering from the index on this machine: No node answers.",
        "Answering from the cluster again.",
    ]


def test_no_request_waits_for_a_try(
    engine: FallbackEngine, cluster: Breakable, clock: Clock
) -> None:
    cluster.error = ClusterAwayError("No node answers.")
    engine.search("green")
    hangs, goes_on = threading.Event(), threading.Event()
    move_on = cluster.engine.move_on

    def hang() -> None:
        hangs.set()
        assert goes_on.wait(30)
        move_on()

    cluster.engine.move_on = hang  # type: ignore[method-assign]
    cluster.error = None
    clock.now += RETRY_SECONDS
    assert engine.search("green").total == 2
    assert hangs.wait(30)
    clock.now += RETRY_SECONDS
    assert engine.search("green").total == 2
    assert engine.status().is_fallback
    goes_on.set()
    until(lambda: not engine.status().is_fallback)


def test_looking_for_news_tries_the_cluster_when_it_is_time(
    engine: FallbackEngine, cluster: Breakable, clock: Clock
) -> None:
    cluster.error = ClusterAwayError("No node answers.")
    engine.move_on()
    assert engine.status().is_fallback
    cluster.error = None
    engine.move_on()
    assert engine.status().is_fallback
    clock.now += RETRY_SECONDS
    engine.move_on()
    assert not engine.status().is_fallback


def test_a_cluster_that_is_away_from_the_start_is_opened_once_it_is_there(
    cluster: Breakable, index: Path, clock: Clock
) -> None:
    error: ClusterError | None = ClusterAwayError("No node answers.")

    def open_cluster() -> Any:
        if error:
            raise error
        return cluster

    engine = FallbackEngine(open_cluster, lambda: open_engine(index), nobody)
    assert engine.search("green").total == 2
    assert engine.status().fallback_reason == "No node answers."
    error = None
    clock.now += RETRY_SECONDS
    engine.move_on()
    assert engine.search("green").total == 2
    assert not engine.status().is_fallback
    assert cluster.asked == 5, "two of the try, and three since"


def test_without_an_index_on_this_machine_the_errors_are_those_of_the_cluster(
    cluster: Breakable, tmp_path: Path
) -> None:
    def none() -> Engine:
        return open_engine(tmp_path / "none")

    with pytest.raises(ClusterAwayError, match="No node"):
        FallbackEngine(raising(ClusterAwayError("No node answers.")), none, nobody)
    engine = FallbackEngine(lambda: cluster, none, nobody)
    cluster.error = ClusterSlowError("Too slow.")
    for _ in range(2):
        with pytest.raises(ClusterSlowError, match="Too slow"):
            engine.search("green")
    cluster.error = None
    assert engine.search("green").total == 2, "there is no time in which it is left alone"


def test_a_missing_package_is_never_made_up_for(index: Path) -> None:
    missing = raising(ClusterPackageError("pip install"))
    with pytest.raises(ClusterPackageError):
        FallbackEngine(missing, lambda: open_engine(index), nobody)


def test_errors_that_are_made_up_for_are_told(
    cluster: Breakable, index: Path, clock: Clock
) -> None:
    told: list[str] = []
    engine = FallbackEngine(
        lambda: cluster,
        lambda: open_engine(index),
        lambda error: told.append(str(error)),
    )
    cluster.error = ClusterAwayError("away")
    engine.search("green")
    engine.search("green")
    cluster.error = ClusterSlowError("slow")
    clock.now += RETRY_SECONDS
    engine.move_on()
    assert told == ["away", "slow"]


def test_the_index_on_this_machine_is_let_go_once_the_cluster_is_back(
    cluster: Breakable, index: Path, clock: Clock
) -> None:
    opened: list[weakref.ref[Engine]] = []

    def open_other() -> Engine:
        other = open_engine(index)
        opened.append(weakref.ref(other))
        return other

    engine = FallbackEngine(lambda: cluster, open_other, nobody)
    engine.search("green")
    assert opened == [], "it is not needed"
    cluster.error = ClusterAwayError("away")
    engine.search("green")
    engine.search("green")
    [other] = opened
    assert other() is not None
    cluster.error = None
    clock.now += RETRY_SECONDS
    engine.move_on()
    gc.collect()
    assert other() is None
