"""The indexers that are timed: each makes an index of the same posts on disk.

Signpost reads the Markdown itself; Pagefind reads the pages that Signpost renders; the others are
handed titles and plain texts, and have nothing to parse.
"""

import json
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from index.build import build_index
from index.post import Post


def write_pages(posts: Sequence[Post], directory: Path) -> None:
    """Every post as an HTML page, for those who read these."""
    for post in posts:
        page = directory / post.path.strip("/") / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        title = escape(post.title)
        page.write_text(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"</head><body><main><h1>{title}</h1>\n{post.html}</main></body></html>",
            encoding="utf-8",
            errors="replace",
        )


def write_texts(posts: Sequence[Post], file: Path) -> None:
    """Every post's title and text, a line of JSON each."""
    with file.open("w", encoding="utf-8") as stream:
        for post in posts:
            stream.write(json.dumps([post.title, post.text]) + "\n")


def signpost(content: Path, out: Path) -> None:
    """All of it: read, parse, postings, vectors, publish."""
    build_index(content, out)


def pagefind(pages: Path, out: Path) -> None:
    """Pagefind's own program, as its Python package brings it."""
    from pagefind_bin import get_executable

    command = [get_executable(), "--site", pages, "--output-path", out, "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def tantivy(texts: Path, out: Path) -> None:
    """As the others: its English tokenizer, with as many threads as it likes."""
    import tantivy as library

    builder = library.SchemaBuilder()
    for field in ("title", "body"):
        builder.add_text_field(field, stored=True, tokenizer_name="en_stem")
    out.mkdir()
    writer = library.Index(builder.build(), path=str(out)).writer()
    for title, body in _texts(texts):
        writer.add_document(library.Document(title=title, body=body))
    writer.commit()
    writer.wait_merging_threads()


def sqlite_fts5(texts: Path, out: Path) -> None:
    """SQLite's FTS5 with its Porter stemmer."""
    out.mkdir()
    database = sqlite3.connect(out / "fts5.sqlite")
    database.execute(
        "CREATE VIRTUAL TABLE posts USING fts5(title, body, tokenize = 'porter unicode61')"
    )
    database.executemany("INSERT INTO posts VALUES (?, ?)", _texts(texts))
    database.execute("INSERT INTO posts (posts) VALUES ('optimize')")
    database.commit()


def plain_whoosh(texts: Path, out: Path) -> None:
    """A script as Whoosh's guide has it: stemmed text fields, one writer."""
    from whoosh import fields, index
    from whoosh.analysis.analyzers import StemmingAnalyzer

    out.mkdir()
    analyzer = StemmingAnalyzer()
    schema = fields.Schema(
        title=fields.TEXT(stored=True, analyzer=analyzer),
        body=fields.TEXT(stored=True, analyzer=analyzer),
    )
    writer = index.create_in(str(out), schema).writer(limitmb=256)
    for title, body in _texts(texts):
        writer.add_document(title=title, body=body)
    writer.commit()


def _texts(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            title, text = json.loads(line)
            yield title, text
