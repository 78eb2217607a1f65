"""Building on save, in this process: what is told, and what is tried again."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from index.buildoptions import BuildOptions
from index.errors import BuildError, ClusterError
from index.report import BuildReport
from index.watching import build_on_save, looks
from tests.conftest import write_site

Outcome = BuildReport | BuildError | ClusterError

POSTS = {
    "fern.md": "---\ntitle: Fern\n---\nGreen leaves.\n",
    "moss.md": "---\ntitle: Moss\n---\nGreen carpets.\n",
}


def outcomes(folder: Path, *then: Callable[[], object]) -> list[Outcome]:
    """What is told of a build and of one more after each act, done once the one before is told."""
    told: list[Outcome] = []

    def tell(outcome: Outcome) -> None:
        told.append(outcome)
        if len(told) > len(then):
            raise KeyboardInterrupt
        then[len(told) - 1]()

    with pytest.raises(KeyboardInterrupt):
        build_on_save(folder / "posts", folder / "index", BuildOptions(), tell)
    return told


def posts_of(outcome: Outcome) -> int:
    assert isinstance(outcome, BuildReport), outcome
    return outcome.posts


def test_a_post_that_becomes_due_is_built_without_being_saved(tmp_path: Path) -> None:
    due = datetime.now(UTC) + timedelta(seconds=3)
    later = f"---\ntitle: Later\ndate: {due.isoformat()}\n---\nDue.\n"
    write_site(tmp_path / "posts", POSTS | {"later.md": later})
    before, after = outcomes(tmp_path, lambda: None)
    assert (posts_of(before), posts_of(after)) == (2, 3)


def test_a_build_that_could_not_be_written_is_told_and_the_next_is_done(tmp_path: Path) -> None:
    write_site(tmp_path / "posts", POSTS)
    (tmp_path / "index").write_text("a file in the way")

    def clear_and_save() -> None:
        (tmp_path / "index").unlink()
        write_site(tmp_path / "posts", {"new.md": "---\ntitle: New\n---\nNew.\n"})

    failed, done = outcomes(tmp_path, clear_and_save)
    assert isinstance(failed, BuildError)
    assert "choose another --index" in str(failed)
    assert posts_of(done) == 3


def test_an_emptied_folder_and_the_one_that_takes_its_place(tmp_path: Path) -> None:
    content = write_site(tmp_path / "posts", POSTS)

    def empty() -> None:
        for name in POSTS:
            (content / name).unlink()

    def replace_by_another() -> None:
        another = write_site(tmp_path / "another", POSTS | {"sub/a.md": "---\ntitle: A\n---\nA.\n"})
        content.rmdir()
        another.rename(content)

    def save_below() -> None:
        write_site(content, {"sub/b.md": "---\ntitle: B\n---\nB.\n"})

    first, emptied, replaced, *gone, saved = [
        outcome
        for outcome in outcomes(tmp_path, empty, replace_by_another, save_below)
        if "There is no folder" not in str(outcome)  # where a look falls between the two
    ]
    assert not gone
    assert isinstance(emptied, BuildError)
    assert "no posts to index" in str(emptied)
    assert [posts_of(each) for each in (first, replaced, saved)] == [2, 3, 4]


def test_looks_see_posts_and_not_what_is_never_read(tmp_path: Path) -> None:
    content = write_site(tmp_path / "posts", POSTS)
    seen = looks(content, content / "index")
    assert list(islice(seen, 2)) == [True, False]
    for name in (".hidden.md", ".git/x.md", "node_modules/x.md", "index/CURRENT"):
        write_site(content, {name: "x"})
        assert not any(islice(seen, 2)), name
    edits: list[Callable[[], object]] = [
        lambda: write_site(content, {"fern.md": "x"}),
        lambda: write_site(content, {"deep/er/new.md": "x"}),
        lambda: (content / "fern.md").rename(content / "deep" / "fern.md"),
        lambda: shutil.rmtree(content / "deep"),
        lambda: (write_site(tmp_path, {"aside.md": "y"}) / "aside.md").replace(content / "m.md"),
    ]
    for edit in edits:
        edit()
        assert any(islice(seen, 4))
        while next(seen):
            pass
