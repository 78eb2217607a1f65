"""The dictionary of a generation: out of its folder into parts, and out of parts into a folder.

A part is a piece of a file. The part `manifest.json` comes last and tells of all the files.
"""

import json
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np

from index import analysis
from index.generation import COLUMNS_DIR, Manifest, sha256
from index.layout import UNDATED
from index.opensearch.dictionaryfiles import kept_files, write_posts
from index.opensearch.documents import Document, document, encoded
from index.opensearch.generationfiles import load
from index.opensearch.layout import CLUSTER_FORMAT, MANIFEST_PART

PART_BYTES: Final = 4 * 2**20
"""Bytes of a file in one part, before they are compressed."""

_COMPRESSION: Final = 1


def part_id(name: str, number: int) -> str:
    """The name of a part's document in the index."""
    return f"part:{name}:{number}"


def parts_of(size: int) -> int:
    """How many parts a file of so many bytes has."""
    return max(1, -(-size // PART_BYTES))


def part_documents(directory: Path, manifest: Manifest, alias: str) -> Iterator[Document]:
    """The documents of the dictionary of the generation in a folder."""
    files: dict[str, dict[str, Any]] = {}
    with ExitStack() as stack:
        made = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="signpost-")))
        for name, file in chain(kept_files(directory), write_posts(directory, made)):
            files[name] = {"size": file.stat().st_size, "sha256": sha256(file)}
            yield from _parts(name, file, files[name])
        told = made / MANIFEST_PART
        told.write_text(json.dumps(_manifest(directory, manifest, alias, files)), "utf-8")
        facts = {"size": told.stat().st_size, "sha256": sha256(told)}
        yield from _parts(MANIFEST_PART, told, facts)


def _parts(name: str, file: Path, facts: dict[str, Any]) -> Iterator[Document]:
    with file.open("rb") as stream:
        for number in range(parts_of(facts["size"])):
            data = encoded(zlib.compress(stream.read(PART_BYTES), _COMPRESSION))
            fields = {"kind": "part", "name": name, "number": number, "data": data}
            yield document(part_id(name, number), facts | fields)


def _manifest(
    directory: Path, manifest: Manifest, alias: str, files: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    timestamps = load(directory / COLUMNS_DIR, "timestamps")
    newest = int(timestamps.max(initial=UNDATED))
    boosts = load(directory / COLUMNS_DIR, "boosts")
    return {
        "generation": manifest.generation,
        "created_at": manifest.created_at,
        "base_url": manifest.base_url,
        "posts": manifest.counts.posts,
        "alias": alias,
        "format": CLUSTER_FORMAT,
        "fingerprint": analysis.fingerprint(),
        "newest_timestamp": None if newest == UNDATED else newest,
        "has_boosts": bool(np.any(boosts != 1)),
        "files": files,
    }
