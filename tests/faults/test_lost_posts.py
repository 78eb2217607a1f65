"""Posts that go away, before a build or in the middle of it, are not taken for meant to go."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from index.errors import BuildError, ContentChangedError, ContentNotFoundError, ShrinkError
from index.report import BuildReport, Progress
from index.safeguards import ANY_SHRINK
from search import open_engine
from tests.faults.sites import POSTS, mark_of, write_posts

Act = Callable[[Path], None]


def remove_all(content: Path) -> None:
    shutil.rmtree(content)


def empty(content: Path) -> None:
    for file in content.iterdir():
        file.unlink()


def put_a_file_in_its_place(content: Path) -> None:
    shutil.rmtree(content)
    content.write_text("no folder any more", encoding="utf-8")


def remove_some(content: Path) -> None:
    for number in range(POSTS // 4):
        (content / f"{number}.md").unlink(missing_ok=True)


def at(wanted: tuple[str, int], act: Act, content: Path) -> Progress:
    """Progress that does something to the posts when a step has come so far."""

    def report(step: str, done: int, _total: int) -> None:
        if (step, done) == wanted:
            act(content)

    return report


@pytest.fixture
def content(tmp_path: Path) -> Path:
    build_index(write_posts(tmp_path / "posts", "before"), tmp_path / "index")
    return write_posts(tmp_path / "posts", "after")


@pytest.mark.parametrize("act", [remove_all, empty, put_a_file_in_its_place])
@pytest.mark.parametrize(
    "moment", [("Reading posts", 1), ("Reading posts", POSTS), ("Indexing", 0), ("Indexing", POSTS)]
)
def test_a_folder_that_goes_away_midway_is_not_published(
    content: Path, tmp_path: Path, moment: tuple[str, int], act: Act
) -> None:
    with pytest.raises(ContentChangedError, match=r"went away.*[Bb]uild again") as raised:
        build_index(content, tmp_path / "index", progress=at(moment, act, content))
    assert str(raised.value).endswith("Nothing was published.")
    assert mark_of(open_engine(tmp_path / "index")) == "before"


def test_not_even_a_single_post_may_go_away_unread(content: Path, tmp_path: Path) -> None:
    progress = at(("Reading posts", 1), lambda folder: (folder / "9.md").unlink(), content)
    with pytest.raises(ContentChangedError, match=r"9\.md went away while the posts were read"):
        build_index(content, tmp_path / "index", progress=progress)
    assert mark_of(open_engine(tmp_path / "index")) == "before"


def test_posts_that_were_read_and_then_removed_are_published_once_more(
    content: Path, tmp_path: Path
) -> None:
    progress = at(("Reading posts", POSTS), remove_some, content)
    assert build_index(content, tmp_path / "index", progress=progress).posts == POSTS
    assert build_index(content, tmp_path / "index").posts == POSTS - POSTS // 4


def test_a_folder_that_was_gone_before_is_not_published(content: Path, tmp_path: Path) -> None:
    remove_all(content)
    with pytest.raises(ContentNotFoundError, match="There is no folder"):
        build_index(content, tmp_path / "index")
    content.mkdir()
    with pytest.raises(ContentNotFoundError, match="no posts to index"):
        build_index(content, tmp_path / "index", BuildOptions(max_shrink=ANY_SHRINK))
    assert mark_of(open_engine(tmp_path / "index")) == "before"


def rebuild(tmp_path: Path, posts: int, max_shrink: float = 0.5) -> BuildReport:
    content = write_posts(tmp_path / "posts", "after", posts)
    return build_index(content, tmp_path / "index", BuildOptions(max_shrink=max_shrink))


@pytest.mark.usefixtures("content")
def test_more_than_half_of_the_posts_do_not_go_unless_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ShrinkError) as raised:
        rebuild(tmp_path, 19)
    for told in ("has 40 posts", "there are 19", "more than 50%", "signpost build --allow-shrink"):
        assert told in str(raised.value)
    assert mark_of(open_engine(tmp_path / "index")) == "before"
    assert rebuild(tmp_path, 20).posts == 20, "half of them may"
    assert rebuild(tmp_path, 9, ANY_SHRINK).posts == 9


@pytest.mark.usefixtures("content")
def test_how_much_may_go_can_be_set(tmp_path: Path) -> None:
    with pytest.raises(ShrinkError, match="more than 10% of them"):
        rebuild(tmp_path, 35, 0.1)
    assert rebuild(tmp_path, 36, 0.1).posts == 36
    with pytest.raises(ShrinkError):
        rebuild(tmp_path, 35, 0)
    assert rebuild(tmp_path, 5, 0.9).posts == 5


@pytest.mark.usefixtures("content")
def test_posts_are_counted_even_where_the_published_index_is_damaged_or_of_another_version(
    tmp_path: Path,
) -> None:
    (manifest,) = (tmp_path / "index" / "generations").glob("*/manifest.json")
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"format_version": ', '"format_version": 9'), encoding="utf-8")
    with pytest.raises(ShrinkError):
        rebuild(tmp_path, 10)
    (tmp_path / "index" / "CURRENT").write_text("nowhere\n", encoding="utf-8")
    with pytest.raises(ShrinkError):
        rebuild(tmp_path, 10)
    manifest.write_text("{", encoding="utf-8")
    assert rebuild(tmp_path, 10).posts == 10, "there is nothing to compare with"


def test_a_file_that_is_listed_and_cannot_be_opened_is_named(content: Path, tmp_path: Path) -> None:
    (content / "loose.md").symlink_to("nowhere.md")
    report = build_index(content, tmp_path / "index")
    assert [problem.file for problem in report.problems] == ["loose.md"]
    assert report.posts == POSTS


def test_a_file_system_without_locks_is_refused(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No such file system is at hand: the system's own answer is put in its place."""

    def flock(_descriptor: int, _operation: int) -> None:
        raise OSError(95, os.strerror(95))

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(BuildError, match=r"has no locks \(Operation not supported\).* --index"):
        build_index(content, tmp_path / "index")
    assert mark_of(open_engine(tmp_path / "index")) == "before", "readers do without"
