"""The engine through publishes: it moves on, never mixes, and outlives a broken index."""

import gc
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import IndexDamagedError, IndexVersionError
from index.generation import directory_of
from index.report import BuildReport
from search import open_engine
from search.embedded import engine as engine_module
from search.embedded import following

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
            gc.collect()  # what Whoosh's writer leaves open is not the engine's
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


def damage(index_dir: Path, generation: str) -> Path:
    """A file of a generation, once it is not what was written."""
    file = directory_of(index_dir, generation) / "documents.sqlite"
    file.rename(file.with_suffix(".kept"))
    file.write_bytes(b"not what was written")
    return file


def mend(file: Path) -> None:
    file.with_suffix(".kept").rename(file)


@pytest.mark.usefixtures("impatient")
def test_a_damaged_generation_is_stood_in_for_until_a_newer_one_is_good(
    build: Build, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = build(posts("alpha")).generation
    second = build(posts("beta")).generation
    damage(tmp_path / "index", second)
    engine = open_engine(tmp_path / "index")
    status = engine.status()
    assert (status.generation, status.is_fallback) == (first, True)
    assert f"{second}/documents.sqlite is not what was written" in str(status.fallback_reason)
    assert engine.search("alpha").total == 2
    assert f"Answering from {first}, made at" in caplog.text
    third = build(posts("gamma")).generation
    assert engine.search("gamma").generation == third
    assert engine.status().fallback_reason is None
    assert f"Answering from what is published again: {third}" in caplog.text
    assert len(caplog.records) == 2, "once for each change, and not for each request"


@pytest.mark.usefixtures("impatient")
def test_a_running_engine_stays_with_what_it_has_where_the_next_one_is_damaged(
    build: Build, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = build(posts("alpha")).generation
    engine = open_engine(tmp_path / "index")
    second = build(posts("beta")).generation
    damage(tmp_path / "index", second)
    for _ in range(3):
        assert engine.search("alpha").generation == first
    assert engine.status().is_fallback
    (record,) = caplog.records
    assert "Still answering from the generation at hand" in record.getMessage()
    third = build(posts("gamma")).generation
    assert engine.search("gamma").generation == third
    assert not engine.status().is_fallback


@pytest.mark.usefixtures("impatient")
def test_of_the_generations_that_are_whole_the_newest_stands_in(
    build: Build, tmp_path: Path
) -> None:
    build(posts("alpha"))
    engine = open_engine(tmp_path / "index")
    second = build(posts("beta")).generation
    third = build(posts("gamma")).generation
    damage(tmp_path / "index", third)
    assert engine.search("beta").generation == second, "newer than the one at hand"
    assert open_engine(tmp_path / "index").status().generation == second


@pytest.mark.usefixtures("impatient")
def test_what_is_mended_in_its_place_is_answered_from_after_a_pause(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(posts("alpha")).generation
    second = build(posts("beta")).generation
    file = damage(tmp_path / "index", second)
    engine = open_engine(tmp_path / "index")
    mend(file)
    assert engine.search("alpha").generation == first, "it is not verified again at each request"
    monkeypatch.setattr(following, "REFUSED_PAUSE_SECONDS", 0.0)
    assert engine.search("beta").generation == second
    assert not engine.status().is_fallback


@pytest.mark.usefixtures("impatient")
def test_an_index_of_another_version_is_waited_out_and_not_stood_in_for(
    build: Build, tmp_path: Path
) -> None:
    first = build(posts("alpha")).generation
    engine = open_engine(tmp_path / "index")
    second = build(posts("beta")).generation
    manifest = directory_of(tmp_path / "index", second) / "manifest.json"
    fields = json.loads(manifest.read_text()) | {"analyzer": "another"}
    manifest.write_text(json.dumps(fields))
    assert engine.search("alpha").generation == first
    assert "made by another version" in str(engine.status().fallback_reason)
    with pytest.raises(IndexVersionError, match="Rebuild it"):
        open_engine(tmp_path / "index")


@pytest.mark.usefixtures("impatient")
def test_a_pointer_that_is_put_right_ends_the_fallback(build: Build, tmp_path: Path) -> None:
    first = build(posts("alpha")).generation
    engine = open_engine(tmp_path / "index")
    for broken in ("gone\n", ""):
        (tmp_path / "index" / "CURRENT").write_text(broken)
        assert engine.status().is_fallback
        assert engine.search("alpha").generation == first
    (tmp_path / "index" / "CURRENT").write_text(first + "\n")
    assert not engine.status().is_fallback


def test_without_any_whole_generation_there_is_nothing_to_answer_from(
    build: Build, tmp_path: Path
) -> None:
    for word in ("alpha", "beta"):
        damage(tmp_path / "index", build(posts(word)).generation)
    with pytest.raises(IndexDamagedError, match="Rebuild it: signpost build"):
        open_engine(tmp_path / "index")


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
