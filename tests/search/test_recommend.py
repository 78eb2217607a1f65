"""What to read after several posts."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from search import Engine, open_engine
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.histories import MAX_HISTORY_POSTS
from search.embedded.likeness import Source

EngineOf = Callable[[Mapping[str, str]], Engine]

SITE = {
    "bees.md": "---\ntitle: Bees\ntags: [Insects]\n---\nBees and their hives.\n",
    "wasps.md": "---\ntitle: Wasps\ntags: [Insects]\n---\nWasps are no bees; hives are theirs.\n",
    "ovens.md": "---\ntitle: Ovens\ntags: [Kitchen]\n---\nOvens bake bread.\n",
    "bread.md": "---\ntitle: Bread\ntags: [Kitchen]\n---\nBread comes from ovens.\n",
    "sea.md": "---\ntitle: The sea\ndate: 2024-01-01\n---\nSalt water.\n",
    "moon.md": "---\ntitle: The moon\ndate: 2023-01-01\nisPopular: true\n---\nFar away.\n",
}


def test_the_post_read_last_counts_most(engine_of: EngineOf) -> None:
    engine = engine_of(SITE)
    first = engine.recommend(["/bees", "/ovens"]).related[0]
    assert (first.path, first.rung) == ("/bread", "similar")
    assert engine.recommend(["/ovens", "/bees"]).related[0].path == "/wasps"


def test_nothing_that_was_read_is_listed_and_nothing_else_is_missing(engine_of: EngineOf) -> None:
    engine = engine_of(SITE)
    for history in (["/bees"], ["/bees", "/ovens"], ["/bees", "/bees/", "bread", "/sea"]):
        answer = engine.recommend(history, limit=50)
        listed = [post.path for post in answer.related]
        assert sorted([*listed, *answer.history]) == sorted(
            f"/{name.removesuffix('.md')}" for name in SITE
        )


def test_a_history_of_one_post_leads_where_the_post_does(garden: Engine) -> None:
    assert garden.recommend(["/soil"]).related == garden.related("/soil").related


def test_without_a_known_post_popular_ones_come_first_then_new_ones(engine_of: EngineOf) -> None:
    engine = engine_of(SITE)
    answer = engine.recommend(["/nowhere"], limit=3)
    assert answer.history == ()
    assert [(post.path, post.rung) for post in answer.related][:2] == [
        ("/moon", "popular"),
        ("/sea", "recent"),
    ]
    assert engine.recommend([], limit=3).related == answer.related


def test_paths_that_were_passed_over_are_named(engine_of: EngineOf) -> None:
    answer = engine_of(SITE).recommend(["/bees", "/x", "/ovens", "/y", "/bees", "/x"])
    assert answer.history == ("/ovens", "/bees")
    assert answer.notices == (
        "Passed over, since no post has this path: /x, /y.",
        "Named more than once, counted once: /bees.",
    )


def test_many_unknown_paths_are_not_all_repeated(engine_of: EngineOf) -> None:
    (notice,) = engine_of(SITE).recommend([f"/{n}" + "x" * 5000 for n in range(300)]).notices
    assert notice.endswith(" and 295 more.")
    assert len(notice) < 2_000


def test_of_a_long_history_the_last_posts_count(cilium: Path) -> None:
    engine = open_engine(cilium)
    every = [post.path for post in engine.recent(limit=MAX_HISTORY_POSTS + 5)]
    answer = engine.recommend(every)
    assert answer.history == tuple(every[-MAX_HISTORY_POSTS:])
    assert answer.notices == (f"Only the last {MAX_HISTORY_POSTS} posts of the history were used.",)
    assert answer.related == engine.recommend(every[-MAX_HISTORY_POSTS:]).related


def test_a_score_is_the_sum_over_the_history_of_what_each_post_adds(cilium: Path) -> None:
    engine, snapshot = open_engine(cilium), GenerationSnapshot.open(cilium)
    history = [post.path for post in engine.recent(limit=3)]
    numbers = [snapshot.documents.docnum(path) for path in history]
    alike = [Source.of_document(n, snapshot).likeness(snapshot) for n in numbers if n is not None]
    expected = np.array([1, 2, 4]) / 7 @ np.array(alike)
    for post in engine.recommend(history).related:
        docnum = snapshot.documents.docnum(post.path)
        assert post.score == pytest.approx(expected[docnum], abs=1e-5)
        assert 0 < sum(reason.contribution for reason in post.reasons) <= post.score + 1e-5
