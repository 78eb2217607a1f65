"""A text that is no post: its neighbours, and the tags and links that it deserves."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build_index
from search import Engine, open_engine
from search.drafts import MAX_DRAFT_CHARS, Draft
from search.embedded.suggested_links import MAX_SUGGESTED_LINKS
from search.embedded.suggested_tags import MAX_SUGGESTED_TAGS

EngineOf = Callable[[Mapping[str, str]], Engine]

SITE = {
    "pump.md": "---\ntitle: Repairing a hand pump\ntags: [Water, Tools]\n---\n"
    "The leather of the pump wears out first. Valves stick in winter.\n",
    "well.md": "---\ntitle: Digging a shallow well\ntags: [Water]\n---\n"
    "A pump on the well saves the back. Line it with brick; valves keep water up.\n",
    "saw.md": "---\ntitle: Sharpening saws\ntags: [Tools, Wood]\n---\nFile every second tooth.\n",
    "fence.md": "---\ntitle: Split oak fences\ntags: [Wood, Oak]\n---\nRails of oak last.\n",
    "bees.md": "---\ntitle: Bees\ntags: [Animals]\n---\nThey swarm in May.\n",
    "hens.md": "---\ntitle: Hens in winter\ntags: [Animals]\n---\nHens lay less in the dark.\n",
}

TEXT = (
    "Our pump froze again. After repairing the old hand pump twice I looked at the valves.\n"
    "Next year we think of digging a really shallow well behind the barn, with an oak lid."
)


@pytest.fixture
def engine(engine_of: EngineOf) -> Engine:
    return engine_of(SITE)


def test_the_posts_most_like_a_draft_come_first(engine: Engine) -> None:
    found = engine.related_to_text(TEXT, limit=2)
    assert {post.path for post in found.related} == {"/pump", "/well"}
    assert all(post.rung == "similar" for post in found.related)


def test_tags_are_those_of_the_nearest_posts_but_none_of_a_single_post(engine: Engine) -> None:
    tags = engine.related_to_text(TEXT).tags
    assert [tag.value for tag in tags][:2] == ["Water", "Tools"]
    assert "Oak" not in [tag.value for tag in tags], "one post has it: no subject of the site"
    assert tags[0].posts == 2
    assert [tag.score for tag in tags] == sorted((tag.score for tag in tags), reverse=True)


def test_tags_that_a_draft_has_are_not_suggested_in_any_letter_case(engine: Engine) -> None:
    found = engine.related_to_draft(Draft(TEXT, tags=("water",)))
    assert "Water" not in [tag.value for tag in found.tags]


def test_a_link_is_the_stretch_of_text_that_names_a_post(engine: Engine) -> None:
    links = engine.related_to_text(TEXT).links
    assert {link.path: link.text for link in links} == {
        "/pump": "repairing the old hand pump",
        "/well": "digging a really shallow well",
    }
    assert all(link.text in TEXT and link.score == 1.0 for link in links)


@pytest.mark.parametrize(
    "apart", ["We went on digging\nA shallow\nwell", "Digging. Shallow! Well?"]
)
def test_a_name_is_not_put_together_from_two_sentences(engine: Engine, apart: str) -> None:
    assert "/well" not in [link.path for link in engine.related_to_text(apart).links]


def test_a_word_that_is_a_whole_title_is_no_name(engine: Engine) -> None:
    assert engine.related_to_text("Bees like the bees of bees.").links == ()


@pytest.mark.parametrize(
    "target",
    ["/pump", "/pump/", "https://example.org/pump", "/pump.html", "/pump#leather", "/pump?x=1"],
)
def test_what_a_draft_links_to_is_not_suggested_again(engine: Engine, target: str) -> None:
    found = engine.related_to_draft(Draft(TEXT, links=(target, "http://[no-address")))
    assert [link.path for link in found.links] == ["/well"]


@pytest.mark.parametrize(
    ("target", "is_link"),
    [
        ("https://example.org/site/pump", True),
        ("http://www.example.org/site/pump/", True),
        ("/pump", True),
        ("https://elsewhere.net/pump", False),
        ("https://elsewhere.net/site/pump", False),
    ],
)
def test_a_link_to_another_site_is_none_to_a_post(
    engine_of: EngineOf, tmp_path: Path, target: str, is_link: bool
) -> None:
    engine_of(SITE)
    engine = open_engine(tmp_path / "index", base_url="https://example.org/site")
    found = engine.related_to_draft(Draft(TEXT, links=(target,))).links
    assert ("/pump" not in [link.path for link in found]) == is_link


def test_a_published_draft_is_not_suggested_to_itself(engine: Engine) -> None:
    found = engine.related_to_draft(Draft(TEXT, path="/well"))
    assert "/well" not in [post.path for post in found.related]
    assert [link.path for link in found.links] == ["/pump"]
    anew = engine.related_to_draft(Draft("File every second tooth.", path="/saw"))
    assert anew.related[0].rung != "similar"
    assert anew.tags == (), "it does not vote for its own tags"


def test_a_path_of_no_post_leaves_nothing_out(engine: Engine) -> None:
    assert engine.related_to_draft(Draft(TEXT, path="/new")) == engine.related_to_text(TEXT)


def test_no_two_links_share_a_word(engine_of: EngineOf) -> None:
    engine = engine_of(
        SITE | {"again.md": "---\ntitle: Repairing old hand pumps\n---\nOnce more.\n"}
    )
    links = engine.related_to_text(TEXT).links
    assert len([link for link in links if "hand pump" in link.text]) == 1


def test_the_title_of_a_draft_counts_as_its_name(engine: Engine) -> None:
    plain = engine.related_to_draft(Draft("Notes to be written."))
    titled = engine.related_to_draft(Draft("Notes to be written.", title="Oak rails"))
    assert titled.related[0].path == "/fence"
    assert (titled.related[0].rung, plain.related[0].rung) == ("similar", "recent")


def test_a_draft_in_another_language_is_read_in_it(engine_of: EngineOf) -> None:
    german = {
        "brot.md": "---\ntitle: Brote backen\nlang: de\n---\nIch backe gern mit Roggen.\n",
        "tee.md": "---\ntitle: Tee\nlang: de\n---\nHeiß.\n",
    }
    engine = engine_of(SITE | german)
    first = engine.related_to_draft(Draft("Gebackenes Brot", lang="de")).related[0]
    assert (first.path, first.rung) == ("/brot", "similar")


def test_a_long_text_is_cut_and_says_so(engine: Engine) -> None:
    found = engine.related_to_text("pump " * MAX_DRAFT_CHARS)
    assert found.notices == (f"Only the first {MAX_DRAFT_CHARS} characters of the text were read.",)
    assert found.related[0].path == "/pump"


@pytest.mark.parametrize(
    "text", ["", " " * 9_000, "x" * MAX_DRAFT_CHARS, "🌊" * 50_000, "水井" * 50_000, "\ud800\0\n"]
)
def test_any_text_is_answered(engine: Engine, text: str) -> None:
    found = engine.related_to_text(text)
    assert len(found.related) == 5
    assert found.links == ()


def test_half_a_character_in_a_tag_is_passed_over(engine: Engine) -> None:
    found = engine.related_to_draft(Draft("A pump for the well.", tags=("\ud800",)))
    assert found.related == engine.related_to_text("A pump for the well.").related


words = st.sampled_from(
    "pump well hand repairing digging a shallow oak fences split \n bees".split()
)


@given(st.lists(st.one_of(words, st.text(max_size=8)), max_size=30).map(" ".join))
def test_suggestions_are_few_sound_and_from_the_text(built: Path, text: str) -> None:
    engine = open_engine(built)
    found = engine.related_to_text(text)
    assert len(found.tags) <= MAX_SUGGESTED_TAGS
    assert len(found.links) <= MAX_SUGGESTED_LINKS
    assert len({link.path for link in found.links}) == len(found.links)
    assert all(link.text and link.text in text and "\n" not in link.text for link in found.links)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("farm")
    (folder / "posts").mkdir()
    for name, text in SITE.items():
        (folder / "posts" / name).write_text(text, encoding="utf-8")
    build_index(folder / "posts", folder / "index")
    return folder / "index"


def test_tags_and_links_are_told_for_texts_alone(engine: Engine) -> None:
    assert {"tags", "links"} <= engine.related_to_text(TEXT).as_json().keys()
    assert not {"tags", "links"} & engine.related("/pump").as_json().keys()
