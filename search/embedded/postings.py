"""Whoosh's postings as arrays: the documents of a term or phrase, with their BM25 scores."""

import math
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh import index as whoosh_index
from whoosh import scoring
from whoosh.query.positional import Phrase
from whoosh.query.qcore import Query
from whoosh.query.terms import Term

from index.schema import BM25_B, BM25_K1

CACHED_POSTINGS: Final = 4_096
"""Postings of recent terms that are kept; at 12 bytes a document, some tens of MB at the most."""


class Scored(NamedTuple):
    """Documents in rising order, and the score of each."""

    docnums: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float64]


class PlainIdfBM25F(scoring.BM25F):
    """BM25 with the inverse document frequency of Robertson and Spärck Jones, as in Lucene.

    log(1 + (N - n + 0.5) / (n + 0.5)). Whoosh's own adds 1, which gives words that are in nearly
    every post a say.
    """

    def idf(self, searcher: Any, fieldname: str, text: str) -> float:
        """The weight of a term that n of the N documents have in this field."""
        documents = searcher.doc_count_all()
        having = searcher.doc_frequency(fieldname, text)
        return math.log(1 + (documents - having + 0.5) / (having + 0.5))


class Postings:
    """Reads a Whoosh index of `documents` documents.

    Whoosh's readers keep their place in a file, so one thread at a time may use them; what was
    read once is remembered.
    """

    def __init__(self, directory: Path, documents: int) -> None:
        self.documents = documents
        weighting = PlainIdfBM25F(K1=BM25_K1, **{f"{field}_B": b for field, b in BM25_B.items()})
        opened = whoosh_index.open_dir(str(directory), readonly=True)
        self._searcher = opened.searcher(weighting=weighting)
        self._lock = threading.Lock()
        self.term = lru_cache(maxsize=CACHED_POSTINGS)(self._term)
        self.phrase = lru_cache(maxsize=CACHED_POSTINGS)(self._phrase)

    def _term(self, field: str, term: str) -> Scored:
        """The documents that have a term in a field."""
        return self._run(Term(field, term))

    def _phrase(self, field: str, terms: Sequence[str]) -> Scored:
        """The documents that have terms next to each other in a field."""
        return self._run(Phrase(field, list(terms)))

    def _run(self, query: Query) -> Scored:
        docnums: list[int] = []
        scores: list[float] = []
        with self._lock:
            matcher = query.matcher(self._searcher)
            while matcher.is_active():
                docnums.append(matcher.id())
                scores.append(matcher.score())
                matcher.next()
        return Scored(np.array(docnums, np.int32), np.array(scores, np.float64))
