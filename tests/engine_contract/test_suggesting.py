"""Completions: their kinds, their order, the word that is still being typed, and one typo."""

import pytest

from search import Engine
from search.results import Suggestion
from tests.engine_contract.conftest import EngineOf
from tests.engine_contract.sites import NETWORKS


@pytest.fixture(scope="module")
def networks(engine_of: EngineOf) -> Engine:
    return engine_of("networks")


def offered(engine: Engine, typed: str, limit: int = 10) -> list[str]:
    return [f"{one.kind} {one.text}" for one in engine.suggest(typed, limit=limit).suggestions]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # What begins so, then what has it anywhere; tags, phrases, titles.
        (
            "net",
            [
                "tag Networking",
                "tag Netherlands",
                "tag nets",
                "phrase network policy",
                "title Networks at home",
                "title Network maps",
                "title Network policies",
                "title The netting",
                "title A new network",
            ],
        ),
        ("network pol", ["phrase network policy", "title Network policies"]),
        ("network policie", ["title Network policies"]),
        ("policy netw", ["phrase network policy"]),  # in any order
        ("pol netw", []),  # a word that is finished is a whole word
        ("home netw", ["title Networks at home"]),
        ("clus", ["phrase cluster mesh"]),  # in more posts than its tag has
        ("zero-t", ["tag Zero-Trust", "title Zero trust"]),
        ("ZERO tru", ["tag Zero-Trust", "title Zero trust"]),
        ("strasse UBER", ["title Straße über Köln"]),
        ("oreil", ["tag O’Reilly"]),
        ("zzz", []),
        ("-- ?", []),
        ("", []),
    ],
)
def test_what_is_offered_in_which_order(networks: Engine, typed: str, expected: list[str]) -> None:
    assert offered(networks, typed) == expected


def test_a_tag_and_a_phrase_count_their_posts_and_lead_nowhere(networks: Engine) -> None:
    first, *_ = networks.suggest("net").suggestions
    assert first == Suggestion("Networking", "tag", None, None, 2)
    assert networks.suggest("clus").suggestions == (
        Suggestion("cluster mesh", "phrase", None, None, 3),
    )


def test_a_title_opens_its_post(networks: Engine, harbor: Engine) -> None:
    (title,) = networks.suggest("routes").suggestions
    assert title == Suggestion("Routes", "title", "/b", "https://net.example/b", 1)
    (chart,) = harbor.suggest("chart of").suggestions
    assert (chart.path, chart.url) == ("/chart", "https://charts.example/bay")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("netwrok", "phrase network policy"),  # two letters changed places
        ("networc", "phrase network policy"),  # a wrong letter
        ("netork", "phrase network policy"),  # one is missing
        ("nettwor", "phrase network policy"),  # one too many
        ("ketwork", "phrase network policy"),  # even the first one
        ("network polci", "phrase network policy"),
        ("clustre me", "phrase cluster mesh"),
        ("zerro trust", "title Zero trust"),
    ],
)
def test_one_typo_is_forgiven(networks: Engine, typed: str, found: str) -> None:
    assert found in offered(networks, typed)


@pytest.mark.parametrize("typed", ["nett0rk", "clstre mesh", "zro trust", "netwrok polciy"])
def test_more_typos_short_words_and_numbers_are_not_forgiven(networks: Engine, typed: str) -> None:
    assert offered(networks, typed) == []


def test_what_needs_no_correction_comes_first(networks: Engine) -> None:
    first, *corrected = offered(networks, "nett")
    assert first == "title The netting"
    assert corrected
    assert not any("netting" in text for text in corrected)


def test_popular_and_featured_posts_come_first_among_titles_then_newer_ones(
    networks: Engine, harbor: Engine
) -> None:
    titles = [one for one in offered(networks, "network") if one.startswith("title Network")]
    assert titles == ["title Networks at home", "title Network maps", "title Network policies"]
    assert offered(harbor, "knots") == [f"title Knots, part {part}" for part in (3, 2, 1)]


def test_no_more_are_offered_than_asked_for(networks: Engine) -> None:
    everything = offered(networks, "net")
    for limit in range(10):
        assert offered(networks, "net", limit) == everything[:limit]
    assert offered(networks, "net", -1) == []


def test_every_title_is_offered_for_each_of_its_beginnings(networks: Engine) -> None:
    for text in NETWORKS.values():
        title = text.splitlines()[1].removeprefix("title: ")
        for end in range(1, len(title) + 1):
            if title[:end].strip():
                assert f"title {title}" in offered(networks, title[:end], limit=30), title[:end]


def test_completions_in_other_scripts(harbor: Engine) -> None:
    assert offered(harbor, "灯") == ["title 灯台の歴史"]
    assert offered(harbor, "leucht") == ["title Der Leuchtturm"]
    assert offered(harbor, "c++")[0] == "tag C++"


def test_a_draft_is_not_offered(harbor: Engine) -> None:
    assert offered(harbor, "moorings") == []


def test_an_answer_has_what_was_typed_and_its_generation(networks: Engine) -> None:
    answer = networks.suggest("Net ")
    assert (answer.query, answer.generation) == ("Net ", networks.status().generation)
