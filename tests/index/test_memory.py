"""A build's memory: what is done with less of it, and that too little is refused."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import index as whoosh_index

from index import analyzing, buildmemory, memoryuse, processes
from index.analyzing import analyze_folder
from index.build import READING, build_index
from index.buildmemory import UNBOUNDED, BuildMemory, build_memory
from index.errors import MemoryBoundError
from index.gathered import Gathered
from index.generation import FULLTEXT_DIR, MANIFEST_FILE, RECORD_FILE, current_name
from index.memory import (
    HELPER_MB,
    READER_MB,
    READING_ROOM_MB,
    MemoryBound,
    MemoryUse,
    Need,
    SiteSize,
    writing_mb,
)
from index.memoryuse import give_back, memory_use, resident_mb
from index.opening import open_current
from index.updating import update_index
from search.build_settings import build_options
from search.settings import load_settings
from tests.cli.conftest import POSTS, Site
from tests.conftest import write_site
from tests.index.test_unchanged import OPTIONS

NONE = MemoryBound()
TOLD = {MANIFEST_FILE, RECORD_FILE}
MEGABYTES = st.integers(1, 10_000)
SIZES = st.builds(SiteSize, st.integers(0, 1_000_000), st.integers(0, 500_000_000))
USES = st.builds(MemoryUse, st.floats(1, 10_000), st.none() | st.floats(0, 10_000))


@given(st.integers(1, 64), USES, SIZES)
def test_without_a_bound_everything_may_be_done(most: int, use: MemoryUse, size: SiteSize) -> None:
    assert NONE.readers(most, use) == most
    assert NONE.has_room_for_readers(use)
    assert NONE.has_room_for_helper(use, size)
    assert NONE.refusal(Need(1e9)) is None


@given(MEGABYTES, st.integers(1, 64), USES)
def test_as_many_processes_read_as_there_is_room_for(
    max_mb: int, most: int, use: MemoryUse
) -> None:
    readers = MemoryBound(max_mb).readers(most, use)
    assert 1 <= readers <= most
    if readers > 1:
        assert use.total_mb + READING_ROOM_MB + readers * READER_MB <= max_mb
    elif use.others_mb is not None and most > 1:
        assert use.total_mb + READING_ROOM_MB + 2 * READER_MB > max_mb


def test_where_other_processes_cannot_be_seen_there_are_none() -> None:
    bound, use = MemoryBound(10_000), MemoryUse(100, None)
    assert bound.readers(8, use) == 1
    assert not bound.has_room_for_helper(use, SiteSize(10, 1_000))


@given(USES, SIZES, MEGABYTES, MEGABYTES)
def test_what_may_be_done_with_less_may_be_done_with_more(
    use: MemoryUse, size: SiteSize, one: int, other: int
) -> None:
    less, more = (MemoryBound(max_mb) for max_mb in sorted((one, other)))
    assert less.readers(8, use) <= more.readers(8, use)
    assert less.has_room_for_readers(use) <= more.has_room_for_readers(use)
    assert less.has_room_for_helper(use, size) <= more.has_room_for_helper(use, size)
    need = Need(use.total_mb + writing_mb(size))
    assert (less.refusal(need) is None) <= (more.refusal(need) is None)


def test_a_helper_takes_more_than_doing_it_alone() -> None:
    use, size = MemoryUse(200, 10), SiteSize(2_000, 1_000_000)
    alone_mb = round(use.total_mb + writing_mb(size)) + 1
    assert MemoryBound(alone_mb).refusal(Need(use.total_mb + writing_mb(size))) is None
    assert not MemoryBound(alone_mb).has_room_for_helper(use, size)
    assert MemoryBound(alone_mb + 2 * HELPER_MB).has_room_for_helper(use, size)


@given(MEGABYTES, st.floats(1, 20_000))
def test_a_refusal_names_a_bound_that_would_do(max_mb: int, needed_mb: float) -> None:
    told = MemoryBound(max_mb).refusal(Need(needed_mb))
    assert (told is None) == (needed_mb <= max_mb)
    if told:
        wanted = int(told.partition("in the settings, to ")[2].partition(";")[0])
        assert MemoryBound(wanted).refusal(Need(needed_mb)) is None


def test_the_need_of_all_posts_is_estimated_from_some() -> None:
    assert Need(200, base_mb=100, share=0.25).whole_mb == 500
    assert Need(200).whole_mb == 200
    assert Need(200, base_mb=210, share=0.5).whole_mb == 200
    told = MemoryBound(150).refusal(Need(200, base_mb=100, share=0.25))
    assert told == (
        "A build may have 150 MB of memory here, and this one needs about 500 MB, doing one thing "
        "after the other in one process. Nothing was published. Raise max_memory_mb, under [index] "
        "in the settings, to 550; with 0, there is no bound."
    )

    told = MemoryBound(150).refusal(Need(200, base_mb=100, share=0.01))
    assert told
    assert "needs more than 200 MB" in told, "too few are known to tell"
    assert "in the settings, to well above that" in told


def test_this_process_and_its_children_are_measured() -> None:
    code = "import sys; held = b'x' * (80 << 20); print(flush=True); sys.stdin.read()"
    alone = memory_use()
    assert alone
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.readline()
        both = memory_use()
        assert both
        assert both.total_mb <= resident_mb() + 1
        child.communicate()
    if both.others_mb is not None and alone.others_mb is not None:
        assert 80 < both.others_mb - alone.others_mb < 120


def test_where_only_the_most_is_told_one_process_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = memory_use()
    assert now
    monkeypatch.setattr(memoryuse, "_PROC", tmp_path / "none")
    most = memory_use()
    assert most
    assert most.others_mb is None
    assert most.own_mb == resident_mb() > now.own_mb / 2
    content = write_site(tmp_path / "content", POSTS)
    options = replace(OPTIONS, max_memory_mb=round(most.own_mb) + 500)
    assert build_index(content, tmp_path / "index", options).posts == len(POSTS)


def test_where_nothing_is_told_a_bound_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = write_site(tmp_path / "content", POSTS)
    monkeypatch.setattr(buildmemory, "memory_use", lambda: None)
    with pytest.raises(MemoryBoundError, match=r"does not tell .* Set it to 0, under \[index\]"):
        build_index(content, tmp_path / "index", replace(OPTIONS, max_memory_mb=5_000))
    assert not (tmp_path / "index").exists()
    assert build_index(content, tmp_path / "index", OPTIONS).posts == len(POSTS)


def written(index_dir: Path) -> dict[str, Any]:
    """All files of what is published but those that tell of the build and of when files changed;
    of Whoosh's, which have random names and times in them, the terms and their postings.
    """
    directory = open_current(index_dir).directory
    found: dict[str, Any] = {
        str(file.relative_to(directory)): file.read_bytes()
        for file in sorted(directory.rglob("*"))
        if file.is_file() and FULLTEXT_DIR not in file.parts and file.name not in TOLD
    }
    with whoosh_index.open_dir(str(directory / FULLTEXT_DIR), readonly=True).reader() as reader:
        found[FULLTEXT_DIR] = [
            (field, term, list(_postings(reader.postings(field, term))))
            for field, term in reader.all_terms()
        ]
    return found


def _postings(matcher: Any) -> Iterator[tuple[int, float, bytes]]:
    while matcher.is_active():
        yield matcher.id(), matcher.weight(), matcher.value()
        matcher.next()


class Beside:
    """Counts the processes that were started to work beside the one that builds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pools: list[int] = []
        started = processes.helping_processes
        for module in (processes, analyzing):
            monkeypatch.setattr(module, "helping_processes", self._counting(started))

    def _counting(
        self, started: Callable[..., AbstractContextManager[Any]]
    ) -> Callable[..., AbstractContextManager[Any]]:
        def start(count: int, *args: Any) -> AbstractContextManager[Any]:
            self.pools.append(count)
            return started(count, *args)

        return start


