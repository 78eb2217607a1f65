from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import tokens
from index.linktexts import LinkTexts
from index.phraseblocks import PhraseBlocks, phrase_blocks
from index.sitewords import SiteWords
from index.titlephrases import column_name, title_phrases
from index.titles import SiteTitles, analyze_title
from index.units import Unit
from index.unitwords import words_of_units

TITLES = ["Network policy in depth", "Network policies", "Gardens", "A depth of gardens"]
PROSE = [
    [],
    ["About the network policy.", "Depth"],
    ["Policy: network policy; see depth of the garden."],
    ["A network, policies and depth"],
]
LINKS = [[], [], ["network policy"], []]


def blocks(
    titles: Sequence[str], prose: Sequence[Sequence[str]], links: Sequence[Sequence[str]]
) -> PhraseBlocks:
    site = SiteWords()
    for title, texts in zip(titles, prose, strict=True):
        units = [Unit("title", title), *(Unit("body", text) for text in texts)]
        site.add(words_of_units(units), "en")
    link_texts = LinkTexts()
    for texts in links:
        link_texts.add(texts, "en")
    site_titles = SiteTitles()
    for title in titles:
        site_titles.add(analyze_title(title, "en"))
    return phrase_blocks(site_titles, ["en"] * len(titles), link_texts, site.uses(), site.units())


def rows(matrix: Any, terms: Sequence[str]) -> list[dict[str, float]]:
    dense = matrix.toarray()
    return [{terms[at]: row[at] for at in np.flatnonzero(row).tolist()} for row in dense]


def test_a_phrase_is_two_or_three_words_with_small_ones_passed_over() -> None:
    title = "Network policy in depth"
    found = tokens(title)
    written = [
        (column_name(phrase.terms), title[found.starts[phrase.first] : found.ends[phrase.last]])
        for phrase in title_phrases(found, "en")
    ]
    assert written == [
        ("network polici", "Network policy"),
        ("polici depth", "policy in depth"),
        ("network polici depth", "Network policy in depth"),
    ]


def test_posts_say_the_phrases_that_others_are_called_by() -> None:
    found = blocks(TITLES, PROSE, LINKS)
    assert found.terms == [
        "depth garden",
        "network polici",
        "network polici depth",
        "polici depth",
    ]
    assert found.shown == [
        "depth of gardens",
        "Network policies",
        "Network policy in depth",
        "policy in depth",
    ]
    assert rows(found.said, found.terms) == [
        {},
        {"network polici": 1},
        {"depth garden": 1, "network polici": 1},
        {"network polici": 1, "network polici depth": 1, "polici depth": 1},
    ]


def test_a_phrase_counts_by_its_rarity_and_its_part_of_the_name() -> None:
    found = blocks(TITLES, PROSE, LINKS)
    names = rows(found.phrases, found.terms)
    twice, four_times = log(5 / 3) + 1, log(5 / 5) + 1
    assert names[1] == {"network polici": pytest.approx(four_times / twice)}
    assert names[3] == {"depth garden": pytest.approx(1)}
    whole = twice * (four_times + twice + twice)
    assert names[0] == {
        "network polici": pytest.approx(four_times**2 / whole),
        "network polici depth": pytest.approx(twice**2 / whole),
        "polici depth": pytest.approx(twice**2 / whole),
    }


def test_it_is_known_which_phrases_links_alone_say() -> None:
    found = blocks(TITLES, PROSE, [[], ["a network", "policy"], ["Network policy"], ["depth"]])
    by_row = np.split(found.is_linked, found.said.indptr[1:-1])
    assert [row.tolist() for row in by_row] == [[], [False], [False, True], [False, False, False]]
    twice = blocks(["big fish", "x"], [[], ["Big fish, big fish"]], [[], ["big fish"]])
    assert twice.is_linked.tolist() == [False]


def test_what_too_many_posts_say_counts_for_nothing() -> None:
    titles = ["Release notes", *(f"Number{n}" for n in range(30))]
    prose = [[], *(["See the release notes"] for _ in range(16)), *([] for _ in range(14))]
    assert not blocks(titles, prose, [[]] * 31).terms


def test_a_site_without_phrases_has_none() -> None:
    found = blocks(["Alone", ""], [["Alone it is"], []], [[], []])
    assert found.phrases.shape == found.said.shape == (2, 0)


WORD = st.sampled_from("red blue the of fish boats kube-proxy café v1.2.3 x".split())
TEXT = st.lists(WORD, max_size=8).map(" ".join)


@given(st.lists(st.tuples(TEXT, st.lists(TEXT, max_size=3)), min_size=1, max_size=5))
def test_a_post_says_what_its_prose_has_as_a_phrase_itself(
    posts: list[tuple[str, list[str]]],
) -> None:
    titles, prose = [title for title, _ in posts], [texts for _, texts in posts]
    found = blocks(titles, prose, [[]] * len(posts))
    said = [
        {
            column_name(phrase.terms)
            for text in texts
            for phrase in title_phrases(tokens(text), "en")
        }
        for texts in prose
    ]
    named = [
        {column_name(phrase.terms) for phrase in title_phrases(tokens(t), "en")} for t in titles
    ]
    shared = {
        name
        for name in set().union(*named)
        if sum(name in has | calls for has, calls in zip(said, named, strict=True)) > 1
    }
    assert found.terms == sorted(shared)
    assert [set(row) for row in rows(found.said, found.terms)] == [has & shared for has in said]
    assert [set(row) for row in rows(found.phrases, found.terms)] == [has & shared for has in named]
    together = (found.phrases @ found.said.T).toarray()
    assert together.max(initial=0) <= 1 + 1e-9
