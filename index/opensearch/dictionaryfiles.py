"""Which files the dictionary of a generation has, and those of them that are made for it."""

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.arrays import write_array, write_bounds, write_strings
from index.generation import (
    COLUMNS_DIR,
    COMPLETIONS_DIR,
    DOCUMENTS_FILE,
    MATRIX_DIR,
    VECTORS_DIR,
    WORDS_DIR,
)
from index.opensearch.generationfiles import Ints, open_documents
from index.opensearch.groupnumbers import series_names
from index.opensearch.layout import LABELS, POSTS_DIR
from index.opensearch.postvectors import Vectors

_STRINGS: Final = ("bytes", "ends")

_LOOK_UPS: Final = (
    (
        "aliases",
        "alias_docs",
        "SELECT alias FROM aliases ORDER BY alias",
        "SELECT docnum FROM aliases ORDER BY alias",
    ),
    (
        "title_keys",
        "title_docs",
        "SELECT key FROM titles ORDER BY key, docnum",
        "SELECT docnum FROM titles ORDER BY key, docnum",
    ),
    (
        "pins",
        "pin_docs",
        "SELECT key FROM pins ORDER BY key, docnum",
        "SELECT docnum FROM pins ORDER BY key, docnum",
    ),
)
"""What posts are found by, as strings and the posts' numbers: the names of both, and their rows."""


def kept_files(directory: Path) -> Iterator[tuple[str, Path]]:
    """The files of a generation that the dictionary has as they are, and their names there."""
    for folder in (WORDS_DIR, COMPLETIONS_DIR):
        for file in sorted((directory / folder).iterdir()):
            yield f"{folder}/{file.name}", file
    for name in _kept_names():
        yield f"{name}.npy", directory / f"{name}.npy"


def _kept_names() -> Iterator[str]:
    for part in ("terms.bytes", "terms.ends", "is_prominent", "posting_starts", "title_starts"):
        yield f"{MATRIX_DIR}/{part}"
    for block in ("text", "phrases", "tags", "categories"):
        for part in ("idf", "terms.bytes", "terms.ends"):
            yield f"{VECTORS_DIR}/{block}.{part}"
    for part in ("text.numbers", "phrases.shown.bytes", "phrases.shown.ends", "blocks.starts"):
        yield f"{VECTORS_DIR}/{part}"
    for label in LABELS:
        yield f"{COLUMNS_DIR}/{label}.starts"
        for part in _STRINGS:
            yield from (f"{COLUMNS_DIR}/{label}.{kind}.{part}" for kind in ("keys", "values"))


def write_posts(directory: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Writes what is made for the dictionary to an empty folder; gives the names and the files.

    paths.*, titles.*, external_urls.*    of each post, by its number
    aliases.*, alias_docs                 every alias, rising, and the number of its post
    title_keys.*, title_docs              every title as `index.keys` has it, rising
    pins.*, pin_docs                      every pinned query as `index.keys` has it, rising
    """
    with closing(open_documents(directory / DOCUMENTS_FILE)) as database:
        _write_strings(folder, "paths", _rows(database, "SELECT path FROM documents"))
        for field, name in (("title", "titles"), ("external_url", "external_urls")):
            _write_strings(folder, name, _fields(database, field))
        for strings, docs, names, numbers in _LOOK_UPS:
            _write_strings(folder, strings, _rows(database, names, ""))
            write_array(folder, docs, array("I", _rows(database, numbers, "")), np.int32)
    for file in sorted(folder.iterdir()):
        yield f"{POSTS_DIR}/{file.name}", file


def write_series(directory: Path, folder: Path, series: Ints) -> Iterator[tuple[str, Path]]:
    """Writes the names of the series, by these numbers, to an empty folder; as `write_posts`."""
    write_strings(folder, "series.names", series_names(directory / COLUMNS_DIR, series))
    for file in sorted(folder.iterdir()):
        yield f"{COLUMNS_DIR}/{file.name}", file


def write_features(directory: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Writes in how many posts features are, as `Vectors.counts` has it; as `write_posts`."""
    write_array(folder, "features.counts", Vectors(directory / VECTORS_DIR).counts(), np.uint32)
    for file in sorted(folder.iterdir()):
        yield f"{VECTORS_DIR}/{file.name}", file


def _fields(database: sqlite3.Connection, name: str) -> Iterator[str]:
    for fields in _rows(database, "SELECT fields FROM documents"):
        yield json.loads(fields)[name] or ""


def _rows(
    database: sqlite3.Connection, selection: str, order: str = " ORDER BY docnum"
) -> Iterator[Any]:
    return (row[0] for row in database.execute(selection + order))


def _write_strings(directory: Path, name: str, strings: Iterable[str]) -> None:
    """Writes what `index.arrays.write_strings` does, of strings that are many."""
    written, ends = bytearray(), array("Q")
    for string in strings:
        written += string.replace("\n", " ").encode() + b"\n"
        ends.append(len(written))
    write_bounds(directory, f"{name}.ends", np.frombuffer(ends, np.uint64))
    write_array(directory, f"{name}.bytes", np.frombuffer(written, np.uint8), np.uint8)
