"""Scores and matches, beside Whoosh's own searcher over the same index.

Whoosh's field of all fields has BM25F's inner sums as its weights, so that Whoosh's BM25 over it is
the reference for every score. Its fields with positions tell where phrases are.
"""

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh import index as whoosh_index
from whoosh import scoring
from whoosh.query.compound import And, AndNot, Or
from whoosh.query.positional import Phrase
from whoosh.query.qcore import Query
from whoosh.query.terms import Term
from whoosh.searching import Searcher

from index.analysis import STOP_WORDS, spans
from index.generation import FULLTEXT_DIR
from index.opening import open_current
from index.schema import BM25_K1, FIELD_BOOSTS, WEIGHED_FIELD
from search import open_engine
from search.embedded.clauses import MAX_PREFIX_WORDS, PREFIX_DISCOUNT
from search.embedded.findings import idf
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.matching import match_query
from search.embedded.snapshot import Snapshot
from search.engine import MAX_LIMIT
from search.query import parse_query

WORDS = 120

Scores = dict[str, float]


class PlainIdf(scoring.BM25F):
    """BM25 with the inverse document frequency of Robertson and Spärck Jones, as in Lucene."""

    def idf(self, searcher: Any, fieldname: str, text: str) -> float:
        documents = searcher.doc_count_all()
        having = searcher.doc_frequency(fieldname, text)
        return math.log(1 + (documents - having + 0.5) / (having + 0.5))


@pytest.fixture(scope="module")
def searcher(cilium: Path) -> Searcher:
    folder = open_current(cilium).directory / FULLTEXT_DIR
    weighting = PlainIdf(K1=BM25_K1, **{f"{WEIGHED_FIELD}_B": 0.0})
    return whoosh_index.open_dir(str(folder), readonly=True).searcher(weighting=weighting)


@pytest.fixture(scope="module")
def snapshot(cilium: Path) -> Snapshot:
    return GenerationSnapshot.open(cilium)


@pytest.fixture(scope="module")
def words(cilium: Path) -> list[tuple[str, str]]:
    """Words of titles that are one plain term, which both engines read alike, with their terms."""
    titles = [doc.title for doc in open_engine(cilium).recent(limit=MAX_LIMIT)]
    found = {
        title[span.start : span.end].lower(): span.parts[0].term
        for title in titles
        for span in spans(title)
        if len(span.parts) == 1 and span.parts[0].surface not in STOP_WORDS
    }
    return random.Random(3).sample(sorted(found.items()), WORDS)


def term(name: str) -> Query:
    return Term(WEIGHED_FIELD, name)


def by_whoosh(searcher: Searcher, query: Query) -> Scores:
    return {hit["path"]: hit.score for hit in searcher.search(query, limit=None)}


def by_signpost(snapshot: Snapshot, query: str, *, is_open: bool = False) -> Scores:
    """The posts that have all wanted words, with the plain sums of their words' scores."""
    matches = match_query(parse_query(query, last_word_is_prefix=is_open), snapshot)
    whole = np.flatnonzero(matches.coverage > 1 - 1e-6)
    return {
        snapshot.documents[docnum].path: float(score)
        for docnum, score in zip(matches.docs[whole], matches.words[whole], strict=True)
    }


def assert_alike(found: Scores, expected: Scores, query: str) -> None:
    assert found.keys() == expected.keys(), query
    for path, score in expected.items():
        assert found[path] == pytest.approx(score, rel=1e-4), (query, path)


def test_words_score_as_whoosh_scores_them(
    snapshot: Snapshot, searcher: Searcher, words: list[tuple[str, str]]
) -> None:
    for word, name in words:
        assert_alike(by_signpost(snapshot, word), by_whoosh(searcher, term(name)), word)


def test_several_words_either_word_and_no_word(
    snapshot: Snapshot, searcher: Searcher, words: list[tuple[str, str]]
) -> None:
    for (first, one), (second, two), (third, three) in zip(
        words[::3], words[1::3], words[2::3], strict=True
    ):
        ones = term(one), term(two), term(three)
        both = And([*ones[:2]])
        assert_alike(by_signpost(snapshot, f"{first} {second}"), by_whoosh(searcher, both), first)
        assert_alike(
            by_signpost(snapshot, f"{first} {second} {third}"),
            by_whoosh(searcher, And([*ones])),
            first,
        )
        assert_alike(
            by_signpost(snapshot, f"{first} -{second}"),
            by_whoosh(searcher, AndNot(ones[0], ones[1])),
            first,
        )
        either = by_whoosh(searcher, Or([*ones[:2]]))
        best = {
            path: max(by_whoosh(searcher, one_of).get(path, 0.0) for one_of in ones[:2])
            for path in either
        }
        assert_alike(by_signpost(snapshot, f"{first} OR {second}"), best, first)


