"""Sending a generation to a real cluster, and publishing it."""

import json
import math
import random
import shutil
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.errors import (
    ClusterDamagedError,
    ClusterError,
    ClusterIndexNotFoundError,
    ClusterNotWellError,
    ClusterVersionError,
)
from index.generation import Manifest
from index.opensearch import comparing, mapping, publishing, sending
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.dictionary import dictionary_files
from index.opensearch.documents import Document, Posts, document, post_documents
from index.opensearch.generations import (
    current_index,
    indices_of,
    move_alias,
    prune,
    remove_leftovers,
    writing_alias,
)
from index.opensearch.layout import RECORDS, TERM_SCALE
from index.opensearch.publishing import publish_generation
from index.opensearch.sending import send
from index.schema import BM25_K1
from search.embedded.filepostings import FilePostings
from search.embedded.termlist import TermList
from search.opensearch import dsl
from tests.index.opensearch.sent import all_documents

STEPS = ("create_index", "bulk", "refresh", "flush", "change_settings", "change_aliases")


@pytest.fixture
def published(generation: Path, cluster: Cluster) -> str:
    return publish_generation(generation, cluster)


def manifest_of(generation: Path) -> Manifest:
    return Manifest.from_json(json.loads((generation / "manifest.json").read_text()))


def another(generation: Path, folder: Path, number: int) -> Path:
    """The same generation under another name."""
    copy = shutil.copytree(generation, folder / str(number))
    manifest = manifest_of(generation)
    named = replace(manifest, generation=f"20300101T00000{number}-aaaa")
    (copy / "manifest.json").write_text(json.dumps(named.as_json()))
    return copy


def paths_of(hits: dict[str, Any]) -> set[str]:
    return {hit["fields"]["path"][0] for hit in hits["hits"]["hits"]}


def find(cluster: Cluster, index: str, query: dict[str, Any]) -> dict[str, Any]:
    body = {"query": query, "size": 1000, "_source": False, "docvalue_fields": ["path"]}
    return cluster.search(index, body)


def test_what_is_published_is_what_was_sent(
    generation: Path, cluster: Cluster, published: str
) -> None:
    alias = cluster.options.index
    found = current_index(cluster, alias)
    manifest = manifest_of(generation)
    assert found.name == published == f"{alias}-{manifest.generation.lower()}"
    assert found.meta["generation"] == manifest.generation
    assert found.meta["posts"] == manifest.counts.posts
    assert cluster.aliases(published) == {published: {alias}}
    for sent in all_documents(generation):
        fields = json.loads(sent.body)
        body = {
            "query": {"ids": {"values": [sent.name]}},
            "stored_fields": ["fields", *RECORDS],
            "docvalue_fields": ["digest", "path", "tags.listed", "boost", "timestamp", "linked"],
        }
        (hit,) = cluster.search(alias, body)["hits"]["hits"]
        assert hit["fields"]["fields"] == [fields["fields"]]
        for name in RECORDS:
            assert b64decode(hit["fields"][name][0]) == b64decode(fields[name])
        assert hit["fields"]["digest"] == [sent.digest]
        assert hit["fields"]["boost"] == [fields["boost"]]
        assert hit["fields"].get("timestamp", [None]) == [fields.get("timestamp")]
        assert set(hit["fields"].get("linked", [])) == set(fields["linked"])
        listed = fields.get("tags", {"listed": []})["listed"]
        assert sorted(hit["fields"].get("tags.listed", [])) == sorted(listed)


def open_postings(generation: Path) -> FilePostings:
    matrix = generation / "matrix"
    return FilePostings(matrix, TermList(matrix))


def test_a_term_scores_as_its_posting_does(
    generation: Path, cluster: Cluster, published: str
) -> None:
    postings = open_postings(generation)
    paths = [json.loads(sent.body)["path"] for sent in all_documents(generation)]
    boost = (BM25_K1 + 1) / (BM25_K1 * TERM_SCALE + 1)
    terms = [str(term) for term in postings.terms[:]]
    assert any("\x1f" in term for term in terms)
    for term in terms:
        number = postings.number(term)
        assert number is not None
        posting = postings.posting(number)
        found = find(cluster, published, {"term": {"terms": {"value": term, "boost": boost}}})
        scores = {hit["fields"]["path"][0]: hit["_score"] for hit in found["hits"]["hits"]}
        expected = {
            paths[doc]: score
            for doc, score in zip(posting.docs.tolist(), posting.scores.tolist(), strict=True)
        }
        assert scores == pytest.approx(expected, rel=1e-3)


