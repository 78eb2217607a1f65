"""A finished generation as the documents that a cluster gets, one by one.

Everything is read from the files of the generation, a block of posts at a time: what is in memory
does not grow with the number of posts.
"""

import hashlib
import json
import sqlite3
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from index.generation import COLUMNS_DIR, DOCUMENTS_FILE, MATRIX_DIR, TEXTS_DIR, VECTORS_DIR
from index.keys import title_key
from index.opensearch.layout import document_id, pack
from index.opensearch.postcolumns import Columns
from index.opensearch.postterms import Matrix, PostTerms
from index.opensearch.posttexts import Texts
from index.opensearch.postvectors import Vectors

POSITIONS_AT_ONCE: Final = 1_000_000
"""Positions of a block of posts, at some hundred bytes each."""


class Document(NamedTuple):
    """What is sent: the name in the index, the JSON, and the hash that the JSON tells as well."""

    name: str
    body: bytes
    digest: str


def document(name: str, fields: dict[str, Any]) -> Document:
    """A document of these fields, and the hash of them as `digest`."""
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    digest = hashlib.sha256(body).hexdigest()
    return Document(name, b'%s,"digest":"%s"}' % (body[:-1], digest.encode()), digest)


def encoded(data: bytes) -> str:
    """Bytes as a document has them."""
    return b64encode(data).decode()


def post_documents(directory: Path) -> Iterator[Document]:
    """The document of each post of the generation in a folder, in the order of their numbers."""
    matrix, texts = Matrix(directory / MATRIX_DIR), Texts(directory / TEXTS_DIR)
    vectors, columns = Vectors(directory / VECTORS_DIR), Columns(directory / COLUMNS_DIR)
    with closing(open_documents(directory / DOCUMENTS_FILE)) as database:
        for docs in matrix.blocks(POSITIONS_AT_ONCE):
            rows = zip(
                docs,
                matrix.terms_of(docs),
                columns.fields_of(docs),
                _stored(database, docs),
                strict=True,
            )
            for doc, terms, labels, stored in rows:
                fields = labels | terms.fields | stored
                fields |= _records(doc, terms, matrix, texts, vectors)
                yield document(document_id(stored["path"]), fields)


def _records(
    doc: int, terms: PostTerms, matrix: Matrix, texts: Texts, vectors: Vectors
) -> dict[str, Any]:
    rows = vectors.arrays(doc)
    units = matrix.units(doc)
    return {
        "features": vectors.features(rows),
        "uses": encoded(pack(terms.arrays | vectors.sketch(doc))),
        "texts": encoded(pack(texts.arrays(doc, units, matrix.extent(doc)))),
        "vectors": encoded(pack(rows)),
    }


def _stored(database: sqlite3.Connection, docs: range) -> Iterator[dict[str, Any]]:
    """What documents.sqlite has of each of a block of posts."""
    bounds = (docs.start, docs.stop)
    aliases = _names(database, "SELECT docnum, alias FROM aliases", bounds)
    pins = _names(database, "SELECT docnum, key FROM pins", bounds)
    found = database.execute(
        "SELECT docnum, path, fields, html FROM documents JOIN bodies USING (docnum)"
        " WHERE docnum >= ? AND docnum < ? ORDER BY docnum",
        bounds,
    )
    for docnum, path, text, html in found:
        fields = json.loads(text)
        yield {
            "kind": "post",
            "path": path,
            "title_key": title_key(fields["title"]),
            "aliases": aliases.get(docnum, []),
            "pins": pins.get(docnum, []),
            "linked": fields["links"],
            "fields": fields,
            "html": encoded(pack({"html": np.frombuffer(html, np.uint8)})),
        }


def _names(
    database: sqlite3.Connection, selection: str, bounds: tuple[int, int]
) -> dict[int, list[str]]:
    names = defaultdict(list)
    for docnum, name in database.execute(
        f"{selection} WHERE docnum >= ? AND docnum < ? ORDER BY 2", bounds
    ):
        names[docnum].append(name)
    return names


def open_documents(file: Path) -> sqlite3.Connection:
    """The documents of a generation, to be read only."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
