"""Searching the garden: which posts, in which whole order, and why."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Engine
from search.engine import Filters, SearchOptions
from search.results import SearchResults

EngineOf = Callable[[Mapping[str, str]], Engine]


def paths(results: SearchResults) -> list[str]:
    return [hit.path for hit in results.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # A post whose title is the query is first, however often others say it.
        ("compost", ["/compost", "/soil", "/roses"]),
        ("worms", ["/worms", "/soil"]),
        # All words are wanted, in any order and any form; posts that lack one come after.
        ("soil worm", ["/soil", "/worms", "/compost"]),
        ("feeding compost", ["/soil", "/roses", "/compost"]),
        # Stop words are not.
        ("the hive of the garden", ["/bees"]),
        # A phrase is side by side.
        ('"hot heap"', ["/compost"]),
        ('"heap hot"', []),
        # Without, and either.
        ("compost -soil", ["/roses"]),
        ("castings OR hoe", ["/undated", "/worms"]),
        # Fields.
        ("tag:soil", ["/compost", "/soil"]),
        ("TAG:WORMS", ["/worms", "/soil"]),
        ("author:ada category:basics", ["/compost", "/soil"]),
        ("title:roses", ["/roses"]),
        ("after:2024", ["/compost", "/bees"]),
        ("before:2023-06", ["/soil", "/roses"]),
        ("-compost", ["/bees", "/worms", "/undated"]),
        # Mere signs ask for nothing: alone they find nothing, beside words they do not matter.
        ("*", []),
        ('"!!" ??', []),
        ("compost *", ["/compost", "/soil", "/roses"]),
        ("castings OR *", ["/worms"]),
        ('castings -"!!"', ["/worms"]),
        # An unknown field is text.
        ("month:hoe", []),
        # Identifiers, whole and in parts, in any spelling.
        ("kube-trellis", ["/roses"]),
        ("kubetrellis", ["/roses"]),
        ("kubeTrellis", ["/roses"]),
        ("trellis", ["/roses"]),
        ("1.14.3", ["/roses"]),
        ("v1.14", ["/roses"]),
        # The author's own words for finding it.
        ("apiary", ["/bees"]),
        # A pinned query finds its post, whether the words are there or not.
        ("Pollination", ["/bees"]),
    ],
)
def test_finds_in_this_order(garden: Engine, query: str, expected: list[str]) -> None:
    assert paths(garden.search(query)) == expected


def test_ties_go_to_the_newest_then_to_the_path(engine_of: EngineOf) -> None:
    same = "---\ntitle: Fern\ndate: {}\n---\nGreen.\n"
    engine = engine_of(
        {
            "b.md": same.format("2022-01-01"),
            "a.md": same.format("2022-01-01"),
            "c.md": same.format("2023-01-01"),
            "d.md": "---\ntitle: Fern\n---\nGreen.\n",
        }
    )
    assert paths(engine.search("fern")) == ["/c", "/a", "/b", "/d"]


def test_dates_sort_with_undated_posts_last(garden: Engine) -> None:
    newest = garden.search("spade OR roses", options=SearchOptions(sort="newest"))
    oldest = garden.search("spade OR roses", options=SearchOptions(sort="oldest"))
    assert paths(newest) == ["/bees", "/soil", "/roses", "/undated"]
    assert paths(oldest) == ["/roses", "/soil", "/bees", "/undated"]


def test_each_hit_names_the_words_that_it_lacks(garden: Engine) -> None:
    results = garden.search("soil worm")
    lacking = {"/soil": (), "/worms": ("soil",), "/compost": ("worm",)}
    assert {hit.path: hit.missing for hit in results.hits} == lacking
    assert results.missing == ()
    shown = {hit["path"]: hit.get("missing", ()) for hit in results.as_json()["hits"]}
    assert {path: tuple(words) for path, words in shown.items()} == lacking


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # No post has the word, but words begin so.
        ("comp", ["/compost", "/soil", "/roses"]),
        ("castin", ["/worms"]),
        # In no title, heading or label: readers may have stopped typing.
        ("cast", ["/worms"]),
        # Two letters are no beginning, and neither is what is quoted or excluded.
        ("co", []),
        ('"comp"', []),
        ("scraps -comp", ["/worms", "/compost"]),
    ],
)
def test_a_word_that_no_post_has_may_be_a_beginning(
    garden: Engine, query: str, expected: list[str]
) -> None:
    results = garden.search(query)
    assert (paths(results), results.corrected) == (expected, None)


def test_a_word_that_no_post_has_is_named_as_missing(garden: Engine) -> None:
    results = garden.search("compost zeppelin")
    assert results.missing == ("zeppelin",)
    assert results.corrected is None
    assert paths(results) == ["/compost", "/soil", "/roses"]


def test_where_no_post_has_all_words_the_best_hits_lacks_are_named(garden: Engine) -> None:
    results = garden.search("castings hoe")
    assert results.total == 2
    lacking = {"/worms": ("hoe",), "/undated": ("castings",)}
    assert results.missing == lacking[results.hits[0].path]


def test_a_typo_is_forgiven_and_named(garden: Engine) -> None:
    results = garden.search("compsot heap")
    assert results.corrected == "compost heap"
    assert paths(results) == ["/compost", "/soil", "/roses"]


@pytest.mark.parametrize("query", ['"compsot"', "v1.14.2", "hpe", "zeppelin"])
def test_quoted_words_numbers_and_short_words_are_never_corrected(
    garden: Engine, query: str
) -> None:
    assert garden.search(query).corrected is None


def test_a_pinned_query_is_right_however_it_is_written(engine_of: EngineOf) -> None:
    engine = engine_of(
        {
            "a.md": "---\ntitle: Compost\nsearch: {pin: [kompost]}\n---\nHeap.\n",
            "b.md": "---\ntitle: Compost and more\n---\nCompost, compost.\n",
        }
    )
    results = engine.search("kompost")
    assert (results.corrected, paths(results)) == (None, ["/a"])


def test_a_correction_leaves_quoted_words_alone(garden: Engine) -> None:
    assert garden.search('"compsot" OR compsot').corrected == '"compsot" OR compost'


def test_the_sites_own_typo_is_doubted_unless_it_is_quoted(engine_of: EngineOf) -> None:
    files = {f"{n}.md": f"---\ntitle: Note {n}\n---\nThe kernel boots.\n" for n in range(60)}
    engine = engine_of(files | {"typo.md": "---\ntitle: Odd\n---\nThe kernal boots.\n"})
    assert (engine.search("kernal").corrected, engine.search("kernal").total) == ("kernel", 60)
    assert paths(engine.search('"kernal"')) == ["/typo"]


def test_a_rare_word_in_a_title_is_no_typo(engine_of: EngineOf) -> None:
    files = {f"{n}.md": f"---\ntitle: Note {n}\n---\nThe kernel boots.\n" for n in range(60)}
    engine = engine_of(files | {"name.md": "---\ntitle: Kernal\n---\nA name.\n"})
    assert engine.search("kernal").corrected is None


def test_the_last_word_is_a_prefix_as_one_types(garden: Engine) -> None:
    for typed in ("comp", "compo", "compost"):
        results = garden.search(typed, options=SearchOptions(last_word_is_prefix=True))
        assert paths(results)[0] == "/compost", typed
        assert "<mark>Compost</mark>" in results.hits[0].title_html


def test_with_nothing_found_the_nearest_posts_have_their_own_name(garden: Engine) -> None:
    results = garden.search('"worms eat compost scraps"')
    assert results.total == 0
    assert [post.rung for post in results.nearest] == ["similar"] * len(results.nearest)
    assert results.nearest[0].path in {"/worms", "/compost"}


def test_a_hit_has_the_section_that_answers(garden: Engine) -> None:
    hit = garden.search("steams cold").hits[0]
    assert (hit.section.title, hit.section.anchor) == ("Heat", "heat")
    assert hit.url == "https://garden.example/compost#heat"
    assert hit.snippet_html.endswith("Compost <mark>steams</mark> in the <mark>cold</mark>.")


def test_of_what_a_word_may_become_a_rare_one_is_not_the_likelier(engine_of: EngineOf) -> None:
    posts = {f"{n}.md": f"---\ntitle: Day {n}\n---\nThe weather of a day.\n" for n in range(20)}
    for n in range(6):
        posts[f"case{n}.md"] = f"---\ntitle: Case {n}\n---\nA network and its policy.\n"
    posts["water.md"] = "---\ntitle: Water\n---\nA network and its polder, and some more.\n"
    engine = engine_of(posts)
    typing = SearchOptions(last_word_is_prefix=True)
    found = paths(engine.search("network pol", options=typing))
    assert found == [*(f"/case{n}" for n in range(6)), "/water"]
    assert paths(engine.search("network polde", options=typing))[0] == "/water"


ALOE = """---
title: Aloe
---
Watering an aloe is easy.

