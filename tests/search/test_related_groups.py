"""Series and translations in related lists."""

from collections.abc import Callable, Mapping

from search import Engine
from search.engine import RelatedOptions

EngineOf = Callable[[Mapping[str, str]], Engine]


def paths(engine: Engine, path: str, options: RelatedOptions | None = None) -> list[str]:
    return [post.path for post in engine.related(path, limit=10, options=options).related]


KNOTS = {
    f"knots-{n}.md": f"---\ntitle: Knots, part {n}\ndate: 202{n}-01-01\n---\nPart of the {said}.\n"
    for n, said in enumerate(["", "rope", "rope and cord", "bowline", "hitch"])
    if n
} | {"rope.md": "---\ntitle: Rope\nrelated: []\n---\nRope, cord, bowline and hitch.\n"}


def listed_with_rungs(engine: Engine, path: str, options: RelatedOptions) -> list[tuple[str, str]]:
    return [(post.path, post.rung) for post in engine.related(path, options=options).related]


def test_parts_of_a_series_are_put_first_from_the_post_outwards(engine_of: EngineOf) -> None:
    first = listed_with_rungs(engine_of(KNOTS), "/knots-2", RelatedOptions(series="first"))
    assert first[:3] == [("/knots-3", "series"), ("/knots-1", "series"), ("/knots-4", "series")]
    assert first[3] == ("/rope", "similar")


def test_parts_of_a_series_come_before_what_the_author_pinned(engine_of: EngineOf) -> None:
    pinned = KNOTS["knots-4.md"].replace("---\n", "---\nrelated: [/rope, /knots-1]\n", 1)
    first = listed_with_rungs(
        engine_of(KNOTS | {"knots-4.md": pinned}), "/knots-4", RelatedOptions(series="first")
    )
    assert [path for path, _ in first] == ["/knots-3", "/knots-2", "/knots-1", "/rope"]
    assert first[-1] == ("/rope", "pinned")


def test_parts_of_a_series_can_be_left_out(engine_of: EngineOf) -> None:
    engine = engine_of(KNOTS)
    assert paths(engine, "/knots-2", RelatedOptions(series="excluded")) == ["/rope"]
    assert set(paths(engine, "/rope", RelatedOptions(series="excluded"))) == {
        f"/knots-{n}" for n in (1, 2, 3, 4)
    }


BOATS = {
    "boat.md": "---\ntitle: Building a boat\nlang: en\n---\nKeel, ribs, planks; pitch and oakum.\n",
    "boat.de.md": "---\ntitle: Ein Boot bauen\n---\nKiel, Spanten, Planken; pitch and oakum.\n",
    "pitch.md": "---\ntitle: Pitch\nlang: en\n---\nPitch and oakum keep water out of planks.\n",
    "pech.md": "---\ntitle: Pech\nlang: de\n---\nPitch and oakum: Planken bleiben dicht.\n",
    "tin.md": "---\ntitle: Tin\nlang: en\n---\nPitch dark mines.\n",
}


def test_of_translations_the_one_in_the_readers_language_is_listed(engine_of: EngineOf) -> None:
    engine = engine_of(BOATS)
    assert "/boat.de" not in paths(engine, "/pitch")
    assert "/boat" in paths(engine, "/pitch")
    assert "/boat" not in paths(engine, "/pech")
    assert "/boat.de" in paths(engine, "/pech")


def test_a_translation_of_the_post_itself_stands_behind_everything_else(
    engine_of: EngineOf,
) -> None:
    listed = paths(engine_of(BOATS), "/boat")
    assert listed[0] == "/pitch"
    assert listed[-1] == "/boat.de"


def test_a_translation_is_listed_where_its_language_is_asked_for(engine_of: EngineOf) -> None:
    listed = paths(engine_of(BOATS), "/pitch", RelatedOptions(langs=("de",)))
    assert set(listed) == {"/boat.de", "/pech"}
