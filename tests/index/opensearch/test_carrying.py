"""How concepts are turned so that those of two generations can be compared."""

import numpy as np
import pytest

from index.fixedpoint import fixed_point
from index.opensearch import carrying
from index.opensearch.postvectors import Floats


def rows(chance: np.random.Generator, count: int, size: int) -> Floats:
    found = chance.normal(size=(count, size))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def test_concepts_on_other_axes_are_found_again() -> None:
    chance = np.random.default_rng(1)
    old = rows(chance, 200, 20)
    turned, _ = np.linalg.qr(chance.normal(size=(20, 20)))
    new = old @ turned.T
    new[7] = old[7] = 0
    rotation = carrying._rotation(fixed_point(new, np.int16), fixed_point(old, np.int16))
    assert rotation is not None
    assert rotation @ rotation.T == pytest.approx(np.eye(20), abs=1e-9)
    assert new @ rotation == pytest.approx(old, abs=1e-3)


def test_concepts_that_have_nothing_in_common_are_not_turned() -> None:
    chance = np.random.default_rng(2)
    new, old = (fixed_point(rows(chance, 200, 20), np.int16) for _ in range(2))
    assert carrying._rotation(new, old) is None


def test_posts_without_words_are_near_to_each_other() -> None:
    assert carrying._rotation(np.zeros((9, 2), np.int16), np.zeros((9, 2), np.int16)) is not None
