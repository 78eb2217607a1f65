"""Words laid out as arrays, beside the slow obvious way: unit by unit, word by word."""

from collections import Counter
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import is_exact_form, tokens, whole_of, word_parts, words
from index.schema import PackedPositions
from index.sitewords import SiteWords
from index.units import Unit
from index.unitwords import words_of_units
from index.vocabulary import shown_forms, words_of

PIECES = (
    "kube-proxy v1.14.3 C++ camelCase naïve e\u0301te\u0301 入門 書 x_y Größe l'été the 입문서 🦊 ﬁt "
    "a\u200db -- Ⅷ"
).split()
TEXT = st.lists(st.sampled_from([*PIECES, " ", " ", " ", ". ", "\n"]), max_size=8).map("".join)
POSTS = st.lists(
    st.tuples(
        st.sampled_from(["en", "de", "fr", "ja", "zz"]),
        st.lists(st.tuples(st.sampled_from(["title", "body", "code"]), TEXT), max_size=4),
    ),
    min_size=1,
    max_size=4,
)
Posts = list[tuple[str, list[tuple[str, str]]]]


def laid_out(posts: Posts) -> SiteWords:
    site = SiteWords()
    for language, units in posts:
        site.add(words_of_units([Unit(*unit) for unit in units]), language)
    return site


@given(POSTS)
def test_every_use_is_where_the_tokens_say(posts: Posts) -> None:
    expected: dict[str, list[tuple[int, int]]] = {}
    starts, extents, unit = [0], [], 0
    first_byte = 0
    for language, units in posts:
        for _, text in units:
            found = tokens(text, language)
            for term, position in zip(found.terms, found.positions, strict=True):
                expected.setdefault(term, []).append((starts[-1] + position, unit))
            for start, end in zip(found.starts, found.ends, strict=True):
                before = len(text[:start].encode())
                extents.append((first_byte + before, len(text[start:end].encode())))
            first_byte += len(text.encode())
            extents.append((first_byte, 0))
            starts.append(starts[-1] + len(found.starts) + 1)
            unit += 1
    site = laid_out(posts)
    uses = site.uses()
    found_uses = {
        name: list(
            zip(uses.positions[low:high].tolist(), uses.units[low:high].tolist(), strict=True)
        )
        for name, low, high in zip(uses.names, uses.starts, uses.starts[1:], strict=False)
    }
    assert found_uses == expected
    assert uses.names == sorted(expected)
    assert site.units().starts.tolist() == starts
    where, sizes = site.extents()
    assert list(zip(where.tolist(), sizes.tolist(), strict=True)) == extents


@given(POSTS)
def test_the_vocabulary_is_that_of_the_words(posts: Posts) -> None:
    documents = Counter[tuple[str, str]]()
    written = Counter[tuple[str, str]]()
    for language, units in posts:
        found = set[tuple[str, str]]()
        for _, text in units:
            for word in words(text):
                parts = word_parts(word, language)
                found.update((part.surface, part.term) for part in parts)
                if whole := whole_of(parts):
                    bare = {part.term for part in parts if part.kind == "bare"}
                    written.update((word, term) for term in {whole.term, *bare})
        documents.update(pair for pair in found if not is_exact_form(pair[1]))
    site = laid_out(posts)
    assert words_of(site) == [(*pair, documents[pair]) for pair in sorted(documents)]
    uses = site.form_uses().tolist()
    told = Counter[tuple[str, str]]()
    for number, word, terms in site.table.written:
        told.update({(word, term): uses[number] for term in terms})
    assert told == written


@given(POSTS, POSTS, st.randoms(use_true_random=False))
def test_posts_can_come_in_any_order_and_some_can_go(
    posts: Posts, others: Posts, random: Random
) -> None:
    order = list(range(len(posts) + len(others)))
    random.shuffle(order)
    shuffled = laid_out([[*posts, *others][at] for at in order])
    shuffled.reorder([order.index(at) for at in range(len(posts))])
    expected = laid_out(posts)
    for one, other in (
        (shuffled.uses()[1:], expected.uses()[1:]),
        (shuffled.units(), expected.units()),
        (shuffled.extents(), expected.extents()),
        (
            (shuffled.unit_chars(), shuffled.unit_bytes()),
            (expected.unit_chars(), expected.unit_bytes()),
        ),
    ):
        for array, wanted in zip(one, other, strict=True):
            assert np.array_equal(array, wanted)
    assert shuffled.uses().names == expected.uses().names
    assert words_of(shuffled) == words_of(expected)
    assert shown_forms(shuffled) == shown_forms(expected)


def test_nothing_is_left_of_a_post_that_is_let_go() -> None:
    site = laid_out([("en", [("body", "Zebras graze")]), ("en", [("body", "a zebra")])])
    site.reorder([1])
    assert site.uses().names == laid_out([("en", [("body", "a zebra")])]).uses().names
    assert [word.surface for word in words_of(site)] == ["a", "zebra"]
    assert shown_forms(site) == {"a": "a", "zebra": "zebra"}
    site.add(words_of_units([Unit("body", "Graze, graze")]), "en")
    assert words_of(site) == [("a", "a", 1), ("graze", "graze", 1), ("zebra", "zebra", 1)]
    site.reorder([])
    assert (site.uses().names, words_of(site), shown_forms(site)) == ([], [], {})


@given(POSTS, st.integers(1, 5))
def test_parts_of_the_uses_are_all_of_them(posts: Posts, most: int) -> None:
    uses = laid_out(posts).uses()
    parts = list(uses.parts(most))
    assert [name for part in parts for name in part.names] == uses.names
    assert [at for part in parts for at in part.positions.tolist()] == uses.positions.tolist()
    assert all(len(part.positions) <= most or len(part.names) == 1 for part in parts)
    counts = [count for part in parts for count in np.diff(part.starts).tolist()]
    assert counts == np.diff(uses.starts).tolist()


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, unique=True).map(sorted))
def test_packed_positions_are_unpacked(positions: list[int]) -> None:
    packed = PackedPositions().encode(positions)
    assert PackedPositions().decode_positions(packed) == positions
    assert PackedPositions().decode_frequency(packed) == len(positions)
