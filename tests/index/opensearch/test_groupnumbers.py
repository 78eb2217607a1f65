"""The numbers that groups keep, whatever a generation calls them."""

import numpy as np
import pytest

from index.opensearch.groupnumbers import GroupNumbers

NONE = -1


def kept(groups: list[int], before: list[int]) -> list[int]:
    none = np.full(len(groups), NONE)
    numbers = GroupNumbers(np.array(groups), none).kept_from(GroupNumbers(np.array(before), none))
    assert np.array_equal(numbers.translations, none)
    found: list[int] = numbers.series.tolist()
    return found


@pytest.mark.parametrize(
    ("groups", "before", "expected"),
    [
        ([], [], []),
        ([-1, -1], [-1, 3], [-1, -1]),
        ([0, 0, 1, 1], [1, 1, 0, 0], [1, 1, 0, 0]),
        ([0, 0, 1, 1], [-1, -1, 0, 0], [1, 1, 0, 0]),
        ([0, 0, 0, 1, 1], [4, 4, 2, 2, 2], [4, 4, 4, 2, 2]),
        ([0, 1, 1, 1], [5, 5, 5, 5], [6, 5, 5, 5]),
        ([0, 0, 0], [1, 2, 2], [2, 2, 2]),
        ([0, -1, 0], [-1, 8, -1], [0, -1, 0]),
    ],
)
def test_a_group_keeps_the_number_that_most_of_it_had(
    groups: list[int], before: list[int], expected: list[int]
) -> None:
    assert kept(groups, before) == expected


def test_no_two_groups_get_one_number() -> None:
    chance = np.random.default_rng(3)
    for _ in range(200):
        groups, before = chance.integers(-1, 5, (2, 12)).tolist()
        numbers = kept(groups, before)
        pairs = {*zip(groups, numbers, strict=True)}
        assert len(pairs) == len({group for group, _ in pairs})
        assert len(pairs) == len({number for _, number in pairs})
        assert all((group == NONE) == (number == NONE) for group, number in pairs)


def test_posts_whose_groups_have_other_numbers() -> None:
    one = GroupNumbers(np.array([0, 1, -1, 2]), np.array([-1, -1, 0, 0]))
    other = GroupNumbers(np.array([0, 2, -1, 2]), np.array([-1, -1, 0, 1]))
    assert one.differing(other).tolist() == [1, 3]
