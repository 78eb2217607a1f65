"""What the cluster finds for a clause is what the embedded engine finds, and scores alike."""

import random
from datetime import date

import pytest

from search.embedded.clauses import match_clause
from search.embedded.findings import ClauseMatch
from search.opensearch import dsl
from search.opensearch.clausequeries import ClauseQuery, clause_query
from search.query import AnyOf, Clause, DateBound, Label, Leaf, Phrase, Words
from tests.search.opensearch.conftest import Sent

SCORE = 1e-3
"""Scores may differ by so much of themselves: the cluster's weights are rounded."""


def found_by(sent: Sent, query: ClauseQuery) -> dict[str, float]:
    """The posts that a query finds in the cluster, with their scores."""
    generation = sent.opened.generation
    scored = dsl.times(query.query, generation.term_boost)
    body = {"query": scored, "size": 1_000, "docvalue_fields": ["path"]}
    hits = generation.cluster.search(generation.index, body)["hits"]["hits"]
    return {hit["fields"]["path"][0]: hit["_score"] for hit in hits}


def matched_by(sent: Sent, match: ClauseMatch) -> dict[str, float]:
    """The posts of a match, with their scores."""
    docs, scores = match.found
    paths = [sent.snapshot.documents[doc].path for doc in docs.tolist()]
    return dict(zip(paths, scores.tolist(), strict=True))


def words_of(sent: Sent, chance: random.Random) -> list[str]:
    """Words that the site has, cut, accented or mistyped now and then, and some that it has not."""
    texts = sent.snapshot.texts
    units = chance.sample(range(int(sent.snapshot.postings.first_units[-1])), 12)
    found = " ".join(texts.read(texts.unit(unit)) for unit in units).split()
    some = chance.sample(found, min(12, len(found))) or ["lamp"]
    made = [
        chance.choice([word, word, word[: chance.randint(1, len(word))], word.upper(), word + "s"])
        for word in some
    ]
    return [*made, "résumé", "kube-proxy", "the", "zeppelin", "v1.14.3", "...", "灯台", "été"]


def leaf(sent: Sent, chance: random.Random, words: list[str]) -> Leaf:
    title_only = chance.random() < 0.2
    kind = chance.randrange(8)
    if kind == 0:
        return Phrase(" ".join(chance.sample(words, chance.randint(1, 3))), title_only)
    if kind == 1:
        texts = sent.snapshot.texts
        unit = chance.randrange(int(sent.snapshot.postings.first_units[-1]))
        said = texts.read(texts.unit(unit)).split()
        at = chance.randrange(max(1, len(said) - 1))
        return Phrase(" ".join(said[at : at + chance.randint(1, 4)]), title_only)
    if kind == 2:
        name, column = chance.choice([("tag", "tags"), ("author", "authors")])
        values = [*sent.snapshot.labels[column].values, "Nothing"]
        return Label("tag" if name == "tag" else "author", chance.choice(values))
    if kind == 3:
        day = date(chance.randint(2012, 2026), chance.randint(1, 12), 1)
        return DateBound("before" if chance.random() < 0.5 else "after", day)
    return Words(chance.choice(words), is_prefix=chance.random() < 0.3, title_only=title_only)


def clauses_of(sent: Sent, count: int) -> list[Clause]:
    """Clauses of every kind."""
    chance = random.Random(11)
    made: list[Clause] = []
    for _ in range(count):
        words = words_of(sent, chance)
        one = leaf(sent, chance, words)
        either = chance.random() < 0.2
        made.append(AnyOf((one, leaf(sent, chance, words))) if either else one)
    return made


def test_clauses_find_the_same_posts_and_score_them_alike(sent: Sent) -> None:
    found_any = 0
    for clause in clauses_of(sent, 250):
        query, match = clause_query(clause, sent.opened.site), match_clause(clause, sent.snapshot)
        expected = matched_by(sent, match)
        found = found_by(sent, query)
        assert found.keys() == expected.keys(), clause
        assert (query.is_filter, query.is_blank) == (match.is_filter, match.is_blank), clause
        assert query.is_optional == match.is_optional, clause
        assert query.terms == match.terms, clause
        assert len(expected) <= query.most, clause
        if query.is_counted:
            assert query.most == len(expected), clause
        if not query.groups:  # what a group counts is only known from the cluster
            assert found == pytest.approx(expected, rel=SCORE, abs=1e-6), clause
        found_any += bool(expected)
    assert found_any > 50


def test_groups_find_the_posts_with_any_of_their_terms(sent: Sent) -> None:
    groups = [
        group
        for clause in clauses_of(sent, 250)
        for group in clause_query(clause, sent.opened.site).groups
    ]
    assert groups
    for numbers, query in groups[:20]:
        having = {
            doc
            for number in numbers
            for doc in sent.snapshot.postings.posting(number).docs.tolist()
        }
        assert len(found_by(sent, ClauseQuery(query))) == len(having)


def test_posts_that_are_excluded_are_all_others(sent: Sent) -> None:
    query = clause_query(Words("the"), sent.opened.site)
    others = found_by(sent, ClauseQuery(dsl.all_of([dsl.EVERY_POST], [dsl.excluding(query.query)])))
    assert others.keys() | found_by(sent, query).keys() == set(sent.snapshot.documents.paths())
    assert not others.keys() & found_by(sent, query).keys()
