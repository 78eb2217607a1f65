"""An engine on a cluster over time: generations come and go, and what is kept stays within bounds."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from index.build import build_index
from index.generation import current_name, directory_of
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.publishing import publish_generation
from search.opensearch.engine import OpenSearchEngine
from search.opensearch.poststore import PostStore
from search.opensearch.scorefactor import has_k1_factor
from tests.conftest import WORDS, write_site

POSTS = 60


@pytest.fixture
def options(cluster_hosts: tuple[str, ...]) -> Iterator[ClusterOptions]:
    """A cluster in which nobody else uses the alias; what is made under it is removed."""
    options = ClusterOptions(cluster_hosts, index=f"test-{uuid4().hex[:12]}", replicas=0)
    yield options
    cluster = Cluster(options)
    for name in cluster.aliases(f"{options.index}*"):
        cluster.delete_index(name)
    cluster.close()


@pytest.fixture
def publish(tmp_path: Path, options: ClusterOptions) -> Callable[[str], str]:
    """Publishes a site whose posts all have a word, and removes the generation before."""

    def published(word: str) -> str:
        files = {
            f"{n}.md": f"---\ntitle: {WORDS[n % 10]} {n}\n---\n{word} {WORDS[n % 7]} post{n}\n"
            for n in range(POSTS)
        }
        build_index(write_site(tmp_path / "posts", files), tmp_path / "index")
        directory = directory_of(tmp_path / "index", current_name(tmp_path / "index"))
        cluster = Cluster(options)
        name = publish_generation(directory, cluster, keep_generations=1)
        cluster.close()
        return name

    return published


def test_a_generation_that_is_gone_gives_way_to_the_next(
    publish: Callable[[str], str], options: ClusterOptions, tmp_path: Path
) -> None:
    publish("alpha")
    engine = OpenSearchEngine.open(options, tmp_path / "cache")
    assert engine.search("alpha").total == POSTS
    publish("omega")
    found = engine.search("omega")
    assert (found.total, found.generation) == (POSTS, current_name(tmp_path / "index"))
    assert engine.related("/1").generation == found.generation


def test_the_folder_keeps_what_is_answered_from_and_what_was_before(
    publish: Callable[[str], str], options: ClusterOptions, tmp_path: Path
) -> None:
    names = [publish("alpha")]
    engine = OpenSearchEngine.open(options, tmp_path / "cache")
    others = {"something-else", names[0].replace(options.index, f"{options.index}-de")}
    for other in others:
        (tmp_path / "cache" / other).mkdir()
    for word in ("beta", "gamma"):
        names.append(publish(word))
        engine.move_on()
    kept = {folder.name for folder in (tmp_path / "cache").iterdir()}
    assert kept == {*names[1:], *others}


def test_a_damaged_dictionary_is_fetched_again(
    publish: Callable[[str], str], options: ClusterOptions, tmp_path: Path
) -> None:
    name = publish("alpha")
    before = OpenSearchEngine.open(options, tmp_path / "cache").suggest("am")
    assert before.suggestions
    file = tmp_path / "cache" / name / "completions" / "texts.bytes.npy"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert OpenSearchEngine.open(options, tmp_path / "cache").suggest("am") == before
    assert file.read_bytes() == whole


def test_posts_that_are_kept_stay_within_bounds_and_answers_the_same(
    publish: Callable[[str], str],
    options: ClusterOptions,
    tmp_path: Path,
) -> None:
    name = publish("alpha")
    engine = OpenSearchEngine.open(options, tmp_path / "cache")
    expected = {word: engine.search(word).hits for word in WORDS}
    options = replace(options, post_cache_mb=0.1)
    cluster = Cluster(options)
    store = PostStore(cluster, name)
    paths = engine.paths()
    for _ in range(3):
        posts = store.fetch(paths, ("uses", "texts"))
        assert [post.path for post in posts] == list(paths)
        assert all({"uses", "texts"} <= post.records.keys() for post in posts)
        assert 0 < store.size_bytes <= 0.1 * 2**20
    cluster.close()
    small = OpenSearchEngine.open(options, tmp_path / "cache")
    assert {word: small.search(word).hits for word in WORDS} == expected


def test_posts_that_are_not_there_are_left_out(
    publish: Callable[[str], str], options: ClusterOptions
) -> None:
    cluster = Cluster(options)
    store = PostStore(cluster, publish("alpha"))
    assert [post.path for post in store.fetch(["/nowhere", "/2", "/1", "/2"])] == ["/2", "/1"]
    assert store.fetch([]) == []
    cluster.close()


def test_whether_scores_have_the_factor_shows_in_the_score_of_a_path(
    publish: Callable[[str], str], options: ClusterOptions
) -> None:
    name = publish("alpha")
    cluster = Cluster(options)
    assert has_k1_factor(cluster, name, "/1", POSTS)
    # In a site of so many posts, a path would score more than twice as much with the factor.
    assert not has_k1_factor(cluster, name, "/1", POSTS**3)
    assert has_k1_factor(cluster, name, "/nowhere", POSTS)
    cluster.close()
