"""A process that builds in forks, to be killed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.generation import current_name
from index.opening import open_current
from search import open_engine
from tests.faults.sites import mark_of

ROOT = Path(__file__).parents[2]


class Builder:
    """Builds `content` into `index_dir`, in another process; see `tests.faults.forking`."""

    def __init__(self, content: Path, index_dir: Path) -> None:
        self.content = content
        self.index_dir = index_dir
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forking", content, index_dir],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def build(self, **order: Any) -> dict[str, Any]:
        """What became of a build that was to end, or to be ended, as ordered."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def refused(self, **order: Any) -> str:
        """The sentence of a build that published nothing, and left nothing."""
        before = current_name(self.index_dir), self.mark()
        told = self.build(**order)
        assert told["code"] == 1
        assert told["error"].endswith("Nothing was published.")
        assert (current_name(self.index_dir), self.mark()) == before
        assert not [*(self.index_dir / "generations").glob(".*")]
        assert not [*self.index_dir.glob("CURRENT.*")]
        return str(told["error"])

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()

    def mark(self) -> str:
        """The mark of the published posts; what is published is whole."""
        open_current(self.index_dir)
        return mark_of(open_engine(self.index_dir))


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """Where the builder builds."""
    return tmp_path / "index"


@pytest.fixture
def builder(tmp_path: Path, index_dir: Path) -> Iterator[Builder]:
    """Builds tmp_path / "posts"."""
    builder = Builder(tmp_path / "posts", index_dir)
    yield builder
    builder.close()
