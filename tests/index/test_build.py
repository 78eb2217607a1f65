"""The build as a whole: what it publishes, what it refuses, and that nothing is lost."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from whoosh import index as whoosh_index
from whoosh.qparser.default import QueryParser

from index.build import BuildOptions, build_index
from index.errors import (
    BuildError,
    BuildLockedError,
    ContentNotFoundError,
    StrictBuildError,
)
from index.generation import FULLTEXT_DIR, current_name
from index.loader import LoadOptions
from index.lock import build_lock
from index.opening import open_current
from index.report import BuildReport
from search import open_engine

Build = Callable[..., BuildReport]

NOW = datetime(2026, 6, 1, tzinfo=UTC)
POSTS = {
    "fern.md": "---\ntitle: Fern\n---\nGreen leaves.\n",
    "moss.md": "---\ntitle: Moss\n---\nGreen carpets.\n",
}


def test_every_file_is_a_post_or_is_named(build: Build) -> None:
    files = POSTS | {
        "draft.md": "---\ntitle: D\ndraft: true\n---\n",
        "broken.md": "---\ntitle: B\n",
        "image.png": "x",
        "later.md": "---\ntitle: L\ndate: 2026-12-01\n---\n",
    }
    report = build(files, BuildOptions(load=LoadOptions(now=NOW)))
    assert report.files == 6
    assert report.posts == 2
    assert sorted(entry.file for entry in report.left_out) == [
        "broken.md",
        "draft.md",
        "image.png",
        "later.md",
    ]
    assert [problem.file for problem in report.problems] == ["broken.md"]


def test_the_report_has_the_shape_of_the_contract(build: Build) -> None:
    report = json.loads(json.dumps(build(POSTS | {"x.txt": "x"}).as_json()))
    keys = ["generation", "files", "posts", "left_out", "problems", "seconds", "is_unchanged"]
    assert list(report) == keys
    assert list(report["left_out"][0]) == ["file", "line", "reason"]


def test_strict_publishes_nothing_where_there_is_a_problem(build: Build, tmp_path: Path) -> None:
    published = build(POSTS).generation
    with pytest.raises(StrictBuildError, match="1 problem") as raised:
        build({"broken.md": "---\ntitle: B\n"}, BuildOptions(is_strict=True))
    assert [problem.file for problem in raised.value.problems] == ["broken.md"]
    assert current_name(tmp_path / "index") == published


def test_a_draft_is_no_problem_to_strict(build: Build) -> None:
    files = POSTS | {"draft.md": "---\ntitle: D\ndraft: true\n---\n"}
    assert build(files, BuildOptions(is_strict=True)).posts == 2


def test_a_folder_without_posts_is_refused(build: Build, tmp_path: Path) -> None:
    published = build(POSTS).generation
    (tmp_path / "empty").mkdir()
    with pytest.raises(ContentNotFoundError, match="no posts to index"):
        build_index(tmp_path / "empty", tmp_path / "index")
    assert current_name(tmp_path / "index") == published


def test_a_second_build_at_once_is_refused_and_told_who_builds(
    build: Build, tmp_path: Path
) -> None:
    with (
        build_lock(tmp_path / "index"),
        pytest.raises(BuildLockedError, match=f"pid {os.getpid()}"),
    ):
        build(POSTS)
    assert build(POSTS).posts == 2, "the lock is given back"


def test_an_index_that_cannot_be_written_says_what_to_do(build: Build, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file in the way")
    with pytest.raises(BuildError, match="choose another --index"):
        build(POSTS)


def test_what_was_built_is_a_whoosh_index_that_answers_alone(build: Build, tmp_path: Path) -> None:
    build(POSTS)
    folder = open_current(tmp_path / "index").directory / FULLTEXT_DIR
    opened = whoosh_index.open_dir(str(folder), readonly=True)
    with opened.searcher() as searcher:
        parser = QueryParser("body", opened.schema)
        found = searcher.search(parser.parse("carpet"))
        assert [hit["path"] for hit in found] == ["/moss"]
        phrase = searcher.search(parser.parse('"green leaves"'))
        assert [hit["path"] for hit in phrase] == ["/fern"]


def test_two_builds_of_the_same_posts_answer_alike(build: Build, tmp_path: Path) -> None:
    build(POSTS)
    first = open_engine(tmp_path / "index").search("green").as_json()
    build(POSTS)
    second = open_engine(tmp_path / "index").search("green").as_json()
    for answer in (first, second):
        del answer["generation"], answer["took_ms"]
    assert first == second


BUILD_WITH_SMALL_FILES = """
import resource, signal, sys
from pathlib import Path
from index.build import build_index
from index.errors import BuildError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    build_index(Path(sys.argv[1]), Path(sys.argv[2]))
except BuildError as error:
    print(error)
"""


@pytest.mark.parametrize("limit_bytes", [0, 100, 4_000, 9_000])
def test_a_disk_that_takes_no_more_leaves_the_old_generation(
    build: Build, tmp_path: Path, limit_bytes: int
) -> None:
    published = build(POSTS).generation
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            BUILD_WITH_SMALL_FILES,
            tmp_path / "posts",
            tmp_path / "index",
            str(limit_bytes),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Nothing was published." in done.stdout
    assert current_name(tmp_path / "index") == published
    assert open_engine(tmp_path / "index").search("green").total == 2
