"""A build where nothing has changed: none at all; and where something has: as good as a full one."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import inputs
from index.build import build_index
from index.buildoptions import BuildOptions
from index.errors import BuildError, ContentNotFoundError, StrictBuildError
from index.generation import MANIFEST_FILE, RECORD_FILE, current_name, generation_names
from index.inputs import Stamp
from index.loader import LoadOptions
from index.lock import build_lock
from index.opening import open_current
from index.permalinks import Permalinks
from index.report import BuildReport
from index.unchanged import find_unchanged
from index.updating import update_index
from search import open_engine
from tests.conftest import WORDS, write_site

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OPTIONS = BuildOptions(load=LoadOptions(now=NOW))
POSTS = {
    "fern.md": "---\ntitle: Fern\n---\nGreen leaves.\n",
    "deep/moss.md": "---\ntitle: Moss\n---\nGreen carpets.\n",
    "draft.md": "---\ntitle: Draft\ndraft: true\n---\nUnseen.\n",
    "photo.png": "no picture",
}


class Site:
    """A folder of posts and its index."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "posts"
        self.index = folder / "index"

    def update(self, options: BuildOptions = OPTIONS) -> BuildReport:
        return update_index(self.content, self.index, options)

    def assert_unchanged(self, options: BuildOptions = OPTIONS) -> None:
        names, published = generation_names(self.index), current_name(self.index)
        report = self.update(options)
        assert report.is_unchanged
        assert report.generation == published == current_name(self.index)
        assert generation_names(self.index) == names

    def assert_rebuilt(self, options: BuildOptions = OPTIONS) -> None:
        before = current_name(self.index)
        report = self.update(options)
        assert not report.is_unchanged
        assert report.generation == current_name(self.index) != before


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """POSTS, built once."""
    write_site(tmp_path / "posts", POSTS)
    site = Site(tmp_path)
    assert not site.update().is_unchanged
    return site


def test_an_untouched_folder_is_not_built_again(site: Site) -> None:
    site.assert_unchanged()
    site.assert_unchanged()


def test_the_report_is_that_of_the_build_that_made_it(tmp_path: Path) -> None:
    files = {"broken.md": "---\ntitle: B\n", "odd.md": "---\ntitle: O\ndate: soon\n---\nOdd.\n"}
    write_site(tmp_path / "posts", POSTS | files)
    made, again = (Site(tmp_path).update().as_json() for _ in range(2))
    assert (made.pop("is_unchanged"), again.pop("is_unchanged")) == (False, True)
    assert made.pop("seconds") != again.pop("seconds")
    assert made["problems"]
    assert len(made["left_out"]) == 4
    assert again == made


def test_touched_files_and_a_fresh_copy_of_the_same_bytes_are_the_same(site: Site) -> None:
    for name in POSTS:
        os.utime(site.content / name, (1, 1))
    site.assert_unchanged()
    aside = site.content.with_name("aside")
    shutil.copytree(site.content, aside)
    shutil.rmtree(site.content)
    aside.rename(site.content)
    site.assert_unchanged()


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: (content / "fern.md").write_text("---\ntitle: Fern\n---\nRed leaves..\n"),
        lambda content: (content / "fern.md").write_text("---\ntitle: Fern\n---\nLonger by far.\n"),
        lambda content: (content / "fern.md").unlink(),
        lambda content: (content / "fern.md").rename(content / "ferns.md"),
        lambda content: (content / "fern.md").rename(content / "deep" / "fern.md"),
        lambda content: (content / "new.md").write_text("---\ntitle: New\n---\nNew.\n"),
        lambda content: (content / "new.png").write_text("x"),
        lambda content: (content / "draft.md").write_text("---\ntitle: Draft\n---\nSeen now.\n"),
        lambda content: (content / "deep" / "fern.md").symlink_to(content / "fern.md"),
    ],
)
def test_any_change_is_built(site: Site, edit: Callable[[Path], Any]) -> None:
    edit(site.content)
    site.assert_rebuilt()
    site.assert_unchanged()


