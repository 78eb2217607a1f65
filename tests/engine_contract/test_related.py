"""Related lists: never empty, rung by rung, with reasons that add up, and options that narrow."""

from dataclasses import replace
from datetime import date

import pytest

from search import Engine
from search.engine import MAX_RELATED_LIMIT, RelatedOptions
from search.related_results import RelatedPost
from search.related_tuning import RELATED_WEIGHTS, RelatedTuning
from search.tuning import Tuning
from tests.engine_contract.conftest import EngineOf
from tests.engine_contract.sites import SITES

RUNGS = ["series", "pinned", "similar", "category", "popular", "recent"]
TRANSLATIONS = {"/lighthouse", "/lighthouse.de", "/boat", "/boat.de"}


def paths(engine: Engine, path: str, options: RelatedOptions | None = None) -> list[str]:
    wanted = replace(options or RelatedOptions(), limit=10)
    return [post.path for post in engine.related(path, options=wanted).related]


def with_rungs(engine: Engine, path: str, options: RelatedOptions) -> list[tuple[str, str]]:
    return [(post.path, post.rung) for post in engine.related(path, options=options).related]


def test_the_rungs_follow_each_other(engine_of: EngineOf) -> None:
    assert with_rungs(engine_of("lanterns"), "/source", RelatedOptions(limit=10)) == [
        ("/pinned", "pinned"),
        ("/similar", "similar"),
        ("/same", "category"),
        ("/well", "popular"),
        ("/newer", "recent"),
        ("/older", "recent"),
    ]


@pytest.mark.parametrize("site", sorted(SITES))
def test_a_list_is_never_empty_and_has_each_other_post_once(engine_of: EngineOf, site: str) -> None:
    engine = engine_of(site)
    every = list(engine.paths())
    for path in every[::9]:
        related = engine.related(path, limit=MAX_RELATED_LIMIT).related
        listed = [post.path for post in related]
        assert path not in listed
        assert len(set(listed)) == len(listed)
        assert set(listed) <= set(every)
        if site not in {"boats", "harbor"}:  # they have translations, of which one is listed
            assert len(listed) == min(len(every) - 1, MAX_RELATED_LIMIT)
        for post in related:
            assert 0 <= post.score <= 1
            assert post.url
            assert post.title


@pytest.mark.parametrize("site", sorted(SITES))
def test_rungs_are_in_order_and_repetitions_behind_them(engine_of: EngineOf, site: str) -> None:
    engine = engine_of(site)
    for path in list(engine.paths())[::9]:
        related = engine.related(path, limit=MAX_RELATED_LIMIT).related
        rungs = [RUNGS.index(post.rung) for post in related]
        listed = [path, *(post.path for post in related)]
        falls = [at for at in range(1, len(rungs)) if rungs[at] < rungs[at - 1]]
        cosines = engine.text_cosines(listed)
        for at in range(min(falls, default=len(rungs)), len(rungs)):
            is_version = max(cosines[at + 1][: at + 1]) >= 0.89
            assert is_version or listed[at + 1] in TRANSLATIONS, (path, listed[at + 1])


def test_posts_that_share_nothing_still_lead_to_each_other(engine_of: EngineOf) -> None:
    found = engine_of("kites").related("/old", limit=1).related
    assert len(found) == 1
    rest = engine_of("lanterns").related("/newer", limit=10).related
    assert [(post.path, post.rung) for post in rest] == [
        ("/well", "popular"),
        ("/older", "recent"),
        ("/pinned", "recent"),
        ("/same", "recent"),
        ("/similar", "recent"),
        ("/source", "recent"),
    ]
    assert all(post.reasons == () and post.score == 0 for post in rest)


def test_a_site_of_one_post_has_nothing_to_read_next(engine_of: EngineOf) -> None:
    assert engine_of("aloe").related("/aloe").related == ()


def test_an_item_has_the_fields_of_its_post(harbor: Engine) -> None:
    (post,) = (p for p in harbor.related("/fog-horn").related if p.path == "/lighthouse")
    assert replace(post, score=0, reasons=()) == RelatedPost(
        path="/lighthouse",
        url="https://harbor.example/lighthouse",
        title="The lighthouse",
        date="2024-03-01",
        summary="How the tower came to its lamp.",
        image="/img/tower.png",
        score=0,
        rung="similar",
    )
    answer = harbor.related("/fog-horn")
    assert (answer.path, answer.tags, answer.links, answer.notices) == ("/fog-horn", (), (), ())


def test_reasons_are_what_two_posts_share_in_the_sites_own_words(harbor: Engine) -> None:
    first = harbor.related("/lighthouse").related[0]
    assert first.path == "/fog-horn"
    assert [(reason.kind, reason.value) for reason in first.reasons] == [
        ("mention", "lighthouse"),
        ("tag", "Navigation"),
        ("category", "Harbor"),
    ]


def test_a_word_of_a_title_that_a_text_has_is_a_mention(engine_of: EngineOf) -> None:
    kinds = {
        (reason.kind, reason.value)
        for post in engine_of("shelves").related("/bees").related
        for reason in post.reasons
    }
    assert ("mention", "bees") in {(kind, value.lower()) for kind, value in kinds}
    assert ("tag", "Insects") in kinds


