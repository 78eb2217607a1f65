"""What owners say about searching: synonyms, stop words, pins, boosts and age."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.report import BuildReport
from search import Engine, open_engine
from search.engine import SearchOptions
from search.tuning import Tuning

Build = Callable[[Mapping[str, str]], BuildReport]

POST = "---\ntitle: {}\ndate: {}\n---\n{}\n"
SITE = {
    "k8s.md": POST.format("Clusters", "2024-01-01", "Running k8s at home."),
    "kubernetes.md": POST.format("Orchestra", "2023-01-01", "Kubernetes runs containers."),
    "archive/balancer.md": POST.format("Doors", "2020-01-01", "A load balancer for Acme doors."),
    "lb.md": POST.format("Gates", "2024-01-01", "An lb in front of the gates, by Acme."),
    "undated.md": "---\ntitle: Timeless\n---\nGates and doors.\n",
}


@pytest.fixture
def tuned(build: Build, tmp_path: Path) -> Callable[[Tuning], Engine]:
    build(SITE)
    return lambda tuning: open_engine(tmp_path / "index", tuning=tuning)


def paths(engine: Engine, query: str) -> list[str]:
    return [hit.path for hit in engine.search(query).hits]


def test_synonyms_find_each_other_and_phrases(tuned: Callable[[Tuning], Engine]) -> None:
    engine = tuned(Tuning(synonyms=(("k8s", "Kubernetes"), ("LB", "load balancer"))))
    assert set(paths(engine, "k8s")) == set(paths(engine, "kubernetes"))
    assert set(paths(engine, "k8s")) == {"/k8s", "/kubernetes"}
    assert set(paths(engine, "lb")) == {"/lb", "/archive/balancer"}
    results = engine.search("lb gates")
    assert {hit.path: hit.missing for hit in results.hits} == {
        "/lb": (),
        "/archive/balancer": ("gates",),
        "/undated": ("lb",),
    }
    snippets = {hit.path: hit.snippet_html for hit in engine.search("lb").hits}
    assert "<mark>load</mark> <mark>balancer</mark>" in snippets["/archive/balancer"]
    assert paths(tuned(Tuning()), "k8s") == ["/k8s"]


def test_a_word_with_synonyms_is_no_typo(tuned: Callable[[Tuning], Engine]) -> None:
    tuning = Tuning(synonyms=(("gater", "orchestra"),))
    assert tuned(Tuning()).search("gater").corrected == "gates"
    results = tuned(tuning).search("gater")
    assert results.corrected is None
    assert [hit.path for hit in results.hits] == ["/kubernetes"]


def test_stop_words_of_the_site_are_not_asked_for(tuned: Callable[[Tuning], Engine]) -> None:
    engine = tuned(Tuning(stop_words=("ACME",)))
    assert set(paths(engine, "acme doors")) == {"/archive/balancer", "/undated"}
    assert engine.search("acme doors").hits[-1].missing == ()
    assert set(paths(engine, "acme")) == {"/archive/balancer", "/lb"}


def test_pinned_posts_come_first_wherever_they_are(tuned: Callable[[Tuning], Engine]) -> None:
    engine = tuned(Tuning(pins={"Doors  please": ("/undated", "/no-such-post")}))
    assert paths(engine, "doors please")[0] == "/undated"
    assert paths(tuned(Tuning()), "doors please")[0] == "/archive/balancer"


def test_boosts_are_for_all_posts_below_a_path(tuned: Callable[[Tuning], Engine]) -> None:
    engine = tuned(Tuning(boosts={"/archive": 0.1}))
    for boost, first in ((0.1, "/lb"), (10.0, "/archive/balancer")):
        assert paths(tuned(Tuning(boosts={"/archive": boost})), "acme")[0] == first
    explained = engine.search("acme doors", options=SearchOptions(explains=True)).hits
    parts = {hit.path: hit.explanation for hit in explained}
    assert parts["/archive/balancer"]["boost"] < 0
    assert "boost" not in parts["/undated"]
    for hit in explained:
        assert sum(hit.explanation.values()) == pytest.approx(hit.score)


@pytest.mark.parametrize(
    ("path", "factor"),
    [("/a", 2.0), ("/a/b", 3.0), ("/a/b/c", 3.0), ("/ab", 1.0), ("/", 1.0), ("/a/c", 2.0)],
)
def test_the_longest_path_counts(path: str, factor: float) -> None:
    assert Tuning(boosts={"/a": 2.0, "a/b/": 3.0}).boost(path) == factor


def test_age_takes_half_a_score_at_the_most(tuned: Callable[[Tuning], Engine]) -> None:
    engine = tuned(Tuning(recency_half_life_days=365.25))
    hits = engine.search("acme", options=SearchOptions(explains=True)).hits
    left = {hit.path: hit.score / (hit.score - hit.explanation.get("recency", 0.0)) for hit in hits}
    assert left["/lb"] == pytest.approx(1)
    assert left["/archive/balancer"] == pytest.approx(0.5 + 0.5 * 0.5**4, rel=1e-3)
    assert "recency" not in tuned(Tuning()).search("acme").hits[0].explanation