## Watering in summer

Water once a week.

## Light

It wants light, and no water on its leaves.

## Water and pots

A pot that holds water harms it. Water less.

## Watering in winter

Once a month.

## Watering seedlings

Mist them.
"""


def test_other_sections_that_are_about_it_follow_the_best_first(engine_of: EngineOf) -> None:
    engine = engine_of({"aloe.md": ALOE})
    hit = engine.search("water").hits[0]
    assert hit.section.title == "Water and pots"
    assert [(section.title, section.url) for section in hit.other_sections] == [
        ("Watering in summer", "/aloe#watering-in-summer"),
        ("Watering in winter", "/aloe#watering-in-winter"),
    ]
    assert hit.as_json()["other_sections"][1] == {
        "title": "Watering in winter",
        "anchor": "watering-in-winter",
        "url": "/aloe#watering-in-winter",
    }


def test_a_section_that_only_mentions_it_or_has_little_of_it_is_not_listed(
    engine_of: EngineOf,
) -> None:
    engine = engine_of({"aloe.md": ALOE})
    assert engine.search("light").hits[0].other_sections == ()
    hit = engine.search("summer week watering").hits[0]
    assert hit.section.title == "Watering in summer"
    assert hit.other_sections == ()


def test_a_post_that_only_points_elsewhere_has_no_other_sections(engine_of: EngineOf) -> None:
    text = ALOE.replace("title: Aloe", "title: Aloe\nexternalUrl: https://aloe.example/")
    hit = engine_of({"aloe.md": text}).search("water").hits[0]
    assert (hit.url, hit.other_sections) == ("https://aloe.example/", ())


def test_facets_count_what_the_other_filters_leave(garden: Engine) -> None:
    options = SearchOptions(filters=Filters(tags=("soil",), authors=("Ada",)))
    facets = garden.search("compost", options=options).facets
    assert [(facet.value, facet.count) for facet in facets["tags"]] == [("Soil", 2), ("Worms", 1)]
    assert [(facet.value, facet.count) for facet in facets["authors"]] == [("Ada", 2)]
    assert [(facet.value, facet.count) for facet in facets["categories"]] == [("Basics", 2)]
    assert [(facet.value, facet.count) for facet in facets["year"]] == [("2023", 1), ("2024", 1)]


def test_an_empty_query_has_the_sites_facets_and_with_filters_its_posts(garden: Engine) -> None:
    nothing = garden.search("  ")
    assert (nothing.total, nothing.hits, nothing.nearest) == (0, (), ())
    assert [facet.value for facet in nothing.facets["categories"]] == [
        "Animals",
        "Basics",
        "Plants",
    ]
    tagged = garden.search("", options=SearchOptions(filters=Filters(tags=("WORMS",))))
    assert paths(tagged) == ["/worms", "/soil"]


def test_pages_are_slices_of_one_list(garden: Engine) -> None:
    whole = paths(garden.search("compost OR spade OR bees OR scraps"))
    parts = [
        path
        for offset in range(0, 6, 2)
        for path in paths(
            garden.search(
                "compost OR spade OR bees OR scraps", options=SearchOptions(limit=2, offset=offset)
            )
        )
    ]
    assert len(whole) == 6
    assert parts == whole


def test_the_parts_of_an_explanation_add_up_to_the_score(garden: Engine) -> None:
    for query in ("compost", "worms soil", "pollination", "spade zeppelin"):
        results = garden.search(query, options=SearchOptions(explains=True))
        assert results.hits
        for hit in results.hits:
            assert sum(hit.explanation.values()) == pytest.approx(hit.score)
    assert garden.search("compost").hits[0].explanation == {}


def test_the_words_score_is_told_field_by_field(engine_of: EngineOf) -> None:
    engine = engine_of(
        {
            "a.md": "---\ntitle: Fern and moss\ntags: [Fern]\nsummary: A fern.\n---\nFern here.\n",
            "b.md": "---\ntitle: Another\n---\n## Fern\n\nText.\n\n```\nfern --grow\n```\n",
        }
    )
    first, second = engine.search("fern", options=SearchOptions(explains=True)).hits
    assert {"title", "tags", "summary", "body", "address"} & set(first.explanation) == {
        "title",
        "tags",
        "summary",
        "body",
    }
    assert {"headings", "code"} <= set(second.explanation)
    for hit in (first, second):
        assert sum(hit.explanation.values()) == pytest.approx(hit.score)


def test_in_titles_alone_a_phrase_and_a_compound_stand_in_the_title(engine_of: EngineOf) -> None:
    engine = engine_of(
        {
            "a.md": "---\ntitle: Hot heap and rain-barrel\n---\nText.\n",
            "b.md": "---\ntitle: A heap, and a barrel\n---\nA hot heap by the rain-barrel.\n",
            "c.md": "---\ntitle: Heap of hot rain\n---\nA hot heap by the rain-barrel.\n",
        }
    )
    for query in ('title:"hot heap"', "title:rain-barrel", "title:rainbarrel"):
        assert [hit.path for hit in engine.search(query).hits] == ["/a"], query
    assert {hit.path for hit in engine.search("title:hot").hits} == {"/a", "/c"}
    assert {hit.path for hit in engine.search("rain-barrel").hits} == {"/a", "/b", "/c"}


CHARACTERS = st.characters() | st.sampled_from("\"*-:()[]{}~^\\/\0\u200f\u202e\ufeff\ud800'’.+#")
PIECES = st.sampled_from(
    ["compost", "soil", "OR", "tag:", "author:x", "after:2023", "before:99", '"', "*", "-", "zzz",
     "the", "kube-trellis", "(", ")", "title:", "\u202e", "\0", "a" * 300, "日本語", "v1.2.3"]
)  # fmt: skip


@settings(max_examples=2_000, deadline=None)
@given(
    st.text(CHARACTERS, max_size=80) | st.lists(PIECES, max_size=80).map(" ".join), st.booleans()
)
def test_nothing_typed_is_an_error(garden: Engine, query: str, is_open: bool) -> None:
    results = garden.search(query, options=SearchOptions(last_word_is_prefix=is_open))
    assert results.query == query
    assert results.total >= len(results.hits)


@pytest.mark.parametrize("query", ["tag:\udc00", "category:a\ud800", "author:\udc00"])
def test_half_a_character_in_a_label_is_no_post_s(garden: Engine, query: str) -> None:
    assert garden.search(query).total == 0
    without = garden.search(f"compost -{query}")
    assert without.total == garden.search("compost").total > 0
    filters = Filters(tags=(query.partition(":")[2],))
    assert garden.search("compost", options=SearchOptions(filters=filters)).total == 0


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ("compost " * 12_500, "1000 characters"),
        ("x" * 100_000, "1000 characters"),
        (" ".join(f"w{n}" for n in range(5_000)), "1000 characters"),
        ("(" * 500 + "compost" + ")" * 500, "1000 characters"),
        ("compost OR " * 500, "1000 characters"),
        ("a b " * 40, "48 words"),
        ("compots " * 3 + " ".join(f"qxz{chr(97 + n)}vw" for n in range(20)), "8 unknown words"),
    ],
)
def test_what_is_too_long_is_cut_and_the_answer_says_so(
    garden: Engine, query: str, limit: str
) -> None:
    results = garden.search(query)
    assert any(limit in notice for notice in results.notices), results.notices


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["compost", "soil", "-worms", '"hot heap"', "OR", "tag:soil", "after:2023", '"', "*",
             "zzz", "the", "kube-trellis", "author:", "\u202e", "(", "comp"]
        ),
        max_size=12,
    ).map(" ".join),
    st.booleans(),
)  # fmt: skip
def test_whatever_is_typed_is_answered(garden: Engine, query: str, is_open: bool) -> None:
    results = garden.search(query, options=SearchOptions(last_word_is_prefix=is_open))
    assert results.query == query
    assert len(results.hits) == min(results.total, 10)
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)
    assert results.as_json()["total"] == results.total
