"""Which posts a query finds, in which order, and what it says of words that are missing or wrong."""

import pytest

from search import Engine
from search.engine import SearchOptions
from search.results import SearchResults
from tests.engine_contract.conftest import EngineOf


def paths(results: SearchResults) -> list[str]:
    return [hit.path for hit in results.hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("lighthouse", "/lighthouse"),
        ("The lighthouse", "/lighthouse"),
        ("der LEUCHTTURM", "/lighthouse.de"),
        ("灯台の歴史", "/todai"),
        ("Pilot boats!", "/pilot"),
        ("replacing kube proxy", "/kube-proxy"),
        ("words of the harbor", "/glossary"),
        ("b locks b gates", "/markup"),
    ],
)
def test_the_post_whose_title_is_the_query_is_first(harbor: Engine, query: str, first: str) -> None:
    assert paths(harbor.search(query))[0] == first


def test_a_title_that_is_the_query_comes_before_a_post_that_is_boosted(engine_of: EngineOf) -> None:
    assert paths(engine_of("harbor").search("gulls over the quay"))[:2] == ["/gulls-2", "/gulls-1"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # Title, heading and tag weigh more than text.
        ("horn", ["/fog-horn", "/pilot"]),
        ("rope", ["/knots-2", "/knots-3", "/knots-1", "/glossary"]),
        # Any form of a word.
        ("fathoms", ["/chart", "/glossary"]),
        ("fathom", ["/chart", "/glossary"]),
        ("dredgers", ["/dredging"]),
        # A word of the author's own for finding it.
        ("admission", ["/visit"]),
        # All words of a query, in any order.
        ("sand silt", ["/dredging"]),
        ("silt sand", ["/dredging"]),
        # Nobody finds a draft.
        ("zanzibar", []),
    ],
)
def test_words_find_these_posts_in_this_order(
    harbor: Engine, query: str, expected: list[str]
) -> None:
    assert paths(harbor.search(query)) == expected


def test_stop_words_are_not_asked_for_beside_others(harbor: Engine) -> None:
    plain, worded = harbor.search("dredger"), harbor.search("what is the dredger of the")
    assert paths(worded) == paths(plain) == ["/dredging"]
    assert worded.missing == worded.hits[0].missing == ()


def test_each_hit_names_the_words_that_it_lacks_in_their_order(harbor: Engine) -> None:
    results = harbor.search("lamp keeper dusk")
    assert {hit.path: hit.missing for hit in results.hits} == {
        "/lighthouse": (),
        "/storm": ("keeper", "dusk"),
        "/lighthouse.de": ("keeper", "dusk"),
    }
    assert paths(results)[0] == "/lighthouse"
    assert results.missing == (), "one post has them all"


def test_where_no_post_has_all_words_those_that_the_best_hit_lacks_are_named(
    harbor: Engine,
) -> None:
    results = harbor.search("lamp silt")
    assert results.total == 4
    assert paths(results)[0] == "/dredging", "silt is the rarer word"
    assert results.missing == results.hits[0].missing == ("lamp",)
    assert all(hit.missing == ("silt",) for hit in results.hits[1:])


def test_a_word_that_no_post_has_is_named_and_the_rest_is_answered(harbor: Engine) -> None:
    results = harbor.search("lamp zeppelin")
    assert (results.missing, results.corrected) == (("zeppelin",), None)
    assert set(paths(results)) == {"/lighthouse", "/storm", "/lighthouse.de"}


@pytest.mark.parametrize(
    ("query", "corrected", "first"),
    [
        ("lihgthouse keeper", "lighthouse keeper", "/lighthouse"),  # two letters changed places
        ("dregding", "dredging", "/dredging"),
        ("bollrad", "bollard", "/knots-2"),
        ("breakwter", "breakwater", "/storm"),  # one letter is missing
        ("Bindigns of software", "bindings of software", "/bindings"),
        ("waether -lamp", "weather -lamp", "/release"),
    ],
)
def test_a_typo_is_forgiven_and_named(
    harbor: Engine, query: str, corrected: str, first: str
) -> None:
    results = harbor.search(query)
    assert results.query == query
    assert results.corrected == corrected
    assert paths(results)[0] == first


@pytest.mark.parametrize(
    "query",
    [
        "lighthouse",  # it is right
        '"lihgthouse"',  # quotes mean what they say
        "v1.14.4",  # versions and numbers are no typos
        "1.14.9",
        "2025",
        "lmp",  # too short to guess
        "zeppelin",  # like no word
        "mouth -lihgthouse",  # what is left out is not guessed
    ],
)
def test_nothing_else_is_corrected(harbor: Engine, query: str) -> None:
    assert harbor.search(query).corrected is None


def test_of_a_word_spelt_twice_only_the_one_outside_quotes_is_corrected(harbor: Engine) -> None:
    results = harbor.search('"lihgthouse" OR lihgthouse')
    assert results.corrected == '"lihgthouse" OR lighthouse'


def test_a_typo_of_the_sites_own_is_doubted_unless_it_is_quoted(ledger: Engine) -> None:
    doubted = ledger.search("anchorege")
    assert (doubted.corrected, doubted.total) == ("anchorage", 100)
    assert paths(ledger.search('"anchorege"')) == ["/entry-101"]


