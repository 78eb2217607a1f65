"""What the settings say of searching: synonyms, stop words, pins, boosts and age."""

import pytest

from search import Engine
from search.engine import SearchOptions
from search.tuning import Tuning
from tests.engine_contract.conftest import EngineOf


def paths(engine: Engine, query: str) -> list[str]:
    return [hit.path for hit in engine.search(query).hits]


def test_synonyms_find_each_other_and_phrases(engine_of: EngineOf) -> None:
    tuning = Tuning(synonyms=(("k8s", "Kubernetes"), ("LB", "load balancer")))
    engine = engine_of("tuned", tuning=tuning)
    assert set(paths(engine, "k8s")) == set(paths(engine, "kubernetes")) == {"/k8s", "/kubernetes"}
    assert set(paths(engine, "lb")) == {"/lb", "/archive/balancer"}
    assert {hit.path: hit.missing for hit in engine.search("lb gates").hits} == {
        "/lb": (),
        "/archive/balancer": ("gates",),
        "/undated": ("lb",),
    }
    snippets = {hit.path: hit.snippet_html for hit in engine.search("lb").hits}
    assert "<mark>load</mark> <mark>balancer</mark>" in snippets["/archive/balancer"]
    assert paths(engine_of("tuned"), "k8s") == ["/k8s"]


def test_a_word_with_synonyms_is_no_typo(engine_of: EngineOf) -> None:
    assert engine_of("tuned").search("gater").corrected == "gates"
    results = engine_of("tuned", tuning=Tuning(synonyms=(("gater", "orchestra"),))).search("gater")
    assert results.corrected is None
    assert [hit.path for hit in results.hits] == ["/kubernetes"]


def test_stop_words_of_the_site_are_not_asked_for_beside_others(engine_of: EngineOf) -> None:
    engine = engine_of("tuned", tuning=Tuning(stop_words=("ACME",)))
    results = engine.search("acme doors")
    assert {hit.path for hit in results.hits} == {"/archive/balancer", "/undated"}
    assert all(hit.missing == () for hit in results.hits)
    assert set(paths(engine, "acme")) == {"/archive/balancer", "/lb"}


def test_pinned_posts_come_first_whether_they_match_or_not(engine_of: EngineOf) -> None:
    pins = {"Doors  please": ("/undated", "/no-such-post"), "zzz": ("/k8s",)}
    engine = engine_of("tuned", tuning=Tuning(pins=pins))
    assert paths(engine, "doors PLEASE")[0] == "/undated"
    assert paths(engine_of("tuned"), "doors please")[0] == "/archive/balancer"
    results = engine.search("zzz")
    assert ([hit.path for hit in results.hits], results.total) == (["/k8s"], 1)
    assert results.corrected is None


def test_boosts_are_for_all_posts_below_a_path(engine_of: EngineOf) -> None:
    for boost, first in ((0.1, "/lb"), (10.0, "/archive/balancer")):
        engine = engine_of("tuned", tuning=Tuning(boosts={"/archive": boost}))
        assert paths(engine, "acme")[0] == first
        parts = {
            hit.path: hit.explanation
            for hit in engine.search("acme doors", options=SearchOptions(explains=True)).hits
        }
        assert (parts["/archive/balancer"]["boost"] > 0) == (boost > 1)
        assert "boost" not in parts["/undated"]


def test_the_boost_of_the_longest_path_counts(engine_of: EngineOf) -> None:
    boosts = {"/": 3.0, "/archive": 2.0}
    plain = {hit.path: hit.score for hit in engine_of("tuned").search("acme").hits}
    engine = engine_of("tuned", tuning=Tuning(boosts=boosts))
    for hit in engine.search("acme").hits:
        factor = 2.0 if hit.path.startswith("/archive/") else 3.0
        assert hit.score == pytest.approx(plain[hit.path] * factor, rel=1e-3)


def test_age_takes_half_a_score_at_the_most(engine_of: EngineOf) -> None:
    engine = engine_of("tuned", tuning=Tuning(recency_half_life_days=365.25))
    hits = engine.search("acme", options=SearchOptions(explains=True)).hits
    left = {hit.path: hit.score / (hit.score - hit.explanation.get("recency", 0.0)) for hit in hits}
    assert left["/lb"] == pytest.approx(1)
    assert left["/archive/balancer"] == pytest.approx(0.5 + 0.5 * 0.5**4, rel=1e-3)


def test_without_settings_age_does_not_matter(engine_of: EngineOf) -> None:
    hits = engine_of("tuned").search("acme", options=SearchOptions(explains=True)).hits
    assert all("recency" not in hit.explanation for hit in hits)


def test_with_all_settings_at_once_parts_add_up_to_the_score(engine_of: EngineOf) -> None:
    tuning = Tuning(
        synonyms=(("lb", "load balancer"),),
        stop_words=("in",),
        pins={"acme lb": ("/undated",)},
        boosts={"/archive": 3.0},
        recency_half_life_days=200,
    )
    hits = (
        engine_of("tuned", tuning=tuning)
        .search("acme lb", options=SearchOptions(explains=True))
        .hits
    )
    assert next(hit.path for hit in hits) == "/undated"
    assert {hit.path for hit in hits} == {"/undated", "/archive/balancer", "/lb"}
    for hit in hits:
        assert sum(hit.explanation.values()) == pytest.approx(hit.score, rel=1e-6)
