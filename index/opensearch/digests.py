"""What tells whether a post is the one that a cluster has: a digest of all that is its own.

It is made of everything that is sent of a post but numbers that depend on the rest of the site:
weights, which averages and frequencies go into, and the numbers of groups. It is made of arrays as
they are in the generation's files, which takes a tenth of the time that documents take.
"""

from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.generation import COLUMNS_DIR, DOCUMENTS_FILE, MATRIX_DIR, TEXTS_DIR, Manifest
from index.opensearch.generationfiles import (
    Strings,
    load,
    names_of_documents,
    open_documents,
)
from index.opensearch.layout import LABELS, Keys, label_listed, term_keys
from index.opensearch.postterms import Matrix
from index.opensearch.posttexts import Texts

DIGEST_BYTES: Final = 16
USES_AT_ONCE: Final = 1_000_000
"""Uses of terms that are looked at at a time, at some fifty bytes each."""

DOCUMENTS_AT_ONCE: Final = 10_000
"""Posts whose aliases and pins are in memory at a time."""

Digests = npt.NDArray[np.uint8]
"""A row of DIGEST_BYTES for each post, by its number."""


class Generation(NamedTuple):
    """A generation that is to be sent: its folder, its manifest, and the digests of its posts."""

    directory: Path
    manifest: Manifest
    digests: Digests


def post_digests(directory: Path) -> Digests:
    """The digest of each post of the generation in a folder."""
    matrix = Matrix(directory / MATRIX_DIR)
    digests = np.empty((matrix.documents, DIGEST_BYTES), np.uint8)
    sums = _sums_of_uses(matrix)
    for at, facts in enumerate(_facts(directory / COLUMNS_DIR)):
        sums += _scattered(facts ^ _scattered(np.array([at + 1], np.uint64)))
    texts = Texts(directory / TEXTS_DIR)
    for doc, stored in enumerate(_stored(directory, matrix.documents)):
        units = matrix.units(doc)
        arrays = texts.arrays(doc, units, matrix.extent(doc))
        digest = blake2b(sums[doc].tobytes(), digest_size=DIGEST_BYTES)
        pieces = (
            *(array.tobytes() for array in matrix.layout_of(doc).values()),
            *(array.tobytes() for array in arrays.values()),
            *stored,
        )
        for piece in pieces:
            digest.update(len(piece).to_bytes(8, "little"))
            digest.update(piece)
        digests[doc] = np.frombuffer(digest.digest(), np.uint8)
    return digests


def _stored(directory: Path, documents: int) -> Iterator[tuple[bytes, ...]]:
    """What documents.sqlite has of each post."""
    with closing(open_documents(directory / DOCUMENTS_FILE)) as database:
        for first in range(0, documents, DOCUMENTS_AT_ONCE):
            docs = range(first, min(first + DOCUMENTS_AT_ONCE, documents))
            aliases, pins = names_of_documents(database, docs)
            found = database.execute(
                "SELECT docnum, path, fields, html FROM documents JOIN bodies USING (docnum)"
                " WHERE docnum >= ? AND docnum < ? ORDER BY docnum",
                (docs.start, docs.stop),
            )
            for doc, path, fields, html in found:
                names = "\n".join([*aliases[doc], "", *pins[doc]])
                yield path.encode(), fields.encode(), html, names.encode()


def _facts(columns: Path) -> Iterator[Keys]:
    """What the columns have of each post, in 64 bits."""
    timestamps = load(columns, "timestamps")
    yield timestamps.view(np.uint64)
    yield load(columns, "boosts").view(np.uint64)
    for name in ("is_popular", "series.parts"):
        yield load(columns, name).astype(np.uint64)
    for name in ("series.of", "translations.of"):
        yield (load(columns, name) >= 0).astype(np.uint64)
    for name in LABELS:
        yield _sums_of_labels(columns, name, len(timestamps))


def _sums_of_labels(columns: Path, name: str, documents: int) -> Keys:
    """For each post the sum of its labels."""
    keys, values = Strings(columns, f"{name}.keys"), Strings(columns, f"{name}.values")
    pairs = zip(keys.between(0, len(keys)), values.between(0, len(keys)), strict=True)
    listed = term_keys(label_listed(key, value) for key, value in pairs)
    sums = np.zeros(documents, np.uint64)
    counts = np.diff(load(columns, f"{name}.starts"))
    np.add.at(sums, load(columns, f"{name}.docs"), _scattered(np.repeat(listed, counts)))
    return sums


def _sums_of_uses(matrix: Matrix) -> Keys:
    """For each post the sum of its uses of terms: what stands at which of its positions."""
    sums = np.zeros(matrix.documents, np.uint64)
    starts = matrix.unit_starts[matrix.first_units].astype(np.int64)
    for positions, keys in matrix.uses_and_keys(USES_AT_ONCE):
        docs = np.searchsorted(starts, positions, side="right") - 1
        places = (positions - starts[docs]).astype(np.uint64)
        np.add.at(sums, docs, _scattered(keys ^ _scattered(places)))
    return sums


def _scattered(numbers: Keys) -> Keys:
    """Numbers of 64 bits whose sums tell what was added up (MurmurHash3's finalizer)."""
    mixed = numbers ^ (numbers >> np.uint64(33))
    for factor in _FACTORS:
        mixed *= factor
        mixed ^= mixed >> np.uint64(33)
    return mixed


_FACTORS: Final[tuple[Any, ...]] = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
