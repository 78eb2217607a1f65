"""Posts as they are stored, how alike their texts are, and what an engine says of itself."""

from datetime import datetime

import pytest

from search import Engine
from search.errors import PostNotFoundError
from search.results import PostDetails, SectionRef, SeriesPlace, SeriesPost
from tests.engine_contract.conftest import EngineOf, Host
from tests.engine_contract.ledger import ENTRIES
from tests.engine_contract.sites import HARBOR


def test_a_post_has_all_its_fields(harbor: Engine) -> None:
    assert harbor.post("/lighthouse") == PostDetails(
        path="/lighthouse",
        url="https://harbor.example/lighthouse",
        title="The lighthouse",
        date="2024-03-01",
        updated="2024-04-05",
        summary="How the tower came to its lamp.",
        image="/img/tower.png",
        tags=("Light", "Navigation"),
        categories=("Harbor",),
        authors=("Ada Quay",),
        lang="en",
        external_url="",
        featured=False,
        popular=False,
        series=None,
        sections=(SectionRef("The lens", "the-lens"), SectionRef("The keeper", "the-keeper")),
        html="<p>The lamp turns all night above the harbor mouth. Ships from the sea look for it."
        '</p>\n<h2 id="the-lens">The lens</h2>\n<p>A lens of ground glass throws the beam thirty '
        "miles. Brass polish keeps the lens bright.</p>\n"
        '<h2 id="the-keeper">The keeper</h2>\n<p>The keeper climbs a spiral stair at dusk, trims '
        "the lamp, and logs each ship that passes.</p>\n",
    )


def test_a_post_without_fields_has_empty_ones(harbor: Engine) -> None:
    post = harbor.post("/glossary")
    assert (post.date, post.updated, post.summary, post.image) == (None, None, "", "")
    assert (post.tags, post.categories, post.authors, post.lang) == ((), (), (), "")
    assert (post.series, post.sections, post.external_url) == (None, (), "")


def test_marks_and_addresses_of_a_post(harbor: Engine) -> None:
    assert (harbor.post("/visit").popular, harbor.post("/visit").featured) == (True, False)
    assert (harbor.post("/storm").popular, harbor.post("/storm").featured) == (False, True)
    chart = harbor.post("/chart")
    assert chart.url == chart.external_url == "https://charts.example/bay"
    assert harbor.post("/lighthouse.de").lang == "de"
    assert harbor.post("/markup").title == "<b>Locks</b> & gates"
    assert "<sluice>" not in harbor.post("/markup").html


@pytest.mark.parametrize(
    "path",
    [
        "/lighthouse",
        "lighthouse",
        "/lighthouse/",
        "lighthouse/",
        "/old/tower",
        "beacon",
        "/beacon/",
    ],
)
def test_a_post_is_found_by_its_path_and_its_aliases(harbor: Engine, path: str) -> None:
    assert harbor.post(path).path == "/lighthouse"
    assert harbor.related(path).path == "/lighthouse"
    assert harbor.recommend([path]).history == ("/lighthouse",)
    assert harbor.near_duplicates(path) == harbor.near_duplicates("/lighthouse")


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/lighthous", "/lighthouse"),
        ("/fog-horns", "/fog-horn"),
        ("/relase", "/release"),
    ],
)
def test_an_unknown_path_names_the_nearest_known_ones(
    harbor: Engine, path: str, nearest: str
) -> None:
    for ask in (harbor.post, harbor.related, harbor.near_duplicates):
        with pytest.raises(PostNotFoundError) as raised:
            ask(path)
        assert raised.value.path == path
        assert raised.value.nearest[0] == nearest
        assert len(raised.value.nearest) <= 3
        assert path in str(raised.value)
    with pytest.raises(PostNotFoundError):
        harbor.text_cosines(["/lighthouse", path])


@pytest.mark.parametrize(
    "path", ["", "/", "/draft", "/xyz", "x" * 10_000, "/\0", "/\ud800", "/%2e", "/?a=b", "/a\nb"]
)
def test_any_path_that_no_post_has_is_not_found(harbor: Engine, path: str) -> None:
    with pytest.raises(PostNotFoundError) as raised:
        harbor.post(path)
    assert len(str(raised.value)) < 500


def test_a_post_tells_its_place_in_its_series(harbor: Engine, engine_of: EngineOf) -> None:
    base = "https://harbor.example"
    assert harbor.post("/knots-2").series == SeriesPlace(
        name="Knots",
        part=2,
        parts=3,
        previous=SeriesPost("/knots-1", f"{base}/knots-1", "Knots, part 1"),
        next=SeriesPost("/knots-3", f"{base}/knots-3", "Knots, part 3"),
    )
    knots = engine_of("knots")
    first, last = knots.post("/knots-1").series, knots.post("/knots-4").series
    assert first
    assert last
    assert (first.part, first.parts, first.previous) == (1, 4, None)
    assert (last.part, last.parts, last.next) == (4, 4, None)
    assert knots.post("/reefing").series == SeriesPlace(
        "Sails", 2, 2, previous=SeriesPost("/pinning", "/pinning", "Sailing"), next=None
    )
    assert knots.post("/lone").series is None