def test_the_best_of_bare_words_are_whooshs_best(
    snapshot: Snapshot, searcher: Searcher, words: list[tuple[str, str]]
) -> None:
    for group in zip(words[::3], words[1::3], words[2::3], strict=True):
        numbers = [snapshot.postings.number(name) for _, name in group]
        found = snapshot.postings.top([n for n in numbers if n is not None], 10)
        expected = by_whoosh(searcher, Or([term(name) for _, name in group]))
        best = sorted(expected.values(), reverse=True)[: len(found)]
        assert [score for _, score in found] == pytest.approx(best, rel=1e-4)
        for docnum, score in found:
            assert expected[snapshot.documents[docnum].path] == pytest.approx(score, rel=1e-4)


def test_phrases_are_where_whoosh_finds_them(
    cilium: Path, snapshot: Snapshot, searcher: Searcher
) -> None:
    phrases = 0
    for title in [doc.title for doc in open_engine(cilium).recent(limit=MAX_LIMIT)]:
        found = [span for span in spans(title) if len(span.parts) == 1][:2]
        if len(found) < 2 or found[0].end + 1 != found[1].start:
            continue
        phrases += 1
        phrase = title[found[0].start : found[1].end]
        names = [span.parts[0].term for span in found]
        places = by_whoosh(searcher, Or([Phrase(field, names) for field in FIELD_BOOSTS]))
        scores = by_whoosh(searcher, And([term(name) for name in names]))
        expected = {path: scores[path] for path in places}
        assert_alike(by_signpost(snapshot, f'"{phrase}"'), expected, phrase)
    assert phrases > 30


def test_a_beginning_is_the_best_of_the_words_that_begin_so(
    snapshot: Snapshot, searcher: Searcher, words: list[tuple[str, str]]
) -> None:
    for word, name in words[:60]:
        typed = word[: max(2, len(word) - 2)]
        whole = next(iter(spans(typed))).parts[0].term
        begun = snapshot.words.starting_with(typed, MAX_PREFIX_WORDS)
        others = {snapshot.postings.terms[each.term] for each in begun} - {whole}
        expected = by_whoosh(searcher, term(whole))
        having = [by_whoosh(searcher, term(other)) for other in others]
        together = idf(len(set().union(*having)), snapshot)
        for scores in having:
            share = PREFIX_DISCOUNT * together / idf(len(scores), snapshot)
            for path, score in scores.items():
                expected[path] = max(expected.get(path, 0.0), share * score)
        assert_alike(by_signpost(snapshot, typed, is_open=True), expected, (typed + name))


def test_a_word_in_the_title_scores_as_the_word(
    snapshot: Snapshot, searcher: Searcher, words: list[tuple[str, str]]
) -> None:
    for word, name in words[:60]:
        in_title = by_whoosh(searcher, Term("title", name))
        scores = by_whoosh(searcher, term(name))
        expected = {path: scores[path] for path in in_title}
        assert_alike(by_signpost(snapshot, f"title:{word}"), expected, word)


def test_labels_and_dates_only_narrow(
    snapshot: Snapshot, searcher: Searcher, words: list[tuple[str, str]]
) -> None:
    posts = [snapshot.documents[docnum] for docnum in range(len(snapshot.documents))]
    for word, name in words[:40]:
        scores = by_whoosh(searcher, term(name))
        late = {doc.path for doc in posts if doc.day and doc.day >= "2022-01-01"}
        tagged = {doc.path for doc in posts if "Community" in doc.tags}
        for suffix, kept in (
            ("after:2022", late),
            ("before:2022", {doc.path for doc in posts if doc.day} - late),
            ("tag:community", tagged),
        ):
            expected = {path: score for path, score in scores.items() if path in kept}
            assert_alike(by_signpost(snapshot, f"{word} {suffix}"), expected, f"{word} {suffix}")
