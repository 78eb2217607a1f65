"""The related list as a whole: repetitions, diversity, and the options that narrow it."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build_index
from search import Engine, open_engine
from search.embedded.diversity import NEAR_DUPLICATE_COSINE, Listed, pick_diverse
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.snapshot import Snapshot
from search.engine import RelatedOptions
from search.related_tuning import RELATED_WEIGHTS, RelatedTuning
from search.tuning import Tuning

EngineOf = Callable[[Mapping[str, str]], Engine]

MILL = (
    "The mill grinds rye and barley between two stones that the water turns all night. Farmers "
    "bring sacks on carts, wait in the yard, talk of prices, hail and horses, and pay in flour. "
    "A wheel of oak, tarred each spring, drives shafts, cogs and hoppers; sieves part bran from "
    "dust. The miller, deaf since youth, feels through his boots when a bearing runs dry."
)
OVEN = "The oven bakes rye bread; the baker buys from the mill and sells at the market."
RIVER = "The river turns the mill, floods the meadow, and carries boats down to the town."

VILLAGE = {
    "mill.md": f"---\ntitle: The mill\n---\n{MILL}\n",
    "mill-1.md": f"---\ntitle: The mill\n---\n{MILL} Roofed.\n",
    "mill-2.md": f"---\ntitle: The mill\n---\n{MILL} Roofed twice.\n",
    "oven.md": f"---\ntitle: Baking\ndate: 2020-01-01\ncategories: [Bread]\n---\n{OVEN}\n",
    "river.md": f"---\ntitle: Floods\ndate: 2024-01-01\nlang: en\n---\n{RIVER}\n",
    "other.md": "---\ntitle: Anchovies\ndate: 2023-01-01\n---\nSalted fish in tins.\n",
}


def paths(engine: Engine, path: str, options: RelatedOptions | None = None) -> list[str]:
    return [post.path for post in engine.related(path, limit=10, options=options).related]


def test_versions_of_a_post_stand_behind_everything_else(engine_of: EngineOf) -> None:
    listed = paths(engine_of(VILLAGE), "/mill")
    assert set(listed[:3]) == {"/oven", "/river", "/other"}
    assert set(listed[3:]) == {"/mill-1", "/mill-2"}


def test_of_versions_of_one_page_one_is_listed_before_other_posts(engine_of: EngineOf) -> None:
    listed = paths(engine_of(VILLAGE), "/oven")
    versions = [path.startswith("/mill") for path in listed]
    assert versions == [True, False, False, True, True]


def test_a_site_of_copies_leads_from_one_to_the_other(engine_of: EngineOf) -> None:
    site = {name: VILLAGE[name] for name in ("mill.md", "mill-1.md")}
    assert paths(engine_of(site), "/mill") == ["/mill-1"]


def test_posts_pinned_by_their_author_may_repeat_each_other(engine_of: EngineOf) -> None:
    site = dict(VILLAGE)
    site["oven.md"] = site["oven.md"].replace("---\n", "---\nrelated: [/mill-2, /mill-1]\n", 1)
    assert paths(engine_of(site), "/oven")[:2] == ["/mill-2", "/mill-1"]


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        (RelatedOptions(since=date(2024, 1, 1)), {"/river"}),
        (RelatedOptions(since=date(2020, 1, 1)), {"/river", "/oven", "/other"}),
        (RelatedOptions(langs=("en",)), {"/river"}),
        (RelatedOptions(categories=("bread",)), {"/oven"}),
        (RelatedOptions(categories=("bread",), langs=("en",)), set()),
    ],
)
def test_options_narrow_every_rung(
    engine_of: EngineOf, options: RelatedOptions, listed: set[str]
) -> None:
    assert set(paths(engine_of(VILLAGE), "/mill", options)) == listed


def test_with_a_half_life_old_posts_stand_behind_newer_ones(engine_of: EngineOf) -> None:
    site = {
        "now.md": "---\ntitle: Kites\ndate: 2024-06-01\n---\nWind, string, paper, glue and reeds.\n",
        "old.md": "---\ntitle: Kites of old\ndate: 2014-06-01\n---\nKites are made of string, paper, glue, reeds.\n",
        "new.md": "---\ntitle: Weather\ndate: 2024-05-01\n---\nWind, string and paper, says the forecast.\n",
    }
    engine = engine_of(site)
    assert paths(engine, "/now") == ["/old", "/new"]
    aged = engine.related("/now", options=RelatedOptions(half_life_days=365)).related
    assert [post.path for post in aged] == ["/new", "/old"]
    by_path = {post.path: post.score for post in engine.related("/now").related}
    assert {post.path: post.score for post in aged} == by_path, "the score is likeness, at any age"


def test_a_half_life_of_the_settings_is_in_force_unless_it_is_asked_away(
    engine_of: EngineOf, tmp_path: Path
) -> None:
    site = {
        "now.md": "---\ntitle: Kites\ndate: 2024-06-01\n---\nWind, string, paper, glue and reeds.\n",
        "old.md": "---\ntitle: Kites of old\ndate: 2014-06-01\n---\nKites are made of string, paper, glue, reeds.\n",
        "new.md": "---\ntitle: Weather\ndate: 2024-05-01\n---\nWind, string and paper, says the forecast.\n",
    }
    engine_of(site)
    tuning = Tuning(related=RelatedTuning(half_life_days=365))
    engine = open_engine(tmp_path / "index", tuning=tuning)
    assert paths(engine, "/now") == ["/new", "/old"]
    assert paths(engine, "/now", RelatedOptions(half_life_days=0)) == ["/old", "/new"]


def test_posts_that_fill_the_list_speak_the_language_of_the_post_first(engine_of: EngineOf) -> None:
    site = {
        "brot.md": "---\ntitle: Brot\nlang: de\ndate: 2020-01-01\n---\nRoggen und Wasser.\n",
        "tee.md": "---\ntitle: Tee\nlang: de\ndate: 2019-01-01\n---\nHeiß aufgegossen.\n",
        "coal.md": "---\ntitle: Coal\nlang: en\ndate: 2024-01-01\n---\nBlack lumps.\n",
        "iron.md": "---\ntitle: Iron\ndate: 2023-01-01\n---\nRed rust.\n",
    }
    engine = engine_of(site)
    assert paths(engine, "/brot") == ["/tee", "/coal", "/iron"]
    assert paths(engine, "/coal")[-1] == "/tee"


def test_weights_of_the_settings_decide_what_likeness_is(
    engine_of: EngineOf, tmp_path: Path
) -> None:
    site = {
        "a.md": "---\ntitle: Alpha\ntags: [Moss]\n---\nRivers, bridges, ferries.\n",
        "b.md": "---\ntitle: Beta\ntags: [Moss]\n---\nCoal and iron.\n",
        "c.md": "---\ntitle: Gamma\ntags: [Fern]\n---\nRivers, bridges, ferries, too.\n",
    }
    engine_of(site)

    def first(**weights: float) -> str:
        tuning = Tuning(related=RelatedTuning(dict.fromkeys(RELATED_WEIGHTS, 0.0) | weights))
        return paths(open_engine(tmp_path / "index", tuning=tuning), "/a")[0]

    assert first(tags=1.0) == "/b"
    assert first(text=1.0) == "/c"


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("village")
    (folder / "posts").mkdir()
    for name, text in VILLAGE.items():
        (folder / "posts" / name).write_text(text, encoding="utf-8")
    build_index(folder / "posts", folder / "index")
    return GenerationSnapshot.open(folder / "index")


def naively_picked(
    relevance: list[float], listed: Listed, count: int, mmr_lambda: float, snapshot: Snapshot
) -> list[int]:
    """Maximal marginal relevance as its formula has it, over all posts."""
    rows = snapshot.vectors["text"]
    cosines = np.array([rows.products(rows.row(doc)) for doc in range(len(relevance))])
    chosen = list(listed.chosen)
    picked: list[int] = []
    while len(picked) < count:
        fresh = [
            doc
            for doc in range(len(relevance))
            if doc not in picked
            and all(cosines[doc, other] < NEAR_DUPLICATE_COSINE for other in chosen)
            and all(cosines[doc, other] < NEAR_DUPLICATE_COSINE for other in listed.read)
        ]
        if not fresh:
            break
        worth = {
            doc: mmr_lambda * relevance[doc]
            - (1 - mmr_lambda) * max((cosines[doc, other] for other in chosen), default=0.0)
            for doc in fresh
        }
        best = max(fresh, key=lambda doc: (worth[doc], -doc))
        picked.append(best)
        chosen.append(best)
    return picked


@given(
    relevance=st.lists(st.integers(0, 100), min_size=6, max_size=6, unique=True),
    read=st.sets(st.integers(0, 5), max_size=2),
    chosen=st.sets(st.integers(0, 5), max_size=2),
    count=st.integers(1, 6),
    mmr_lambda=st.sampled_from([0.1, 0.5, 0.9, 1.0]),
)
def test_diverse_picks_are_those_of_the_formula(
    village: Snapshot,
    relevance: list[int],
    read: set[int],
    chosen: set[int],
    count: int,
    mmr_lambda: float,
) -> None:
    alike = [value / 100 for value in relevance]
    listed = Listed(tuple(read), tuple(chosen))
    found = pick_diverse(np.arange(6), np.array(alike), listed, count, mmr_lambda, village)
    assert found.docnums == naively_picked(alike, listed, count, mmr_lambda, village)
    assert not set(found.docnums) & set(found.repeats)