def test_phrases_are_where_the_postings_have_them(
    generation: Path, cluster: Cluster, published: str
) -> None:
    postings = open_postings(generation)
    sent = [json.loads(one.body) for one in all_documents(generation)]
    pairs = set()
    chance = random.Random(1)
    for fields in sent:
        row = [position.split("/") for position in fields["row"].split("|")]
        beside = [
            (first, second)
            for one, other in pairwise(row)
            for first in one
            for second in other
            if "!" not in (first, second)
        ]
        pairs |= set(chance.sample(beside, min(3, len(beside))))
    terms = sorted({term for pair in pairs for term in pair})
    pairs |= {(chance.choice(terms), chance.choice(terms)) for _ in range(40)}
    for pair in sorted(pairs):
        numbers = [postings.number(term) for term in pair]
        found = postings.phrase([number for number in numbers if number is not None])
        docs = postings.docs_of(postings.units_of(found))
        hits = find(cluster, published, {"match_phrase": {"row": "|".join(pair)}})
        assert paths_of(hits) == {sent[doc]["path"] for doc in docs.tolist()}, pair


def test_titles_are_found_by_their_terms_and_rows(cluster: Cluster, published: str) -> None:
    hits = find(cluster, published, {"term": {"title_terms": "soil"}})
    assert paths_of(hits) == {"/part-1", "/part-2"}
    hits = find(cluster, published, {"match_phrase": {"title_row": "soil|part"}})
    assert paths_of(hits) == {"/part-1", "/part-2"}
    assert paths_of(find(cluster, published, {"term": {"title_terms": "clay"}})) == set()
    hits = find(cluster, published, {"term": {"tags.key": "networking"}})
    assert paths_of(hits) == {"/kube-proxy", "/garden"}


def test_similar_posts_are_found_by_features(
    generation: Path, cluster: Cluster, published: str
) -> None:
    sent = {json.loads(one.body)["path"]: json.loads(one.body) for one in all_documents(generation)}
    weights = {path: weights_of(fields["features"]) for path, fields in sent.items()}
    having = Counter(name for features in weights.values() for name in features)
    posts = sum(1 for features in weights.values() if features)
    asked = weights["/words/1"]
    rarity = {name: math.log(1 + (posts - n + 0.5) / (n + 0.5)) for name, n in having.items()}
    should = [dsl.feature(name, weight / rarity[name]) for name, weight in asked.items()]
    found = find(cluster, published, {"bool": {"should": should}})
    expected = {
        path: total
        for path, features in weights.items()
        if (total := sum(w * features.get(name, 0) for name, w in asked.items()))
    }
    scores = {hit["fields"]["path"][0]: hit["_score"] for hit in found["hits"]["hits"]}
    assert scores == pytest.approx(expected, rel=0.016)


def weights_of(features: str) -> dict[str, int]:
    pairs = (line.split("=") for line in features.split("|") if line)
    return {name: int(weight) for name, weight in pairs}


def test_an_index_that_is_filled_is_served_with_its_copies(
    generation: Path, options: ClusterOptions
) -> None:
    cluster = Cluster(replace(options, replicas=1))
    published = publish_generation(generation, cluster)
    health = cluster.health(published)
    assert health["status"] == "green"
    assert health["active_shards"] == 2
    query = {"query": {"term": {"kind": "post"}}, "size": 0}
    for copy in ("_primary", "_replica"):
        found = cluster.search(published, query, {"preference": copy})
        assert found["hits"]["total"]["value"] == manifest_of(generation).counts.posts
    cluster.close()


def test_copies_that_no_node_can_have_are_not_waited_for(
    generation: Path, options: ClusterOptions
) -> None:
    cluster = Cluster(replace(options, replicas=5))
    published = publish_generation(generation, cluster)
    health = cluster.health(published)
    assert health["status"] == "yellow"
    assert health["active_shards"] == health["number_of_data_nodes"]
    cluster.close()


def test_several_shards(generation: Path, options: ClusterOptions) -> None:
    cluster = Cluster(replace(options, shards=3))
    published = publish_generation(generation, cluster)
    assert cluster.health(published)["active_shards"] == 3
    assert (
        cluster.count(published, {"term": {"kind": "post"}}) == manifest_of(generation).counts.posts
    )
    cluster.close()


def test_progress_tells_of_posts(generation: Path, options: ClusterOptions) -> None:
    cluster = Cluster(replace(options, bulk_mb=0.01))
    told: list[tuple[str, int, int]] = []
    publish_generation(generation, cluster, lambda *step: told.append(step))
    posts = manifest_of(generation).counts.posts
    counts = [done for step, done, total in told if step == sending.SENDING and total == posts]
    assert counts == sorted(counts)
    assert counts[-1] == posts
    cluster.close()


