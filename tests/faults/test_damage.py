"""A byte that is not what was written, in any file: another generation answers, or none does."""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from index.errors import IndexDamagedError, IndexUnavailableError, IndexVersionError
from index.generation import MANIFEST_FILE, current_name, directory_of, read_manifest
from index.inventory import take_inventory
from search import open_engine
from tests.faults.sites import mark_of, write_posts

OLD, NEW = "before", "after"


@contextmanager
def flipped(file: Path, at: int, bits: int = 1) -> Iterator[None]:
    """The file with some bits of one byte turned over, for a while."""
    whole = file.read_bytes()
    file.write_bytes(whole[:at] + bytes([whole[at] ^ bits]) + whole[at + 1 :])
    try:
        yield
    finally:
        file.write_bytes(whole)


def files_of(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def two_generations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    for mark in (OLD, NEW):
        build_index(write_posts(folder / "posts", mark), folder / "index")
    return folder / "index"


@pytest.fixture(scope="module")
def one_generation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one")
    build_index(
        write_posts(folder / "posts", NEW), folder / "index", BuildOptions(keep_generations=1)
    )
    return folder / "index"


def test_a_flipped_byte_in_any_file_brings_the_older_generation_back(
    two_generations: Path,
) -> None:
    published = current_name(two_generations)
    directory = directory_of(two_generations, published)
    places = random.Random(3)
    for file in files_of(directory):
        at = places.randrange(file.stat().st_size)
        if file.name == MANIFEST_FILE:  # among the checksums: versions that differ are no damage
            at = file.stat().st_size // 2
        with flipped(file, at, 1 << places.randrange(8)):
            engine = open_engine(two_generations)
            status = engine.status()
            assert status.is_fallback, file
            assert status.fallback_reason
            assert f"{published}/{file.relative_to(directory)} " in status.fallback_reason
            assert status.generation != published
            assert mark_of(engine) == OLD
    assert mark_of(open_engine(two_generations)) == NEW


def test_a_flipped_byte_in_the_only_generation_is_refused_with_what_to_do(
    one_generation: Path,
) -> None:
    directory = directory_of(one_generation, current_name(one_generation))
    for file in files_of(directory):
        for at in {0, file.stat().st_size // 2, file.stat().st_size - 1}:
            with (
                flipped(file, at),
                pytest.raises(IndexUnavailableError, match="Rebuild it: signpost build"),
            ):
                open_engine(one_generation)
    assert mark_of(open_engine(one_generation)) == NEW


def test_a_manifest_says_what_was_written_or_is_refused_whichever_byte_is_flipped(
    one_generation: Path,
) -> None:
    name = current_name(one_generation)
    file = directory_of(one_generation, name) / MANIFEST_FILE
    written = read_manifest(one_generation, name)
    for at in range(file.stat().st_size):
        with flipped(file, at, 1 << at % 8), suppress(IndexDamagedError, IndexVersionError):
            assert read_manifest(one_generation, name) == written, at


def test_a_flipped_byte_in_the_pointer_still_leads_to_a_whole_generation(
    two_generations: Path,
) -> None:
    pointer = two_generations / "CURRENT"
    for at in range(pointer.stat().st_size):
        with flipped(pointer, at):
            engine = open_engine(two_generations)
            assert mark_of(engine) == NEW, "it is the newest that is whole"
            is_blank = at == pointer.stat().st_size - 1
            assert engine.status().is_fallback != is_blank


def test_verification_names_each_damaged_file_and_its_generation(two_generations: Path) -> None:
    whole = take_inventory(two_generations, verifies=True)
    assert [entry.state for entry in whole.generations] == ["whole", "whole"]
    assert whole.is_sound
    for entry in whole.generations:
        directory = directory_of(two_generations, entry.generation)
        for file in files_of(directory):
            with flipped(file, file.stat().st_size // 2):
                found = take_inventory(two_generations, verifies=True)
            (damaged,) = [each for each in found.generations if each.state == "damaged"]
            assert damaged.generation == entry.generation
            assert [each.file for each in damaged.damage] == [
                file.relative_to(directory).as_posix()
            ]
            assert not found.is_sound
