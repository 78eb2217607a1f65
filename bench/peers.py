"""The engines that are timed: each finds the ten best posts for bare words, any of which may match.

Every one gets the same posts, title and text, and stems English where it can.
"""

import math
import re
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bm25s
import Stemmer
import tantivy
from whoosh import index as whoosh_index
from whoosh import scoring
from whoosh.query.compound import Or
from whoosh.query.terms import Term

from index.analysis import query_word_parts, words
from index.generation import FULLTEXT_DIR
from index.schema import BM25_K1, WEIGHED_FIELD
from search.embedded.snapshot import Snapshot

LIMIT = 10

_SIGN = re.compile(r"[^\w\s]")

Top = Callable[[str], Sequence[tuple[Any, float]]]
"""From a query's text to documents with scores, best first."""


def terms_of(text: str, snapshot: Snapshot) -> list[str]:
    """The terms of a query of bare words."""
    readings = (query_word_parts(word, snapshot.languages) for word in words(text))
    return [part.term for found in readings if found for part in found[0] if not part.is_extra]


def signpost(snapshot: Snapshot) -> Top:
    """This engine's postings: ids and scores, as the others give them."""
    postings = snapshot.postings

    def top(text: str) -> Sequence[tuple[Any, float]]:
        numbers = (postings.number(term) for term in terms_of(text, snapshot))
        return postings.top([number for number in numbers if number is not None], LIMIT)

    return top


class _PlainIdf(scoring.BM25F):
    def idf(self, searcher: Any, fieldname: str, text: str) -> float:
        documents = searcher.doc_count_all()
        having = searcher.doc_frequency(fieldname, text)
        return math.log(1 + (documents - having + 0.5) / (having + 0.5))


def whoosh(directory: Path, snapshot: Snapshot) -> Top:
    """Whoosh's own searcher over the same index, with the same scores."""
    weighting = _PlainIdf(K1=BM25_K1, **{f"{WEIGHED_FIELD}_B": 0.0})
    opened = whoosh_index.open_dir(str(directory / FULLTEXT_DIR), readonly=True)
    searcher = opened.searcher(weighting=weighting)

    def top(text: str) -> Sequence[tuple[Any, float]]:
        query = Or([Term(WEIGHED_FIELD, term) for term in terms_of(text, snapshot)])
        return [(hit.docnum, hit.score) for hit in searcher.search(query, limit=LIMIT)]

    return top


def tantivy_index(posts: Sequence[tuple[str, str]], scratch: Path) -> Top:
    """tantivy, with its English tokenizer; its query parser is in the time."""
    builder = tantivy.SchemaBuilder()
    for field in ("title", "body"):
        builder.add_text_field(field, tokenizer_name="en_stem")
    scratch.mkdir()
    index = tantivy.Index(builder.build(), path=str(scratch))
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for title, body in posts:
        writer.add_document(tantivy.Document(title=title, body=body))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def top(text: str) -> Sequence[tuple[Any, float]]:
        query = index.parse_query(_SIGN.sub(" ", text), ["title", "body"])
        return [(hit, score) for score, hit in searcher.search(query, LIMIT, count=False).hits]

    return top


def sqlite_fts5(posts: Sequence[tuple[str, str]], file: Path) -> Top:
    """SQLite's FTS5 with its Porter stemmer, ordered by its bm25."""
    database = sqlite3.connect(file)
    database.execute(
        "CREATE VIRTUAL TABLE posts USING fts5(title, body, tokenize = 'porter unicode61')"
    )
    database.executemany("INSERT INTO posts VALUES (?, ?)", posts)
    database.execute("INSERT INTO posts (posts) VALUES ('optimize')")
    database.commit()
    sql = "SELECT rowid, rank FROM posts WHERE posts MATCH ? ORDER BY rank LIMIT ?"

    def top(text: str) -> Sequence[tuple[Any, float]]:
        either = " OR ".join(f'"{word}"' for word in words(text))
        return database.execute(sql, (either, LIMIT)).fetchall()

    return top


def bm25s_index(posts: Sequence[tuple[str, str]]) -> Top:
    """bm25s with PyStemmer; its tokenizer is in the time."""
    stemmer = Stemmer.Stemmer("english")
    texts = [f"{title}\n{body}" for title, body in posts]
    retriever = bm25s.BM25()
    retriever.index(
        bm25s.tokenize(texts, stemmer=stemmer, show_progress=False), show_progress=False
    )

    def top(text: str) -> Sequence[tuple[Any, float]]:
        tokens = bm25s.tokenize([text], stemmer=stemmer, show_progress=False)
        docs, scores = retriever.retrieve(tokens, k=LIMIT, show_progress=False)
        return list(zip(docs[0].tolist(), scores[0].tolist(), strict=True))

    return top
