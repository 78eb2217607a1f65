"""Scores and matches, beside Whoosh's own searcher with the same schema and weighting."""

import random
from pathlib import Path

import numpy as np
import pytest
from whoosh import index as whoosh_index
from whoosh.query.compound import And, Or
from whoosh.query.positional import Phrase
from whoosh.query.qcore import Query
from whoosh.query.terms import Term
from whoosh.searching import Searcher

from index.analysis import STOP_WORDS, spans
from index.generation import FULLTEXT_DIR, open_current
from index.schema import BM25_B, BM25_K1, FIELD_BOOSTS
from search import open_engine
from search.embedded.matching import match_query
from search.embedded.postings import PlainIdfBM25F
from search.embedded.snapshot import Snapshot
from search.engine import MAX_LIMIT
from search.query import parse_query

QUERIES = 120


@pytest.fixture(scope="module")
def searcher(cilium: Path) -> Searcher:
    folder = open_current(cilium).directory / FULLTEXT_DIR
    weighting = PlainIdfBM25F(K1=BM25_K1, **{f"{name}_B": b for name, b in BM25_B.items()})
    return whoosh_index.open_dir(str(folder), readonly=True).searcher(weighting=weighting)


def any_field(term: str) -> Query:
    return Or([Term(name, term, boost=boost) for name, boost in FIELD_BOOSTS.items()])


def plain_words(cilium: Path, count: int) -> list[str]:
    """Words of titles that are one plain term: what both engines read alike."""
    titles = [doc.title for doc in open_engine(cilium).recent(limit=MAX_LIMIT)]
    words = sorted(
        {
            title[span.start : span.end].lower()
            for title in titles
            for span in spans(title)
            if len(span.parts) == 1 and span.parts[0].surface not in STOP_WORDS
        }
    )
    return random.Random(3).sample(words, count)


def scores_by_whoosh(searcher: Searcher, query: Query) -> dict[str, float]:
    return {hit["path"]: hit.score for hit in searcher.search(query, limit=None)}


def scores_by_signpost(snapshot: Snapshot, query: str) -> dict[str, float]:
    """Every matching post's score from its fields: before exact titles and pins are lifted."""
    matches = match_query(parse_query(query), snapshot)
    assert matches.missing == ()
    total = np.sum(list(matches.by_field.values()), axis=0)
    return {snapshot.documents[n].path: float(total[n]) for n in np.flatnonzero(matches.mask)}


def test_words_score_as_whoosh_scores_them(cilium: Path, searcher: Searcher) -> None:
    snapshot = Snapshot.open(cilium)
    words = plain_words(cilium, QUERIES)
    for first, second in zip(words[::2], words[1::2], strict=True):
        terms = [span.parts[0].term for span in spans(f"{first} {second}")]
        for query, whoosh_query in (
            (first, any_field(terms[0])),
            (f"{first} {second}", And([any_field(term) for term in terms])),
        ):
            expected = scores_by_whoosh(searcher, whoosh_query)
            found = scores_by_signpost(snapshot, query) if expected else {}
            assert found.keys() == expected.keys(), query
            for path, score in expected.items():
                assert found[path] == pytest.approx(score, rel=1e-4), (query, path)


def test_phrases_match_where_whoosh_finds_them(cilium: Path, searcher: Searcher) -> None:
    snapshot = Snapshot.open(cilium)
    for title in [doc.title for doc in open_engine(cilium).recent(limit=60)]:
        found = [span for span in spans(title) if len(span.parts) == 1][:2]
        if len(found) < 2 or found[0].end + 1 != found[1].start:
            continue
        phrase = title[found[0].start : found[1].end]
        terms = [span.parts[0].term for span in found]
        expected = scores_by_whoosh(searcher, Or([Phrase(f, terms) for f in FIELD_BOOSTS]))
        assert scores_by_signpost(snapshot, f'"{phrase}"').keys() == expected.keys(), phrase
