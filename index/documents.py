"""Posts to the documents that answers are made from: fields, sections, bodies and words.

One SQLite file, read-only once it is written:

    documents(docnum, path, fields, sections, html)
    aliases(alias, docnum)
    words(surface, term, documents)
    shown_forms(term, form)

`docnum` is the row of the vectors and the number of the Whoosh document. `fields` is JSON;
`sections` is compressed JSON, a list of [title, anchor, text, code]; `html` is compressed text.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from index.post import Post
from index.vocabulary import Word

_TABLES = """
CREATE TABLE documents (
    docnum INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, fields TEXT NOT NULL,
    sections BLOB NOT NULL, html BLOB NOT NULL
);
CREATE TABLE aliases (alias TEXT PRIMARY KEY, docnum INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE words (
    surface TEXT NOT NULL, term TEXT NOT NULL, documents INTEGER NOT NULL,
    PRIMARY KEY (surface, term)
) WITHOUT ROWID;
CREATE TABLE shown_forms (term TEXT PRIMARY KEY, form TEXT NOT NULL) WITHOUT ROWID;
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

    def add(self, docnum: int, post: Post, linked_paths: tuple[str, ...]) -> None:
        """Stores one post, and the paths of the posts that it links to."""
        sections = [[part.title, part.anchor, part.text, part.code] for part in post.sections]
        self._database.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?)",
            (
                docnum,
                post.path,
                _json(stored_fields(post) | {"links": linked_paths}),
                zlib.compress(_json(sections).encode()),
                zlib.compress(post.html.encode()),
            ),
        )
        self._database.executemany(
            "INSERT OR IGNORE INTO aliases VALUES (?, ?)",
            [(alias, docnum) for alias in post.aliases],
        )

    def add_words(self, words: Iterable[Word], shown_forms: Mapping[str, str]) -> None:
        """Stores the site's vocabulary."""
        self._database.executemany("INSERT INTO words VALUES (?, ?, ?)", words)
        self._database.executemany(
            "INSERT INTO shown_forms VALUES (?, ?)", sorted(shown_forms.items())
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
