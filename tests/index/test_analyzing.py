"""Posts that are read by several processes: the same posts, in the same order, or an error."""

import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from index import fulltext, matrix
from index.analyzed import AnalyzedPost, analyze
from index.analyzing import AnalyzeOptions, analyze_folder
from index.build import BuildOptions, build_index
from index.errors import BuildError
from index.gathered import Gathered
from index.loader import LoadOptions, load_posts
from index.opening import open_current
from index.post import Link, LoadedPosts, Post, SearchHints, Section
from index.postjson import post_from_json
from index.storedpost import StoredPost

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FILES = 900


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    for number in range(FILES):
        (folder / f"{number:03}.md").write_text(
            f"---\ntitle: Post {number}\npath: /p{number * 7 % FILES}\ntags: [t{number % 5}]\n---\n"
            f"Number {number} follows [the last]({max(number - 1, 0):03}.md). Größe naïve 入門書.\n"
            f"\n## Part {number % 3}\n\n`code_{number}` and *words* about words.\n",
            encoding="utf-8",
        )
    (folder / "same.md").write_text("---\ntitle: Same\npath: /p7\n---\nTaken.\n")
    (folder / "broken.md").write_text("---\ntitle: [\n---\n")
    return folder


def analyzed(folder: Path, processes: int) -> tuple[LoadedPosts, list[StoredPost]]:
    gathered = Gathered()
    options = AnalyzeOptions(LoadOptions(now=NOW), processes=processes)
    with gathered:
        loaded = analyze_folder(folder, options, gathered).loaded
        return loaded, list(gathered.posts)


def test_several_processes_read_what_one_reads(site: Path) -> None:
    one, posts_of_one = analyzed(site, 1)
    two, posts_of_two = analyzed(site, 2)
    assert one == two
    assert [post.to_bytes() for post in posts_of_one] == [post.to_bytes() for post in posts_of_two]
    loaded = load_posts(site, LoadOptions(now=NOW))
    assert (one.files, one.left_out, one.problems) == (
        loaded.files,
        loaded.left_out,
        loaded.problems,
    )
    assert [post_from_json(post.fields) for post in posts_of_one] == list(one.posts)
    assert list(one.posts) == [replace(post, sections=(), html="") for post in loaded.posts]
    assert len(one.posts) == FILES
    assert [entry.file for entry in one.left_out] == ["broken.md", "same.md"]


def test_a_generation_is_the_same_whatever_the_number_of_processes(
    site: Path, tmp_path: Path
) -> None:
    arrays = []
    for processes in (1, 2):
        index = tmp_path / str(processes)
        build_index(site, index, BuildOptions(LoadOptions(now=NOW), processes=processes))
        directory = open_current(index).directory
        arrays.append({file.relative_to(directory): file for file in directory.rglob("*.npy")})
    assert arrays[0].keys() == arrays[1].keys()
    for name, file in arrays[0].items():
        assert np.array_equal(np.load(file), np.load(arrays[1][name])), name


class Deadly(str):
    """A pattern of paths that ends the process as soon as it is looked at."""

    __slots__ = ()

    def __bool__(self) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return True


def test_a_file_that_ends_a_process_is_named(site: Path, tmp_path: Path) -> None:
    fatal = site / "500a.md"  # the only post that names no path, so that the pattern is asked
    fatal.write_text("---\ntitle: No path\n---\nFatal.\n")
    options = BuildOptions(LoadOptions(permalink=Deadly("/x"), now=NOW), processes=2)
    try:
        with pytest.raises(BuildError, match=r"ended before its time.* 500a\.md"):
            build_index(site, tmp_path / "index", options)
    finally:
        fatal.unlink()
    assert not (tmp_path / "index").exists()


def test_an_analysed_post_is_the_same_after_being_bytes() -> None:
    post = Post(
        path="/a",
        source="a.md",
        title="Größe",
        date=datetime(2024, 5, 6, 7, tzinfo=UTC),
        tags=("x", "y"),
        lang="de",
        series_part=2.5,
        popular=True,
        search=SearchHints(2.0, ("pin",), ("key",)),
        sections=(Section("", "", 0, "入門書 und\nC++"), Section("Kopf", "kopf", 2, "", "x = 1")),
        links=(Link("/b", "b"), Link("c.md", "")),
        html="<p>ß</p>",
    )
    first = analyze(post)
    again = AnalyzedPost.from_bytes(first.to_bytes())
    assert again.stored.fields == first.stored.fields
    assert post_from_json(again.stored.fields) == replace(post, sections=(), html="")
    assert list(again.stored.units()) == list(first.stored.units())
    assert again.to_bytes() == first.to_bytes()
    bare = AnalyzedPost.from_bytes(analyze(Post("/b", "b.md", "")).to_bytes())
    assert post_from_json(bare.stored.fields) == Post("/b", "b.md", "")


def test_little_at_a_time_is_the_same_as_much(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def files(name: str) -> Sequence[bytes]:
        build_index(site, tmp_path / name, BuildOptions(LoadOptions(now=NOW), processes=1))
        directory = open_current(tmp_path / name).directory / "matrix"
        return [file.read_bytes() for file in sorted(directory.iterdir())]

    at_once = files("much")
    monkeypatch.setattr(matrix, "USES_AT_ONCE", 100)
    monkeypatch.setattr(fulltext, "USES_AT_ONCE", 100)
    assert files("little") == at_once
