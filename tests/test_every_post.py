"""Asking the same of every post: in processes, of one generation, and with errors told."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.build import build_index
from index.errors import IndexUnavailableError
from search import Engine
from search.errors import ProcessLostError
from search.every_post import EngineSource, every_post


def test_progress_comes_to_the_number_of_posts(large_site: Path) -> None:
    told: list[tuple[int, int]] = []
    source = EngineSource(large_site / "build" / "index")
    answers = every_post(source, _path_of, 2, lambda done, total: told.append((done, total)))
    assert all(path == asked for path, asked in answers)
    assert told[-1] == (1_101, 1_101)


def _path_of(_engine: object, path: str) -> str:
    return path


def test_a_process_that_is_lost_is_told(large_site: Path) -> None:
    source = EngineSource(large_site / "build" / "index")
    with pytest.raises(ProcessLostError, match="--processes 1"):
        list(every_post(source, _lost, 2))


def _lost(_engine: object, _path: str) -> None:
    os._exit(9)


def test_an_error_in_another_process_is_the_error_here(large_site: Path) -> None:
    source = EngineSource(large_site / "build" / "index")
    with pytest.raises(IndexUnavailableError, match="gone"):
        list(every_post(source, _unavailable, 2))


def _unavailable(_engine: object, _path: str) -> None:
    raise IndexUnavailableError("The index is gone.")


@pytest.mark.parametrize("gone", ["z.md", "a.md"])
def test_an_index_that_is_rebuilt_meanwhile_is_told(tmp_path: Path, gone: str) -> None:
    content, index = tmp_path / "content", tmp_path / "index"
    content.mkdir()
    for name in ("a", "z", *(f"p{n}" for n in range(100))):
        (content / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n{name}\n")
    build_index(content, index)

    def rebuild(_paths: Sequence[str]) -> None:
        (content / gone).unlink()
        build_index(content, index)
        time.sleep(0.3)  # the engine looks for a new generation five times a second

    lists = every_post(EngineSource(index), Engine.related, 1, check=rebuild)
    with pytest.raises(IndexUnavailableError, match="rebuilt meanwhile"):
        list(lists)
