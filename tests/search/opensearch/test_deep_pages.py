"""Pages far down, other orders, boosts and age: the hits are those of the embedded engine."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest

from index.build import BuildOptions, build_index
from index.generation import current_name, directory_of
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.publishing import publish_generation
from search import Engine, open_engine
from search.engine import Filters, SearchOptions, Sort
from search.opensearch.engine import OpenSearchEngine
from search.tuning import Tuning
from tests.conftest import WORDS, write_site

POSTS: Final = 420
TUNINGS: Final = {
    "plain": Tuning(),
    "boosted": Tuning(boosts={"/amber": 3.0, "/amber/cedar": 0.2, "/birch/": 1.7}),
    "aged": Tuning(recency_half_life_days=200, pins={"dune": ("/fjord/7", "/inlet/398")}),
}
SORTS: Final[tuple[Sort, ...]] = ("relevance", "relevance", "newest", "oldest")


def post(number: int) -> tuple[str, str]:
    """A post of common words in changing numbers; some have no date, some a boost."""
    chance = random.Random(number)
    said = " ".join(chance.choices(WORDS, range(10, 0, -1), k=chance.randint(5, 60)))
    head = [f"title: {' '.join(chance.sample(WORDS, 2))}", f"tags: [{chance.choice(WORDS)}]"]
    if number % 5:
        head.append(f"date: {2015 + number % 10}-{1 + number % 12:02}-{1 + number % 28:02}")
    if number % 11 == 0:
        head.append("search: {boost: 2.5}")
    folder = WORDS[number % 3] + ("/cedar" if number % 6 == 0 else "")
    if number in {7, 398}:
        folder = {7: "fjord", 398: "inlet"}[number]
    return f"{folder}/{number}.md", "---\n" + "\n".join(head) + f"\n---\n{said} number{number}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site with more posts than are looked at."""
    folder = tmp_path_factory.mktemp("deep")
    write_site(folder / "posts", dict(map(post, range(POSTS))))
    build_index(folder / "posts", folder / "index", BuildOptions())
    return folder


@pytest.fixture(scope="module", params=[1, 3], ids=["one shard", "three shards"])
def options(
    request: pytest.FixtureRequest, folder: Path, cluster_hosts: tuple[str, ...]
) -> Iterator[ClusterOptions]:
    """The cluster that has the site, in one shard or in several."""
    alias = f"test-{uuid4().hex[:12]}"
    options = ClusterOptions(cluster_hosts, index=alias, replicas=0, shards=request.param)
    cluster = Cluster(options)
    index_dir = folder / "index"
    name = publish_generation(directory_of(index_dir, current_name(index_dir)), cluster)
    yield options
    cluster.delete_index(name)
    cluster.close()


@pytest.mark.parametrize("tuning", TUNINGS.values(), ids=TUNINGS.keys())
def test_any_page_in_any_order_is_the_same(
    folder: Path, options: ClusterOptions, tuning: Tuning
) -> None:
    embedded: Engine = open_engine(folder / "index", tuning=tuning)
    engine: Engine = OpenSearchEngine.open(options, folder / "cache", tuning=tuning)
    chance = random.Random(5)
    hits = 0
    for _ in range(60):
        text = " ".join(chance.sample([*WORDS, "nowhere"], chance.randint(0, 3)))
        filters = Filters(tags=tuple(chance.sample(WORDS, 2))) if chance.random() < 0.3 else None
        asked = SearchOptions(
            limit=chance.choice([0, 1, 10, 100]),
            offset=chance.choice([0, 0, 3, 95, 150, 300, 10_000]),
            sort=chance.choice(SORTS),
            filters=filters or Filters(),
        )
        found, expected = (each.search(text, options=asked) for each in (engine, embedded))
        told = (text, asked)
        assert (found.total, found.facets) == (expected.total, expected.facets), told
        assert found.missing == expected.missing, told
        assert [hit.score for hit in found.hits] == pytest.approx(
            [hit.score for hit in expected.hits], rel=2e-3, abs=1e-6
        ), told
        assert_same_but_for_ties(
            [(hit.path, hit.score) for hit in found.hits],
            [(hit.path, hit.score) for hit in expected.hits],
            asked,
        )
        hits += len(found.hits)
    assert hits > 500


def test_the_first_answer_is_that_of_all_later_ones(
    folder: Path, options: ClusterOptions, tmp_path: Path
) -> None:
    """What words weigh has to be counted first where any word may begin so."""
    expected = open_engine(folder / "index")
    for text in ("number1 am", "number41 gro", "am number7 hea", "ce number", "title:am number3"):
        engine = OpenSearchEngine.open(options, tmp_path / "cache")
        for _ in range(2):
            found = engine.search(text, options=SearchOptions(last_word_is_prefix=True))
            other = expected.search(text, options=SearchOptions(last_word_is_prefix=True))
            assert (found.total, found.facets) == (other.total, other.facets), text


def assert_same_but_for_ties(
    found: list[tuple[str, float]], expected: list[tuple[str, float]], asked: SearchOptions
) -> None:
    """The same posts in the same order; those of nearly one score may have changed places."""
    for (path, score), (other, other_score) in zip(found, expected, strict=True):
        is_tied = asked.sort == "relevance" and score == pytest.approx(other_score, rel=1e-3)
        assert path == other or is_tied, asked
