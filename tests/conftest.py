"""What all tests share: small sites that are really built, and the real corpora where present."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from index.build import BuildOptions, build_index
from index.report import BuildReport
from search import Engine, open_engine
from tests.cluster.cluster import Cluster
from tests.cluster.fortests import cluster_alone, shared_hosts

WORDS: Final = "amber birch cedar dune ember fjord grove heath inlet jetty".split()

SHARED = Path(__file__).resolve().parents[2] / "shared"

Site = Mapping[str, str]
"""Files of a site: their texts by path relative to its folder."""


def write_site(folder: Path, files: Site) -> Path:
    """The folder, with the files written into it."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., BuildReport]:
    """Builds files into tmp_path / "index"."""

    def build_files(files: Site, options: BuildOptions | None = None) -> BuildReport:
        return build_index(write_site(tmp_path / "posts", files), tmp_path / "index", options)

    return build_files


@pytest.fixture
def engine_of(build: Callable[..., BuildReport], tmp_path: Path) -> Callable[[Site], Engine]:
    """An engine over files that are built for it."""

    def engine(files: Site) -> Engine:
        build(files)
        return open_engine(tmp_path / "index")

    return engine


@pytest.fixture(scope="session")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of 1,100 posts: enough for more than one process."""
    folder = tmp_path_factory.mktemp("site")
    for n in range(1_100):
        name = folder / "content" / WORDS[n % 10] / f"{WORDS[n // 10 % 10]}-{n}.md"
        name.parent.mkdir(parents=True, exist_ok=True)
        text = " ".join(WORDS[(n * k) % 10] for k in (1, 2, 3, 7))
        name.write_text(f"---\ntitle: '{text} \"{n}\" ü'\n---\n{text} {n}\n", encoding="utf-8")
    (folder / "content" / "index.md").write_text("---\ntitle: Home\n---\nHi.\n", encoding="utf-8")
    build_index(folder / "content", folder / "build" / "index")
    return folder


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real corpora; tests that need it are skipped where it is not."""
    folder = SHARED / "corpora"
    if not folder.is_dir():
        pytest.skip("the real corpora are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def cilium(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the Cilium blog."""
    index_dir = tmp_path_factory.mktemp("cilium") / "index"
    build_index(corpora / "cilium", index_dir)
    return index_dir


@pytest.fixture(scope="session")
def cluster_hosts() -> Iterator[tuple[str, ...]]:
    """The addresses of a real cluster of three nodes, which other tests use at the same time.

    What a test keeps there has a name of its own, and it leaves the nodes alone.
    """
    with shared_hosts() as hosts:
        yield hosts


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A cluster that the tests of one module have for themselves, and may do anything to."""
    with cluster_alone() as cluster:
        yield cluster
