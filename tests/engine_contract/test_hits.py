"""What a hit says: its section, its extract, its marks, its fields, and how its score came about."""

import re
from html import unescape

import pytest

from search import Engine
from search.engine import SearchOptions
from search.results import Hit, SectionLink, SectionRef
from tests.engine_contract.conftest import EngineOf
from tests.engine_contract.sites import HARBOR


def first(engine: Engine, query: str) -> Hit:
    return engine.search(query).hits[0]


def test_a_hit_has_the_fields_of_its_post(harbor: Engine) -> None:
    hit = first(harbor, "lighthouse")
    assert (hit.path, hit.title, hit.date) == ("/lighthouse", "The lighthouse", "2024-03-01")
    assert (hit.summary, hit.image) == ("How the tower came to its lamp.", "/img/tower.png")
    assert (hit.tags, hit.categories) == (("Light", "Navigation"), ("Harbor",))
    assert (hit.authors, hit.missing) == (("Ada Quay",), ())
    assert hit.url == "https://harbor.example/lighthouse"
    undated = first(harbor, "words of the harbor")
    assert (undated.date, undated.tags, undated.authors) == (None, (), ())


@pytest.mark.parametrize(
    ("query", "section"),
    [
        ("brass polish", SectionRef("The lens", "the-lens")),
        ("spiral dusk", SectionRef("The keeper", "the-keeper")),
        ("harbor mouth", SectionRef("", "")),  # before any heading
        ("strict", SectionRef("Flags", "flags")),  # code answers where prose does not
        ("Linse Glas", SectionRef("Die Linse", "die-linse")),
        ("max_open_files agent hosts", SectionRef("Files", "files")),
    ],
)
def test_a_hit_has_the_section_that_answers_and_opens_there(
    harbor: Engine, query: str, section: SectionRef
) -> None:
    hit = first(harbor, query)
    assert hit.section == section
    page, _, anchor = hit.url.partition("#")
    assert (page, anchor) == (f"https://harbor.example{hit.path}", section.anchor)


def test_other_sections_that_are_about_it_follow_the_best_first(engine_of: EngineOf) -> None:
    base = "https://aloe.example/site/aloe#"
    hit = first(engine_of("aloe"), "water")
    assert hit.section == SectionRef("Water and pots", "water-and-pots")
    assert hit.other_sections == (
        SectionLink("Watering in summer", "watering-in-summer", base + "watering-in-summer"),
        SectionLink("Watering in winter", "watering-in-winter", base + "watering-in-winter"),
    )


def test_a_section_that_only_mentions_it_is_no_other_one(engine_of: EngineOf) -> None:
    engine = engine_of("aloe")
    assert first(engine, "light").other_sections == ()
    hit = first(engine, "summer week watering")
    assert (hit.section.anchor, hit.other_sections) == ("watering-in-summer", ())


def test_a_post_that_points_elsewhere_opens_there(harbor: Engine) -> None:
    hit = first(harbor, "soundings of the bay")
    assert (hit.path, hit.url) == ("/chart", "https://charts.example/bay")
    assert hit.other_sections == ()


def test_the_base_url_is_the_builds_unless_another_is_given(engine_of: EngineOf) -> None:
    given = engine_of("harbor", base_url="https://other.example")
    relative = engine_of("harbor", base_url="")
    assert first(given, "lens").url == "https://other.example/lighthouse#the-lens"
    assert first(relative, "lens").url == "/lighthouse#the-lens"


@pytest.mark.parametrize(
    ("query", "snippet"),
    [
        (
            "lens",
            (
                "A <mark>lens</mark> of ground glass throws the beam thirty miles. Brass polish keeps "
                "the <mark>lens</mark> bright."
            ),
        ),
        ("strict", "agent --dry-run --kube-proxy-replacement=<mark>strict</mark>"),
        (
            "sluice",
            (
                "The <mark>sluice</mark> checks a &lt; b &amp;&amp; c &gt; d before it turns. "
                "The &lt;<mark>sluice</mark>&gt; hums."
            ),
        ),
        ("kube-proxy", "We run without <mark>kube-proxy</mark> now."),
        ('"clove hitch"', "A <mark>clove</mark> <mark>hitch</mark> ties a rope to a bollard."),
        ("日本語", "古い灯台は港を照らす。<mark>日本語</mark>の検索を試す。"),
        ("strassenrand", None),
        # The match is in the title alone: the summary speaks, or else the text.
        ("lighthouse", "How the tower came to its lamp."),
        ("leuchtturm", None),
    ],
)
def test_a_snippet_is_escaped_and_has_its_matches_marked(
    harbor: Engine, query: str, snippet: str | None
) -> None:
    found = first(harbor, query).snippet_html
    if snippet is None:
        assert found.startswith("Die Lampe dreht sich die ganze Nacht.")
    else:
        assert found == snippet


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("locks gates", "&lt;b&gt;<mark>Locks</mark>&lt;/b&gt; &amp; <mark>gates</mark>"),
        ("lighthouse", "The <mark>lighthouse</mark>"),
        ("kube-proxy", "Replacing <mark>kube-proxy</mark>"),
        ("proxy", "Replacing <mark>kube-proxy</mark>"),
        ("灯台", "<mark>灯台</mark>の歴史"),
        ("C++", "Bindings in <mark>C++</mark>"),
        ("v1.14.3", "Release <mark>v1.14.3</mark>"),
        ("lens", "The lighthouse"),
        ("knot hitch", "<mark>Knots</mark>, part 2"),
    ],
)
def test_a_title_is_escaped_and_has_its_matches_marked(
    harbor: Engine, query: str, title: str
) -> None:
    assert first(harbor, query).title_html == title


