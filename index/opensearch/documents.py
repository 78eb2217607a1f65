"""A finished generation as the documents that a cluster gets, one by one.

Everything is read from the files of the generation, a block of posts at a time: what is in memory
does not grow with the number of posts.
"""

import hashlib
import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from pydantic import TypeAdapter

from index.generation import COLUMNS_DIR, DOCUMENTS_FILE, MATRIX_DIR, TEXTS_DIR, VECTORS_DIR
from index.opensearch.digests import Digests
from index.opensearch.generationfiles import (
    Ints,
    names_of_documents,
    open_documents,
    title_keys_of_documents,
)
from index.opensearch.groupnumbers import GroupNumbers
from index.opensearch.layout import FIELDS, document_id, pack
from index.opensearch.postcolumns import Columns
from index.opensearch.postterms import Matrix, PostTerms
from index.opensearch.posttexts import Texts
from index.opensearch.postvectors import Floats, Vectors

POSITIONS_AT_ONCE: Final = 1_000_000
"""Positions of a block of posts, at some hundred bytes each."""

_JSON: Final = TypeAdapter[Any](Any)
"""Writes it in half of the time that the standard library takes."""


class Document(NamedTuple):
    """What is sent: the name in the index, the JSON, and the digest that the JSON tells as well."""

    name: str
    body: bytes
    digest: str


class Removal(NamedTuple):
    """That a document is no longer in the index."""

    name: str
    body: bytes = b""


def document(name: str, fields: dict[str, Any]) -> Document:
    """A document of these fields, with a hash of them all as its digest."""
    digest = hashlib.sha256(_JSON.dump_json(fields)).hexdigest()
    return Document(name, _JSON.dump_json(fields | {"digest": digest}), digest)


def encoded(data: bytes) -> str:
    """Bytes as a document has them."""
    return b64encode(data).decode()


@dataclass(frozen=True, slots=True)
class Posts:
    """Which posts of a generation are sent, and with what.

    `docs` are their numbers, rising; `digests` and `numbers` those of all posts. Concepts are
    multiplied by `rotation` where there is one.
    """

    docs: Ints
    digests: Digests
    numbers: GroupNumbers
    rotation: Floats | None = None

    @classmethod
    def of(cls, directory: Path, digests: Digests) -> "Posts":
        """All posts, as they are."""
        numbers = GroupNumbers.load(directory / COLUMNS_DIR)
        return cls(np.arange(len(digests)), digests, numbers)


def post_documents(directory: Path, posts: Posts) -> Iterator[Document]:
    """The document of each of some posts of the generation in a folder, by rising numbers."""
    matrix, texts = Matrix(directory / MATRIX_DIR), Texts(directory / TEXTS_DIR)
    vectors = Vectors(directory / VECTORS_DIR, posts.rotation)
    columns = Columns(directory / COLUMNS_DIR, posts.numbers)
    with closing(open_documents(directory / DOCUMENTS_FILE)) as database:
        for docs in matrix.blocks(posts.docs, POSITIONS_AT_ONCE):
            rows = zip(
                docs.tolist(),
                matrix.terms_of(docs),
                vectors.features_of(docs),
                columns.fields_of(docs),
                _stored(database, docs),
                strict=True,
            )
            for doc, terms, features, labels, stored in rows:
                fields = labels | terms.fields | stored
                fields |= _records(doc, terms, matrix, texts, vectors)
                digest = posts.digests[doc].tobytes().hex()
                told = _JSON.dump_json(fields | {"features": features, "digest": digest})
                yield Document(document_id(stored["path"]), told, digest)


def _records(
    doc: int, terms: PostTerms, matrix: Matrix, texts: Texts, vectors: Vectors
) -> dict[str, Any]:
    units = matrix.units(doc)
    return {
        "uses": encoded(pack(terms.arrays | vectors.sketch(doc))),
        "texts": encoded(pack(texts.arrays(doc, units, matrix.extent(doc)))),
        "vectors": encoded(pack(vectors.arrays(doc))),
    }


def _stored(database: sqlite3.Connection, docs: Ints) -> Iterator[dict[str, Any]]:
    """What documents.sqlite has of each of a block of posts."""
    extent = range(docs[0], docs[-1] + 1)
    aliases, pins = names_of_documents(database, extent)
    title_keys = title_keys_of_documents(database, extent)
    for doc in docs.tolist():
        ((path, text, html),) = database.execute(
            "SELECT path, fields, html FROM documents JOIN bodies USING (docnum) WHERE docnum = ?",
            (doc,),
        )
        fields = json.loads(text)
        yield {
            "kind": "post",
            "path": path,
            "title_key": title_keys[doc],
            "aliases": aliases[doc],
            "pins": pins[doc],
            "linked": fields["links"],
            FIELDS: encoded(text.encode()),
            "html": encoded(pack({"html": np.frombuffer(html, np.uint8)})),
        }
