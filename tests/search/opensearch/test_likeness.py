"""Posts that are alike: those of the embedded engine, in however many shards they are."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest

from index.build import build_index
from index.generation import current_name, directory_of
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.publishing import publish_generation
from search import Engine, open_engine
from search.opensearch.engine import OpenSearchEngine
from tests.conftest import WORDS, write_site

PAIRS: Final = 60
"""Pairs of posts whose words hardly anybody else has: some of them are in one shard, others not."""


def pair(number: int) -> dict[str, str]:
    chance = random.Random(number)
    own = [f"zq{number}x{word}" for word in range(40)]
    texts = [f"{' '.join(own)} {' '.join(chance.sample(WORDS, 2))}" for _ in range(2)]
    return {
        f"{number}-{version}.md": f"---\ntags: [{WORDS[number % 7]}]\n---\n# {own[version]}\n\n{text}\n"
        for version, text in enumerate(texts)
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pairs")
    write_site(folder / "posts", {k: v for number in range(PAIRS) for k, v in pair(number).items()})
    build_index(folder / "posts", folder / "index")
    return folder


@pytest.fixture(scope="module", params=[1, 3], ids=["one shard", "three shards"])
def engine(
    request: pytest.FixtureRequest, folder: Path, cluster_hosts: tuple[str, ...]
) -> Iterator[Engine]:
    alias = f"test-{uuid4().hex[:12]}"
    options = ClusterOptions(cluster_hosts, index=alias, replicas=0, shards=request.param)
    cluster = Cluster(options)
    name = publish_generation(
        directory_of(folder / "index", current_name(folder / "index")), cluster
    )
    yield OpenSearchEngine.open(options, folder / "cache")
    cluster.delete_index(name)
    cluster.close()


def test_near_duplicates_are_the_same(folder: Path, engine: Engine) -> None:
    embedded = open_engine(folder / "index")
    alike = {path: [*embedded.near_duplicates(path)] for path in embedded.paths()}
    assert sum(map(len, alike.values())) >= PAIRS
    for path, expected in alike.items():
        assert dict(engine.near_duplicates(path)) == pytest.approx(dict(expected)), path


def test_related_lists_are_the_same(folder: Path, engine: Engine) -> None:
    embedded = open_engine(folder / "index")
    for path in embedded.paths():
        found, expected = (each.related(path).related for each in (engine, embedded))
        assert [item.path for item in found] == [item.path for item in expected], path
        assert [item.score for item in found] == pytest.approx([item.score for item in expected])
