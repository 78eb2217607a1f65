"""Filters, facets, sorts, ties and pages."""

from collections import Counter
from collections.abc import Iterable, Sequence

import pytest

from search import Engine
from search.engine import MAX_LIMIT, MAX_OFFSET, Filters, SearchOptions
from search.results import FacetCount, SearchResults
from tests.engine_contract.conftest import EngineOf
from tests.engine_contract.ledger import ENTRIES, Entry


def paths(results: SearchResults) -> list[str]:
    return [hit.path for hit in results.hits]


def filtered(engine: Engine, filters: Filters, text: str = "", limit: int = 100) -> SearchResults:
    return engine.search(text, options=SearchOptions(limit=limit, filters=filters))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(tags=("Light",)), ["/lighthouse.de", "/lighthouse", "/todai"]),
        (Filters(tags=("LIGHT",)), ["/lighthouse.de", "/lighthouse", "/todai"]),
        (Filters(tags=("navigation", "sound")), ["/lighthouse", "/fog-horn", "/chart", "/pilot"]),
        (Filters(tags=("Nothing",)), []),
        (Filters(categories=("history",)), ["/todai", "/storm"]),
        (Filters(authors=("ada quay",)), ["/lighthouse", "/pilot"]),
        (Filters(authors=("JORG MULLER",)), ["/lighthouse.de"]),
        (Filters(years=(2019,)), ["/gulls-2", "/gulls-1"]),
        (Filters(years=(2018, 2020)), ["/dredging", "/storm"]),
        (Filters(years=(1066,)), []),
        (Filters(langs=("de",)), ["/lighthouse.de"]),
        (Filters(langs=("JA", "en")), ["/lighthouse", "/todai"]),
        (Filters(tags=("light",), langs=("ja",)), ["/todai"]),
        (Filters(tags=("light",), years=(2024,), authors=("Ada Quay",)), ["/lighthouse"]),
        (Filters(tags=("light",), years=(2023,)), []),
    ],
)
def test_filters_alone_find_what_passes_newest_first(
    harbor: Engine, filters: Filters, expected: list[str]
) -> None:
    results = filtered(harbor, filters)
    assert paths(results) == expected
    assert results.total == len(expected)


def test_filters_narrow_what_a_query_finds(harbor: Engine) -> None:
    assert paths(filtered(harbor, Filters(years=(2018,)), "lamp")) == ["/storm"]
    light = filtered(harbor, Filters(tags=("light",)), "lamp")
    assert set(paths(light)) == {"/lighthouse", "/lighthouse.de"}
    assert filtered(harbor, Filters(langs=("ja",)), "lamp").total == 0


def test_a_filter_does_not_change_how_hits_are_ordered(ledger: Engine) -> None:
    options = SearchOptions(limit=100)
    whole = paths(ledger.search("brig", options=options))
    bergen = paths(filtered(ledger, Filters(categories=("Bergen",)), "brig"))
    assert set(bergen) == {e.path for e in ENTRIES if (e.ship, e.port) == ("brig", "Bergen")}
    assert len(whole) == 29


def counts(facets: Sequence[FacetCount]) -> list[tuple[str, int]]:
    return [(facet.value, facet.count) for facet in facets]


def counted(values: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0].lower()))[:50]


def facets_of(entries: Sequence[Entry]) -> dict[str, list[tuple[str, int]]]:
    return {
        "tags": counted(tag for entry in entries for tag in entry.tags),
        "categories": counted(entry.port for entry in entries),
        "authors": counted(entry.clerk for entry in entries),
        "year": counted(str(entry.day.year) for entry in entries if entry.day),
    }


@pytest.mark.parametrize("cargo", ["copper", "saffron"])
def test_facets_count_all_matches_and_not_the_page(ledger: Engine, cargo: str) -> None:
    results = ledger.search(cargo, limit=3)
    expected = facets_of([entry for entry in ENTRIES if entry.cargo == cargo])
    assert {name: counts(values) for name, values in results.facets.items()} == expected
    assert list(results.facets) == ["tags", "categories", "authors", "year"]


def test_a_facet_lists_its_commonest_values_and_ties_by_value(ledger: Engine) -> None:
    everything = ledger.search("").facets
    assert {name: counts(values) for name, values in everything.items()} == facets_of(ENTRIES)
    assert len(everything["tags"]) == 50


def test_facets_count_what_the_other_filters_leave(ledger: Engine) -> None:
    filters = Filters(categories=("bergen",), authors=("Ann", "Bo"))
    results = filtered(ledger, filters, "anchorage", limit=1)
    found = [entry for entry in ENTRIES if "anchorage" in entry.text]
    in_bergen = [entry for entry in found if entry.port == "Bergen"]
    by_them = [entry for entry in found if entry.clerk in {"Ann", "Bo"}]
    both = [entry for entry in in_bergen if entry in by_them]
    assert results.total == len(both)
    assert counts(results.facets["categories"]) == facets_of(by_them)["categories"]
    assert counts(results.facets["authors"]) == facets_of(in_bergen)["authors"]
    assert counts(results.facets["tags"]) == facets_of(both)["tags"]
    assert counts(results.facets["year"]) == facets_of(both)["year"]


