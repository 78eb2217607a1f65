import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfTransformer

from index.rarity import (
    MIN_COMMON_POSTS,
    inverse_document_frequencies,
    label_rarities,
    name_parts,
)


def test_frequencies_are_those_of_scikit_learn_but_for_what_is_too_common() -> None:
    counts = np.triu(np.ones((40, 40)))
    having = counts.sum(axis=0).astype(int)
    expected = TfidfTransformer().fit(counts).idf_
    found = inverse_document_frequencies(having, 40)
    assert found[:20] == pytest.approx(expected[:20])
    assert found[20:].tolist() == [0.0] * 20
    assert (inverse_document_frequencies(np.arange(1, MIN_COMMON_POSTS + 1), 10) > 0).all()


def test_a_label_of_all_posts_says_nothing_unless_these_are_few() -> None:
    assert label_rarities(np.array([1, 1000]), 1000) == pytest.approx([1, 0])
    assert label_rarities(np.array([2, 3]), 3)[1] > 0.3


@given(st.integers(1, 10_000))
def test_the_rarer_a_label_the_more_it_counts(documents: int) -> None:
    rarities = label_rarities(np.arange(1, documents + 1), documents)
    assert (np.diff(rarities) < 0).all()
    assert rarities[0] == pytest.approx(1)
    assert rarities[-1] >= 0


@given(st.lists(st.integers(2, 50), min_size=1, max_size=6))
def test_what_others_may_say_of_a_name_is_never_more_than_all_of_it(having: list[int]) -> None:
    idf = inverse_document_frequencies(np.array(having), 200)
    parts = name_parts(idf, float(idf.sum()), 200)
    assert 0 < parts.sum() <= 1 + 1e-9