def test_a_known_word_comes_before_a_longer_one_that_begins_so(harbor: Engine) -> None:
    results = harbor.search("light")
    assert paths(results)[0] in {"/lighthouse", "/lighthouse.de", "/todai"}
    assert results.corrected is None
    assert {"/lighthouse", "/lighthouse.de", "/todai"} <= set(paths(results))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bolla", ["/knots-2", "/glossary"]),
        ("breakw", ["/storm"]),
        ("br", []),  # two letters are no beginning
        ('"bolla"', []),  # nor is what is quoted
    ],
)
def test_a_word_that_no_post_has_may_be_a_beginning(
    harbor: Engine, query: str, expected: list[str]
) -> None:
    results = harbor.search(query)
    assert (set(paths(results)), results.corrected) == (set(expected), None)


@pytest.mark.parametrize(
    ("title", "path"), [("lighthouse", "/lighthouse"), ("dredging", "/dredging")]
)
def test_as_one_types_a_strong_result_stays_when_a_letter_is_added(
    harbor: Engine, title: str, path: str
) -> None:
    for end in range(4, len(title) + 1):
        options = SearchOptions(last_word_is_prefix=True)
        results = harbor.search(title[:end], options=options)
        assert path in paths(results)[:3], title[:end]
        assert results.corrected is None, title[:end]
        (hit,) = (hit for hit in results.hits if hit.path == path)
        assert "<mark>" in hit.title_html


def test_of_what_a_beginning_may_become_the_commoner_word_is_likelier(engine_of: EngineOf) -> None:
    engine = engine_of("weather")
    typing = SearchOptions(last_word_is_prefix=True)
    cases = [f"/case{n}" for n in range(6)]
    assert paths(engine.search("network pol", options=typing)) == [*cases, "/water"]
    assert paths(engine.search("network polde", options=typing))[0] == "/water"


def test_a_space_ends_the_word_that_is_typed(harbor: Engine) -> None:
    typing = SearchOptions(last_word_is_prefix=True)
    assert "/lighthouse" in paths(harbor.search("dus", options=typing))
    assert harbor.search("xylo ", options=typing).total == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # Next to each other, as they stand.
        ('"clove hitch"', ["/knots-2"]),
        ('"hitch clove"', []),
        ('"twice a minute"', ["/fog-horn"]),
        ('"twice minute"', []),
        ("“ground glass”", ["/lighthouse"]),
        ('"beam thirty miles. Brass polish"', ["/lighthouse"]),
        ('"fog horn when"', []),  # no phrase leads from a title into a text
        ('"clove hitch', ["/knots-2"]),  # a quote may be left open
        # Without.
        ("lamp -lens", ["/storm", "/lighthouse.de"]),
        ('lamp -"harbor mouth"', ["/storm", "/lighthouse.de"]),
        ("rope -tag:ropes", ["/glossary"]),
        # Either.
        ("silt OR chips", ["/gulls-1", "/gulls-2", "/dredging"]),
        ("silt OR zeppelin", ["/dredging"]),
        ('"clove hitch" OR silt', ["/dredging", "/knots-2"]),
        ("OR silt", ["/dredging"]),
        ("silt OR", ["/dredging"]),
    ],
)
def test_phrases_without_and_either(harbor: Engine, query: str, expected: list[str]) -> None:
    results = harbor.search(query)
    if "OR" in query:
        assert set(paths(results)) == set(expected)
    else:
        assert paths(results) == expected


def test_only_without_finds_all_other_posts(harbor: Engine) -> None:
    results = harbor.search("-lamp", limit=50)
    having = set(paths(harbor.search("lamp", limit=50)))
    assert having == {"/storm", "/lighthouse", "/lighthouse.de"}
    assert set(paths(results)) == set(harbor.paths()) - having
    assert results.total == len(results.hits)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tag:navigation", ["/lighthouse", "/fog-horn", "/chart", "/pilot"]),
        ("TAG:NAVIGATION", ["/lighthouse", "/fog-horn", "/chart", "/pilot"]),
        ('tag:"c++"', ["/bindings"]),
        ("tag:navigation -tag:sound", ["/lighthouse", "/chart", "/pilot"]),
        ("tag:sound OR tag:weather", ["/fog-horn", "/storm"]),
        ("category:software", ["/release", "/bindings", "/kube-proxy"]),
        ('author:"Ada Quay"', ["/lighthouse", "/pilot"]),
        ('author:"jorg muller"', ["/lighthouse.de"]),
        ("author:ada", []),
        ("tag:nothing", []),
        ('author:"Ada Quay" tag:boats', ["/pilot"]),
        ("title:lighthouse", ["/lighthouse"]),
        ("title:lamp", []),
        ('title:"pilot boats"', ["/pilot"]),
        ('title:"boats pilot"', []),
        ("after:2024", ["/visit", "/lighthouse.de", "/lighthouse"]),
        ("after:2024-04", ["/visit"]),
        ("before:2019", ["/storm"]),
        ("before:2019-01-02", ["/gulls-1", "/storm"]),
        ("after:2023-04 before:2024-03", ["/fog-horn", "/release"]),
        ("lamp before:2020", ["/storm"]),
        ("silt tag:works", ["/dredging"]),
        ("silt tag:boats", []),
        # An unknown name is text, and so is a date that is none.
        ("nosuch:silt", []),
        ("before:soon", []),
    ],
)
def test_named_fields(harbor: Engine, query: str, expected: list[str]) -> None:
    assert paths(harbor.search(query)) == expected