def test_facets_are_shown_as_most_posts_write_them(harbor: Engine) -> None:
    facets = harbor.search("").facets
    assert counts(facets["tags"])[:5] == [
        ("Navigation", 4),
        ("Light", 3),
        ("Ropes", 3),
        ("Software", 3),
        ("Works", 3),
    ]
    assert counts(facets["authors"]) == [
        ("Dan Ito", 3),
        ("Ada Quay", 2),
        ("Ben Rowe", 2),
        ("Cleo Mast", 2),
        ("Jörg Müller", 1),
    ]


def test_nothing_asked_for_finds_nothing_and_has_the_sites_facets(harbor: Engine) -> None:
    for text in ("", "   ", "\t\n"):
        results = harbor.search(text)
        assert (results.query, results.total, results.hits) == (text, 0, ())
        assert counts(results.facets["categories"])[0] == ("Harbor", 4)


def test_what_nothing_is_found_for_has_empty_facets(harbor: Engine) -> None:
    facets = harbor.search("xqzw").facets
    assert facets == {"tags": (), "categories": (), "authors": (), "year": ()}


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_dates_sort_with_undated_posts_last_by_path(ledger: Engine, sort: str) -> None:
    found = [entry for entry in ENTRIES if entry.ship == "brig"]
    dated = sorted((entry for entry in found if entry.day), key=lambda entry: str(entry.day))
    undated = sorted(entry.path for entry in found if not entry.day)
    assert undated
    if sort == "newest":
        dated.reverse()
        options = SearchOptions(limit=100, sort="newest")
    else:
        options = SearchOptions(limit=100, sort="oldest")
    expected = [*(entry.path for entry in dated), *undated]
    assert paths(ledger.search("brig", options=options)) == expected


def test_ties_go_to_the_newest_then_to_the_path(engine_of: EngineOf) -> None:
    results = engine_of("ties").search("fern")
    assert paths(results) == ["/c", "/sub/z", "/a", "/b", "/d", "/e"]
    assert len({round(hit.score, 6) for hit in results.hits}) == 1


def test_the_same_dates_sort_by_path(engine_of: EngineOf) -> None:
    engine = engine_of("ties")
    newest = engine.search("fern", options=SearchOptions(sort="newest"))
    oldest = engine.search("fern", options=SearchOptions(sort="oldest"))
    assert paths(newest) == ["/c", "/sub/z", "/a", "/b", "/d", "/e"]
    assert paths(oldest) == ["/a", "/b", "/sub/z", "/c", "/d", "/e"]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_are_slices_of_one_list(ledger: Engine, sort: str) -> None:
    def page(limit: int, offset: int) -> SearchResults:
        options = {
            "relevance": SearchOptions(limit=limit, offset=offset),
            "newest": SearchOptions(limit=limit, offset=offset, sort="newest"),
            "oldest": SearchOptions(limit=limit, offset=offset, sort="oldest"),
        }[sort]
        return ledger.search("anchorage", options=options)

    whole = page(100, 0)
    assert (whole.total, len(whole.hits)) == (100, 100)
    parts = [page(17, offset) for offset in range(0, 120, 17)]
    assert [path for part in parts for path in paths(part)] == paths(whole)
    assert all(part.total == 100 for part in parts)
    assert len(set(paths(whole))) == 100


def test_total_counts_all_that_match_whatever_is_shown(ledger: Engine) -> None:
    for limit in (0, 1, 10):
        results = ledger.search("copper", limit=limit)
        assert (results.total, len(results.hits)) == (23, limit)
        assert results.facets


def test_past_the_end_there_are_no_hits_and_the_rest_is_told(ledger: Engine) -> None:
    results = ledger.search("copper", options=SearchOptions(offset=5_000))
    assert (results.total, results.hits, results.nearest) == (23, (), ())
    assert counts(results.facets["authors"]) == [("Bo", 23)]


def test_bounds_of_a_page_are_kept_whatever_is_asked_for(ledger: Engine) -> None:
    much = ledger.search("record", options=SearchOptions(limit=10_000))
    assert len(much.hits) == MAX_LIMIT < much.total == len(ENTRIES)
    none = ledger.search("anchorage", options=SearchOptions(limit=-3, offset=-7))
    assert none.hits == ()
    deep = ledger.search("anchorage", options=SearchOptions(offset=MAX_OFFSET * 100))
    assert (deep.hits, deep.total) == ((), 100)


def test_options_have_the_limit_too(ledger: Engine) -> None:
    assert len(ledger.search("copper", limit=3).hits) == 3
    assert len(ledger.search("copper", limit=3, options=SearchOptions(limit=5)).hits) == 5
    assert len(ledger.search("copper").hits) == 10
