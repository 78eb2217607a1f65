"""Posts to the documents that answers are made from: fields, bodies, and what names them.

One SQLite file, read-only once it is written:

    documents(docnum, path, fields)
    bodies(docnum, html)
    aliases(alias, docnum)
    titles(key, docnum)
    pins(key, docnum)

`docnum` is the row of the vectors and the number of the Whoosh document. `fields` is JSON, `html`
compressed text, in a table of its own so that the fields of many posts are near each other. The
keys are those of keys.py.
"""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from index.keys import pin_key
from index.post import Post

_TABLES = """
CREATE TABLE documents (
    docnum INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, fields TEXT NOT NULL
);
CREATE TABLE bodies (docnum INTEGER PRIMARY KEY, html BLOB NOT NULL);
CREATE TABLE aliases (alias TEXT PRIMARY KEY, docnum INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE titles (key TEXT, docnum INTEGER, PRIMARY KEY (key, docnum)) WITHOUT ROWID;
CREATE TABLE pins (key TEXT, docnum INTEGER, PRIMARY KEY (key, docnum)) WITHOUT ROWID;
"""


class DocumentsWriter:
    """Writes the SQLite file; a context manager that commits on leaving without an error."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file)
        self._database.execute("PRAGMA journal_mode = OFF")  # aside until published: no half states
        self._database.execute("PRAGMA synchronous = OFF")  # the generation is fsynced as a whole
        self._database.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def add(
        self, docnum: int, post: Post, title_key: str, html: bytes, linked_paths: Iterable[str]
    ) -> None:
        """Stores one post, its compressed HTML, and the paths of the posts that it links to."""
        fields = _json(stored_fields(post) | {"links": list(linked_paths)})
        insert = self._database.execute
        insert("INSERT INTO documents VALUES (?, ?, ?)", (docnum, post.path, fields))
        insert("INSERT INTO bodies VALUES (?, ?)", (docnum, html))
        insert("INSERT INTO titles VALUES (?, ?)", (title_key, docnum))
        self._database.executemany(
            "INSERT OR IGNORE INTO aliases VALUES (?, ?)",
            [(alias, docnum) for alias in post.aliases],
        )
        self._database.executemany(
            "INSERT OR IGNORE INTO pins VALUES (?, ?)",
            [(pin_key(query), docnum) for query in post.search.pin],
        )

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            self._database.commit()
        self._database.close()


def stored_fields(post: Post) -> dict[str, Any]:
    """The fields of a post that answers show, filter and sort by, as JSON values."""
    return {
        "path": post.path,
        "title": post.title,
        "date": _iso(post.date),
        "updated": _iso(post.updated),
        "summary": post.summary,
        "image": post.image,
        "tags": list(post.tags),
        "categories": list(post.categories),
        "authors": list(post.authors),
        "lang": post.lang,
        "featured": post.featured,
        "popular": post.popular,
        "external_url": post.external_url,
        "related": list(post.related),
        "boost": post.search.boost,
        "pin": list(post.search.pin),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
