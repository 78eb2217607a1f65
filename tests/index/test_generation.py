"""A generation's life: published whole, opened verified, refused where it is not what it says."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import BuildOptions
from index.errors import BuildError, IndexDamagedError, IndexNotFoundError, IndexVersionError
from index.generation import (
    FORMAT_VERSION,
    KEPT_GENERATIONS,
    current_name,
    directory_of,
    generation_names,
)
from index.inventory import take_inventory
from index.opening import open_current, open_newest_good
from index.pruning import prune_index
from index.publishing import create_staging
from index.report import BuildReport
from search import open_engine

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
        "analyses",
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


def test_a_generation_of_the_format_before_is_refused_and_not_half_read(
    build: Build, tmp_path: Path
) -> None:
    """One as it stands on disk after an upgrade: whole, with no digest in its manifest."""
    build(POSTS)
    build(POSTS)
    manifest = open_current(tmp_path / "index").directory / "manifest.json"
    fields = json.loads(manifest.read_text()) | {"format_version": FORMAT_VERSION - 1}
    del fields["digest"]
    manifest.write_text(json.dumps(fields))
    for opens in (open_current, open_newest_good, open_engine):
        with pytest.raises(IndexVersionError, match=r"another version.*Rebuild it: signpost build"):
            opens(tmp_path / "index")
    states = [
        entry.state for entry in take_inventory(tmp_path / "index", verifies=True).generations
    ]
    assert states == ["other version", "whole"]
    rebuilt = build(POSTS)
    assert open_engine(tmp_path / "index").status().generation == rebuilt.generation


def test_a_generation_under_the_name_of_another_is_damage(build: Build, tmp_path: Path) -> None:
    build(POSTS)
    generation = open_current(tmp_path / "index")
    generation.directory.rename(generation.directory.with_name("20200101T000000000000-copied"))
    (tmp_path / "index" / "CURRENT").write_text("20200101T000000000000-copied\n")
    with pytest.raises(IndexDamagedError, match="it is that of another generation"):
        open_current(tmp_path / "index")


def test_everything_is_on_disk_before_it_is_renamed_or_pointed_to(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order that a power cut must not find otherwise: flushed, renamed, flushed, pointed to."""
    done: list[tuple[str, str]] = []
    flush, rename, replace = os.fsync, Path.rename, Path.replace

    def flushed(fd: int) -> None:
        flush(fd)
        done.append(("flushed", str(Path(f"/proc/self/fd/{fd}").readlink())))

    def renamed(path: Path, target: Path) -> Path:
        done.append(("renamed", str(path)))
        return rename(path, target)

    def replaced(path: Path, target: Path) -> Path:
        done.append(("replaced", str(path)))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(Path, "replace", replaced)
    build(POSTS)
    index_dir = tmp_path / "index"
    directory = open_current(index_dir).directory
    (at,) = [n for n, (what, name) in enumerate(done) if what == "renamed" and ".staging-" in name]
    staging = done[at][1]
    below = {path.relative_to(directory) for path in directory.rglob("*")}
    assert {name for _, name in done[:at]} == {staging, *(f"{staging}/{path}" for path in below)}
    assert done[at + 1 :] == [
        ("flushed", str(directory.parent)),
        ("flushed", str(index_dir / "CURRENT.next")),
        ("replaced", str(index_dir / "CURRENT.next")),
        ("flushed", str(index_dir)),
        ("replaced", str(index_dir / "analyses" / "state.npz.next")),  # may be lost
    ]


def test_a_pointer_that_cannot_be_replaced_leaves_no_generation_behind(
    build: Build, tmp_path: Path
) -> None:
    published = build(POSTS).generation
    (tmp_path / "index" / "CURRENT.next").mkdir()
    with pytest.raises(BuildError, match="Nothing was published"):
        build(POSTS)
    assert generation_names(tmp_path / "index") == [published]
    (tmp_path / "index" / "CURRENT.next").rmdir()
    assert current_name(tmp_path / "index") == published


@pytest.mark.parametrize("keep", [1, 2, 5])
def test_as_many_generations_stay_as_are_asked_for(build: Build, tmp_path: Path, keep: int) -> None:
    names = [build(POSTS, BuildOptions(keep_generations=keep)).generation for _ in range(keep + 2)]
    assert generation_names(tmp_path / "index") == names[: -keep - 1 : -1]


def test_the_published_generation_stays_whatever_its_age(build: Build, tmp_path: Path) -> None:
    names = [build(POSTS).generation for _ in range(3)]
    (tmp_path / "index" / "CURRENT").write_text(names[0] + "\n")
    pruned = prune_index(tmp_path / "index", keep=1)
    assert pruned.removed == (names[1],)
    assert pruned.kept == (names[2], names[0])


def test_nothing_is_pruned_while_the_published_generation_is_damaged(
    build: Build, tmp_path: Path
) -> None:
    names = [build(POSTS).generation for _ in range(3)]
    (directory_of(tmp_path / "index", names[-1]) / "documents.sqlite").write_bytes(b"")
    with pytest.raises(IndexDamagedError):
        prune_index(tmp_path / "index", keep=1)
    assert generation_names(tmp_path / "index") == names[::-1]


def test_no_index_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match=r"Make one: signpost build"):
        open_current(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "../elsewhere", ".staging-x", "\xff"])
def test_a_pointer_to_nowhere_is_damage(build: Build, tmp_path: Path, text: str) -> None:
    build(POSTS)
    (tmp_path / "index" / "CURRENT").write_text(text, encoding="latin-1")
    with pytest.raises(IndexDamagedError, match="CURRENT"):
        current_name(tmp_path / "index")
