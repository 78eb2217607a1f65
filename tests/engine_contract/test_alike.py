"""Engines rank alike: what one answers, the embedded engine answers as well."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from search import Engine, open_engine
from search.engine import Filters, RelatedOptions, SearchOptions
from search.related_results import RelatedPost
from search.results import Hit
from tests.engine_contract.conftest import EngineOf

SCORE = 2e-3
"""Scores may differ by so much of themselves: engines store weights in different precision."""

QUERIES = {
    "harbor": [
        "lighthouse", "the lighthouse", "lamp", "lamp keeper dusk", "lamp silt", "lamp zeppelin",
        "lihgthouse keeper", "kube-proxy", "max_open_files", "C++", "v1.14.3", "v1.14.4",
        "--dry-run", "/etc/hosts", '"clove hitch"', "lamp -lens", "silt OR chips", "-lamp",
        "tag:navigation", "author:\"Ada Quay\" lamp", "title:lighthouse", "after:2024",
        "opening hours", "gulls", "rope", "light", "harbor", "the of", "灯台", "haus", "bay",
        '"lens in the fog"', "", "*", "sluice checks", "fog horn minute", "navigation boats",
    ],
    "ledger": [
        "copper", "brig", "brig pepper", "anchorage", "anchorege", "record 17", "sloop anchorage",
        "entry 101", "schoo", "tallow OR walnuts", "galleon -copper", "dover saffron", "bergen",
    ],
    "weather": ["network pol", "network policy", "weather", "day 3", "resume", "résumé", "water"],
    "village": ["mill", "rye bread", "mill river town", "anchovies", "oak wheel"],
    "languages": ["resume", "haus bauen", "ete", "日本語の検索", "informacao", "networks"],
    "networks": ["network", "zero trust", "cluster mesh", "netw", "network policy pods"],
}  # fmt: skip

OPTIONS = [
    SearchOptions(explains=True),
    SearchOptions(limit=25, last_word_is_prefix=True),
    SearchOptions(limit=25, sort="newest"),
    SearchOptions(limit=7, offset=3, sort="oldest", filters=Filters(years=(2021, 2013, 2024))),
]


@pytest.fixture(scope="session")
def embedded_of(index_of: Callable[[str], Path]) -> Callable[[str], Engine]:
    """The embedded engine over a site, to compare with."""
    opened: dict[str, Engine] = {}

    def engine(name: str) -> Engine:
        if name not in opened:
            opened[name] = open_engine(index_of(name))
        return opened[name]

    return engine


def assert_hits_alike(found: tuple[Hit, ...], expected: tuple[Hit, ...], told: object) -> None:
    """The same hits in the same order, but for the last digits of their scores."""
    assert [hit.path for hit in found] == [hit.path for hit in expected], told
    for hit, other in zip(found, expected, strict=True):
        plain = replace(other, score=0, explanation={})
        assert replace(hit, score=0, explanation={}) == plain, told
        assert hit.score == pytest.approx(other.score, rel=SCORE, abs=1e-6), told
        parts, others = hit.explanation, other.explanation
        assert parts == pytest.approx(others, rel=SCORE, abs=SCORE * (1 + other.score)), told


def assert_lists_alike(
    found: tuple[RelatedPost, ...], expected: tuple[RelatedPost, ...], told: object
) -> None:
    """The same posts in the same order, for the same reasons."""
    assert [(post.path, post.rung) for post in found] == [
        (post.path, post.rung) for post in expected
    ], told
    for post, other in zip(found, expected, strict=True):
        assert replace(post, score=0, reasons=()) == replace(other, score=0, reasons=()), told
        assert post.score == pytest.approx(other.score, abs=1e-3), told
        assert {(reason.kind, reason.value) for reason in post.reasons} == {
            (reason.kind, reason.value) for reason in other.reasons
        }, told


@pytest.mark.parametrize("site", sorted(QUERIES))
def test_searches_are_answered_alike(
    engine_of: EngineOf, embedded_of: Callable[[str], Engine], site: str
) -> None:
    engine, embedded = engine_of(site), embedded_of(site)
    for query in QUERIES[site]:
        for options in OPTIONS:
            found = engine.search(query, options=options)
            expected = embedded.search(query, options=options)
            told = (query, options)
            assert_hits_alike(found.hits, expected.hits, told)
            assert_lists_alike(found.nearest, expected.nearest, told)
            plain = replace(expected, hits=(), nearest=(), took_ms=0)
            assert replace(found, hits=(), nearest=(), took_ms=0) == plain


@pytest.mark.parametrize("site", sorted(QUERIES))
def test_related_lists_are_alike(
    engine_of: EngineOf, embedded_of: Callable[[str], Engine], site: str
) -> None:
    engine, embedded = engine_of(site), embedded_of(site)
    every = list(embedded.paths())[::7]
    for path in every:
        for options in (
            RelatedOptions(limit=10),
            RelatedOptions(limit=20, explains=True, includes_newer=False, excludes_linked=True),
            RelatedOptions(half_life_days=300, series="first"),
        ):
            found = engine.related(path, options=options)
            expected = embedded.related(path, options=options)
            assert_lists_alike(found.related, expected.related, (path, options))
    found_next, expected_next = (each.recommend(every[:4]) for each in (engine, embedded))
    assert found_next.history == expected_next.history
    assert_lists_alike(found_next.related, expected_next.related, every[:4])


@pytest.mark.parametrize("site", sorted(QUERIES))
def test_what_is_stored_and_completed_is_the_same(
    engine_of: EngineOf, embedded_of: Callable[[str], Engine], site: str
) -> None:
    engine, embedded = engine_of(site), embedded_of(site)
    assert list(engine.paths()) == list(embedded.paths())
    assert engine.recent(limit=30) == embedded.recent(limit=30)
    for path in list(embedded.paths())[::5]:
        assert engine.post(path) == embedded.post(path)
    for query in QUERIES[site]:
        for end in range(1, min(len(query), 9)):
            assert engine.suggest(query[:end]) == embedded.suggest(query[:end])