@pytest.mark.parametrize("site", ["harbor", "village", "shelves", "knots", "boats", "farm"])
def test_explained_reasons_add_up_to_the_score(engine_of: EngineOf, site: str) -> None:
    engine = engine_of(site)
    for path in engine.paths():
        plain = engine.related(path, limit=10).related
        told = engine.related(path, options=RelatedOptions(limit=10, explains=True)).related
        assert [replace(post, reasons=()) for post in told] == [
            replace(post, reasons=()) for post in plain
        ]
        for post, explained in zip(plain, told, strict=True):
            parts = [reason.contribution for reason in explained.reasons]
            assert parts == sorted(parts, reverse=True)
            assert all(part >= 0 for part in parts)
            assert sum(parts) == pytest.approx(post.score, abs=2e-6 * (1 + len(parts)))
            assert set(post.reasons) <= set(explained.reasons)
            assert len(post.reasons) <= 5


def test_the_version_that_stands_last_scores_highest_all_the_same(engine_of: EngineOf) -> None:
    related = engine_of("village").related("/mill", limit=10).related
    by_path = {post.path: post.score for post in related}
    assert max(by_path, key=lambda path: by_path[path]) == "/mill-1"
    assert by_path["/other"] == 0


def test_pinned_posts_come_first_in_their_order(harbor: Engine, engine_of: EngineOf) -> None:
    assert with_rungs(harbor, "/pinned", RelatedOptions(limit=3))[:2] == [
        ("/glossary", "pinned"),
        ("/storm", "pinned"),
    ]
    assert paths(engine_of("knots"), "/pinning")[:3] == ["/rope", "/lone", "/knots-4"]


def test_linked_posts_can_be_left_out(harbor: Engine) -> None:
    linked = {"/lighthouse", "/fog-horn"}
    assert linked <= set(paths(harbor, "/pilot"))
    excluded = RelatedOptions(excludes_linked=True)
    assert not linked & set(paths(harbor, "/pilot", excluded))
    assert paths(harbor, "/release", excluded) == paths(harbor, "/release")


def test_newer_posts_can_be_left_out(harbor: Engine) -> None:
    options = RelatedOptions(limit=50, includes_newer=False)
    older = harbor.related("/pilot", options=options).related
    assert older
    assert all(post.date is None or post.date <= "2022-05-10" for post in older)
    assert "/glossary" in {post.path for post in older}, "undated posts are not newer"
    everything = {post.path for post in harbor.related("/pilot", limit=50).related}
    assert {post.path for post in older} < everything


def test_no_post_is_newer_than_one_without_a_date(harbor: Engine) -> None:
    options = RelatedOptions(includes_newer=False)
    assert paths(harbor, "/glossary", options) == paths(harbor, "/glossary")


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        (RelatedOptions(since=date(2024, 1, 1)), {"/river"}),
        (RelatedOptions(since=date(2020, 1, 1)), {"/river", "/oven", "/other"}),
        (RelatedOptions(since=date(2020, 1, 2)), {"/river", "/other"}),
        (RelatedOptions(langs=("en",)), {"/river"}),
        (RelatedOptions(langs=("EN", "fr")), {"/river"}),
        (RelatedOptions(categories=("bread",)), {"/oven"}),
        (RelatedOptions(categories=("bread", "none")), {"/oven"}),
        (RelatedOptions(categories=("bread",), langs=("en",)), set()),
        (RelatedOptions(langs=("\u202e",)), set()),
    ],
)
def test_options_narrow_every_rung(
    engine_of: EngineOf, options: RelatedOptions, listed: set[str]
) -> None:
    assert set(paths(engine_of("village"), "/mill", options)) == listed


def test_options_narrow_what_is_pinned_too(harbor: Engine) -> None:
    history = RelatedOptions(categories=("HISTORY",))
    assert paths(harbor, "/pinned", history) == ["/storm", "/todai"]
    assert paths(harbor, "/pinned", RelatedOptions(langs=("de",))) == ["/lighthouse.de"]


def test_parts_of_a_series_are_listed_as_any_post_is(engine_of: EngineOf) -> None:
    mixed = engine_of("knots").related("/knots-2", limit=10).related
    assert {post.rung for post in mixed if post.path.startswith("/knots")} == {"similar"}


def test_parts_of_a_series_are_put_first_from_the_post_outwards(engine_of: EngineOf) -> None:
    first = with_rungs(engine_of("knots"), "/knots-2", RelatedOptions(series="first"))
    assert first[:4] == [
        ("/knots-3", "series"),
        ("/knots-1", "series"),
        ("/knots-4", "series"),
        ("/rope", "similar"),
    ]


def test_parts_of_a_series_come_before_what_the_author_pinned(engine_of: EngineOf) -> None:
    first = with_rungs(engine_of("knots"), "/pinning", RelatedOptions(series="first"))
    assert first[:4] == [
        ("/reefing", "series"),
        ("/rope", "pinned"),
        ("/lone", "pinned"),
        ("/knots-4", "pinned"),
    ]


