"""A slice of all posts of a site is what the embedded engine has; one of some, a part of it."""

import random

import numpy as np
import pytest

from index.blocks import BLOCKS
from index.opensearch.layout import RECORDS
from search.embedded.postings import Postings
from search.opensearch.slices import Slice
from tests.search.opensearch.conftest import Sent


@pytest.fixture(scope="session")
def whole(sent: Sent) -> Slice:
    """A slice of all posts of a site."""
    opened = sent.opened
    posts = opened.generation.store.fetch(sent.snapshot.documents.paths(), RECORDS)
    return Slice(posts[::-1], opened.generation, opened.tuning)


def uses_of(postings: Postings, doc: int, number: int) -> list[int]:
    """Where a term stands in one document, counted from its first position."""
    starts, ends = postings.extents(np.array([doc]))
    uses = postings.uses(number)
    found: list[int] = (uses[(uses >= starts[0]) & (uses < ends[0])] - starts[0]).tolist()
    return found


def test_documents_and_columns_are_the_same(sent: Sent, whole: Slice) -> None:
    expected = sent.snapshot
    numbers = range(len(expected.documents))
    assert whole.documents.several(numbers) == expected.documents.several(numbers)
    assert whole.documents.paths() == expected.documents.paths()
    for name in ("timestamps", "newest_rank", "boosts", "is_popular"):
        assert getattr(whole, name).tolist() == getattr(expected, name).tolist()
    assert whole.newest_timestamp == expected.newest_timestamp
    assert whole.languages == expected.languages
    for name, column in expected.labels.items():
        for value in [*column.values, "nothing"]:
            assert whole.labels[name].mask([value]).tolist() == column.mask([value]).tolist()
    for doc in numbers:
        assert whole.series.members(doc) == expected.series.members(doc)
        assert whole.series.name(doc) == expected.series.name(doc)
        assert whole.series.part(doc) == expected.series.part(doc)
        assert sorted(whole.translations.members(doc)) == expected.translations.members(doc)


def test_what_names_a_post_finds_it(sent: Sent, whole: Slice) -> None:
    documents = sent.snapshot.documents
    for path in [*documents.paths(), "/old/tower", "beacon/", "/nowhere", "", "\ud800"]:
        assert whole.documents.docnum(path) == documents.docnum(path)
    for doc in documents.several(range(len(documents))):
        for key in (doc.title.lower(), *doc.pin, "nothing"):
            assert whole.documents.titled(key) == documents.titled(key)
            assert whole.documents.pinned(key) == documents.pinned(key)


def test_postings_are_the_same_for_every_term(sent: Sent, whole: Slice) -> None:
    expected = sent.snapshot.postings
    for number in range(len(expected.terms)):
        posting, other = whole.postings.posting(number), expected.posting(number)
        assert posting.docs.tolist() == other.docs.tolist()
        assert posting.scores == pytest.approx(other.scores, rel=1e-5)
        assert whole.postings.uses(number).tolist() == expected.uses(number).tolist()
        assert whole.postings.titled(number).tolist() == expected.titled(number).tolist()
        assert whole.postings.count(number) == len(other.docs)


def test_texts_and_sections_are_the_same(sent: Sent, whole: Slice) -> None:
    texts, expected, postings = whole.texts, sent.snapshot.texts, sent.snapshot.postings
    for doc in range(len(sent.snapshot.documents)):
        assert texts.section_count(doc) == expected.section_count(doc)
        for section in range(expected.section_count(doc)):
            assert texts.section(doc, section) == expected.section(doc, section)
    for unit in range(int(postings.first_units[-1])):
        assert texts.read(texts.unit(unit)) == expected.read(expected.unit(unit))
        positions = expected.positions(unit)
        assert texts.positions(unit) == positions
        words = zip(texts.words(unit, positions), expected.words(unit, positions), strict=True)
        assert all(texts.read(word) == expected.read(other) for word, other in words)


def test_vectors_and_concepts_are_the_same(sent: Sent, whole: Slice) -> None:
    expected, docs = sent.snapshot, np.arange(len(sent.snapshot.documents))
    for block in BLOCKS:
        for doc in docs.tolist():
            row, other = whole.rows[block].row(doc), expected.rows[block].row(doc)
            assert row.columns.tolist() == other.columns.tolist()
            assert row.weights.tolist() == other.weights.tolist()
    examples, shares = docs[:3], np.array([0.5, 0.3, 0.2])
    assert whole.concepts.likeness_in_terms(docs, examples, shares, 60) == pytest.approx(
        expected.concepts.likeness_in_terms(docs, examples, shares, 60), rel=1e-5
    )
    assert whole.concepts.likeness_in_concepts(docs, examples, shares) == pytest.approx(
        expected.concepts.likeness_in_concepts(docs, examples, shares), rel=1e-5
    )


def test_a_slice_of_some_posts_has_their_part(sent: Sent, whole: Slice) -> None:
    opened, chance = sent.opened, random.Random(3)
    kept = sorted(chance.sample(range(len(whole.posts)), len(whole.posts) // 2))
    some = Slice([whole.posts[doc] for doc in kept], opened.generation, opened.tuning)
    place = {doc: at for at, doc in enumerate(kept)}
    for number in range(0, len(sent.snapshot.postings.terms), 3):
        posting = sent.snapshot.postings.posting(number)
        found = dict(zip(posting.docs.tolist(), posting.scores.tolist(), strict=True))
        mine = some.postings.posting(number)
        expected = {place[doc]: score for doc, score in found.items() if doc in place}
        got = dict(zip(mine.docs.tolist(), mine.scores.tolist(), strict=True))
        assert got == pytest.approx(expected, rel=1e-5)
        assert some.postings.count(number) == len(found)
        for doc in expected:
            there = uses_of(sent.snapshot.postings, kept[doc], number)
            assert uses_of(some.postings, doc, number) == there


def test_a_slice_of_nothing_knows_the_words_of_the_site(sent: Sent) -> None:
    site = sent.opened.site
    assert (len(site.documents), site.postings.documents) == (0, 0)
    assert site.postings.site_documents == len(sent.snapshot.documents)
    for number in range(0, len(sent.snapshot.postings.terms), 7):
        assert site.postings.posting(number).docs.tolist() == []
        assert site.postings.count(number) == sent.snapshot.postings.count(number)
    assert site.vectors["text"].vector({"lamp": 2}).columns.tolist() == (
        sent.snapshot.vectors["text"].vector({"lamp": 2}).columns.tolist()
    )
