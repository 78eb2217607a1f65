"""More-like-this by hand-worked numbers: which terms are asked for, and what each gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from bench.morelikethis import MoreLikeThis, best, bm25


def more_like_this(*rows: list[int]) -> MoreLikeThis:
    return MoreLikeThis(sparse.csr_matrix(np.array(rows)))


def test_terms_are_used_twice_at_least_in_five_posts_and_ordered_by_what_they_tell() -> None:
    # idf 1 + ln(7/7) = 1 for the first, in all six posts; 1 + ln(7/6) = 1.154 for the second, in
    # five. So 4 * 1 is more than 3 * 1.154. The third is in four posts, the fourth used once.
    similar = more_like_this(
        [4, 3, 9, 1],
        [1, 1, 1, 1],
        [1, 1, 1, 1],
        [1, 1, 1, 1],
        [1, 1, 0, 1],
        [1, 0, 0, 0],
    )
    assert similar.query_terms(0) == [0, 1]


def test_rarer_terms_come_first_and_ties_in_order_of_columns() -> None:
    similar = more_like_this([2, 2, 2], *([[1, 1, 1]] * 4), [1, 0, 0])
    assert similar.query_terms(0) == [1, 2, 0]


def test_no_more_than_25_terms_are_asked_for() -> None:
    similar = more_like_this(list(range(2, 42)), *([[1] * 40] * 4))
    assert similar.query_terms(0) == list(range(39, 14, -1))


def test_bm25_by_hand() -> None:
    # Lengths 1 and 3, 2 in the mean. The first term: idf ln(1 + 0.5 / 2.5) = 0.182322; in the first
    # post 1 / (1 + 1.2 * (0.25 + 0.75 * 0.5)) = 1 / 1.75, in the second 1 / (1 + 1.2 * 1.375) =
    # 1 / 2.65. The second term: idf ln(1 + 1.5 / 1.5) = 0.693147; 2 / (2 + 1.65) = 2 / 3.65.
    counts = sparse.csr_matrix(np.array([[1, 0], [1, 2]]))
    scores = bm25(counts, np.array([2, 1])).toarray()
    assert scores == pytest.approx(np.array([[0.104184, 0], [0.068801, 0.379807]]), abs=1e-6)


def test_a_post_must_have_three_of_ten_terms() -> None:
    other = [1] * 10
    two, three = [1] * 2 + [0] * 8, [1] * 3 + [0] * 7
    similar = more_like_this([2] * 10, two, three, other, other, other, other)
    assert similar.related(0, 10) == [3, 4, 5, 6, 2]


def test_the_best_come_first_and_never_the_source() -> None:
    similar = more_like_this([3, 0], [1, 9], [1, 0], [5, 0], [1, 1])
    assert similar.query_terms(0) == [0]
    # By length: 1 / (1 + 1.2 * ...) is largest where little else is said, and 5 uses beat 1.
    assert similar.related(0, 10) == [3, 2, 4, 1]
    assert similar.related(0, 2) == [3, 2]


def test_a_post_of_rare_words_has_no_list() -> None:
    assert more_like_this([1, 1], [0, 1], [0, 0]).related(0, 5) == []


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=12), st.integers(1, 15))
def test_best_is_a_sort_of_what_is_above_zero(scores: list[float], limit: int) -> None:
    above_zero = [at for at, score in enumerate(scores) if score > 0]
    ordered = sorted(above_zero, key=lambda at: (-scores[at], at))
    assert best(np.array(scores), limit) == ordered[:limit]
