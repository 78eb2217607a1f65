"""Which addresses a page may link to, and what a search page's own address says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from search.engine import Filters
from search.service.links import (
    MAX_PAGE,
    SearchAddress,
    host_of,
    image_src,
    page_count,
    page_window,
    safe_href,
    verbatim,
)


@pytest.mark.parametrize(
    "url",
    [
        "/post#section",
        "post",
        "?q=a:b",
        "#part",
        "./a:b",
        "http://example.org/",
        "HTTPS://example.org/",
        "//example.org/x",
        "/path/with:colon",
    ],
)
def test_http_https_and_relative_urls_are_linked(url: str) -> None:
    assert safe_href(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "javascript\n:alert(1)",
        "\u00a0data:text/html,x",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "",
        "  ",
    ],
)
def test_every_other_scheme_is_replaced(url: str) -> None:
    assert safe_href(url, "/fallback") == "/fallback"


@pytest.mark.parametrize(
    ("image", "base_url", "src"),
    [
        ("/static/covers/api.svg", "", "/static/covers/api.svg"),
        ("/img/a.png", "https://site.example", "https://site.example/img/a.png"),
        ("a.png", "", ""),
        ("a.png", "https://site.example", "https://site.example/blog/a.png"),
        ("https://cdn.example/a.png", "https://site.example", "https://cdn.example/a.png"),
        ("javascript:alert(1)", "", ""),
        ("http://[broken", "", ""),
        ("", "https://site.example", ""),
    ],
)
def test_an_image_is_found_from_its_post(image: str, base_url: str, src: str) -> None:
    assert image_src(image, "/blog/post", base_url) == src


def test_the_host_of_a_broken_url_is_the_url() -> None:
    assert host_of("https://talks.example/a") == "talks.example"
    assert host_of("https://[broken") == "https://[broken"
    assert host_of("/here") == "/here"


def test_an_address_is_read_whole() -> None:
    given_arguments = MultiDict(
        [
            ("q", " tide "),
            ("tag", "A"),
            ("tag", "B"),
            ("tag", "A"),
            ("category", "C"),
            ("author", "D"),
            ("year", "2024"),
            ("sort", "oldest"),
            ("page", "3"),
        ]
    )
    address = SearchAddress.from_arguments(given_arguments)
    assert address == SearchAddress(
        query="tide",
        narrowed={
            "tags": ("A", "B"),
            "categories": ("C",),
            "authors": ("D",),
            "year": ("2024",),
        },
        sort="oldest",
        page=3,
    )
    options = address.options
    assert options.filters == Filters(("A", "B"), ("C",), ("D",), (2024,))
    assert (options.offset, options.limit, options.sort) == (20, 10, "oldest")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "-1"),
        ("page", "two"),
        ("page", "٣"),
        ("sort", "best"),
        ("year", "next"),
        ("year", "20245"),
        ("tag", "  "),
    ],
)
def test_what_makes_no_sense_counts_as_left_out(name: str, value: str) -> None:
    assert SearchAddress.from_arguments(MultiDict([(name, value)])) == SearchAddress()


def test_no_page_is_deeper_than_the_engine_goes() -> None:
    address = SearchAddress.from_arguments(MultiDict([("page", "999999")]))
    assert address.page == MAX_PAGE
    assert page_count(10**9) == MAX_PAGE


_words = st.text(min_size=1, max_size=8).map(str.strip).filter(bool)
_addresses = st.builds(
    SearchAddress,
    query=st.just("") | _words,
    narrowed=st.dictionaries(
        st.sampled_from(["tags", "categories", "authors"]),
        st.lists(_words, min_size=1, max_size=3, unique=True).map(tuple),
    ),
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
    page=st.integers(1, MAX_PAGE),
)


@given(_addresses)
def test_an_address_reads_back_as_it_was_written(address: SearchAddress) -> None:
    assert SearchAddress.from_arguments(MultiDict(address.parameters)) == address


@given(_addresses, st.sampled_from(["tags", "categories", "authors"]), _words)
def test_toggling_a_filter_changes_whether_it_is_on_and_starts_over(
    address: SearchAddress, facet: str, value: str
) -> None:
    toggled = address.toggled(facet, value)
    assert toggled.has(facet, value) is not address.has(facet, value)
    assert toggled.page == 1
    assert toggled.query == address.query


def test_a_filter_is_on_whatever_its_letter_case() -> None:
    address = SearchAddress(narrowed={"tags": ("eBPF",)})
    assert address.has("tags", "ebpf")
    assert address.toggled("tags", "EBPF") == SearchAddress()


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (10, 1), (11, 2), (23, 3)])
def test_pages_are_counted(total: int, pages: int) -> None:
    assert page_count(total) == pages


@pytest.mark.parametrize(
    ("page", "pages", "window"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, None, 9]),
        (3, 9, [1, 2, 3, 4, None, 9]),
        (4, 9, [1, 2, 3, 4, 5, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_the_pages_offered_are_the_ends_and_those_around(
    page: int, pages: int, window: list[int | None]
) -> None:
    assert page_window(page, pages) == window


@pytest.mark.parametrize(
    ("query", "corrected", "expected"),
    [
        ("cilum policy", "cilium policy", '"cilum" policy'),
        ('"an exact" cilum', '"an exact" cilium', '"an exact" "cilum"'),
        ("title:cilum", "title:cilium", 'title:"cilum"'),
        ("a  cilum", "a cilium", 'a "cilum"'),
        ('one "two', "one two three", '"one two"'),
    ],
)
def test_the_way_back_asks_for_the_words_as_typed(
    query: str, corrected: str, expected: str
) -> None:
    assert verbatim(query, corrected) == expected
