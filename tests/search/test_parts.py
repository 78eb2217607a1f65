"""Snippets, facets, corrections and completions: each beside the slow obvious way."""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.analysis import fold
from index.columns import write_labels
from index.vocabulary import Word
from index.wordlist import write_word_list
from search import Engine
from search.embedded.labels import LabelColumn, LabelValues
from search.embedded.snippets import SNIPPET_WORDS
from search.embedded.words import Words, allowed_edits
from search.engine import SearchOptions
from search.results import Hit

EngineOf = Callable[[Mapping[str, str]], Engine]

LETTERS = st.text(alphabet="abcdé", min_size=1, max_size=10)


NASTY_WORDS = (
    "fox",
    "dogs",
    "\\<b>",
    "&amp;amp;",
    "“lazy”",
    "a-b",
    "é",
    "入門書",
    "e\u0301",
    "🦊",
    ".",
)


def plain(html: str) -> str:
    return unescape(re.sub("</?mark>", "", html)).strip("…")


def first_hit(engine_of: EngineOf, body: str, query: str, head: str = "title: Note") -> Hit:
    return engine_of({"note.md": f"---\n{head}\n---\n{body}\n"}).search(query).hits[0]


def test_a_snippet_without_its_marks_is_part_of_the_text(engine_of: EngineOf) -> None:
    chosen = random.Random(11)
    bodies = [" ".join(chosen.choices(NASTY_WORDS, k=chosen.randrange(1, 90))) for _ in range(40)]
    engine = engine_of(
        {f"{at:02}.md": f"---\ntitle: Note\n---\n{body}\n" for at, body in enumerate(bodies)}
    )
    snippets = 0
    for query in ("fox", "dog", "lazy", "b", "é", "入門", "門", "fox 入門書 dogs"):
        for hit in engine.search(query, limit=40).hits:
            text = unescape(bodies[int(hit.path[1:])]).replace("\\<", "<")
            assert plain(hit.snippet_html) in " ".join(text.split()), query
            assert "<" not in re.sub("</?mark>", "", hit.snippet_html)
            assert hit.snippet_html.count("<mark>") == hit.snippet_html.count("</mark>") > 0
            snippets += 1
    assert snippets > 200


def test_a_snippet_has_the_densest_part_and_whole_words(engine_of: EngineOf) -> None:
    text = "alpha " + "filler " * 100 + "alpha beta gamma " + "filler " * 100
    snippet = first_hit(engine_of, text, "alpha gamma").snippet_html
    assert "<mark>alpha</mark> beta <mark>gamma</mark>" in snippet
    assert snippet.startswith("…filler")
    assert snippet.endswith("filler…")
    assert len(plain(snippet).split()) == SNIPPET_WORDS


def test_the_section_with_more_different_words_answers(engine_of: EngineOf) -> None:
    body = """fox fox fox fox

## Both

a fox and a dog

## Code

```
fox dog fox dog
```"""
    hit = first_hit(engine_of, body, "fox dog")
    assert (hit.section.title, hit.section.anchor) == ("Both", "both")
    assert hit.snippet_html == "a <mark>fox</mark> and a <mark>dog</mark>"


def test_a_heading_decides_between_sections_that_say_as_much(engine_of: EngineOf) -> None:
    body = "## One\n\na fox\n\n## The fox\n\na fox"
    assert first_hit(engine_of, body, "fox").section.anchor == "the-fox"


def test_code_answers_where_prose_does_not(engine_of: EngineOf) -> None:
    body = "prose\n\n## Use\n\nx\n\n```\nfox --run <all>\n```"
    hit = first_hit(engine_of, body, "fox")
    assert hit.section.anchor == "use"
    assert hit.snippet_html == "<mark>fox</mark> --run &lt;all&gt;"


def test_without_a_match_in_the_text_the_summary_speaks(engine_of: EngineOf) -> None:
    head = "title: Foxes\nsummary: The <i>sum"
    hit = first_hit(engine_of, "text", "foxes", head)
    assert (hit.section.title, hit.section.anchor) == ("", "")
    assert hit.snippet_html == "The &lt;i&gt;sum"


def test_titles_are_escaped_around_their_marks(engine_of: EngineOf) -> None:
    hit = first_hit(engine_of, "text", "dog", 'title: "<fox> & dogs"')
    assert hit.title_html == "&lt;fox&gt; &amp; <mark>dogs</mark>"


def test_a_word_being_typed_is_marked_as_a_whole(engine_of: EngineOf) -> None:
    engine = engine_of({"note.md": "---\ntitle: On networking\n---\nText.\n"})
    hit = engine.search("netw", options=SearchOptions(last_word_is_prefix=True)).hits[0]
    assert hit.title_html == "On <mark>networking</mark>"