def test_parts_of_a_series_can_be_left_out(engine_of: EngineOf) -> None:
    knots = engine_of("knots")
    excluded = RelatedOptions(series="excluded")
    assert paths(knots, "/knots-2", excluded) == ["/rope", "/reefing", "/pinning", "/lone"]
    assert "/reefing" not in paths(knots, "/pinning", excluded)
    assert paths(knots, "/rope", excluded) == paths(knots, "/rope")


def test_versions_of_a_post_stand_behind_everything_else(engine_of: EngineOf) -> None:
    listed = paths(engine_of("village"), "/mill")
    assert set(listed[:3]) == {"/oven", "/river", "/other"}
    assert set(listed[3:]) == {"/mill-1", "/mill-2"}


def test_of_versions_of_one_page_one_is_listed_before_other_posts(engine_of: EngineOf) -> None:
    versions = [path.startswith("/mill") for path in paths(engine_of("village"), "/oven")]
    assert versions == [True, False, False, True, True]


def test_of_translations_the_one_in_the_readers_language_is_listed(engine_of: EngineOf) -> None:
    boats = engine_of("boats")
    in_english, in_german = paths(boats, "/pitch"), paths(boats, "/pech")
    assert ("/boat" in in_english, "/boat.de" in in_english) == (True, False)
    assert ("/boat" in in_german, "/boat.de" in in_german) == (False, True)


def test_a_translation_of_the_post_itself_stands_behind_everything_else(
    engine_of: EngineOf,
) -> None:
    for path, translation in (("/boat", "/boat.de"), ("/boat.de", "/boat")):
        listed = paths(engine_of("boats"), path)
        assert listed[0] == "/pitch"
        assert listed[-1] == translation


def test_a_translation_is_listed_where_its_language_is_asked_for(engine_of: EngineOf) -> None:
    german = RelatedOptions(langs=("de",))
    assert set(paths(engine_of("boats"), "/pitch", german)) == {"/boat.de", "/pech"}


def test_posts_that_fill_the_list_speak_the_language_of_the_post_first(harbor: Engine) -> None:
    related = harbor.related("/kube-proxy", limit=50).related
    speaks_otherwise = [
        harbor.post(post.path).lang != "" for post in related if post.rung == "recent"
    ]
    assert len(set(speaks_otherwise)) == 2
    assert speaks_otherwise == sorted(speaks_otherwise)


def test_with_a_half_life_old_posts_stand_behind_newer_ones(engine_of: EngineOf) -> None:
    kites = engine_of("kites")
    assert paths(kites, "/now") == ["/old", "/new"]
    plain = {post.path: post.score for post in kites.related("/now").related}
    aged = kites.related("/now", options=RelatedOptions(half_life_days=365)).related
    assert [post.path for post in aged] == ["/new", "/old"]
    assert {post.path: post.score for post in aged} == plain, "the score is likeness, at any age"


def test_a_half_life_of_the_settings_is_in_force_unless_it_is_asked_away(
    engine_of: EngineOf,
) -> None:
    kites = engine_of("kites", tuning=Tuning(related=RelatedTuning(half_life_days=365)))
    assert paths(kites, "/now") == ["/new", "/old"]
    assert paths(kites, "/now", RelatedOptions(half_life_days=0)) == ["/old", "/new"]


def test_weights_of_the_settings_decide_what_likeness_is(engine_of: EngineOf) -> None:
    def first(**weights: float) -> str:
        tuning = Tuning(related=RelatedTuning(dict.fromkeys(RELATED_WEIGHTS, 0.0) | weights))
        return paths(engine_of("farm", tuning=tuning), "/pump")[0]

    assert first(text=1.0) == "/well"
    assert first(tags=1.0) in {"/well", "/saw"}
    tuning = Tuning(related=RelatedTuning(dict.fromkeys(RELATED_WEIGHTS, 0.0) | {"tags": 1.0}))
    reasons = engine_of("farm", tuning=tuning).related("/pump", limit=1).related[0].reasons
    assert {reason.kind for reason in reasons} == {"tag"}


@pytest.mark.parametrize(
    ("limit", "count"), [(-1, 0), (0, 0), (1, 1), (5, 5), (50, 50), (10_000, 50)]
)
def test_bounds_of_a_list_are_kept_whatever_is_asked_for(
    ledger: Engine, limit: int, count: int
) -> None:
    assert len(ledger.related("/entry-000", limit=limit).related) == count
    options = RelatedOptions(limit=limit)
    assert len(ledger.related("/entry-000", options=options).related) == count
    assert len(ledger.recommend(["/entry-000"], limit=limit).related) == count
    assert len(ledger.related_to_text("copper", limit=limit).related) == count


def test_a_shorter_list_is_the_beginning_of_a_longer_one(harbor: Engine) -> None:
    whole = harbor.related("/lighthouse", limit=12).related
    for limit in (1, 3, 7):
        assert harbor.related("/lighthouse", limit=limit).related == whole[:limit]


def test_a_list_is_the_same_twice(ledger: Engine) -> None:
    once, again = (ledger.related("/entry-042", limit=50) for _ in range(2))
    assert once == again
