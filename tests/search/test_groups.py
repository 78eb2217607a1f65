"""Series and translations of a real index, as those who make answers ask for them."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.report import BuildReport
from search import open_engine
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.snapshot import Snapshot
from search.results import SeriesPlace, SeriesPost

Build = Callable[[Mapping[str, str]], BuildReport]

SITE = {
    "b.md": "---\ntitle: Knots, part 3\ndate: 2024-01-01\n---\nA bowline.\n",
    "c.md": "---\ntitle: Knots, part 2\ndate: 2024-01-02\n---\nA hitch.\n",
    "d.md": "---\ntitle: Oak\ndate: 2024-01-03\nseries: [The boat]\nseries_order: 2\n---\nKeel.\n",
    "a.md": "---\ntitle: Ash\ndate: 2024-01-04\nseries: the boat\nseries_order: 10\n---\nOars.\n",
    "e.md": "---\ntitle: Elm\nseries: The boat\nexternal_url: https://x.example/elm\n---\n",
    "fog.md": "---\ntitle: Fog\nlang: en\n---\nGray.\n",
    "fog.de.md": "---\ntitle: Nebel\n---\nGrau.\n",
    "fr/fog.md": "---\ntitle: Brume\nlang: fr\n---\nGrise.\n",
    "lone.md": "---\ntitle: Lone\nseries: Nothing else\n---\nAlone.\n",
}
PATHS = sorted("/" + name.removesuffix(".md") for name in SITE)


@pytest.fixture
def snapshot(build: Build, tmp_path: Path) -> Snapshot:
    assert build(SITE).problems == ()
    return GenerationSnapshot.open(tmp_path / "index")


def test_members_of_a_series_come_in_the_order_of_its_parts(snapshot: Snapshot) -> None:
    def members(path: str) -> list[str]:
        return [PATHS[docnum] for docnum in snapshot.series.members(PATHS.index(path))]

    assert members("/b") == members("/c") == ["/c", "/b"]
    assert members("/a") == members("/d") == members("/e") == ["/d", "/a", "/e"]
    assert members("/lone") == members("/fog") == []


def test_members_of_translations_are_in_the_order_of_their_paths(snapshot: Snapshot) -> None:
    for path in ("/fog", "/fog.de", "/fr/fog"):
        members = snapshot.translations.members(PATHS.index(path))
        assert [PATHS[docnum] for docnum in members] == ["/fog", "/fog.de", "/fr/fog"]
    assert snapshot.translations.members(PATHS.index("/a")) == []


def test_the_same_are_the_others_of_the_group(snapshot: Snapshot) -> None:
    for groups in (snapshot.series, snapshot.translations):
        for docnum in range(len(PATHS)):
            others = set(groups.members(docnum)) - {docnum}
            assert set(groups.same(docnum).nonzero()[0].tolist()) == others
            assert bool(groups.group_of[docnum] >= 0) == bool(others)


def test_a_series_has_a_name_and_its_parts_numbers(snapshot: Snapshot) -> None:
    series = snapshot.series
    told = {path: (series.name(at), series.part(at)) for at, path in enumerate(PATHS)}
    assert told["/c"] == ("Knots", 2)
    assert told["/b"] == ("Knots", 3)
    assert [told[path] for path in ("/d", "/a", "/e")] == [("The boat", at) for at in (1, 2, 3)]
    assert told["/lone"] == told["/fog"] == ("", 0)


def test_a_site_without_any_groups_opens(build: Build, tmp_path: Path) -> None:
    build({"a.md": "# A\n\nText.\n"})
    snapshot = GenerationSnapshot.open(tmp_path / "index")
    assert snapshot.series.members(0) == snapshot.translations.members(0) == []
    assert not snapshot.series.same(0).any()


def test_a_post_tells_its_place_in_its_series(build: Build, tmp_path: Path) -> None:
    build(SITE)
    engine = open_engine(tmp_path / "index", base_url="https://boats.example")
    assert engine.post("/a").series == SeriesPlace(
        name="The boat",
        part=2,
        parts=3,
        previous=SeriesPost("/d", "https://boats.example/d", "Oak"),
        next=SeriesPost("/e", "https://x.example/elm", "Elm"),
    )
    assert engine.post("/lone").series is None
    last = engine.post("/b").series
    assert last
    assert (last.part, last.parts, last.next) == (3, 3, None)
    recent = {details.path: details.series for details in engine.recent()}
    assert recent["/b"] == last