def test_a_corrected_word_is_marked_too(harbor: Engine) -> None:
    assert first(harbor, "lihgthouse").title_html == "The <mark>lighthouse</mark>"


def test_a_snippet_of_a_long_text_has_whole_words_around_the_densest_matches(
    engine_of: EngineOf,
) -> None:
    hit = first(engine_of("village"), "tarred sieves bran")
    assert hit.snippet_html.startswith("…")
    assert hit.snippet_html.endswith("…")
    plain = re.sub("</?mark>", "", hit.snippet_html).strip("…")
    text = engine_of("village").post(hit.path).html
    assert plain in text
    assert len(plain.split()) == 30
    before, _, after = text.partition(plain)
    assert not (before[-1] + plain[0]).isalnum()
    assert not (plain[-1] + after[0]).isalnum()
    assert set(re.findall("<mark>(.*?)</mark>", hit.snippet_html)) == {"tarred", "sieves", "bran"}


def test_snippets_and_titles_have_no_markup_but_marks(harbor: Engine) -> None:
    words = sorted(set(re.findall(r"\w{3,}", " ".join(HARBOR.values()))))
    for word in words[::3]:
        for hit in harbor.search(word, limit=50).hits:
            for html in (hit.title_html, hit.snippet_html):
                bare = re.sub("</?mark>", "", html)
                assert "<" not in bare, (word, html)
                assert ">" not in bare, (word, html)
                assert html.count("<mark>") == html.count("</mark>")
                assert "<mark></mark>" not in html
            assert unescape(re.sub("</?mark>", "", hit.title_html)) == hit.title


def test_the_parts_of_an_explanation_add_up_to_the_score(harbor: Engine, ledger: Engine) -> None:
    for engine, query in (
        (harbor, "lighthouse"),
        (harbor, "the lighthouse"),
        (harbor, "gulls"),
        (harbor, "lamp silt"),
        (harbor, "opening hours"),
        (harbor, '"clove hitch" OR silt'),
        (harbor, "lihgthouse keeper"),
        (ledger, "brig pepper"),
        (ledger, "anchorage copper"),
    ):
        results = engine.search(query, options=SearchOptions(explains=True))
        assert results.hits
        for hit in results.hits:
            assert sum(hit.explanation.values()) == pytest.approx(hit.score, rel=1e-6), query
            assert all(hit.explanation.values()), "a part that is 0 is none"


def test_an_explanation_tells_the_words_score_field_by_field(harbor: Engine) -> None:
    options = SearchOptions(explains=True)
    (title_only,) = (
        hit
        for hit in harbor.search("lighthouse", options=options).hits
        if hit.path == "/lighthouse"
    )
    assert {"title", "address"} <= title_only.explanation.keys()
    assert not {"body", "tags", "code"} & title_only.explanation.keys()
    in_code = harbor.search("strict", options=options).hits[0].explanation
    assert "code" in in_code
    in_tags = harbor.search("navigation", options=options).hits
    assert all("tags" in hit.explanation for hit in in_tags)
    in_heading = harbor.search("lens", options=options).hits[0].explanation
    assert {"headings", "body"} <= in_heading.keys()


def test_an_explanation_names_what_lifts_a_hit(harbor: Engine) -> None:
    options = SearchOptions(explains=True)
    assert harbor.search("opening hours", options=options).hits[0].explanation["pin"] > 0
    boosted = harbor.search("gulls", options=options).hits[0]
    assert (boosted.path, boosted.explanation["boost"] > 0) == ("/gulls-1", True)
    titled = harbor.search("the lighthouse", options=options).hits[0]
    assert titled.explanation["exact_title"] > 0
    together = harbor.search("fog horn", options=options).hits[0]
    assert together.explanation["proximity"] > 0


def test_without_being_asked_for_there_is_no_explanation(harbor: Engine) -> None:
    assert all(hit.explanation == {} for hit in harbor.search("lamp").hits)
    assert "explanation" not in harbor.search("lamp").as_json()["hits"][0]


def test_scores_fall_and_an_answer_is_the_same_twice(harbor: Engine, ledger: Engine) -> None:
    for engine, query in ((harbor, "lamp harbor"), (ledger, "brig"), (ledger, "sloop anchorage")):
        once, again = (engine.search(query, limit=100) for _ in range(2))
        assert once.hits == again.hits
        assert once.facets == again.facets
        scores = [round(hit.score, 6) for hit in once.hits]
        assert scores == sorted(scores, reverse=True)
