"""Nothing that can be typed is an error, and every answer keeps what an answer promises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Engine
from search.drafts import Draft
from search.engine import Filters, SearchOptions

TYPING = SearchOptions(last_word_is_prefix=True)

NASTY = [
    "",
    " ",
    "\t\r\n",
    "*",
    "?",
    "-",
    "--",
    '"',
    '""',
    '"!!" ??',
    "… — ·",
    "OR",
    "OR OR",
    "AND NOT",
    "tag:",
    'tag:""',
    "tag:tag:",
    "title:",
    "before:",
    "after:9999-99-99",
    "before:0000",
    "after:0001-01-01",
    # Control characters, lone surrogates, what is outside the BMP or turns the text around.
    "\0",
    "lamp\0keeper",
    "\x01\x02\x03",
    "lamp\x01\x1f",
    "\x7f\x85\u2028\u2029",
    "\ud800",
    "lamp \udfff keeper",
    "tag:\udc00",
    "lamp -author:\ud800",
    '"\ud800 lamp"',
    "\U0001f30a\U0001f30a",
    "\u202eesuohthgil",
    "e\u0301\u0301\u0301",
    "\ufeff\ufffe\uffff",
    # What regular expressions, Lucene and others would read.
    ".*",
    "(.+)+$",
    "[a-",
    "(lamp",
    "lamp)",
    "a{1,99999}",
    "\\",
    "\\\\",
    "lamp\\",
    "/.*/",
    "/lam[p/",
    "lamp~2",
    "lamp^3",
    "[* TO *]",
    "{a TO b}",
    "+lamp -",
    "&& || !",
    "_exists_:path",
    "*:*",
    "<1-9>",
    "@&~",
    "title.keyword:x",
    '{"query": {"match_all": {}}}',
    "lamp' OR '1'='1",
    "<script>alert(1)</script>",
    "%s%n %00",
    "lamp -lamp",
    "-lamp -harbor",
    "-the",
    "the of and",
    "日本語 灯台 港",
    "١٢٣",
]


@pytest.mark.parametrize("text", NASTY)
def test_odd_texts_are_answered(harbor: Engine, text: str) -> None:
    for options in (SearchOptions(), TYPING, SearchOptions(explains=True, sort="newest")):
        results = harbor.search(text, options=options)
        assert results.query == text
        assert results.total >= len(results.hits)
    assert harbor.suggest(text).query == text
    assert len(harbor.related_to_text(text).related) == 5


@pytest.mark.parametrize("text", ["*", "?", '"', '"!!" ??', "… — ·", "-", "&& ||", "()[]{}"])
def test_mere_signs_find_nothing(harbor: Engine, text: str) -> None:
    results = harbor.search(text)
    assert (results.total, results.hits, results.corrected) == (0, (), None)


@pytest.mark.parametrize("text", ["silt *", "* silt", "silt ??", 'silt -"!!"', "silt &&", "(silt)"])
def test_signs_beside_words_do_not_matter(harbor: Engine, text: str) -> None:
    results = harbor.search(text)
    assert [hit.path for hit in results.hits] == ["/dredging"]
    assert results.missing == ()


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("lamp " * 2_000, "1000 characters"),
        ("x" * 10_000, "1000 characters"),
        (" ".join(f"w{n}" for n in range(2_000)), "1000 characters"),
        ("(" * 600 + "lamp" + ")" * 600, "1000 characters"),
        ("lamp OR " * 1_250, "1000 characters"),
        ("水" * 10_000, "1000 characters"),
        ("a b " * 40, "48 words"),
        ("lapm " + " ".join(f"qxz{chr(97 + n)}vw" for n in range(20)), "8 unknown words"),
    ],
)
def test_what_is_too_long_is_cut_and_the_answer_says_so(
    harbor: Engine, query: str, notice: str
) -> None:
    results = harbor.search(query)
    assert any(notice in told for told in results.notices), results.notices
    assert results.query == query
    assert results.as_json()["notices"] == results.notices


def test_an_answer_in_full_has_no_notices(harbor: Engine) -> None:
    assert harbor.search("lamp").notices == ()
    assert "notices" not in harbor.search("lamp").as_json()


def test_a_long_query_is_read_as_far_as_it_is_read(harbor: Engine) -> None:
    results = harbor.search("silt " + "x" * 20_000)
    assert "/dredging" in [hit.path for hit in results.hits]


PIECES = st.sampled_from(
    ["lamp", "silt", "lighthouse", "lihgthouse", "-boats", '"clove hitch"', '"', "OR", "tag:works",
     "author:\"Ada Quay\"", "after:2021", "before:2023", "title:knots", "zzz", "the", "kube-proxy",
     "v1.14.3", "light", "ropes", "灯台", "Häuser", "*", "(", "\u202e", "\x01", "\ud800", "a" * 60]
)  # fmt: skip
TEXTS = st.text(max_size=60) | st.lists(PIECES, max_size=10).map(" ".join)
FILTERS = st.builds(
    Filters,
    tags=st.sampled_from([(), ("works",), ("light", "ropes"), ("*",)]),
    years=st.sampled_from([(), (2021,), (2022, 2023), (0,), (-5,), (10**9,)]),
    langs=st.sampled_from([(), ("de",), ("en", "ja")]),
)


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(), max_size=80) | TEXTS, st.booleans(), st.sampled_from([0, 1, 10, 100])
)
def test_whatever_is_typed_is_answered(
    harbor: Engine, query: str, is_open: bool, limit: int
) -> None:
    results = harbor.search(query, options=SearchOptions(limit=limit, last_word_is_prefix=is_open))
    assert results.query == query
    assert len(results.hits) == min(results.total, limit)
    scores = [round(hit.score, 6) for hit in results.hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.path for hit in results.hits}) == len(results.hits)
    if results.hits:
        assert results.missing in {(), results.hits[0].missing}
        assert results.nearest == ()
    assert results.as_json()["total"] == results.total


@settings(max_examples=80, deadline=None)
@given(TEXTS, FILTERS, st.sampled_from([0, 1, 7]))
def test_filters_leave_out_and_bring_in_nothing(
    harbor: Engine, query: str, filters: Filters, offset: int
) -> None:
    options = SearchOptions(limit=100, filters=filters)
    passing = harbor.search(query, options=options)
    everything = {hit.path for hit in harbor.search(query, limit=100).hits}
    found = [hit.path for hit in passing.hits]
    if query.strip() and everything:
        assert set(found) <= everything
    later = SearchOptions(limit=100, filters=filters, offset=offset)
    assert [hit.path for hit in harbor.search(query, options=later).hits] == found[offset:]


def test_a_filter_that_is_no_unicode_finds_nothing(harbor: Engine) -> None:
    for filters in (Filters(tags=("\ud800",)), Filters(authors=("lamp\udfff",))):
        assert harbor.search("lamp", options=SearchOptions(filters=filters)).total == 0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40) | TEXTS, st.integers(-1, 12))
def test_whatever_is_typed_is_suggested_to(harbor: Engine, text: str, limit: int) -> None:
    found = harbor.suggest(text, limit=limit)
    assert found.query == text
    assert len(found.suggestions) <= max(0, limit)
    assert len({(one.kind, one.text, one.path) for one in found.suggestions}) == len(
        found.suggestions
    )


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, title=st.text(max_size=20), tag=st.text(max_size=8), link=st.text(max_size=20))
def test_any_draft_is_answered(harbor: Engine, text: str, title: str, tag: str, link: str) -> None:
    draft = Draft(text, title=title, tags=(tag,), links=(link,), path=link)
    answer = harbor.related_to_draft(draft)
    assert answer.path is None
    assert len(answer.related) == 5