def test_an_unknown_name_is_text(engine_of: EngineOf) -> None:
    engine = engine_of("harbor")
    assert paths(engine.search("kube:proxy")) == ["/kube-proxy"]
    assert paths(engine.search('"part:2"')) == ["/knots-2"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kube-proxy", {"/kube-proxy"}),
        ("kubeproxy", {"/kube-proxy"}),
        ("kubeProxy", {"/kube-proxy"}),
        ("KUBE_PROXY", {"/kube-proxy"}),
        ("proxy", {"/kube-proxy"}),
        ("kube-proxy-replacement", {"/kube-proxy"}),
        ("replacement=strict", {"/kube-proxy"}),
        ("C++", {"/bindings"}),
        ("c++", {"/bindings"}),
        ("max_open_files", {"/bindings", "/kube-proxy"}),
        ("maxOpenFiles", {"/bindings", "/kube-proxy"}),
        ("maxopenfiles", {"/bindings", "/kube-proxy"}),
        ("parseHTTPHeader", {"/bindings"}),
        ("HTTPHeader", {"/bindings"}),
        ("--dry-run", {"/kube-proxy"}),
        ("dry-run", {"/kube-proxy"}),
        ("dryrun", {"/kube-proxy"}),
        ("/etc/hosts", {"/kube-proxy"}),
        ("etc", {"/kube-proxy"}),
        ("hosts", {"/kube-proxy"}),
        ("v1.14.3", {"/release"}),
        ("1.14.3", {"/release"}),
        ("v1.14", {"/release"}),
        ("1.14.2", {"/release"}),
        (".gov", {"/release"}),
        ("weather.gov", {"/release"}),
    ],
)
def test_identifiers_are_found_whole_and_in_parts(
    harbor: Engine, query: str, expected: set[str]
) -> None:
    results = harbor.search(query)
    assert set(paths(results)) == expected
    assert results.corrected is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("networks", {"/en", "/resume"}),
        ("resume", {"/en", "/resume"}),
        ("résumé", {"/en", "/resume"}),
        ("cafebar", {"/en"}),
        ("haus", {"/de"}),
        ("hauser", {"/de"}),
        ("möglichkeit", {"/de"}),
        ("strasse", {"/de"}),
        ('"schöne Straße"', {"/de"}),
        ("l'école", {"/fr"}),
        ("oeuvre", {"/fr"}),
        ("informacao", {"/pt"}),
        ("猫", {"/ja"}),
        ("黒猫", {"/ja"}),
        ("入門", {"/ja"}),
        ('"日本語の検索"', {"/ja"}),
        ("日語", set()),  # not side by side
        ("서울", {"/ko"}),
        ("ไทย", {"/th"}),
        ("softly", {"/none"}),
        ("ete", {"/fr", "/none"}),
        ("wie kann ich ein haus bauen", {"/de"}),
    ],
)
def test_posts_are_found_in_their_language(
    engine_of: EngineOf, query: str, expected: set[str]
) -> None:
    results = engine_of("languages").search(query)
    assert set(paths(results)) == expected
    assert (results.corrected, results.missing) == (None, ())


def test_exact_accents_come_first(engine_of: EngineOf) -> None:
    engine = engine_of("weather")
    assert paths(engine.search("resume")) == ["/resume", "/resume-accents"]
    assert paths(engine.search("résumé")) == ["/resume-accents", "/resume"]


def test_a_post_that_is_pinned_to_a_query_is_first_however_it_is_written(harbor: Engine) -> None:
    for query in ("opening hours", "Opening   HOURS", "Öffnungszeiten", "offnungszeiten"):
        results = harbor.search(query)
        assert paths(results)[0] == "/visit", query
        assert results.corrected is None, query


def test_a_boost_of_the_front_matter_puts_a_post_before_its_equal(harbor: Engine) -> None:
    first, second, *_ = harbor.search("gulls steal chips").hits
    assert (first.path, second.path) == ("/gulls-1", "/gulls-2")
    assert first.score > 2 * second.score


def test_with_nothing_found_the_nearest_posts_have_their_own_name(harbor: Engine) -> None:
    results = harbor.search('"lens in the fog"')
    assert (results.total, results.hits) == (0, ())
    assert {near.path for near in results.nearest} == {"/lighthouse", "/fog-horn"}
    assert all(near.rung == "similar" and near.reasons for near in results.nearest)
    scores = [near.score for near in results.nearest]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_where_something_is_found_or_nothing_is_asked_none_is_nearest(harbor: Engine) -> None:
    assert harbor.search("lens").nearest == ()
    assert harbor.search("").nearest == ()
    assert harbor.search("xqzw").nearest == ()
