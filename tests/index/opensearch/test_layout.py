"""What documents in a cluster are made of."""

import hashlib
import sys
from string import ascii_lowercase
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of_numpy

from index.analysis import tokens
from index.opensearch.layout import (
    EMPTY_POSITION,
    POSITION_MARK,
    TERM_MARK,
    TERM_SEPARATOR,
    index_name,
    label_listed,
    label_shown,
    narrowed,
    pack,
    term_keys,
    unpack,
)

ARRAYS = st.dictionaries(
    st.text(ascii_lowercase + "_", max_size=8),
    of_numpy.arrays(
        st.sampled_from(["<u1", "<u2", "<u4", "<u8", "<f4", "<i8"]), st.integers(0, 20)
    ),
    max_size=5,
)


@given(ARRAYS)
def test_what_is_packed_is_unpacked(arrays: dict[str, npt.NDArray[Any]]) -> None:
    unpacked = unpack(pack(arrays))
    assert list(unpacked) == list(arrays)
    for name, array in arrays.items():
        assert unpacked[name].dtype == array.dtype
        assert unpacked[name].tobytes() == array.tobytes()


def test_arrays_are_where_processors_read_them_fast() -> None:
    unpacked = unpack(pack({"a": np.zeros(3, np.uint8), "b": np.arange(2, dtype=np.uint64)}))
    first = unpacked["a"].__array_interface__["data"][0]
    assert (unpacked["b"].__array_interface__["data"][0] - first) % 8 == 0


@pytest.mark.parametrize("frame", ["{} ", "a{}b "])
def test_no_term_has_a_mark_whatever_the_letter(frame: str) -> None:
    characters = (chr(number) for number in range(sys.maxunicode + 1))
    text = "".join(frame.format(each) for each in characters if each.isprintable())
    marks = {TERM_SEPARATOR, TERM_MARK, POSITION_MARK, EMPTY_POSITION}
    terms = tokens(text).terms
    assert len(terms) > 100_000
    assert not [term for term in terms if marks & set(term)]


def test_a_term_has_one_key() -> None:
    digest = hashlib.blake2b("früh".encode(), digest_size=8).digest()
    assert term_keys(["früh", "x"]).tolist()[0] == int.from_bytes(digest, "little")
    assert len(term_keys([])) == 0


def test_names() -> None:
    assert index_name("posts", "20260102T030405-AB") == "posts-20260102t030405-ab"
    assert label_shown(label_listed("go", "Go\nlang")) == "Go\nlang"


@given(st.lists(st.integers(0, 2**40)))
def test_narrowed_numbers_are_the_same(numbers: list[int]) -> None:
    narrow = narrowed(np.array(numbers, np.int64))
    assert narrow.tolist() == numbers
    assert not numbers or narrow.itemsize == 1 or max(numbers) >= 256 ** (narrow.itemsize // 2)