def test_a_change_of_the_same_size_with_its_time_set_back_is_built(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even by stamps alone: the time of the last change of a file's own data can't be set back."""
    _trust_fresh_stamps(monkeypatch)
    site.update(replace(OPTIONS, language="de"))
    file = site.content / "fern.md"
    before = file.stat()
    file.write_text(file.read_text().replace("Green", "Brown"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    site.assert_rebuilt(replace(OPTIONS, language="de"))


@pytest.mark.parametrize(
    "options",
    [
        replace(OPTIONS, language="de"),
        replace(OPTIONS, base_url="https://www.example.org"),
        replace(OPTIONS, load=LoadOptions("/posts/:slug", now=NOW)),
        replace(OPTIONS, load=LoadOptions(Permalinks("", {"deep": ["/:slug"]}), now=NOW)),
        replace(OPTIONS, load=LoadOptions(include=frozenset({"drafts"}), now=NOW)),
    ],
)
def test_other_settings_are_a_change(site: Site, options: BuildOptions) -> None:
    site.assert_rebuilt(options)
    site.assert_unchanged(options)
    site.assert_rebuilt(OPTIONS)


def test_another_version_of_what_reads_posts_is_a_change(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.buildrecord.version", lambda name: f"next of {name}")
    site.assert_rebuilt()


def at(days: float) -> BuildOptions:
    return replace(OPTIONS, load=LoadOptions(now=NOW + timedelta(days=days)))


def test_a_post_that_becomes_due_or_expires_is_a_change(site: Site) -> None:
    write_site(
        site.content,
        {
            "due.md": "---\ntitle: Due\ndate: 2026-06-03\n---\nLater.\n",
            "brief.md": "---\ntitle: Brief\nexpiryDate: 2026-06-05\n---\nSoon gone.\n",
        },
    )
    assert site.update().posts == 3
    site.assert_unchanged(at(1.99))
    site.assert_rebuilt(at(2))
    assert site.update(at(2)).posts == 4
    site.assert_unchanged(at(3.99))
    site.assert_rebuilt(at(4))
    assert site.update(at(4)).posts == 3
    site.assert_unchanged(at(400))
    site.assert_rebuilt(at(3))
    assert site.update(at(3)).posts == 4, "a clock that was set back counts as well"


def test_a_due_date_counts_though_a_problem_or_another_post_stands_in_the_way(site: Site) -> None:
    write_site(
        site.content,
        {
            "a.md": "---\ntitle: A\npath: /same\n---\nFirst.\n",
            "b.md": "---\ntitle: B\npath: /same\nexpiryDate: 2026-06-03\n---\nSecond.\n",
        },
    )
    assert [problem.file for problem in site.update().problems] == ["b.md"]
    site.assert_rebuilt(at(2))
    assert site.update(at(2)).problems == ()


def test_a_kind_that_is_let_in_is_never_due(site: Site) -> None:
    options = replace(OPTIONS, load=LoadOptions(include=frozenset({"future"}), now=NOW))
    write_site(site.content, {"due.md": "---\ntitle: Due\ndate: 2026-06-03\n---\nLater.\n"})
    site.assert_rebuilt(options)
    later = replace(options, load=replace(options.load, now=NOW + timedelta(days=9)))
    site.assert_unchanged(later)


def test_strict_refuses_the_problems_of_an_unchanged_folder(site: Site) -> None:
    write_site(site.content, {"broken.md": "---\ntitle: B\n"})
    published = site.update().generation
    with pytest.raises(StrictBuildError, match="1 problem") as raised:
        site.update(replace(OPTIONS, is_strict=True))
    assert [problem.file for problem in raised.value.problems] == ["broken.md"]
    assert "broken.md" in [entry.file for entry in raised.value.left_out]
    (site.content / "broken.md").unlink()
    site.assert_rebuilt(replace(OPTIONS, is_strict=True))
    site.assert_unchanged(replace(OPTIONS, is_strict=True))
    assert current_name(site.index) != published


def test_a_damaged_generation_is_never_unchanged_whichever_file_it_is(site: Site) -> None:
    generation = open_current(site.index)
    assert RECORD_FILE in generation.manifest.checksums
    for name in [*generation.manifest.checksums, MANIFEST_FILE]:
        file = generation.directory / name
        whole = file.read_bytes()
        at = len(whole) // 2
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert find_unchanged(site.content, site.index, OPTIONS) is None, name
        file.write_bytes(whole)
    site.assert_unchanged()
    (generation.directory / RECORD_FILE).write_bytes(b"{}")
    site.assert_rebuilt()


def test_a_generation_without_a_record_is_built_anew(site: Site) -> None:
    directory = open_current(site.index).directory
    (directory / RECORD_FILE).unlink()
    site.assert_rebuilt()


def test_a_folder_that_is_gone_is_refused(site: Site) -> None:
    shutil.rmtree(site.content)
    with pytest.raises(ContentNotFoundError):
        site.update()


def test_generations_that_are_too_many_go_though_nothing_is_built(site: Site) -> None:
    for language in ("de", "en"):
        last = site.update(replace(OPTIONS, language=language)).generation
    assert len(generation_names(site.index)) == 3
    with build_lock(site.index):
        assert site.update(replace(OPTIONS, keep_generations=2)).is_unchanged
    assert len(generation_names(site.index)) == 3, "another build is at work"
    assert site.update(replace(OPTIONS, keep_generations=1)).is_unchanged
    assert generation_names(site.index) == [last]


def test_files_whose_stamps_are_as_they_were_are_not_read(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(site.content) as read:
        site.assert_unchanged()
    assert sorted(read) == ["draft.md", "fern.md", "moss.md"], "fresh files can't be told by stamps"
    _trust_fresh_stamps(monkeypatch)
    site.update(replace(OPTIONS, language="de"))
    (site.content / "draft.md").touch()
    with opened(site.content) as read:
        site.assert_unchanged(replace(OPTIONS, language="de"))
    assert read == ["draft.md"]


def test_a_stamp_tells_changes_only_once_time_has_passed() -> None:
    stamp = Stamp(size_bytes=1, mtime_ns=10**18, ctime_ns=10**18 + 5, inode=1)
    assert not stamp.is_settled(10**18 + 2 * 10**9)
    assert stamp.is_settled(10**18 + 2 * 10**9 + 6)


def _trust_fresh_stamps(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the files had been written long ago."""
    monkeypatch.setattr(inputs, "SETTLED_NS", -(10**18))


_watched: list[tuple[str, list[str]]] = []


def _note_opened(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _watched and str(arguments[0]).startswith(_watched[0][0]):
        _watched[0][1].append(Path(str(arguments[0])).name)


sys.addaudithook(_note_opened)


@contextmanager
def opened(folder: Path) -> Iterator[list[str]]:
    """The names of the files below a folder that are opened meanwhile."""
    names: list[str] = []
    _watched.append((str(folder), names))
    try:
        yield names
    finally:
        _watched.clear()


NAMES = ["a.md", "b.md", "blog/c.md", "blog/index.md", "blog/readme.md", "blog/d.png", "e.md"]
texts = st.builds(
    lambda words, tag, day, is_draft: (
        f"---\ntitle: {words[0]} {words[1]}\ntags: [{tag}]\ndate: 2026-06-{day:02}\n"
        f"draft: {str(is_draft).lower()}\n---\n{' '.join(words)}\n"
    ),
    st.lists(st.sampled_from(WORDS), min_size=4, max_size=6),
    st.sampled_from(WORDS[:3]),
    st.integers(1, 9),
    st.sampled_from([False, False, False, True]),
)
edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), texts),
    st.tuples(st.just("remove"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("touch"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("rewrite"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("language"), st.sampled_from(["en", "de"]), st.none()),
    st.tuples(st.just("days"), st.integers(0, 3), st.none()),
)


@dataclass
class Edited:
    """A folder under edits, and the settings and the time that go with it."""

    folder: Path
    language: str = "en"
    days: int = 0
    files: dict[str, str] = field(default_factory=dict)

    def apply(self, kind: str, what: Any, more: Any) -> None:
        if kind == "language":
            self.language = what
        elif kind == "days":
            self.days += what
        elif kind == "write":
            self.files[what] = more
            write_site(self.folder, {what: more})
        elif what in self.files:
            self._change(kind, what, more)

    def _change(self, kind: str, name: str, other: Any) -> None:
        file = self.folder / name
        if kind == "touch":
            os.utime(file, (self.days, self.days))
        elif kind == "rewrite":
            file.unlink()
            file.write_text(self.files[name], encoding="utf-8")
        elif kind == "remove":
            file.unlink()
            del self.files[name]
        else:
            (self.folder / other).parent.mkdir(exist_ok=True)
            file.replace(self.folder / other)
            self.files[other] = self.files.pop(name)

    def options(self) -> BuildOptions:
        now = NOW + timedelta(days=self.days)
        return BuildOptions(LoadOptions(now=now), language=self.language, max_shrink=1)

    def state(self) -> Any:
        """What tells whether there is anything to build; pictures are not read."""
        read = {name: text if name.endswith(".md") else "" for name, text in self.files.items()}
        days = {
            name: int(text.split("date: 2026-06-")[1][:2]) for name, text in read.items() if text
        }
        due = {name for name, day in days.items() if day <= 1 + self.days}
        return read, self.language, due


def answers(index_dir: Path) -> Any:
    """Everything that an index can tell of its posts, but for its own name and times."""
    engine = open_engine(index_dir)
    paths = list(engine.paths())
    told: list[Any] = [paths]
    told += [engine.search(f"{word} {WORDS[0]}", limit=50).as_json() for word in WORDS]
    told += [engine.related(path, limit=10).as_json() for path in paths]
    told += [engine.suggest(word[:2]).as_json() for word in WORDS]
    told += [engine.post(path).as_json() for path in paths]
    return json.loads(json.dumps(told), object_hook=_without_names)


def written(index_dir: Path) -> dict[str, str]:
    """The checksums of a generation's files, but for those that have random names or times."""
    return {
        name: checksum
        for name, checksum in open_current(index_dir).manifest.checksums.items()
        if name != RECORD_FILE and not name.startswith("fulltext/")
    }


def _without_names(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in {"generation", "took_ms"}}


@settings(max_examples=10, deadline=None)
@given(
    first=st.dictionaries(st.sampled_from(NAMES), texts, min_size=2),
    steps=st.lists(edits, min_size=1, max_size=5),
)
def test_after_any_edits_answers_are_those_of_a_full_build(
    first: dict[str, str], steps: list[tuple[str, Any, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        edited = Edited(Path(scratch) / "posts")
        edited.folder.mkdir()
        built: Any = None
        for step in [*(("write", name, text) for name, text in first.items()), *steps]:
            edited.apply(*step)
            try:
                full = build_index(edited.folder, Path(scratch) / "full", edited.options())
            except BuildError as error:  # no posts at all
                with pytest.raises(type(error)):
                    update_index(edited.folder, Path(scratch) / "index", edited.options())
                continue
            report = update_index(edited.folder, Path(scratch) / "index", edited.options())
            if edited.state() == built:
                assert report.is_unchanged
            elif built is None or edited.state()[:2] != built[:2]:
                assert not report.is_unchanged
            built = edited.state()
            for key in ("files", "posts", "left_out", "problems"):
                assert report.as_json()[key] == full.as_json()[key]
            assert answers(Path(scratch) / "index") == answers(Path(scratch) / "full")
            assert written(Path(scratch) / "index") == written(Path(scratch) / "full")
