"""What becomes of an index to which only what has changed is sent, when something goes wrong."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from index.errors import ClusterDamagedError, ClusterError, ClusterNotWellError
from index.opensearch import cloning, comparing
from index.opensearch.client import Cluster
from index.opensearch.generations import current_index, indices_of, writing_alias
from index.opensearch.mapping import clone_body
from index.opensearch.publishing import publish_generation
from index.opensearch.sending import send
from tests.index.opensearch.changingsite import POSTS
from tests.index.opensearch.sent import everything_in, posts_among

STEPS = (
    "clone_index",
    "bulk",
    "change_meta",
    "refresh",
    "count",
    "flush",
    "change_settings",
    "change_aliases",
)


def fail_at(name: str, error: BaseException) -> Callable[..., None]:
    def fails(*_args: object, **_options: object) -> None:
        raise error

    fails.__name__ = name
    return fails


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_leaves_everything_as_it_was(
    step: str, site: tuple[Path, ...], cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = publish_generation(site[0], cluster)
    before = everything_in(cluster, cluster.options.index)
    for error in (ClusterNotWellError("No."), KeyboardInterrupt()):
        with monkeypatch.context() as patched:
            patched.setattr(Cluster, step, fail_at(step, error))
            with pytest.raises(type(error)):
                publish_generation(site[1], cluster)
        assert_untouched(cluster, published)
    assert everything_in(cluster, cluster.options.index) == before


def assert_untouched(cluster: Cluster, published: str) -> None:
    alias = cluster.options.index
    assert current_index(cluster, alias).name == published
    assert cluster.aliases(f"{alias}-*") == {published: {alias}}


@pytest.mark.parametrize(
    ("name", "told"),
    [("/017", "documents of kind post|is not what was sent"), ("/250", "documents of kind post")],
)
def test_what_is_lost_on_the_way_is_noticed(
    name: str,
    told: str,
    site: tuple[Path, ...],
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published = publish_generation(site[0], cluster)

    def losing(cluster: Cluster, index: str, documents: Iterator[Any], *rest: Any) -> None:
        send(cluster, index, (one for one in documents if one.name != name), *rest)

    monkeypatch.setattr(cloning, "send", losing)
    monkeypatch.setattr(comparing, "SAMPLE", 1000)
    with pytest.raises(ClusterDamagedError, match=told):
        publish_generation(site[2], cluster)
    assert_untouched(cluster, published)


def test_a_copy_that_a_killed_build_left_is_removed_by_the_next(
    site: tuple[Path, ...], cluster: Cluster, names_sent: list[str]
) -> None:
    alias = cluster.options.index
    published = publish_generation(site[0], cluster)
    killed = f"{alias}-20290101t000000000000-bbbb"
    cluster.change_settings(published, {"index.blocks.write": True})
    cluster.clone_index(published, killed, clone_body(writing_alias(killed)))
    assert indices_of(cluster, alias) == ((published,), (), (killed,))
    names_sent.clear()
    newest = publish_generation(site[1], cluster)
    assert posts_among(names_sent) == {"/017", "/018"}
    assert indices_of(cluster, alias) == ((newest,), (published,), ())


def test_a_copy_can_not_be_made_of_what_may_still_change(
    site: tuple[Path, ...], cluster: Cluster
) -> None:
    published = publish_generation(site[0], cluster)
    with pytest.raises(ClusterError, match="must block write"):
        cluster.clone_index(published, f"{published}-copy", {})


def test_readers_see_one_generation_or_the_other(
    site: tuple[Path, ...], cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    alias = cluster.options.index
    publish_generation(site[0], cluster)
    seen: list[tuple[str, int]] = []
    ask = cluster._ask

    def looking(method: str, path: str, *rest: Any, **options: Any) -> Any:
        answer = ask(method, path, *rest, **options)
        body = {"query": {"terms": {"path": ["/000a", "/250"]}}, "docvalue_fields": ["path"]}
        hits = ask("POST", f"/{alias}/_search", None, body)["hits"]["hits"]
        seen.extend((hit["fields"]["path"][0], len(hits)) for hit in hits)
        return answer

    monkeypatch.setattr(cluster, "_ask", looking)
    publish_generation(site[2], cluster)
    assert [one for one, other in pairwise([*seen, None]) if one != other] == [
        ("/250", 1),
        ("/000a", 1),
    ]


def node_of(cluster: Cluster, index: str) -> str:
    """The node that the only shard of an index is on; it is not on its way to another one."""
    params = {"wait_for_no_relocating_shards": "true", "timeout": "9s"}
    told = cluster._ask("GET", f"/_cluster/health/{index}", params)
    assert not told["timed_out"]
    shards: Any = cluster._ask("GET", "/_cat/shards", {"format": "json"})
    (node,) = (shard["node"] for shard in shards if shard["index"] == index)
    return str(node)


@pytest.mark.parametrize("is_full", [True, False])
def test_an_index_that_has_to_move_does_so_once_it_is_filled(
    is_full: bool, site: tuple[Path, ...], cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_generation(site[0], cluster)
    bulk = Cluster.bulk
    nodes: list[str] = []

    def moving(self: Cluster, index: str, lines: bytes) -> Any:
        name = index.removesuffix(".writing")
        nodes.append(node_of(cluster, name))
        cluster.change_settings(name, {"index.routing.allocation.exclude._name": nodes[0]})
        told = bulk(self, index, lines)
        assert cluster.health(name)["relocating_shards"] == 0
        return told

    monkeypatch.setattr(Cluster, "bulk", moving)
    published = publish_generation(site[2], cluster, is_full=is_full)
    assert node_of(cluster, published) != nodes[0]
    assert set(nodes) == {nodes[0]}
    assert len(everything_in(cluster, published)) == POSTS + 4
