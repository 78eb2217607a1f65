"""A disk that takes no more, or nothing at all: a sentence, and the old generation stays."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from index.analyses import ANALYSES_DIR
from index.errors import PruningError
from index.generation import current_name, directory_of
from index.inventory import take_inventory
from index.pruning import prune_index
from tests.faults.conftest import Builder
from tests.faults.sites import write_posts

NOBODY: Final = 65534
DISK_KILOBYTES: Final = 8_000

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount and change users")


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    found = shutil.which(program) or pytest.skip(f"there is no {program} here")
    return subprocess.run([found, *arguments], check=False, capture_output=True, text=True)


@pytest.fixture
def index_dir(tmp_path: Path) -> Iterator[Path]:
    """On a disk of its own that can be filled, where mounting one is permitted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = run("mount", "-t", "tmpfs", "-o", f"size={DISK_KILOBYTES}k", "tmpfs", disk)
    if mounted.returncode:
        pytest.skip(f"mounting is not permitted here: {mounted.stderr.strip()}")
    yield disk / "index"
    unmounted = run("umount", "--lazy", disk)  # engines may still have files open
    assert unmounted.returncode == 0, unmounted.stderr


@pytest.fixture
def built(builder: Builder) -> Builder:
    """The builder, with an index, and other posts than those in it."""
    write_posts(builder.content, "before")
    assert builder.build()["code"] == 0
    write_posts(builder.content, "after")
    return builder


def leave_free(disk: Path, kilobytes: int) -> Path:
    """A file that takes all but so much of the disk."""
    filler = disk / "filler"
    filler.write_bytes(b"x" * (shutil.disk_usage(disk).free - kilobytes * 1024))
    return filler


@needs_root
@pytest.mark.parametrize("free_kilobytes", [0, 4, 40, 120, 250, 400])
def test_a_full_disk_is_said_and_changes_nothing(built: Builder, free_kilobytes: int) -> None:
    filler = leave_free(built.index_dir.parent, free_kilobytes)
    assert re.search("The disk is full: free some space|disk has room", built.refused())
    assert built.mark() == "before"
    filler.unlink()
    assert built.build()["code"] == 0
    assert built.mark() == "after"


@needs_root
def test_pruning_makes_room_on_a_full_disk(built: Builder) -> None:
    built.build()
    leave_free(built.index_dir.parent, 0)
    pruned = prune_index(built.index_dir, keep=1)
    assert len(pruned.removed) == 1
    assert shutil.disk_usage(built.index_dir).free >= pruned.freed_bytes > 0
    assert built.mark() == "after"


@needs_root
def test_a_read_only_disk_is_answered_from_and_not_written_to(built: Builder) -> None:
    assert run("mount", "-o", "remount,ro", built.index_dir.parent).returncode == 0
    assert "That disk is read-only: choose another folder with --index" in built.refused()
    assert take_inventory(built.index_dir, verifies=True).is_sound
    with pytest.raises(PruningError, match="can't be removed: Read-only file system"):
        prune_index(built.index_dir, keep=1)


@needs_root
def test_a_folder_that_may_not_be_written_to_is_said() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # pytest's own folders are closed to others
        with closing(Builder(folder / "posts", folder / "index")) as builder:
            write_posts(builder.content, "before")
            assert builder.build()["code"] == 0
            told = builder.refused(user=NOBODY)
        assert "Writing is not permitted there: change the folder's owner or --index." in told


class TestOnAnyDisk:
    """Where nothing needs to be mounted."""

    @pytest.fixture
    def index_dir(self, tmp_path: Path) -> Path:
        return tmp_path / "index"

    def test_files_that_may_not_grow_are_said_and_change_nothing(self, built: Builder) -> None:
        """Files are written in pieces and at once, by several libraries: each meets the limit."""
        directory = directory_of(built.index_dir, current_name(built.index_dir))
        sizes = {path.stat().st_size for path in directory.rglob("*") if path.is_file()}
        limits = [size - 1 for size in sorted(sizes) if size]
        assert len(limits) > 20
        for limit in limits:
            assert "build again" in built.refused(file_bytes=limit)
        state = built.index_dir / ANALYSES_DIR / "state.npz"
        assert state.stat().st_size > 2 * max(sizes)
        assert built.build(file_bytes=2 * max(sizes))["code"] == 0
        assert built.mark() == "after"
        assert not list(state.parent.iterdir()), "what can't be kept leaves its room to others"
        assert built.build()["code"] == 0
        assert state.exists()