def test_a_published_generation_is_not_sent_again(
    generation: Path, cluster: Cluster, published: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Cluster, "bulk")
    assert publish_generation(generation, cluster) == published


def test_nothing_is_published_yet(cluster: Cluster) -> None:
    with pytest.raises(ClusterIndexNotFoundError, match="signpost build"):
        current_index(cluster, cluster.options.index)


@pytest.mark.parametrize("changed", ["format", "schema_version", "fingerprint"])
def test_an_index_of_another_version_is_refused(
    changed: str, generation: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mapping.mapping

    def other(manifest: Manifest) -> dict[str, Any]:
        body = made(manifest)
        return body | {"_meta": body["_meta"] | {changed: "other"}}

    monkeypatch.setattr(mapping, "mapping", other)
    publish_generation(generation, cluster)
    with pytest.raises(ClusterVersionError, match="signpost build --full"):
        current_index(cluster, cluster.options.index)


def test_an_index_of_somebody_else_is_refused(cluster: Cluster) -> None:
    alias = cluster.options.index
    cluster.create_index(f"{alias}-other", {"aliases": {alias: {}}})
    with pytest.raises(ClusterVersionError):
        current_index(cluster, alias)


def test_an_alias_that_is_an_index_is_refused(generation: Path, cluster: Cluster) -> None:
    cluster.create_index(cluster.options.index, {})
    with pytest.raises(ClusterError, match="where an alias has to be"):
        publish_generation(generation, cluster)


def test_a_refused_document_leaves_the_alias_where_it_was(
    generation: Path,
    cluster: Cluster,
    published: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def with_another_field(directory: Path, posts: Posts) -> Iterator[Document]:
        yield from post_documents(directory, posts)
        yield document("/bad", {"kind": "post", "unheard_of": 1})

    monkeypatch.setattr(publishing, "post_documents", with_another_field)
    with pytest.raises(ClusterError, match=r"refuses the document /bad: .*unheard_of"):
        publish_generation(another(generation, tmp_path, 1), cluster, is_full=True)
    assert_untouched(cluster, published)


def assert_untouched(cluster: Cluster, published: str) -> None:
    alias = cluster.options.index
    assert current_index(cluster, alias).name == published
    assert cluster.aliases(f"{alias}-*") == {published: {alias}}


def fail_at(name: str, error: BaseException) -> Callable[..., None]:
    def fails(*_args: object, **_options: object) -> None:
        raise error

    fails.__name__ = name
    return fails


@pytest.mark.parametrize(
    ("step", "error"), list(product(STEPS, [ClusterNotWellError("No."), KeyboardInterrupt()]))
)
def test_a_step_that_fails_leaves_the_alias_where_it_was(
    step: str,
    error: BaseException,
    generation: Path,
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published = publish_generation(generation, cluster)
    with monkeypatch.context() as patched:
        patched.setattr(Cluster, step, fail_at(step, error))
        with pytest.raises(type(error)):
            publish_generation(another(generation, tmp_path, 1), cluster, is_full=True)
    assert_untouched(cluster, published)


def test_a_file_that_can_not_be_read_leaves_the_alias_where_it_was(
    generation: Path, cluster: Cluster, published: str, tmp_path: Path
) -> None:
    directory = another(generation, tmp_path, 1)
    (directory / "words" / "letters.npy").unlink()
    (directory / "texts" / "text_starts.npy").unlink()
    with pytest.raises(FileNotFoundError):
        publish_generation(directory, cluster, is_full=True)
    assert_untouched(cluster, published)


def test_lost_documents_are_noticed(
    generation: Path,
    cluster: Cluster,
    published: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def losing(cluster: Cluster, index: str, documents: Iterator[Document], *rest: Any) -> None:
        send(cluster, index, (one for one in documents if one.name != "/garden"), *rest)

    monkeypatch.setattr(publishing, "send", losing)
    with pytest.raises(ClusterDamagedError, match="documents of kind post"):
        publish_generation(another(generation, tmp_path, 1), cluster, is_full=True)
    assert_untouched(cluster, published)


def test_changed_documents_are_noticed(
    generation: Path,
    cluster: Cluster,
    published: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def changing(cluster: Cluster, index: str, documents: Iterator[Document], *rest: Any) -> None:
        changed = (
            one._replace(body=one.body.replace(b'"fields":"', b'"fields":"AAAA'))
            if one.name == "/part-1"
            else one
            for one in documents
        )
        send(cluster, index, changed, *rest)

    monkeypatch.setattr(publishing, "send", changing)
    monkeypatch.setattr(comparing, "SAMPLE", 1000)
    with pytest.raises(ClusterDamagedError, match="/part-1 is not what was sent"):
        publish_generation(another(generation, tmp_path, 1), cluster, is_full=True)
    assert_untouched(cluster, published)


def test_what_a_killed_build_left_is_removed_by_the_next(
    generation: Path, cluster: Cluster, published: str, tmp_path: Path
) -> None:
    alias = cluster.options.index
    killed = f"{alias}-20290101t000000000000-bbbb"
    of_another_alias = f"{alias}-more-20290101t000000000000-bbbb"
    for name in (killed, of_another_alias):
        cluster.create_index(name, {"aliases": {writing_alias(name): {}}})
    assert indices_of(cluster, alias).unpublished == (killed,)
    newest = publish_generation(another(generation, tmp_path, 1), cluster)
    assert set(cluster.aliases(f"{alias}-*")) == {published, newest, of_another_alias}


def test_a_build_whose_index_is_taken_away_fails(
    generation: Path, options: ClusterOptions, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_another_build(directory: Path, posts: Posts) -> Iterator[Document]:
        for number, sent in enumerate(post_documents(directory, posts)):
            if number == 20:
                assert len(remove_leftovers(cluster, options.index)) == 1
            yield sent

    monkeypatch.setattr(publishing, "post_documents", with_another_build)
    with pytest.raises(ClusterIndexNotFoundError):
        publish_generation(generation, Cluster(replace(options, bulk_mb=0.001, bulk_requests=1)))
    assert cluster.aliases(f"{options.index}-*") == {}


def test_a_move_that_nobody_answered_for_is_looked_at(
    generation: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = Cluster.change_aliases

    def unanswered(self: Cluster, actions: list[Any]) -> None:
        change(self, actions)
        raise ClusterNotWellError("Nobody knows.")

    monkeypatch.setattr(Cluster, "change_aliases", unanswered)
    published = publish_generation(generation, cluster)
    assert current_index(cluster, cluster.options.index).name == published


def test_old_generations_are_pruned(generation: Path, cluster: Cluster, tmp_path: Path) -> None:
    alias = cluster.options.index
    names = [
        publish_generation(another(generation, tmp_path, n), cluster, keep_generations=2)
        for n in range(3)
    ]
    assert indices_of(cluster, alias) == ((names[2],), (names[1],), ())
    move_alias_back(cluster, alias, names[1])
    assert prune(cluster, alias, 1) == ()
    assert prune(cluster, alias, 0) == ()
    assert current_index(cluster, alias).name == names[1]
    publish_generation(another(generation, tmp_path, 4), cluster, keep_generations=1)
    assert len(cluster.aliases(f"{alias}-*")) == 1


def move_alias_back(cluster: Cluster, alias: str, name: str) -> None:
    cluster.change_aliases(
        [
            {"remove": {"index": f"{alias}-*", "alias": alias}},
            {"add": {"index": name, "alias": alias}},
        ]
    )


def test_an_older_generation_is_published_again(
    generation: Path, cluster: Cluster, tmp_path: Path
) -> None:
    first, second = another(generation, tmp_path, 1), another(generation, tmp_path, 2)
    old = publish_generation(first, cluster)
    publish_generation(second, cluster)
    assert publish_generation(first, cluster) == old
    assert current_index(cluster, cluster.options.index).name == old


def test_the_alias_never_stands_for_two(generation: Path, cluster: Cluster, tmp_path: Path) -> None:
    alias = cluster.options.index
    names = [publish_generation(another(generation, tmp_path, n), cluster) for n in range(2)]
    cluster.change_aliases([{"add": {"index": names[0], "alias": alias}}])
    with pytest.raises(ClusterDamagedError, match="several indices"):
        current_index(cluster, alias)
    name = f"{alias}-20310101t0-cc"
    cluster.create_index(name, {"aliases": {writing_alias(name): {}}})
    move_alias(cluster, alias, name)
    assert [index for index, of in cluster.aliases(f"{alias}*").items() if alias in of] == [name]


def test_every_file_of_the_dictionary_is_sent(
    generation: Path, cluster: Cluster, published: str
) -> None:
    series = np.load(generation / "columns" / "series.of.npy")
    with dictionary_files(generation, manifest_of(generation), "posts", series) as files:
        parts = [part for file in files for part in file.parts()]
    assert cluster.count(published, {"term": {"kind": "part"}}) == len(parts)
