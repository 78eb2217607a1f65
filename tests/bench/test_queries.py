"""The queries that are timed: as many of each kind as said, and the same ones every time."""

import random
from collections import Counter

from rapidfuzz.distance import OSA

from bench.queries import COUNTS, make_queries, with_typo
from index.analysis import words

TITLES = [f"Guide {n} to planting fruit trees in {place}" for n in range(40) for place in "ABC"]


def test_there_are_as_many_of_each_kind_as_said_and_the_same_again() -> None:
    queries = make_queries(TITLES)
    assert Counter(query.kind for query in queries) == COUNTS
    assert make_queries(TITLES) == queries
    assert all(query.text.strip() for query in queries)


def test_queries_are_words_of_titles() -> None:
    known = {word for title in TITLES for word in words(title)}
    for kind, text in make_queries(TITLES):
        if kind == "typo":
            assert min(OSA.distance(text, word) for word in known) <= 1
        elif kind == "prefix":
            assert any(word.startswith(text.split()[-1]) for word in known)
        elif kind != "common words":
            assert set(words(text)) <= known


def test_a_typo_is_one_slip() -> None:
    chosen = random.Random(3)
    slips = {with_typo("planting", chosen) for _ in range(300)}
    assert len(slips) > 20
    assert max(OSA.distance("planting", slip) for slip in slips) == 1
