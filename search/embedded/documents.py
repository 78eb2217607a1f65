"""The stored posts: read one by one as answers need them, and found by what names them."""

import json
import sqlite3
import threading
import weakref
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

from search.embedded.remembering import remembering

REMEMBERED_DOCUMENTS: Final = 16_384
"""Posts that are kept at hand, at one or two kilobytes each."""

URL_SAFE: Final = "/:@!$&'()*+,;=~"
"""What a path may have unescaped in a URL, by RFC 3986."""


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


class Documents(ABC):
    """Some posts, numbered from 0, and found by what names them."""

    @abstractmethod
    def __len__(self) -> int:
        """How many there are."""

    @abstractmethod
    def __getitem__(self, docnum: int) -> Document:
        """The document with this number."""

    def several(self, docnums: Sequence[int]) -> list[Document]:
        """The documents with these numbers, in their order."""
        return [self[docnum] for docnum in docnums]

    @abstractmethod
    def docnum(self, path: str) -> int | None:
        """The number of the post with this canonical path or alias, slashes at its ends aside."""

    @abstractmethod
    def paths(self) -> list[str]:
        """All canonical paths, in order."""

    @abstractmethod
    def titled(self, key: str) -> list[int]:
        """The posts whose title has this `title_key`."""

    @abstractmethod
    def pinned(self, key: str) -> list[int]:
        """The posts that are pinned to the query with this `pin_key`."""


class FileDocuments(Documents):
    """The SQLite file that `index.documents` describes; safe for many threads.

    Raises sqlite3.Error or ValueError where the file is not what was written.
    """

    def __init__(self, file: Path) -> None:
        uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        weakref.finalize(self, self._database.close)
        self._lock = threading.Lock()
        self._count = int(self._row("SELECT count(*) FROM documents")[0])
        self._has_pins = bool(self._row("SELECT EXISTS (SELECT * FROM pins)")[0])
        self._document = remembering(self._read, REMEMBERED_DOCUMENTS)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, docnum: int) -> Document:
        """The document with this number, from 0."""
        return self._document(int(docnum))

    def docnum(self, path: str) -> int | None:
        """The number of the post with this canonical path or alias, slashes at its ends aside."""
        canonical = "/" + path.strip("/")
        row = self._row("SELECT docnum FROM documents WHERE path = ?", canonical) or self._row(
            "SELECT docnum FROM aliases WHERE alias = ?", canonical
        )
        return int(row[0]) if row else None

    def paths(self) -> list[str]:
        """All canonical paths, in order."""
        return [path for (path,) in self._rows("SELECT path FROM documents ORDER BY docnum")]

    def titled(self, key: str) -> list[int]:
        """The posts whose title has this `title_key`."""
        return [doc for (doc,) in self._rows("SELECT docnum FROM titles WHERE key = ?", key)]

    def pinned(self, key: str) -> list[int]:
        """The posts that are pinned to the query with this `pin_key`."""
        if not self._has_pins:
            return []
        return [doc for (doc,) in self._rows("SELECT docnum FROM pins WHERE key = ?", key)]

    def html(self, docnum: int) -> str:
        """A post's body as HTML that is safe to put into a page."""
        row = self._row("SELECT html FROM bodies WHERE docnum = ?", docnum)
        return zlib.decompress(row[0]).decode()

    def _read(self, docnum: int) -> Document:
        row = self._row("SELECT fields FROM documents WHERE docnum = ?", docnum)
        return document_of(docnum, json.loads(row[0]))

    def _row(self, sql: str, *values: str | int) -> Any:
        with self._lock:
            return self._database.execute(sql, _storable(values)).fetchone()

    def _rows(self, sql: str, *values: str | int) -> list[Any]:
        with self._lock:
            return self._database.execute(sql, _storable(values)).fetchall()


class Addressed(Protocol):
    """What opens somewhere."""

    @property
    def path(self) -> str:
        """Its canonical path."""
        ...

    @property
    def external_url(self) -> str:
        """The address that it only points to; empty for one that is a page of the site."""
        ...


def document_url(doc: Addressed, base_url: str, anchor: str = "") -> str:
    """Where a post opens: at its section, or at the address that it only points to."""
    if doc.external_url:
        return doc.external_url
    return base_url + _quoted_path(doc.path) + (f"#{quote(anchor)}" if anchor else "")


@lru_cache(maxsize=REMEMBERED_DOCUMENTS)
def _quoted_path(path: str) -> str:
    return quote(path, safe=URL_SAFE)


def document_of(docnum: int, fields: Mapping[str, Any]) -> Document:
    """A document from its stored fields."""
    names = Document.__dataclass_fields__
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in fields.items()
        if name in names
    }
    return Document(docnum=docnum, **values)


def _storable(values: Iterable[str | int]) -> Sequence[str | int]:
    """Values without lone surrogates, which no file of UTF-8 has."""
    return [
        value.encode(errors="replace").decode() if isinstance(value, str) else value
        for value in values
    ]
