"""The query language: what each text means, and that no text is an error."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import (
    MAX_CLAUSES,
    MAX_QUERY_CHARS,
    AnyOf,
    Clause,
    DateBound,
    Label,
    Phrase,
    Words,
    parse_query,
)


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("", ()),
        ("   ", ()),
        ("network policy", (Words("network"), Words("policy"))),
        ('"network policy" ebpf', (Phrase("network policy"), Words("ebpf"))),
        ("“curly quotes”", (Phrase("curly quotes"),)),
        ('"left open', (Phrase("left open"),)),
        ('""', ()),
        ("a OR b OR c", (AnyOf((Words("a"), Words("b"), Words("c"))),)),
        ("a b OR c", (Words("a"), AnyOf((Words("b"), Words("c"))))),
        ("OR a", (Words("a"),)),
        ("a OR", (Words("a"),)),
        ("a or b", (Words("a"), Words("or"), Words("b"))),
        ("tag:ebpf", (Label("tag", "ebpf"),)),
        ('TAG:"open source"', (Label("tag", "open source"),)),
        ("category:News author:Ada", (Label("category", "News"), Label("author", "Ada"))),
        ("tag:a OR tag:b", (AnyOf((Label("tag", "a"), Label("tag", "b"))),)),
        ("title:mesh", (Words("mesh", title_only=True),)),
        ('title:"service mesh"', (Phrase("service mesh", title_only=True),)),
        ("before:2022", (DateBound("before", date(2022, 1, 1)),)),
        ("after:2022-05", (DateBound("after", date(2022, 5, 1)),)),
        ("after:2022-05-31", (DateBound("after", date(2022, 5, 31)),)),
        ("after:2022-13", (Words("after:2022-13"),)),
        ("before:soon", (Words("before:soon"),)),
        ("kind:post", (Words("kind:post"),)),
        ("http://example.org", (Words("http://example.org"),)),
        ("tag: x", (Words("tag:"), Words("x"))),
        ("--dry-run", (Words("--dry-run"),)),
        ("kube-proxy C++", (Words("kube-proxy"), Words("C++"))),
        ("a\0b", (Words("a"), Words("b"))),
    ],
)
def test_text_means(text: str, required: tuple[Clause, ...]) -> None:
    query = parse_query(text)
    assert query.required == required
    assert query.excluded == ()


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("mesh -istio", (Words("istio"),)),
        ('mesh -"service mesh"', (Phrase("service mesh"),)),
        ("mesh -tag:istio", (Label("tag", "istio"),)),
        ("mesh OR -istio", (Words("istio"),)),
    ],
)
def test_a_hyphen_before_a_clause_excludes_it(text: str, excluded: tuple[Clause, ...]) -> None:
    query = parse_query(text)
    assert query.required == (Words("mesh"),)
    assert query.excluded == excluded


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("net pol", Words("pol", is_prefix=True)),
        ("net pol ", Words("pol")),
        ('net "pol', Phrase("pol")),
        ("title:pol", Words("pol", is_prefix=True, title_only=True)),
        ("net OR pol", AnyOf((Words("net"), Words("pol")))),
    ],
)
def test_the_last_word_is_open_as_one_types(text: str, last: Clause) -> None:
    assert parse_query(text, last_word_is_prefix=True).required[-1] == last


def test_a_long_query_is_cut_and_says_so() -> None:
    query = parse_query("x" * (MAX_QUERY_CHARS + 1))
    assert len(query.text) == MAX_QUERY_CHARS
    assert query.notices == (
        f"Only the first {MAX_QUERY_CHARS} characters of the query were read.",
    )


def test_too_many_clauses_are_cut_and_said_so() -> None:
    query = parse_query(" ".join(["a"] * (MAX_CLAUSES + 1)))
    assert len(query.required) == MAX_CLAUSES
    assert query.notices == (f"Only the first {MAX_CLAUSES} words of the query were looked for.",)


@given(st.text() | st.from_regex(r'([-a:"OR ]|tag:|before:|\s)*', fullmatch=True), st.booleans())
def test_no_text_is_an_error(text: str, is_open: bool) -> None:
    query = parse_query(text, last_word_is_prefix=is_open)
    assert len(query.required) + len(query.excluded) <= MAX_CLAUSES
    assert query.is_empty == (not query.required and not query.excluded)
