"""The arrays of postings and texts, beside the slow obvious way."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import tokens
from index.layout import FLOOR_RANK, HEAD_FIELDS, SECTION_FIELDS
from index.matrix import write_matrix
from index.report import BuildReport
from index.schema import BM25_K1
from index.sitewords import SiteWords
from index.units import Unit as TextUnit
from index.unitwords import words_of_units
from search.embedded.filepostings import FilePostings
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.termlist import TermList

UNIT = st.tuples(
    st.sampled_from(["title", "body", "code"]),
    st.sampled_from([0.5, 1.0, 4.0]),
    st.lists(st.sampled_from("abcde"), max_size=8),
)
DOCUMENTS = st.lists(st.lists(UNIT, min_size=1, max_size=3), min_size=1, max_size=14)

Unit = tuple[str, float, list[str]]


def written(documents: Sequence[Sequence[Unit]], directory: Path) -> FilePostings:
    site = SiteWords()
    for units in documents:
        row = [TextUnit(field, " ".join(terms)) for field, _, terms in units]
        site.add(words_of_units(row), "en")
    uses = site.uses()
    weights = np.array([weight for units in documents for _, weight, _ in units])
    write_matrix(directory, uses, site.units(), weights)
    assert uses.names == sorted(
        {term for units in documents for *_, terms in units for term in terms}
    )
    return FilePostings(directory, TermList(directory))


@given(DOCUMENTS)
def test_scores_are_bm25f_by_hand(documents: list[list[Unit]]) -> None:
    with TemporaryDirectory() as folder:
        postings = written(documents, Path(folder) / "matrix")
        for term in "abcde":
            weights = {
                docnum: weight
                for docnum, units in enumerate(documents)
                if (weight := sum(use * terms.count(term) for _, use, terms in units))
            }
            number = postings.number(term)
            if not weights:
                assert number is None
                continue
            assert number is not None
            idf = math.log(1 + (len(documents) - len(weights) + 0.5) / (len(weights) + 0.5))
            found = postings.posting(number)
            assert found.docs.tolist() == list(weights)
            scores = [idf * w * (BM25_K1 + 1) / (w + BM25_K1) for w in weights.values()]
            assert found.scores.tolist() == pytest.approx(scores, rel=1e-6)
            in_title = any(
                field == "title" and term in terms
                for units in documents
                for field, _, terms in units
            )
            assert postings.is_prominent(number) == in_title
            assert postings.titled(number).tolist() == [
                docnum
                for docnum, units in enumerate(documents)
                if any(field == "title" and term in terms for field, _, terms in units)
            ]
            assert postings.count(number) == len(weights)


@given(DOCUMENTS, st.lists(st.sampled_from("abcde"), min_size=1, max_size=3))
def test_phrases_are_where_terms_follow_each_other(
    documents: list[list[Unit]], phrase: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        postings = written(documents, Path(folder) / "matrix")
        numbers = [number for term in phrase if (number := postings.number(term)) is not None]
        if len(numbers) < len(phrase):
            return
        units = postings.units_of(postings.phrase(numbers))
        found = list(zip(postings.docs_of(units).tolist(), units.tolist(), strict=True))
    expected = []
    unit = -1
    for docnum, each in enumerate(documents):
        for *_, terms in each:
            unit += 1
            starts = range(len(terms) - len(phrase) + 1)
            expected += [(docnum, unit) for at in starts if terms[at : at + len(phrase)] == phrase]
    assert found == expected


@given(DOCUMENTS, st.lists(st.sampled_from("abcde"), min_size=1, max_size=4), st.integers(1, 12))
def test_the_top_is_the_top_of_all_sums(
    documents: list[list[Unit]], wanted: list[str], limit: int
) -> None:
    with TemporaryDirectory() as folder:
        postings = written(documents, Path(folder) / "matrix")
        numbers = [number for term in wanted if (number := postings.number(term)) is not None]
        sums = np.zeros(len(documents))
        for number in numbers:
            docs, scores = postings.posting(number)
            sums[docs] += scores
        found = postings.top(numbers, limit)
    best = sorted((score for score in sums.tolist() if score > 0), reverse=True)[:limit]
    assert [score for _, score in found] == pytest.approx(best, rel=1e-5)
    assert all(sums[docnum] == pytest.approx(score, rel=1e-5) for docnum, score in found)
    assert FLOOR_RANK == 10


def test_every_word_of_every_unit_is_where_the_texts_say(
    build: Callable[[Mapping[str, str]], BuildReport], tmp_path: Path
) -> None:
    body = (
        "Größe naïve e\u0301te\u0301, kube-proxy v1.14.3 入門書 🦊 end\n\n## Ünder\n\nC++ `x_y`\n"
    )
    build({"a.md": f"---\ntitle: Häuser & Co\ntags: [Ä, b]\n---\n{body}", "b.md": "Ascii only.\n"})
    snapshot = GenerationSnapshot.open(tmp_path / "index")
    texts, checked = snapshot.texts, 0
    for docnum in range(len(snapshot.documents)):
        units = [texts.head_unit(docnum, field) for field in HEAD_FIELDS]
        for section in range(texts.section_count(docnum)):
            units += [texts.section_unit(docnum, section, field) for field in SECTION_FIELDS]
        for unit in units:
            text = texts.read(texts.unit(unit))
            found = tokens(text)
            expected = [text[a:b] for a, b in zip(found.starts, found.ends, strict=True)]
            words = texts.words(unit, list(texts.positions(unit))) if found.starts else []
            assert [texts.read(word) for word in words] == expected
            checked += len(expected)
    assert checked > 20