def test_all_paths_are_there_in_order(harbor: Engine, ledger: Engine) -> None:
    expected = sorted(f"/{name.removesuffix('.md')}" for name in HARBOR if name != "draft.md")
    assert list(harbor.paths()) == expected
    assert list(ledger.paths()) == [entry.path for entry in ENTRIES]


def test_every_post_can_be_asked_for(harbor: Engine) -> None:
    for path in harbor.paths():
        post = harbor.post(path)
        assert post.path == path
        assert post.html


def test_recent_posts_come_newest_first_and_undated_ones_last(
    harbor: Engine, ledger: Engine
) -> None:
    recent = harbor.recent(limit=100)
    assert [post.path for post in recent] == [
        "/visit", "/lighthouse.de", "/lighthouse", "/fog-horn", "/release", "/bindings",
        "/kube-proxy", "/chart", "/pilot", "/pinned", "/todai", "/knots-3", "/knots-2", "/knots-1",
        "/markup", "/dredging", "/gulls-2", "/gulls-1", "/storm", "/glossary",
    ]  # fmt: skip
    newest = sorted((e for e in ENTRIES if e.day), key=lambda e: str(e.day), reverse=True)
    assert [post.path for post in ledger.recent(limit=7)] == [e.path for e in newest[:7]]


def test_recent_posts_are_without_their_bodies(harbor: Engine) -> None:
    for post in harbor.recent(limit=5):
        assert (post.html, post.sections) == ("", ())
        whole = harbor.post(post.path)
        assert (post.title, post.series, post.tags) == (whole.title, whole.series, whole.tags)


@pytest.mark.parametrize(("limit", "count"), [(0, 0), (-2, 0), (1, 1), (100, 100), (10_000, 100)])
def test_recent_posts_are_bounded(ledger: Engine, limit: int, count: int) -> None:
    assert len(ledger.recent(limit=limit)) == count


def test_near_duplicates_come_most_alike_first_with_their_cosines(engine_of: EngineOf) -> None:
    village = engine_of("village")
    found = village.near_duplicates("/mill")
    assert [path for path, _ in found] == ["/mill-1", "/mill-2"]
    cosines = village.text_cosines(["/mill", "/mill-1", "/mill-2"])[0]
    assert [cosine for _, cosine in found] == pytest.approx(cosines[1:], abs=1e-3)
    assert 1 > found[0][1] > found[1][1] >= 0.9
    assert list(village.near_duplicates("/oven")) == []


def test_the_parts_of_a_series_are_no_near_duplicates(engine_of: EngineOf) -> None:
    assert list(engine_of("knots").near_duplicates("/knots-3")) == []


def test_text_cosines_are_of_each_with_each_in_their_order(engine_of: EngineOf) -> None:
    village = engine_of("village")
    paths = ["/oven", "mill/", "/other", "/mill-1"]
    cosines = village.text_cosines(paths)
    assert [len(row) for row in cosines] == [4] * 4
    for at, row in enumerate(cosines):
        assert row[at] == pytest.approx(1, abs=1e-3)
        assert row == pytest.approx([other[at] for other in cosines], abs=1e-4)
    assert cosines[1][3] > 0.9 > cosines[0][1] > 0
    assert cosines[0][2] == 0
    assert list(village.text_cosines([])) == []
    assert village.text_cosines(["/oven"])[0] == pytest.approx([1], abs=1e-3)


def test_the_status_tells_what_answers(harbor: Engine, ledger: Engine, host: Host) -> None:
    status = harbor.status()
    assert (status.posts, status.engine) == (20, host.kind)
    assert (status.fallback_reason, status.is_fallback) == (None, False)
    assert datetime.fromisoformat(status.created_at).tzinfo is not None
    assert ledger.status().posts == 200
    assert ledger.status().generation != status.generation


def test_every_answer_names_the_generation_that_it_came_from(harbor: Engine) -> None:
    answers = (
        harbor.search("lamp"),
        harbor.search("xqzw"),
        harbor.suggest("lamp"),
        harbor.related("/lighthouse"),
        harbor.recommend(["/lighthouse"]),
        harbor.recommend([]),
        harbor.related_to_text("a lamp"),
    )
    assert {answer.generation for answer in answers} == {harbor.status().generation}
