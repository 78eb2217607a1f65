"""Blocks of texts are read as they were packed, whatever is in them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.textblocks import (
    BLOCK_BYTES,
    DICTIONARY_BYTES,
    PIECE_BYTES,
    TextBlock,
    block_units,
    packed,
    shared_dictionary,
    unpacked,
)

SIZES = st.sampled_from([0, 1, 2, 7, 127, 128, 255, 256, 40_000, 70_000])
GAPS = st.sampled_from([-70_000, -300, -129, -128, -1, 0, 1, 2, 127, 128, 32_768, 70_000])


@given(
    st.text(max_size=200),
    st.lists(st.tuples(GAPS, SIZES), max_size=40),
    st.binary(max_size=300),
)
def test_a_block_is_read_as_it_was_packed(
    text: str, words: list[tuple[int, int]], dictionary: bytes
) -> None:
    starts, end = [], 0
    for gap, size in words:
        starts.append(end + gap)
        end = starts[-1] + size
    raw = text.encode(errors="replace")
    sizes = [size for _, size in words]
    block = TextBlock(raw, np.array(starts, np.int64), np.array(sizes, np.int64))
    read = unpacked(packed(block, dictionary), dictionary)
    assert read.text == raw
    assert read.word_starts.tolist() == starts
    assert read.word_bytes.tolist() == sizes


@pytest.mark.parametrize("size", [1, 127, 128, 255, 256, 65_535, 65_536])
def test_long_words_and_gaps_keep_their_size(size: int) -> None:
    block = TextBlock(b"x" * 2 * size, np.array([0, size]), np.array([size, size]))
    again = unpacked(packed(block, b""), b"")
    assert (again.word_starts.tolist(), again.word_bytes.tolist()) == ([0, size], [size, size])
    spaced = TextBlock(b"x" * 2 * size, np.array([size]), np.array([size]))
    assert unpacked(packed(spaced, b""), b"").word_starts.tolist() == [size]


@given(st.lists(st.lists(st.integers(0, BLOCK_BYTES * 2), min_size=1, max_size=8), max_size=8))
def test_blocks_are_of_one_post_and_short(posts: list[list[int]]) -> None:
    unit_bytes = [size for units in posts for size in units]
    first_units = [sum(map(len, posts[:at])) for at in range(len(posts))]
    firsts = block_units(unit_bytes, first_units)
    assert firsts == sorted(set(firsts))
    assert firsts[-1] == len(unit_bytes)
    assert set(first_units) <= set(firsts)
    for low, high in pairwise(firsts):
        assert high - low == 1 or sum(unit_bytes[low:high]) <= BLOCK_BYTES
        ends_post = high in first_units or high == len(unit_bytes)
        assert ends_post or sum(unit_bytes[low : high + 1]) > BLOCK_BYTES


def test_the_dictionary_is_short_for_a_small_site_and_from_all_over_a_large_one() -> None:
    assert shared_dictionary(memoryview(b"x" * 1000), [0]) == b""
    post = 4 * PIECE_BYTES
    texts = b"".join(bytes([number // 4]) * post for number in range(1024))
    dictionary = shared_dictionary(memoryview(texts), range(0, len(texts), post))
    assert len(dictionary) == DICTIONARY_BYTES
    assert len(set(dictionary)) == DICTIONARY_BYTES // PIECE_BYTES
    assert shared_dictionary(memoryview(b""), []) == b""
