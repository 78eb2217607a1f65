"""A generation, open for reading: everything that a request may ask of it."""

import json
import sqlite3
import threading
import weakref
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import numpy as np

from index.analysis import DEFAULT_LANGUAGE, fold, language_code, spans
from index.errors import IndexDamagedError
from index.generation import (
    DOCUMENTS_FILE,
    FULLTEXT_DIR,
    VECTORS_DIR,
    Generation,
    Manifest,
    open_current,
)
from search.embedded.labels import LabelColumn
from search.embedded.postings import Postings
from search.embedded.vectors import VectorBlock, load_block
from search.embedded.words import Words

UNDATED: Final = np.iinfo(np.int64).min
"""The date of a post without one: older than all others."""

URL_SAFE: Final = "/:@!$&'()*+,;=~"
"""What a path may have unescaped in a URL, by RFC 3986."""

VECTOR_BLOCKS: Final = ("text", "tags", "categories")


@dataclass(frozen=True, slots=True)
class Document:
    """A post's stored fields; `day` is `YYYY-MM-DD` in the author's own time zone, or None.

    `links` are the canonical paths of the posts that its body links to.
    """

    docnum: int
    path: str
    title: str
    date: str | None
    updated: str | None
    summary: str
    image: str
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    authors: tuple[str, ...]
    lang: str
    featured: bool
    popular: bool
    external_url: str
    related: tuple[str, ...]
    boost: float
    pin: tuple[str, ...]
    links: tuple[str, ...]

    @property
    def day(self) -> str | None:
        """The date without its time."""
        return self.date[:10] if self.date else None


@dataclass(frozen=True, slots=True)
class StoredSection:
    """A section's heading, and its text and code as they are searched."""

    title: str
    anchor: str
    text: str
    code: str


