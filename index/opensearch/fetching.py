"""The dictionary of a published generation, fetched into a folder once and checked."""

import errno
import json
import shutil
import tempfile
import time
import zlib
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from index.errors import ClusterDamagedError
from index.generation import sha256
from index.opensearch.client import Cluster
from index.opensearch.dictionary import part_id, parts_of
from index.opensearch.layout import MANIFEST_PART

PARTS_AT_ONCE: Final = 2
"""Parts that are asked for with one request."""

LEFTOVER_SECONDS: Final = 3_600
"""After so long, a folder that is fetched into is what a killed process left."""

_FETCHING_PREFIX: Final = ".fetching-"
_IS_THERE: Final = (errno.ENOTEMPTY, errno.EEXIST)


def fetch_dictionary(cluster: Cluster, index: str, folder: Path) -> dict[str, Any]:
    """Makes a folder with the dictionary of an index, unless it is there; gives its manifest.

    The folder comes into being whole, checked against sizes and hashes, whoever else does the same
    at the time. One that is there is checked, and fetched again where it is not what it was. Raises
    ClusterError, of which ClusterDamagedError is for a part that is missing or differs, and OSError
    where the folder can't be written.
    """
    facts = _manifest_facts(cluster, index)
    if (manifest := _manifest_of(folder, facts)) is not None:
        return manifest
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(folder.parent)
    aside = Path(tempfile.mkdtemp(prefix=_FETCHING_PREFIX, dir=folder.parent))
    try:
        manifest = _fetch(cluster, index, facts, aside / "dictionary")
        if folder.exists() and _manifest_of(folder, facts) is None:
            folder.rename(aside / "damaged")
        _put_in_place(aside / "dictionary", folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest


def _put_in_place(aside: Path, folder: Path) -> None:
    try:
        aside.rename(folder)
    except OSError as error:
        if error.errno not in _IS_THERE:
            raise  # otherwise, another process was first


def _manifest_facts(cluster: Cluster, index: str) -> dict[str, Any]:
    """The size and the hash of the manifest that was sent; it has those of all other files."""
    (told,) = _documents(cluster, index, [part_id(MANIFEST_PART, 0)])
    return {name: told["fields"][name][0] for name in ("size", "sha256")}


def _manifest_of(folder: Path, facts: dict[str, Any]) -> dict[str, Any] | None:
    """The manifest of a folder that has all its files as they were; None for any other."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST_PART).read_text("utf-8"))
        sent = {MANIFEST_PART: facts, **manifest["files"]}
        is_whole = all(sha256(folder / name) == file["sha256"] for name, file in sent.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest if is_whole else None


def _fetch(cluster: Cluster, index: str, facts: dict[str, Any], folder: Path) -> dict[str, Any]:
    folder.mkdir()
    _write(cluster, index, MANIFEST_PART, facts, folder)
    manifest: dict[str, Any] = json.loads((folder / MANIFEST_PART).read_text("utf-8"))
    for name, file_facts in manifest["files"].items():
        if ".." in name or name.startswith("/"):
            raise _damaged(cluster, index, name, "has a name that leads elsewhere")
        _write(cluster, index, name, file_facts, folder)
    return manifest


def _write(cluster: Cluster, index: str, name: str, facts: dict[str, Any], folder: Path) -> None:
    """Fetches one file; raises ClusterDamagedError unless it is what was sent."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    numbers = range(parts_of(facts["size"]))
    with file.open("wb") as stream:
        for first in range(0, len(numbers), PARTS_AT_ONCE):
            ids = [part_id(name, number) for number in numbers[first : first + PARTS_AT_ONCE]]
            for part in _documents(cluster, index, ids):
                try:
                    stream.write(zlib.decompress(b64decode(part["fields"]["data"][0])))
                except (zlib.error, ValueError, KeyError) as error:
                    raise _damaged(cluster, index, name, "can't be read") from error
    if file.stat().st_size != facts["size"] or sha256(file) != facts["sha256"]:
        raise _damaged(cluster, index, name, "is not what was sent")


def _documents(cluster: Cluster, index: str, ids: list[str]) -> Iterator[dict[str, Any]]:
    found = cluster.search(
        index,
        {
            "query": {"ids": {"values": ids}},
            "size": len(ids),
            "stored_fields": ["data"],
            "docvalue_fields": ["size", "sha256"],
        },
        timeout_seconds=cluster.options.bulk_timeout_ms / 1000,
    )
    by_id = {hit["_id"]: hit for hit in found["hits"]["hits"]}
    for name in ids:
        if name not in by_id:
            raise _damaged(cluster, index, name.removeprefix("part:"), "is missing")
        yield by_id[name]


def _damaged(cluster: Cluster, index: str, name: str, what: str) -> ClusterDamagedError:
    return ClusterDamagedError(
        f"The index {index} in the cluster at {cluster.where} is damaged: {name} {what}. "
        "Rebuild it: signpost build --full"
    )


def _remove_leftovers(directory: Path) -> None:
    for folder in directory.glob(f"{_FETCHING_PREFIX}*"):
        try:
            is_old = time.time() - folder.stat().st_mtime > LEFTOVER_SECONDS
        except FileNotFoundError:
            continue
        if is_old:
            shutil.rmtree(folder, ignore_errors=True)
