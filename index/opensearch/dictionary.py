"""The dictionary of a generation: out of its folder into parts, and out of parts into a folder.

A part is a piece of a file. The part `manifest.json` comes last and tells of all the files.
"""

import json
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from index import analysis
from index.generation import COLUMNS_DIR, Manifest, sha256
from index.layout import UNDATED
from index.opensearch.dictionaryfiles import kept_files, write_features, write_posts, write_series
from index.opensearch.documents import Document, document, encoded
from index.opensearch.generationfiles import Ints, load
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


class DictionaryFile(NamedTuple):
    """A file of the dictionary, and its facts: what is told of it in each of its parts."""

    name: str
    file: Path
    facts: dict[str, Any]

    def parts(self) -> tuple[str, ...]:
        """The names of its parts' documents."""
        return tuple(part_id(self.name, number) for number in range(parts_of(self.facts["size"])))


@contextmanager
def dictionary_files(
    directory: Path, manifest: Manifest, alias: str, series: Ints
) -> Iterator[tuple[DictionaryFile, ...]]:
    """The files of the dictionary of the generation in a folder, which are there for a while.

    `series` has the number of each post's series.
    """
    with tempfile.TemporaryDirectory(prefix="signpost-") as name:
        made = Path(name)
        for folder in ("posts", "series", "features"):
            (made / folder).mkdir()
        sources = chain(
            kept_files(directory),
            write_posts(directory, made / "posts"),
            write_series(directory, made / "series", series),
            write_features(directory, made / "features"),
        )
        files = [DictionaryFile(name, file, _facts(file)) for name, file in sources]
        told = made / MANIFEST_PART
        facts = {file.name: file.facts for file in files}
        told.write_text(json.dumps(_manifest(directory, manifest, alias, facts)), "utf-8")
        yield *files, DictionaryFile(MANIFEST_PART, told, _facts(told))


def part_documents(files: Iterable[DictionaryFile]) -> Iterator[Document]:
    """The documents of some files of the dictionary."""
    for name, file, facts in files:
        with file.open("rb") as stream:
            for number in range(parts_of(facts["size"])):
                data = encoded(zlib.compress(stream.read(PART_BYTES), _COMPRESSION))
                fields = {"kind": "part", "name": name, "number": number, "data": data}
                yield document(part_id(name, number), facts | fields)


def _facts(file: Path) -> dict[str, Any]:
    return {"size": file.stat().st_size, "sha256": sha256(file)}


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