class Snapshot:
    """One generation's documents, postings and vectors; never changes, safe for many threads.

    `documents` are in the order of their numbers. `timestamps` has a second count per document
    (UNDATED where there is no date), `years` the year or 0, `boosts` what each post's scores are
    multiplied by, `newest_rank` the place of each
    document when sorted by newest, then path.
    """

    def __init__(self, generation: Generation) -> None:
        self.manifest: Manifest = generation.manifest
        self._database = _open_database(generation.directory / DOCUMENTS_FILE)
        weakref.finalize(self, self._database.close)
        self._lock = threading.Lock()
        self.documents = self._read_documents()
        self.postings = Postings(generation.directory / FULLTEXT_DIR, len(self.documents))
        self._vectors_dir = generation.directory / VECTORS_DIR

        self.timestamps = np.array([_timestamp(doc.date) for doc in self.documents], np.int64)
        self.boosts = np.array([doc.boost for doc in self.documents], np.float64)
        self.years = np.array([int((doc.date or "0000")[:4]) for doc in self.documents], np.int32)
        by_newest = np.lexsort((np.arange(len(self.documents)), -self.timestamps.astype(float)))
        self.newest_rank = np.empty(len(self.documents), np.int32)
        self.newest_rank[by_newest] = np.arange(len(self.documents), dtype=np.int32)
        self.labels: Mapping[str, LabelColumn] = {
            "tags": LabelColumn([doc.tags for doc in self.documents]),
            "categories": LabelColumn([doc.categories for doc in self.documents]),
            "authors": LabelColumn([doc.authors for doc in self.documents]),
            "langs": LabelColumn([(doc.lang,) if doc.lang else () for doc in self.documents]),
            "year": LabelColumn([(str(year),) if year else () for year in self.years.tolist()]),
        }

    @classmethod
    def open(cls, index_dir: Path) -> "Snapshot":
        """The generation that is published now; raises IndexUnavailableError."""
        generation = open_current(index_dir)
        try:
            return cls(generation)
        except (OSError, sqlite3.Error, ValueError, KeyError) as error:
            raise IndexDamagedError(
                f"The index in {index_dir} can't be opened ({error}). "
                f"Rebuild it: signpost build --index {index_dir}"
            ) from error

    def docnum(self, path: str) -> int | None:
        """The number of the post with this canonical path or alias, slashes at its ends aside."""
        canonical = "/" + path.strip("/")
        found = self._docnums.get(canonical)
        if found is None:
            row = self._row("SELECT docnum FROM aliases WHERE alias = ?", canonical)
            found = int(row[0]) if row else None
        return found

    def sections(self, docnum: int) -> list[StoredSection]:
        """A post's sections, in order."""
        row = self._row("SELECT sections FROM documents WHERE docnum = ?", docnum)
        return [StoredSection(*part) for part in json.loads(zlib.decompress(row[0]))]

    def html(self, docnum: int) -> str:
        """A post's body as HTML that is safe to put into a page."""
        row = self._row("SELECT html FROM documents WHERE docnum = ?", docnum)
        return zlib.decompress(row[0]).decode()

    def shown_form(self, term: str) -> str:
        """A term as the site writes it."""
        row = self._row("SELECT form FROM shown_forms WHERE term = ?", term)
        return str(row[0]) if row else term

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages of the posts, that of most posts first."""
        counts = Counter(language_code(doc.lang or DEFAULT_LANGUAGE) for doc in self.documents)
        return tuple(sorted(counts, key=lambda code: (-counts[code], code)))

    @cached_property
    def words(self) -> Words:
        """The site's vocabulary."""
        with self._lock:
            rows = self._database.execute("SELECT surface, term, documents FROM words")
            return Words(rows.fetchall())

    @cached_property
    def vectors(self) -> dict[str, VectorBlock]:
        """The TF-IDF vectors of each block."""
        return {name: load_block(self._vectors_dir, name) for name in VECTOR_BLOCKS}

    @cached_property
    def docnums_by_title(self) -> dict[tuple[str, ...], list[int]]:
        """The posts that have a title, by its terms."""
        found: dict[tuple[str, ...], list[int]] = {}
        for doc in self.documents:
            found.setdefault(title_key(doc.title), []).append(doc.docnum)
        return found

    @cached_property
    def docnums_by_pin(self) -> dict[str, list[int]]:
        """The posts that are pinned to a query, by the query's `pin_key`."""
        found: dict[str, list[int]] = {}
        for doc in self.documents:
            for query in doc.pin:
                found.setdefault(pin_key(query), []).append(doc.docnum)
        return found

    @cached_property
    def _docnums(self) -> dict[str, int]:
        return {doc.path: doc.docnum for doc in self.documents}

    def _read_documents(self) -> list[Document]:
        rows = self._database.execute("SELECT docnum, fields FROM documents ORDER BY docnum")
        return [_document(docnum, json.loads(fields)) for docnum, fields in rows]

    def _row(self, sql: str, *values: str | int) -> Any:
        with self._lock:
            return self._database.execute(sql, values).fetchone()


def document_url(doc: Document, base_url: str, anchor: str = "") -> str:
    """Where a post opens: at its section, or at the address that it only points to."""
    if doc.external_url:
        return doc.external_url
    return base_url + quote(doc.path, safe=URL_SAFE) + (f"#{quote(anchor)}" if anchor else "")


def title_key(text: str) -> tuple[str, ...]:
    """What two texts share that say the same title: their terms, punctuation and case aside."""
    return tuple(part.term for span in spans(text) for part in span.parts if not part.is_extra)


def pin_key(query_text: str) -> str:
    """What two queries share that a pin takes for the same: letters, not case or spacing."""
    return " ".join(fold(query_text).split())


def _document(docnum: int, fields: dict[str, Any]) -> Document:
    names = Document.__dataclass_fields__
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in fields.items()
        if name in names
    }
    return Document(docnum=docnum, **values)


def _timestamp(date: str | None) -> int:
    return int(datetime.fromisoformat(date).timestamp()) if date else UNDATED


def _open_database(file: Path) -> sqlite3.Connection:
    uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)
