"""Sending only what has changed to a real cluster."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.generation import Manifest
from index.opensearch import carrying, changes, cloning
from index.opensearch.carrying import MOST_WEIGHT_CHANGE
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.fetching import fetch_dictionary
from index.opensearch.generations import current_index, writing_alias
from index.opensearch.publishing import publish_generation
from tests.index.opensearch.changingsite import POSTS
from tests.index.opensearch.sent import (
    VALUES,
    Hits,
    everything_in,
    posts_among,
    record,
    stored_fields,
)

SAME_ARRAYS = ("keys", "starts", "positions", "unit_starts", "unit_fields")


@pytest.fixture
def may_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much has changed, only that is sent."""
    monkeypatch.setattr(cloning, "MOST_CHANGED", 1)


def another(generation: Path, folder: Path) -> Path:
    """The same generation under another name."""
    copy = shutil.copytree(generation, folder / "another")
    manifest = Manifest.from_json(json.loads((copy / "manifest.json").read_text()))
    named = replace(manifest, generation="20300101T000000-aaaa")
    (copy / "manifest.json").write_text(json.dumps(named.as_json()))
    return copy


def groups(hits: Hits, kind: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, hit in hits.items():
        for number in hit["fields"].get(kind, []):
            found.setdefault(number, set()).add(name)
    return found


def found_by(cluster: Cluster, index: str, query: dict[str, Any]) -> dict[str, float]:
    body = {"query": query, "size": 2 * POSTS, "_source": False, "stored_fields": []}
    return {hit["_id"]: hit["_score"] for hit in cluster.search(index, body)["hits"]["hits"]}


def dictionary_in(cluster: Cluster, folder: Path) -> dict[str, bytes]:
    index = current_index(cluster, cluster.options.index).name
    manifest = fetch_dictionary(cluster, index, folder / index)
    return {name: (folder / index / name).read_bytes() for name in manifest["files"]}


@pytest.fixture
def whole(options: ClusterOptions) -> Iterator[Cluster]:
    """The same cluster, with an alias for what is sent whole."""
    cluster = Cluster(replace(options, index=f"{options.index}whole"))
    yield cluster
    cluster.close()


@pytest.mark.usefixtures("may_drift")
def test_what_was_sent_piece_by_piece_is_what_is_sent_whole(
    site: tuple[Path, ...], cluster: Cluster, whole: Cluster, tmp_path: Path, names_sent: list[str]
) -> None:
    publish_generation(site[0], cluster)
    for generation in site[1:]:
        names_sent.clear()
        publish_generation(generation, cluster)
        assert 0 < len(posts_among(names_sent)) < 10
        publish_generation(generation, whole, is_full=True)
        assert_alike(cluster, whole, tmp_path)


def assert_alike(cluster: Cluster, whole: Cluster, folder: Path) -> None:
    alias, whole_alias = cluster.options.index, whole.options.index
    hits, expected = everything_in(cluster, alias), everything_in(whole, whole_alias)
    assert hits.keys() == expected.keys()
    for name, hit in hits.items():
        wanted = expected[name]
        assert stored_fields(hit) == stored_fields(wanted)
        for value in VALUES:
            assert hit["fields"].get(value) == wanted["fields"].get(value), (name, value)
        for same in ("texts", "html"):
            assert hit["fields"][same] == wanted["fields"][same]
        uses, wanted_uses = record(hit, "uses"), record(wanted, "uses")
        for array in SAME_ARRAYS:
            assert uses[array].tolist() == wanted_uses[array].tolist()
        assert uses["use_weights"] == pytest.approx(
            wanted_uses["use_weights"], rel=MOST_WEIGHT_CHANGE
        )
    for kind in ("series", "translation"):
        assert sorted(map(sorted, groups(hits, kind).values())) == sorted(
            map(sorted, groups(expected, kind).values())
        )
    words = [stored_fields(hit)["title"].lower().split() for hit in islice(hits.values(), 9)]
    for one, other in (title[:2] for title in words if len(title) > 1):
        for field in ("row", "title_row"):
            query = {"match_phrase": {field: f"{one}\n{other}"}}
            assert (
                found_by(cluster, alias, query).keys() == found_by(whole, whole_alias, query).keys()
            )
        query = {"term": {"terms": one}}
        scores = found_by(whole, whole_alias, query)
        assert found_by(cluster, alias, query) == pytest.approx(scores, rel=MOST_WEIGHT_CHANGE)
    assert_same_dictionary(cluster, whole, folder)
    names = dictionary_names(cluster, folder)
    for number, members in groups(hits, "series").items():
        titles = {stored_fields(hits[name])["title"] for name in members}
        assert names[int(number)] == ("Soil" if "Soil, part 2" in titles else "Clay")


def assert_same_dictionary(cluster: Cluster, whole: Cluster, folder: Path) -> None:
    files, expected = dictionary_in(cluster, folder), dictionary_in(whole, folder)
    assert files.keys() == expected.keys()
    differing = {name for name in files if files[name] != expected[name]}
    assert all(name.startswith("columns/series.names") for name in differing)
    parts = {"term": {"kind": "part"}}
    assert cluster.count(cluster.options.index, parts) == whole.count(whole.options.index, parts)


def dictionary_names(cluster: Cluster, folder: Path) -> list[str]:
    text = np.load(
        folder
        / current_index(cluster, cluster.options.index).name
        / "columns"
        / "series.names.bytes.npy"
    )
    names: str = text.tobytes().decode()
    return names.split("\n")[:-1]


@pytest.mark.usefixtures("may_drift")
def test_concepts_can_be_compared_with_those_of_posts_that_stay(
    site: tuple[Path, ...], cluster: Cluster, names_sent: list[str]
) -> None:
    publish_generation(site[0], cluster)
    before = everything_in(cluster, cluster.options.index)
    names_sent.clear()
    publish_generation(site[2], cluster)
    hits = everything_in(cluster, cluster.options.index)
    concepts = {name: record(hit, "uses")["concepts"] / 2**15 for name, hit in hits.items()}
    changed = posts_among(names_sent) & before.keys() & hits.keys()
    assert changed == {"/017", "/018"}
    stayed = sorted(hits.keys() - set(names_sent))
    assert all(hits[name] == before[name] for name in stayed)
    assert np.linalg.norm(concepts["/018"]) == pytest.approx(1, abs=0.01)
    was = record(before["/018"], "uses")["concepts"] / 2**15
    assert concepts["/018"] @ was > 0.8
    now = np.array([concepts[name] for name in stayed]) @ concepts["/018"]
    then = np.array([concepts[name] for name in stayed]) @ was
    assert np.sqrt(np.mean((now - then) ** 2)) < 0.05


def test_where_nothing_has_changed_no_post_is_sent(
    site: tuple[Path, ...], cluster: Cluster, tmp_path: Path, names_sent: list[str]
) -> None:
    publish_generation(site[0], cluster)
    before = everything_in(cluster, cluster.options.index)
    names_sent.clear()
    published = publish_generation(another(site[0], tmp_path), cluster)
    assert names_sent == ["part:manifest.json:0"]
    meta = current_index(cluster, cluster.options.index).meta
    assert (meta["generation"], meta["changed_posts"]) == ("20300101T000000-aaaa", 0)
    assert everything_in(cluster, published) == before


def test_once_too_much_has_changed_everything_is_sent(
    site: tuple[Path, ...], cluster: Cluster, names_sent: list[str]
) -> None:
    told = []
    for generation in site[:4]:
        names_sent.clear()
        publish_generation(generation, cluster)
        changed = current_index(cluster, cluster.options.index).meta["changed_posts"]
        told.append((changed, len(posts_among(names_sent))))
    assert told[:3] == [(0, POSTS + 4), (2, 2), (4, 2)]
    assert told[3] == (0, POSTS + 4)


def forget_changes(cluster: Cluster) -> None:
    name, meta = current_index(cluster, cluster.options.index)
    cluster.change_meta(name, {key: meta[key] for key in meta if key != "changed_posts"})


def lose_a_post(cluster: Cluster) -> None:
    name = current_index(cluster, cluster.options.index).name
    cluster.change_aliases([{"add": {"index": name, "alias": writing_alias(name)}}])
    cluster.bulk(writing_alias(name), b'{"delete": {"_id": "/en/moor"}}\n')
    cluster.change_aliases([{"remove": {"index": name, "alias": writing_alias(name)}}])
    cluster.refresh(name)


@pytest.mark.parametrize("spoil", [forget_changes, lose_a_post])
def test_what_cannot_be_gone_on_from_is_sent_whole(
    spoil: Callable[[Cluster], None],
    site: tuple[Path, ...],
    cluster: Cluster,
    tmp_path: Path,
    names_sent: list[str],
) -> None:
    publish_generation(site[0], cluster)
    spoil(cluster)
    names_sent.clear()
    publish_generation(another(site[0], tmp_path), cluster)
    assert len(posts_among(names_sent)) == POSTS + 4


@pytest.mark.parametrize(
    ("name", "value"),
    [("MOST_WEIGHT_CHANGE", -1e9), ("LEAST_LIKENESS", 1.1), ("POSTS_PER_CONCEPT", 5)],
)
def test_where_posts_that_stay_would_not_fit_everything_is_sent(
    name: str,
    value: float,
    site: tuple[Path, ...],
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    names_sent: list[str],
) -> None:
    publish_generation(site[0], cluster)
    names_sent.clear()
    monkeypatch.setattr(carrying, name, value)
    publish_generation(site[1], cluster)
    assert len(posts_among(names_sent)) == POSTS + 4


def test_with_another_number_of_shards_everything_is_sent(
    site: tuple[Path, ...], options: ClusterOptions, cluster: Cluster, names_sent: list[str]
) -> None:
    publish_generation(site[0], cluster)
    names_sent.clear()
    other = Cluster(replace(options, shards=2, replicas=1))
    publish_generation(site[1], other)
    assert len(posts_among(names_sent)) == POSTS + 4
    names_sent.clear()
    published = publish_generation(site[2], other)
    assert posts_among(names_sent) == {"/000a", "/250"}
    health = cluster.health(published)
    assert (health["status"], health["active_shards"]) == ("green", 4)
    query = {"query": {"term": {"kind": "post"}}, "size": 0}
    for copy in ("_primary", "_replica"):
        found = cluster.search(published, query, {"preference": copy})
        assert found["hits"]["total"]["value"] == POSTS + 4
    other.close()


def test_everything_is_sent_when_asked_for(
    site: tuple[Path, ...], cluster: Cluster, names_sent: list[str]
) -> None:
    publish_generation(site[0], cluster)
    names_sent.clear()
    publish_generation(site[1], cluster, is_full=True)
    assert len(posts_among(names_sent)) == POSTS + 4


def test_small_pages_tell_the_same_changes(
    site: tuple[Path, ...],
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    names_sent: list[str],
) -> None:
    publish_generation(site[0], cluster)
    names_sent.clear()
    monkeypatch.setattr(changes, "POSTS_AT_ONCE", 11)
    monkeypatch.setattr(carrying, "POSTS_AT_ONCE", 50)
    publish_generation(site[2], cluster)
    assert posts_among(names_sent) == {"/000a", "/017", "/018", "/250"}
