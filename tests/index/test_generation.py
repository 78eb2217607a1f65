"""A generation's life: published whole, opened verified, refused where it is not what it says."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import IndexDamagedError, IndexNotFoundError, IndexVersionError
from index.generation import KEPT_GENERATIONS, current_name
from index.opening import open_current
from index.publishing import create_staging
from index.report import BuildReport

Build = Callable[..., BuildReport]

POSTS = {"a.md": "---\ntitle: Fern\n---\nGreen.\n", "b.md": "---\ntitle: Moss\n---\nGreen too.\n"}


def test_a_build_publishes_what_it_counted(build: Build, tmp_path: Path) -> None:
    report = build(POSTS | {"c.txt": "no post"})
    generation = open_current(tmp_path / "index")
    counts = generation.manifest.counts
    assert generation.manifest.generation == report.generation
    assert (counts.files, counts.posts, counts.left_out) == (3, 2, 1)
    listed = {
        path.relative_to(generation.directory).as_posix()
        for path in generation.directory.rglob("*")
        if path.is_file()
    }
    assert set(generation.manifest.checksums) == listed - {"manifest.json"}


def test_nothing_is_left_beside_the_published_generations(build: Build, tmp_path: Path) -> None:
    for _ in range(KEPT_GENERATIONS + 2):
        last = build(POSTS)
    names = sorted(path.name for path in (tmp_path / "index" / "generations").iterdir())
    assert len(names) == KEPT_GENERATIONS
    assert names[-1] == last.generation
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == [
        "CURRENT",
        "build.lock",
        "generations",
    ]


def test_what_a_killed_build_left_is_cleared_away(build: Build, tmp_path: Path) -> None:
    leftover = create_staging(tmp_path / "index")
    (leftover / "half").write_text("x")
    build(POSTS)
    assert not leftover.exists()


def test_a_flipped_byte_in_any_file_is_found(build: Build, tmp_path: Path) -> None:
    build(POSTS)
    generation = open_current(tmp_path / "index")
    for name in generation.manifest.checksums:
        file = generation.directory / name
        whole = file.read_bytes()
        at = len(whole) // 2
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(IndexDamagedError, match=r"Rebuild it: signpost build"):
            open_current(tmp_path / "index")
        file.write_bytes(whole)
    open_current(tmp_path / "index")


def test_a_missing_file_is_named(build: Build, tmp_path: Path) -> None:
    build(POSTS)
    (open_current(tmp_path / "index").directory / "documents.sqlite").unlink()
    with pytest.raises(IndexDamagedError, match=r"documents\.sqlite"):
        open_current(tmp_path / "index")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format_version": 1}', "null", '"x"'])
def test_a_broken_manifest_is_damage(build: Build, tmp_path: Path, text: str) -> None:
    build(POSTS)
    (open_current(tmp_path / "index").directory / "manifest.json").write_text(text)
    with pytest.raises(IndexDamagedError, match="manifest"):
        open_current(tmp_path / "index")


@pytest.mark.parametrize(
    ("key", "value"), [("format_version", 0), ("schema_version", 99), ("analyzer", "another")]
)
def test_another_version_is_refused_with_what_to_do(
    build: Build, tmp_path: Path, key: str, value: object
) -> None:
    build(POSTS)
    manifest = open_current(tmp_path / "index").directory / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {key: value}))
    with pytest.raises(IndexVersionError, match=r"another version.*Rebuild it: signpost build"):
        open_current(tmp_path / "index")


def test_no_index_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match=r"Make one: signpost build"):
        open_current(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "../elsewhere", ".staging-x", "\xff"])
def test_a_pointer_to_nowhere_is_damage(build: Build, tmp_path: Path, text: str) -> None:
    build(POSTS)
    (tmp_path / "index" / "CURRENT").write_text(text, encoding="latin-1")
    with pytest.raises(IndexDamagedError, match="CURRENT"):
        current_name(tmp_path / "index")