@pytest.fixture(scope="module")
def unbounded(large_site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is built of the large site without a bound."""
    index_dir = tmp_path_factory.mktemp("unbounded")
    build_index(large_site / "content", index_dir, OPTIONS)
    return written(index_dir)


@pytest.mark.parametrize(("room_mb", "pools"), [(0, []), (READING_ROOM_MB, []), (1_000, [2, 1])])
def test_what_is_published_is_the_same_whatever_the_bound(
    large_site: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    unbounded: dict[str, Any],
    room_mb: int,
    pools: list[int],
) -> None:
    beside = Beside(monkeypatch)
    use = memory_use()
    assert use
    least_mb = use.total_mb + writing_mb(SiteSize(1_101, 20_000)) + 30
    options = replace(OPTIONS, processes=2, max_memory_mb=round(least_mb + room_mb))
    build_index(large_site / "content", tmp_path / "index", options)
    assert beside.pools == pools
    assert written(tmp_path / "index") == unbounded


class Filling(BuildMemory):
    """Memory that has room for the processes that read until some of the files are read."""

    def __init__(self) -> None:
        super().__init__(MemoryBound())
        self._looks = 0

    def has_room_for_readers(self) -> bool:
        self._looks += 1
        return self._looks < 4


def test_the_rest_is_read_alone_where_there_is_no_room_any_more(large_site: Path) -> None:
    options = analyzing.AnalyzeOptions(OPTIONS.load, processes=2)
    found = []
    for memory in (UNBOUNDED, Filling()):
        with Gathered() as gathered:
            folder = analyze_folder(large_site / "content", options, gathered, memory=memory)
            posts = [post.to_bytes() for post in gathered.posts]
            found.append((folder, posts, gathered.words.term_uses()))
    assert found[0] == found[1]
    assert len(found[0][1]) == 1_101


def test_a_build_that_goes_on_is_bounded_too(large_site: Path, tmp_path: Path) -> None:
    content = shutil.copytree(large_site / "content", tmp_path / "content")
    published = update_index(content, tmp_path / "index", OPTIONS).generation
    (content / "new.md").write_text("---\ntitle: New\n---\nMore.\n", encoding="utf-8")
    with pytest.raises(MemoryBoundError, match="A build may have 20 MB of memory here"):
        update_index(content, tmp_path / "index", replace(OPTIONS, max_memory_mb=20))
    assert current_name(tmp_path / "index") == published
    report = update_index(content, tmp_path / "index", replace(OPTIONS, max_memory_mb=5_000))
    assert report.posts == 1_102


def test_a_build_that_has_no_room_to_go_on_starts_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = write_site(tmp_path / "content", POSTS)
    update_index(content, tmp_path / "index", OPTIONS)
    (content / "new.md").write_text("---\ntitle: New\n---\nMore.\n", encoding="utf-8")
    refusals = iter(["too little", None])
    monkeypatch.setattr(BuildMemory, "refusal", lambda _self, _gathered: next(refusals))
    update_index(content, tmp_path / "index", OPTIONS)
    assert list(refusals) == []
    monkeypatch.undo()
    build_index(content, tmp_path / "full", OPTIONS)
    assert written(tmp_path / "index") == written(tmp_path / "full")


def use_without_leftovers() -> MemoryUse:
    """What is there, less what a build would give back first: other tests ran in this process."""
    give_back()
    use = memory_use()
    assert use
    return use


BUILD_WITH_LITTLE = """
import sys
from dataclasses import replace
from pathlib import Path
from index.build import build_index
from index.errors import MemoryBoundError
from index.memory import WRITING_MB
from index.memoryuse import memory_use
from tests.index.test_unchanged import OPTIONS
most = round(memory_use().total_mb + 2 * WRITING_MB)
options = replace(OPTIONS, max_memory_mb=most, processes=1)
try:
    build_index(Path("content"), Path("index"), options, lambda step, _done, _all: print(step))
except MemoryBoundError as error:
    print(error, file=sys.stderr)
"""


def test_words_that_come_to_too_much_end_the_reading(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    text = " ".join(f"amber{n % 500}" for n in range(20_000))
    for n in range(100):
        (content / f"{n}.md").write_text(f"---\ntitle: {n}\n---\n{text}\n", encoding="utf-8")
    # In a process of its own, whose memory is not what other tests have left.
    done = subprocess.run(
        [sys.executable, "-c", BUILD_WITH_LITTLE],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "needs about" in done.stderr
    steps = done.stdout.splitlines()
    assert 0 < len(steps) < 100, "not all of them were read"
    assert set(steps) == {READING}
    assert not (tmp_path / "index").exists()


def test_a_build_that_was_past_its_bound_is_not_published() -> None:
    max_mb = round(use_without_leftovers().total_mb) + 100
    with build_memory(max_mb) as memory:
        watched = memory.watched(lambda _step, _done, _total: None)
        watched("Writing vectors", 0, 1)
        held = np.ones(300 << 20, np.uint8)
        waited_until = time.monotonic() + 20
        while memory.highest_mb <= max_mb and time.monotonic() < waited_until:
            time.sleep(0.01)
        del held
        with pytest.raises(MemoryBoundError, match="Raise max_memory_mb"):
            watched("Publishing", 0, 1)


def test_the_command_refuses_with_a_sentence_and_the_old_index_answers(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({f"content/{name}": text for name, text in POSTS.items()})
    first = site.json("build")
    site.write({"signpost.toml": "[index]\nmax_memory_mb = 20\n"})
    site.write({"content/reed.md": "---\ntitle: Reed\n---\nBy the water.\n"})
    done = site.run("build", code=3)
    assert "A build may have 20 MB of memory here, and this one needs about" in done.stderr
    assert "Raise max_memory_mb, under [index] in the settings, to" in done.stderr
    assert "Nothing was published." in done.stderr
    assert site.json("build", "--full", code=3).keys() == {"error"}
    assert site.json("status")["generation"] == first["generation"]
    assert site.json("search", "green")["total"] == 2
    site.write({"signpost.toml": "[index]\nmax_memory_mb = 1000\n"})
    assert site.json("build")["posts"] == 3


def test_every_command_that_builds_has_the_bound_of_the_settings() -> None:
    settings = load_settings(environ={"SIGNPOST_INDEX__MAX_MEMORY_MB": "512"})
    assert build_options(settings).max_memory_mb == 512
    assert build_options(load_settings(environ={})).max_memory_mb == 0
