"""What to read after several posts."""

import pytest

from search import Engine
from search.engine import RelatedOptions
from tests.engine_contract.conftest import EngineOf
from tests.engine_contract.sites import SHELVES


@pytest.fixture(scope="module")
def shelves(engine_of: EngineOf) -> Engine:
    return engine_of("shelves")


def test_the_post_read_last_counts_most(shelves: Engine) -> None:
    first = shelves.recommend(["/bees", "/ovens"]).related[0]
    assert (first.path, first.rung) == ("/bread", "similar")
    assert shelves.recommend(["/ovens", "/bees"]).related[0].path == "/wasps"


def test_each_post_counts_twice_as_much_as_the_one_before(shelves: Engine) -> None:
    alone = {post.path: post.score for post in shelves.related("/ovens").related}
    both = {post.path: post.score for post in shelves.recommend(["/ovens", "/bees"]).related}
    assert both["/bread"] == pytest.approx(alone["/bread"] / 3, abs=1e-4)


def test_nothing_that_was_read_is_listed_and_nothing_else_is_missing(shelves: Engine) -> None:
    for history in (["/bees"], ["/bees", "/ovens"], ["/bees", "/bees/", "bread", "/sea"]):
        answer = shelves.recommend(history, limit=50)
        listed = [post.path for post in answer.related]
        assert sorted([*listed, *answer.history]) == sorted(
            f"/{name.removesuffix('.md')}" for name in SHELVES
        )


def test_a_history_of_one_post_leads_where_the_post_does(harbor: Engine) -> None:
    for path in ("/lighthouse", "/pinned", "/pilot"):
        assert harbor.recommend([path]).related == harbor.related(path).related


def test_options_are_those_of_a_related_list(harbor: Engine, engine_of: EngineOf) -> None:
    for options in (
        RelatedOptions(excludes_linked=True),
        RelatedOptions(includes_newer=False, limit=20),
        RelatedOptions(categories=("history",)),
        RelatedOptions(explains=True),
    ):
        answer = harbor.recommend(["/pilot"], options=options)
        assert answer.related == harbor.related("/pilot", options=options).related
    first = engine_of("knots").recommend(
        ["/rope", "/knots-2"], options=RelatedOptions(series="first")
    )
    assert [post.rung for post in first.related[:3]] == ["series"] * 3


def test_reasons_of_several_posts_add_up_to_the_score(harbor: Engine) -> None:
    options = RelatedOptions(limit=10, explains=True)
    answer = harbor.recommend(["/kube-proxy", "/pilot", "/lighthouse"], options=options)
    for post in answer.related:
        total = sum(reason.contribution for reason in post.reasons)
        assert total == pytest.approx(post.score, abs=2e-6 * (1 + len(post.reasons)))


@pytest.mark.parametrize("history", [[], ["/nowhere"], ["", "\ud800", "\0", "/x" * 5_000]])
def test_without_a_known_post_popular_ones_come_first_then_new_ones(
    shelves: Engine, history: list[str]
) -> None:
    answer = shelves.recommend(history, limit=3)
    assert answer.history == ()
    assert [(post.path, post.rung) for post in answer.related][:2] == [
        ("/moon", "popular"),
        ("/sea", "recent"),
    ]
    assert len(answer.related) == 3
    assert bool(answer.notices) == bool(history)


def test_paths_that_were_passed_over_are_named(shelves: Engine) -> None:
    answer = shelves.recommend(["/bees", "/x", "/ovens", "/y", "/bees", "/x"])
    assert answer.history == ("/ovens", "/bees")
    assert answer.notices == (
        "Passed over, since no post has this path: /x, /y.",
        "Named more than once, counted once: /bees.",
    )


def test_many_unknown_paths_are_not_all_repeated(shelves: Engine) -> None:
    (notice,) = shelves.recommend([f"/{n}" + "x" * 5000 for n in range(300)]).notices
    assert notice.endswith(" and 295 more.")
    assert len(notice) < 2_000


def test_of_a_long_history_the_last_posts_count(ledger: Engine) -> None:
    every = list(ledger.paths())[:30]
    answer = ledger.recommend(every)
    assert answer.history == tuple(every[-20:])
    assert answer.notices == ("Only the last 20 posts of the history were used.",)
    assert answer.related == ledger.recommend(every[-20:]).related
