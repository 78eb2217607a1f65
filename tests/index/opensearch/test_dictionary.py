"""The dictionary of a generation, sent in parts and put together again."""

import json
import os
import shutil
import sqlite3
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.errors import ClusterDamagedError, ClusterIndexNotFoundError
from index.generation import sha256
from index.opensearch import dictionary, fetching
from index.opensearch.client import Cluster
from index.opensearch.dictionary import part_id
from index.opensearch.fetching import fetch_dictionary
from index.opensearch.publishing import publish_generation

SENT = (
    "matrix/terms.bytes.npy",
    "matrix/posting_starts.npy",
    "words/forms.bytes.npy",
    "words/letters.npy",
    "completions/postings.npy",
    "vectors/text.idf.npy",
    "vectors/phrases.shown.ends.npy",
    "vectors/blocks.starts.npy",
    "columns/year.starts.npy",
    "columns/tags.values.bytes.npy",
    "columns/series.names.ends.npy",
)


@pytest.fixture
def published(generation: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(dictionary, "PART_BYTES", 500)
    return publish_generation(generation, cluster)


def strings(folder: Path, name: str) -> list[str]:
    text: str = np.load(folder / f"{name}.bytes.npy").tobytes().decode()
    return text.split("\n")[:-1]


def test_the_dictionary_is_what_was_sent(
    generation: Path, cluster: Cluster, published: str, tmp_path: Path
) -> None:
    folder = tmp_path / "cache" / published
    manifest = fetch_dictionary(cluster, published, folder)
    assert manifest["alias"] == cluster.options.index
    assert manifest["posts"] == len(strings(folder / "posts", "paths"))
    assert manifest["has_boosts"]
    timestamps = np.load(generation / "columns" / "timestamps.npy")
    assert manifest["newest_timestamp"] == timestamps.max()
    for name in SENT:
        assert (folder / name).read_bytes() == (generation / name).read_bytes()
    assert set(manifest["files"]) == {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert [path.name for path in folder.parent.iterdir()] == [published]


def test_what_is_made_for_the_dictionary(
    generation: Path, cluster: Cluster, published: str, tmp_path: Path
) -> None:
    fetch_dictionary(cluster, published, tmp_path / "d")
    posts = tmp_path / "d" / "posts"
    database = sqlite3.connect(generation / "documents.sqlite")
    rows = database.execute("SELECT path, fields FROM documents ORDER BY docnum").fetchall()
    fields: list[Mapping[str, Any]] = [json.loads(text) for _, text in rows]
    assert strings(posts, "paths") == [path for path, _ in rows]
    assert strings(posts, "titles") == [each["title"] for each in fields]
    assert strings(posts, "external_urls") == [each["external_url"] for each in fields]
    for rows_of, name, docs in (
        ("SELECT alias, docnum FROM aliases", "aliases", "alias_docs"),
        ("SELECT key, docnum FROM titles", "title_keys", "title_docs"),
        ("SELECT key, docnum FROM pins", "pins", "pin_docs"),
    ):
        found = sorted(database.execute(rows_of).fetchall())
        sent = zip(strings(posts, name), np.load(posts / f"{docs}.npy").tolist(), strict=True)
        assert list(sent) == found
        assert found


def test_a_folder_that_is_there_is_not_fetched_again(
    cluster: Cluster, published: str, tmp_path: Path
) -> None:
    manifest = fetch_dictionary(cluster, published, tmp_path / "d")
    change_part(cluster, published, part_id("words/forms.bytes.npy", 0), b"")
    assert fetch_dictionary(cluster, published, tmp_path / "d") == manifest
    with pytest.raises(ClusterDamagedError):
        fetch_dictionary(cluster, published, tmp_path / "e")
    cluster.delete_index(published)
    with pytest.raises(ClusterIndexNotFoundError):
        fetch_dictionary(cluster, published, tmp_path / "d")
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_a_damaged_folder_is_fetched_again(
    cluster: Cluster, published: str, tmp_path: Path
) -> None:
    folder = tmp_path / "d"
    manifest = fetch_dictionary(cluster, published, folder)
    file = folder / "words" / "letters.npy"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    (folder / "posts" / "paths.ends.npy").unlink()
    assert fetch_dictionary(cluster, published, folder) == manifest
    for name, facts in manifest["files"].items():
        assert sha256(folder / name) == facts["sha256"]
    told = folder / "manifest.json"
    told.write_text(json.dumps(manifest | {"posts": 1}))
    assert fetch_dictionary(cluster, published, folder) == manifest
    assert json.loads(told.read_text()) == manifest


def test_many_fetch_at_once(cluster: Cluster, published: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as executor:
        fetched = [
            executor.submit(fetch_dictionary, cluster, published, tmp_path / "d") for _ in range(6)
        ]
        manifests = [each.result() for each in fetched]
    assert all(manifest == manifests[0] for manifest in manifests)
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def change_part(cluster: Cluster, published: str, name: str, line: bytes) -> None:
    alias = f"{published}.test"
    cluster.change_aliases([{"add": {"index": published, "alias": alias}}])
    head = json.dumps({"delete" if not line else "index": {"_id": name}}).encode()
    (told,) = cluster.bulk(alias, head + b"\n" + line + (b"\n" if line else b""))
    assert told["status"] == 200
    cluster.refresh(published)


@pytest.mark.parametrize("number", [0, 1])
def test_a_missing_part_is_damage(
    number: int, cluster: Cluster, published: str, tmp_path: Path
) -> None:
    change_part(cluster, published, part_id("words/forms.bytes.npy", number), b"")
    with pytest.raises(ClusterDamagedError, match=rf"words/forms.bytes.npy:{number} is missing"):
        fetch_dictionary(cluster, published, tmp_path / "d")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [("eJwDAAAAAAE=", "is not what was sent"), ("AAAA", "can't be read")],
)
def test_a_part_that_differs_is_damage(
    data: str, reason: str, cluster: Cluster, published: str, tmp_path: Path
) -> None:
    name = "words/forms.bytes.npy"
    line = json.dumps({"kind": "part", "name": name, "number": 1, "data": data}).encode()
    change_part(cluster, published, part_id(name, 1), line)
    with pytest.raises(ClusterDamagedError, match=f"{name} {reason}"):
        fetch_dictionary(cluster, published, tmp_path / "d")
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_leads_elsewhere_is_damage(
    generation: Path, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = dictionary._manifest

    def leading_elsewhere(*args: Any) -> dict[str, Any]:
        manifest = told(*args)
        return manifest | {"files": {"../x": {"size": 1, "sha256": ""}}}

    monkeypatch.setattr(dictionary, "_manifest", leading_elsewhere)
    published = publish_generation(generation, cluster)
    with pytest.raises(ClusterDamagedError, match="leads elsewhere"):
        fetch_dictionary(cluster, published, tmp_path / "d")


def test_what_killed_processes_left_is_removed(
    cluster: Cluster, published: str, tmp_path: Path
) -> None:
    for name, hours in ((".fetching-old", 2), (".fetching-new", 0)):
        folder = tmp_path / name
        folder.mkdir()
        then = folder.stat().st_mtime - hours * 3600
        os.utime(folder, (then, then))
    fetch_dictionary(cluster, published, tmp_path / "d")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fetching-new", "d"]
    shutil.rmtree(tmp_path / ".fetching-new")


def test_a_large_file_has_many_parts() -> None:
    assert [dictionary.parts_of(size) for size in (0, 1, 4 * 2**20, 4 * 2**20 + 1)] == [1, 1, 1, 2]
    assert fetching.PARTS_AT_ONCE > 0
