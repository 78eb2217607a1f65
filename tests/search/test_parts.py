"""Snippets, facets, corrections and completions: each beside the slow obvious way."""

import re
from collections import Counter
from html import unescape

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.analysis import fold, spans
from search import Engine
from search.embedded.labels import LabelColumn
from search.embedded.snapshot import StoredSection
from search.embedded.snippets import SNIPPET_WORDS, Wanted, best_snippet, mark
from search.embedded.words import Words, allowed_edits

LETTERS = st.text(alphabet="abcdé", min_size=1, max_size=10)


def wanted(*words: str) -> Wanted:
    return Wanted({part.term: 1.0 for word in words for s in spans(word) for part in s.parts})


def plain(html: str) -> str:
    return unescape(re.sub("</?mark>", "", html)).strip("…")


@given(
    st.lists(st.sampled_from(["fox", "dogs", "<b>", "&amp;", "“lazy”", "a-b", "é", "\n", "."])),
    st.sampled_from(["fox", "dog", "lazy", "b", "nothing"]),
)
def test_a_snippet_without_its_marks_is_part_of_the_text(words: list[str], query: str) -> None:
    text = " ".join(words)
    html = best_snippet([StoredSection("", "", text, "")], "", wanted(query)).html
    assert plain(html) in " ".join(text.split())
    assert "<" not in html.replace("<mark>", "").replace("</mark>", "")


def test_a_snippet_has_the_densest_part_and_whole_words() -> None:
    text = "alpha " + "filler " * 100 + "alpha beta gamma " + "filler " * 100
    snippet = best_snippet([StoredSection("", "", text, "")], "", wanted("alpha", "gamma")).html
    assert "<mark>alpha</mark> beta <mark>gamma</mark>" in snippet
    assert snippet.startswith("…filler")
    assert snippet.endswith("filler…")
    assert len(plain(snippet).split()) == SNIPPET_WORDS


def test_the_section_with_more_different_words_answers() -> None:
    sections = [
        StoredSection("Intro", "intro", "fox fox fox fox", ""),
        StoredSection("Both", "both", "a fox and a dog", ""),
        StoredSection("Code", "code", "", "fox dog fox dog"),
    ]
    section, html = best_snippet(sections, "", wanted("fox", "dog"))
    assert section is not None
    assert section.anchor == "both"
    assert html == "a <mark>fox</mark> and a <mark>dog</mark>"


def test_code_answers_where_prose_does_not() -> None:
    sections = [
        StoredSection("", "", "prose", ""),
        StoredSection("Use", "use", "x", "fox --run <all>"),
    ]
    section, html = best_snippet(sections, "", wanted("fox"))
    assert section is not None
    assert section.anchor == "use"
    assert html == "<mark>fox</mark> --run &lt;all&gt;"


def test_without_a_match_in_the_text_the_summary_speaks() -> None:
    section, html = best_snippet([StoredSection("", "", "text", "")], "The <i>sum", wanted("x"))
    assert (section, html) == (None, "The &lt;i&gt;sum")


def test_marks_are_escaped_around() -> None:
    assert mark("<fox> & dogs", wanted("dog")) == "&lt;fox&gt; &amp; <mark>dogs</mark>"


def test_a_word_being_typed_is_marked_as_a_whole() -> None:
    assert mark("networking", Wanted({}, frozenset({"netw"}))) == "<mark>networking</mark>"


@given(st.lists(st.lists(st.sampled_from(["Red", "red", "RED", "blue", "Größe", "grösse"]))))
def test_label_counts_and_masks_are_those_of_counting_by_hand(labels: list[list[str]]) -> None:
    column = LabelColumn(labels)
    everything = np.ones(len(labels), np.bool_)
    by_hand = Counter(value for row in labels for value in {fold(label) for label in row})
    assert {fold(value): count for value, count in column.counts(everything)} == by_hand
    for value in ("red", "GRÖSSE", "none"):
        expected = [any(fold(label) == fold(value) for label in row) for row in labels]
        assert column.mask([value]).tolist() == expected
        among = column.mask([value])
        counted = Counter(
            label
            for row, is_in in zip(labels, expected, strict=True)
            if is_in
            for label in {fold(label) for label in row}
        )
        assert {fold(name): count for name, count in column.counts(among)} == counted


def test_a_label_is_shown_as_most_posts_write_it() -> None:
    column = LabelColumn([["ebpf"], ["eBPF"], ["eBPF"]])
    assert column.counts(np.ones(3, np.bool_)) == [("eBPF", 3)]


@given(st.lists(LETTERS, max_size=30, unique=True), LETTERS)
def test_a_correction_is_the_best_of_all_words(surfaces: list[str], written: str) -> None:
    surfaces = list(dict.fromkeys(map(fold, surfaces)))
    rows = [(surface, surface, 1 + len(surface) % 3) for surface in surfaces]
    found = Words(rows).correction(written)
    folded = fold(written)
    near = [
        (OSA.distance(folded, surface), surface[0] != folded[0], -documents, surface)
        for surface, _, documents in rows
        if 0 < OSA.distance(folded, surface) <= allowed_edits(folded)
    ]
    expected = min(near, default=None)
    assert (found and found.surface) == (expected and expected[-1])


@given(st.lists(LETTERS, max_size=30, unique=True), LETTERS)
def test_words_by_their_beginning(surfaces: list[str], prefix: str) -> None:
    surfaces = list(dict.fromkeys(map(fold, surfaces)))
    words = Words([(surface, surface, 1) for surface in surfaces])
    found = [word.surface for word in words.starting_with(prefix, 100)]
    assert found == sorted(s for s in surfaces if s.startswith(fold(prefix)))


@pytest.mark.parametrize(
    ("word", "edits"),
    [("abc", 0), ("abcd", 1), ("abcdefg", 1), ("abcdefgh", 2), ("ab12cd", 0), ("1.2.3", 0)],
)
def test_how_many_edits_a_word_may_be_off(word: str, edits: int) -> None:
    assert allowed_edits(word) == edits


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("so", [("tag", "Soil"), ("title", "Soil and its life")]),
        ("soil an", [("title", "Soil and its life")]),
        ("garden h", [("title", "A hive in the garden")]),
        ("WORM", [("tag", "Worms"), ("title", "Worms")]),
        ("prun", [("title", "Pruning roses")]),
        ("zzz", []),
        ("", []),
        ('"', []),
    ],
)
def test_completions_are_tags_then_titles(
    garden: Engine, typed: str, expected: list[tuple[str, str]]
) -> None:
    found = garden.suggest(typed).suggestions
    assert [(suggestion.kind, suggestion.text) for suggestion in found] == expected


def test_a_completed_title_opens_and_a_completed_tag_counts(garden: Engine) -> None:
    tag, title = garden.suggest("so").suggestions
    assert (tag.path, tag.url, tag.count) == (None, None, 2)
    assert (title.path, title.url) == ("/soil", "https://garden.example/soil")
