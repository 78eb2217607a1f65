"""The engine through publishes: it moves on, never mixes, and outlives a broken index."""

import gc
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.report import BuildReport
from search import open_engine
from search.embedded import engine as engine_module

Build = Callable[..., BuildReport]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that looks for a new generation at each request."""
    monkeypatch.setattr(engine_module, "PUBLISH_CHECK_SECONDS", 0.0)


def posts(word: str) -> dict[str, str]:
    return {f"{name}.md": f"---\ntitle: {name}\n---\n{word}\n" for name in ("a", "b")}


@pytest.mark.usefixtures("impatient")
def test_the_next_request_is_answered_from_what_was_published(build: Build, tmp_path: Path) -> None:
    first = build(posts("alpha"))
    engine = open_engine(tmp_path / "index")
    assert engine.search("alpha").generation == first.generation
    second = build(posts("omega"))
    answer = engine.search("omega")
    assert (answer.generation, answer.total) == (second.generation, 2)


@pytest.mark.usefixtures("impatient")
def test_the_files_of_the_generation_before_are_let_go_at_once(
    build: Build, tmp_path: Path
) -> None:
    build(posts("alpha"))
    engine = open_engine(tmp_path / "index")
    open_files = []
    gc.disable()  # the collector is not to be what lets go
    try:
        for number in range(3):
            generation = build(posts(f"word{number}")).generation
            assert engine.search(f"word{number}").generation == generation
            engine.suggest("wor")
            engine.related("/a")
            open_files.append(len(list(Path("/proc/self/fd").iterdir())))
    finally:
        gc.enable()
    assert max(open_files) == open_files[0]


@pytest.mark.usefixtures("impatient")
def test_answers_during_publishes_are_always_old_or_new(build: Build, tmp_path: Path) -> None:
    words = {build(posts("word0")).generation: "word0"}
    engine = open_engine(tmp_path / "index")
    seen: list[tuple[str, frozenset[str]]] = []
    failures: list[BaseException] = []
    ended = threading.Event()

    def read() -> None:
        try:
            while not ended.is_set():
                answer = engine.search("a OR b")
                text = frozenset(hit.snippet_html for hit in answer.hits)
                seen.append((answer.generation, text))
        except Exception as error:  # any failed request fails the test
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 8):
        words[build(posts(f"word{number}")).generation] = f"word{number}"
    ended.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len({generation for generation, _ in seen}) > 1
    assert all(text == {words[generation]} for generation, text in seen)


@pytest.mark.usefixtures("impatient")
def test_a_broken_pointer_does_not_stop_an_open_engine(
    build: Build, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = build(posts("alpha"))
    engine = open_engine(tmp_path / "index")
    (tmp_path / "index" / "CURRENT").write_text("gone\n")
    assert engine.search("alpha").generation == first.generation
    assert "Still answering from the generation at hand" in caplog.text


def test_the_base_url_is_the_builds_unless_another_is_given(garden_index: Path) -> None:
    built = open_engine(garden_index).search("hive").hits[0].url
    given = open_engine(garden_index, base_url="https://other.example/").search("hive").hits[0].url
    relative = open_engine(garden_index, base_url="").search("hive").hits[0].url
    assert (built, given, relative) == (
        "https://garden.example/bees",
        "https://other.example/bees",
        "/bees",
    )


def test_from_python_three_lines_are_enough(garden_index: Path) -> None:
    engine = open_engine(str(garden_index))
    assert engine.search("text of soil", limit=1).hits[0].path == "/soil"
    assert len(engine.related("/soil", limit=2).related) == 2
    assert engine.suggest("comp").suggestions[0].text == "Compost"
