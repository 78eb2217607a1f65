"""Whoosh's own reader finds every posting where the words stand."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.util.numeric import byte_to_length, length_to_byte

from index import fulltext, fulltextblocks
from index.analysis import tokens
from index.fulltext import write_fulltext
from index.matrix import write_matrix
from index.schema import FIELD_BOOSTS, WEIGHED_FIELD
from index.sitewords import SiteWords
from index.units import Unit
from index.unitwords import words_of_units

UNIT = st.tuples(
    st.sampled_from(["title", "body", "body", "code"]),
    st.lists(st.sampled_from("ant bee cat dog-elk fox".split()), max_size=9).map(" ".join),
)
POSTS = st.lists(st.lists(UNIT, max_size=5), min_size=1, max_size=9)
Found = dict[tuple[str, str], list[tuple[int, list[int]]]]


def expected_positions(posts: list[list[tuple[str, str]]]) -> Found:
    found: Found = {}
    for docnum, units in enumerate(posts):
        lengths: dict[str, int] = {}
        by_term: dict[tuple[str, str], list[int]] = {}
        for field, text in units:
            told = tokens(text)
            start = lengths.get(field, 0)
            for term, position in zip(told.terms, told.positions, strict=True):
                by_term.setdefault((field, term), []).append(start + position)
            lengths[field] = start + len(told.starts) + 1
        for key, positions in by_term.items():
            found.setdefault(key, []).append((docnum, positions))
    return found


def write(posts: list[list[tuple[str, str]]], folder: Path) -> Mapping[str, float]:
    """Writes the index, and gives what one use in each field counts."""
    weight_of = {field: 0.25 * at for at, field in enumerate(FIELD_BOOSTS, 1)}
    site = SiteWords()
    for units in posts:
        site.add(words_of_units([Unit(*unit) for unit in units]), "en")
    weights = np.array([weight_of[field] for units in posts for field, _ in units])
    write_matrix(folder / "matrix", site.uses(), site.units(), weights)
    paths = [f"/p{docnum:02}" for docnum in range(len(posts))]
    write_fulltext(folder / "fulltext", folder / "matrix", paths)
    return weight_of


@settings(deadline=None, max_examples=60)  # each one writes files
@given(POSTS)
def test_postings_are_those_of_the_words(posts: list[list[tuple[str, str]]]) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(fulltextblocks, "POSTINGS_A_BLOCK", 2)
        patch.setattr(fulltextblocks, "MIN_ARRAY", 2)
        patch.setattr(fulltext, "USES_SORTED_OUT", 15)
        patch.setattr(fulltext, "USES_AT_ONCE", 7)
        weight_of = write(posts, Path(folder))
        opened = whoosh_index.open_dir(str(Path(folder) / "fulltext"), readonly=True)
        found: Found = {}
        sums: dict[tuple[str, int], float] = {}
        with opened.reader() as reader:
            for field, term in reader.all_terms():
                name = term.decode()
                matcher = reader.postings(field, term)
                info = reader.term_info(field, term)
                docs = []
                while matcher.is_active():
                    docs.append(matcher.id())
                    if field == WEIGHED_FIELD:
                        sums[name, matcher.id()] = matcher.weight()
                    elif field != "path":
                        positions = matcher.value_as("positions")
                        assert matcher.weight() == len(positions)
                        found.setdefault((field, name), []).append((docs[-1], positions))
                    matcher.next()
                assert info.doc_frequency() == len(docs)
                assert (info.min_id(), info.max_id()) == (docs[0], docs[-1])
                if field == "path":
                    assert docs == [int(name.removeprefix("/p"))]
            expected = expected_positions(posts)
            assert found == expected
            for docnum, units in enumerate(posts):
                assert reader.stored_fields(docnum) == {"path": f"/p{docnum:02}"}
                for field in {field for field, _ in units}:
                    uses = sum(len(tokens(text).terms) for name, text in units if name == field)
                    length = byte_to_length(length_to_byte(uses)) if uses else 0
                    assert (reader.doc_field_length(docnum, field) or 0) == length
        opened.close()
    expected_sums: dict[tuple[str, int], float] = {}
    for (field, term), postings in expected.items():
        for docnum, positions in postings:
            key = term, docnum
            expected_sums[key] = expected_sums.get(key, 0.0) + weight_of[field] * len(positions)
    assert sums == pytest.approx(expected_sums)


@pytest.mark.parametrize("counts", [[255] * 20, [1, 255] * 10, [1, 256] * 10, [300, 1], [300]])
def test_weights_are_how_often_a_term_is_said(tmp_path: Path, counts: list[int]) -> None:
    """In a byte each or not, all alike or not, in many posts or one."""
    write([[("body", "ant " * count)] for count in counts], tmp_path)
    opened = whoosh_index.open_dir(str(tmp_path / "fulltext"), readonly=True)
    with opened.reader() as reader:
        matcher = reader.postings("body", b"ant")
        found = []
        while matcher.is_active():
            found.append(matcher.weight())
            matcher.next()
        info = reader.term_info("body", b"ant")
    opened.close()
    assert found == counts
    assert (info.max_weight(), info.weight()) == (max(counts), sum(counts))