def test_small_words_are_marked_only_where_they_are_all_that_is_asked(
    engine_of: EngineOf,
) -> None:
    engine = engine_of({"note.md": "---\ntitle: The care of roses\n---\nText.\n"})
    assert engine.search("the roses of").hits[0].title_html == "The care of <mark>roses</mark>"
    assert engine.search("the").hits[0].title_html == "<mark>The</mark> care of roses"
    phrase = engine.search('"care of roses"').hits[0].title_html
    assert phrase == "The <mark>care</mark> <mark>of</mark> <mark>roses</mark>"


def column_of(labels: Sequence[Sequence[str]]) -> LabelColumn:
    with TemporaryDirectory() as folder:
        write_labels(Path(folder), "labels", labels)
        return LabelColumn(Path(folder), LabelValues(Path(folder), "labels"), "labels", len(labels))


def words_of(rows: Sequence[tuple[str, int]]) -> Words:
    """The vocabulary of words that are their own terms, with their numbers of documents."""
    terms = sorted(surface for surface, _ in rows)
    with TemporaryDirectory() as folder:
        found = [Word(surface, surface, documents) for surface, documents in sorted(rows)]
        write_word_list(Path(folder) / "words", found, {}, terms)
        return Words(Path(folder) / "words")


@given(st.lists(st.lists(st.sampled_from(["Red", "red", "RED", "blue", "Größe", "grösse"]))))
def test_label_counts_and_masks_are_those_of_counting_by_hand(labels: list[list[str]]) -> None:
    column = column_of(labels)
    everything = np.ones(len(labels), np.bool_)
    by_hand = Counter(value for row in labels for value in {fold(label) for label in row})
    assert {fold(value): count for value, count in column.counts(everything, 50)} == by_hand
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
        assert {fold(name): count for name, count in column.counts(among, 50)} == counted


def test_a_label_is_shown_as_most_posts_write_it() -> None:
    column = column_of([["ebpf"], ["eBPF"], ["eBPF"]])
    assert column.counts(np.ones(3, np.bool_), 50) == [("eBPF", 3)]


def test_of_many_values_the_commonest_are_listed_and_ties_by_value() -> None:
    column = column_of([["b", "d"], ["a", "d"], ["c", "e"]])
    assert column.counts(np.ones(3, np.bool_), 3) == [("d", 2), ("a", 1), ("b", 1)]
    assert column.counts(np.array([False, False, True]), 3) == [("c", 1), ("e", 1)]


@given(st.integers(1, 40), st.randoms(use_true_random=False))
def test_of_a_great_many_values_none_of_the_commonest_is_missed(
    limit: int, chosen: random.Random
) -> None:
    values = [f"v{at:04}" for at in range(400)]
    labels = [
        chosen.sample(values, chosen.randrange(9)) + values[: chosen.randrange(9)]
        for _ in range(80)
    ]
    among = np.array([chosen.random() < 0.4 for _ in labels])
    counted = Counter(
        value for row, is_in in zip(labels, among, strict=True) if is_in for value in set(row)
    )
    by_hand = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
    assert column_of(labels).counts(among, limit) == by_hand


@given(st.dictionaries(LETTERS.map(fold), st.integers(1, 9), max_size=30), LETTERS.map(fold))
def test_corrections_are_the_best_of_all_words(documents: dict[str, int], written: str) -> None:
    words = words_of(list(documents.items()))
    found = words.candidates(written)
    near = sorted(
        (
            OSA.distance(written, surface),
            -having.bit_length(),
            surface[0] != written[0],
            -having,
            surface,
        )
        for surface, having in documents.items()
        if surface.isalpha() and 0 < OSA.distance(written, surface) <= allowed_edits(written)
    )
    assert [candidate.word.surface for candidate in found] == [surface for *_, surface in near]
    assert [candidate.edits for candidate in found] == [edits for edits, *_ in near]


@given(st.dictionaries(LETTERS.map(fold), st.integers(1, 9), max_size=30), LETTERS)
def test_words_by_their_beginning(documents: dict[str, int], prefix: str) -> None:
    words = words_of(list(documents.items()))
    begun = [surface for surface in documents if surface.startswith(fold(prefix))]
    expected = sorted(begun, key=lambda surface: (-documents[surface], surface))
    assert [word.surface for word in words.starting_with(prefix, 100)] == expected
    assert [word.surface for word in words.starting_with(prefix, 2)] == expected[:2]
    assert words.begins_any(prefix) == bool(expected)


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
