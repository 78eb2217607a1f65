"""A text that is no post: its neighbors, and the tags and links that it deserves."""

import pytest

from search import Engine
from search.drafts import MAX_DRAFT_CHARS, Draft
from search.related_results import LinkSuggestion
from tests.engine_contract.conftest import EngineOf

TEXT = (
    "Our pump froze again. After repairing the old hand pump twice I looked at the valves.\n"
    "Next year we think of digging a really shallow well behind the barn, with an oak lid."
)


@pytest.fixture(scope="module")
def farm(engine_of: EngineOf) -> Engine:
    return engine_of("farm")


def test_the_posts_most_like_a_text_come_first_and_others_fill_the_list(farm: Engine) -> None:
    found = farm.related_to_text(TEXT)
    assert found.path is None
    assert [(post.path, post.rung) for post in found.related] == [
        ("/pump", "similar"),
        ("/well", "similar"),
        ("/fence", "similar"),
        ("/bees", "recent"),
        ("/hens", "recent"),
    ]
    assert "pump" in [reason.value.lower() for reason in found.related[0].reasons]
    assert [post.path for post in farm.related_to_text(TEXT, limit=2).related] == ["/pump", "/well"]


def test_tags_are_those_of_the_nearest_posts_but_none_of_a_single_post(farm: Engine) -> None:
    tags = farm.related_to_text(TEXT).tags
    assert [(tag.value, tag.posts) for tag in tags] == [("Water", 2), ("Tools", 2)]
    assert tags[0].score > tags[1].score
    assert not any(tag.is_mentioned for tag in tags)


def test_a_tag_whose_words_the_text_has_is_mentioned(farm: Engine) -> None:
    plain = {tag.value: tag for tag in farm.related_to_text("A hand pump.").tags}
    named = {tag.value: tag for tag in farm.related_to_text("A hand pump for water.").tags}
    assert (plain["Water"].is_mentioned, named["Water"].is_mentioned) == (False, True)
    assert named["Water"].score > plain["Water"].score


def test_tags_that_a_draft_has_are_not_suggested_in_any_letter_case(farm: Engine) -> None:
    found = farm.related_to_draft(Draft(TEXT, tags=("water",)))
    assert [tag.value for tag in found.tags] == ["Tools"]


def test_a_link_is_the_stretch_of_text_that_names_a_post(farm: Engine) -> None:
    base = "https://farm.example/site"
    assert set(farm.related_to_text(TEXT).links) == {
        LinkSuggestion(
            "/pump",
            f"{base}/pump",
            "Repairing a hand pump",
            "repairing the old hand pump",
            1.0,
        ),
        LinkSuggestion(
            "/well",
            f"{base}/well",
            "Digging a shallow well",
            "digging a really shallow well",
            1.0,
        ),
    }


@pytest.mark.parametrize(
    "apart", ["We went on digging\nA shallow\nwell", "Digging. Shallow! Well?"]
)
def test_a_name_is_not_put_together_from_two_sentences(farm: Engine, apart: str) -> None:
    assert "/well" not in [link.path for link in farm.related_to_text(apart).links]


def test_a_word_that_is_a_whole_title_is_no_name(farm: Engine) -> None:
    assert farm.related_to_text("Bees like the bees of bees.").links == ()


@pytest.mark.parametrize(
    "target",
    [
        "/pump",
        "/pump/",
        "/pump.html",
        "/pump#leather",
        "/pump?x=1",
        "https://farm.example/site/pump",
        "http://www.farm.example/site/pump/",
    ],
)
def test_what_a_draft_links_to_is_not_suggested_again(farm: Engine, target: str) -> None:
    found = farm.related_to_draft(Draft(TEXT, links=(target, "http://[no-address")))
    assert [link.path for link in found.links] == ["/well"]


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/pump", "https://elsewhere.example/site/pump"]
)
def test_a_link_to_another_site_is_none_to_a_post(farm: Engine, target: str) -> None:
    found = farm.related_to_draft(Draft(TEXT, links=(target,)))
    assert "/pump" in [link.path for link in found.links]


def test_a_published_draft_is_not_suggested_to_itself(farm: Engine) -> None:
    found = farm.related_to_draft(Draft(TEXT, path="/well"))
    assert "/well" not in [post.path for post in found.related]
    assert [link.path for link in found.links] == ["/pump"]
    anew = farm.related_to_draft(Draft("File every second tooth.", path="/saw"))
    assert anew.related[0].rung != "similar"
    assert anew.tags == (), "it does not vote for its own tags"


def test_a_path_of_no_post_leaves_nothing_out(farm: Engine) -> None:
    assert farm.related_to_draft(Draft(TEXT, path="/new")) == farm.related_to_text(TEXT)


def test_the_title_of_a_draft_counts_as_its_name(farm: Engine) -> None:
    plain = farm.related_to_draft(Draft("Notes to be written."))
    titled = farm.related_to_draft(Draft("Notes to be written.", title="Oak rails"))
    assert titled.related[0].path == "/fence"
    assert (titled.related[0].rung, plain.related[0].rung) == ("similar", "recent")


def test_the_tags_of_a_draft_count_too(farm: Engine) -> None:
    tagged = farm.related_to_draft(Draft("Notes to be written.", tags=("animals",)))
    assert {post.path for post in tagged.related[:2]} == {"/bees", "/hens"}
    assert {post.rung for post in tagged.related[:2]} == {"similar"}
    assert tagged.related[0].reasons[0].kind == "tag"


def test_a_draft_in_another_language_is_read_in_it(engine_of: EngineOf) -> None:
    engine = engine_of("languages")
    first = engine.related_to_draft(Draft("Das Haus, das wir gebaut haben", lang="de")).related[0]
    assert (first.path, first.rung) == ("/de", "similar")


def test_a_long_text_is_cut_and_says_so(farm: Engine) -> None:
    found = farm.related_to_text("pump " * MAX_DRAFT_CHARS)
    assert found.notices == (f"Only the first {MAX_DRAFT_CHARS} characters of the text were read.",)
    assert found.related[0].path == "/pump"


@pytest.mark.parametrize(
    "text", ["", " " * 9_000, "x" * MAX_DRAFT_CHARS, "🌊" * 50_000, "水井" * 50_000, "\ud800\0\n"]
)
def test_any_text_is_answered(farm: Engine, text: str) -> None:
    found = farm.related_to_text(text)
    assert len(found.related) == 5
    assert found.links == ()


def test_tags_and_links_are_told_for_texts_alone(farm: Engine) -> None:
    assert {"tags", "links"} <= farm.related_to_text(TEXT).as_json().keys()
    assert not {"tags", "links"} & farm.related("/pump").as_json().keys()
