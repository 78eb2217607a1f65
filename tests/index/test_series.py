"""Which posts are one series, and in what order."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.post import Post
from index.series import find_series

FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)


def post(
    title: str,
    day: int | None = None,
    *,
    series: str = "",
    part: float | None = None,
    lang: str = "",
    path: str = "",
) -> Post:
    return Post(
        path=path or f"/{title}",
        source="post.md",
        title=title,
        date=None if day is None else FIRST_DAY + timedelta(days=day),
        series=series,
        series_part=part,
        lang=lang,
    )


def titles_of(posts: Sequence[Post]) -> list[list[str]]:
    """The titles of each series, in order."""
    return [[posts[at].title for at in series.members] for series in find_series(posts)]


def test_posts_of_one_name_are_a_series_whatever_its_letter_case() -> None:
    posts = [
        post("Oak", 3, series="Building a boat"),
        post("Ash", 1, series="building a Boat"),
        post("Elm", 2),
        post("Tar", 2, series="Building a boat"),
        post("Lone", 2, series="Another"),
    ]
    (series,) = find_series(posts)
    assert series.name == "Building a boat"
    assert [posts[at].title for at in series.members] == ["Ash", "Tar", "Oak"]
    assert series.numbers == (1, 2, 3)


def test_the_authors_order_counts_before_dates_and_dates_before_paths() -> None:
    posts = [
        post("a", 9, series="s", part=1),
        post("b", 1, series="s", part=10),
        post("c", 2, series="s", part=2.5),
        post("e", 2, series="s", part=3, path="/2"),
        post("d", 2, series="s", part=3, path="/1"),
    ]
    assert titles_of(posts) == [["a", "c", "d", "e", "b"]]


def test_a_part_without_a_number_stands_where_its_date_puts_it() -> None:
    posts = [
        post("Preface", 0, series="s"),
        post("Two", 20, series="s", part=2),
        post("Between", 15, series="s"),
        post("One", 10, series="s", part=1),
        post("Some day", series="s"),
        post("Afterword", 30, series="s"),
    ]
    assert titles_of(posts) == [["Preface", "One", "Between", "Two", "Afterword", "Some day"]]


def test_titles_that_differ_in_their_part_are_a_series() -> None:
    posts = [
        post("Tide tables (Part 10)", 1),
        post("Tide Tables, part II: the moon", 2),
        post("Tide tables — part 3", 3),
        post("Tide tables explained", 4),
        post("Moorings, part 1", 5),
    ]
    (series,) = find_series(posts)
    assert series.name == "Tide tables"
    assert series.members == (1, 2, 0)
    assert series.numbers == (2, 3, 10)


@pytest.mark.parametrize(
    "titles",
    [
        ["Cilium 1.9", "Cilium 1.10"],
        ["KubeCon 2022", "KubeCon 2023"],
        ["Tide tables, part 1", "Tide tables, part 1"],
        ["Tutorial, part 1: knots", "Tutorial, part 1: charts", "Tutorial, part 2: knots"],
        ["Tide tables 1/2", "Tide tables 2/5"],
        ["Tide tables, part 1", "Moorings, part 2"],
        ["Part 1", "Part 2"],
    ],
)
def test_numbers_alone_make_no_series(titles: list[str]) -> None:
    assert find_series([post(title, at) for at, title in enumerate(titles)]) == ()


def test_a_series_is_in_one_language() -> None:
    posts = [
        post("Karten, Teil 1", lang="de", path="/de/1"),
        post("Karten, Teil 2", lang="de-AT", path="/at/2"),
        post("Karten, Teil 2", lang="german", path="/de/2"),
        post("Boat", series="Karten", path="/en/1"),
        post("Ship", series="Karten", lang="en", path="/en/2"),
        post("Schiff", series="Karten", lang="de", path="/de/3"),
    ]
    assert [series.members for series in find_series(posts)] == [(0, 2), (3, 4)]


def test_a_first_part_may_not_have_known_that_it_was_one() -> None:
    posts = [post("Tide tables, part 2", 9), post("Tide tables", 1), post("Moorings", 1)]
    (series,) = find_series(posts)
    assert series.members == (1, 0)
    assert series.numbers == (1, 2)


@pytest.mark.parametrize(
    "others",
    [
        [post("Tide tables", 12)],  # younger
        [post("Tide tables")],  # who knows when
        [post("Tide tables", 1, path="/a"), post("Tide tables", 2, path="/b")],
        [post("Tide tables", 1, lang="de")],
        [post("Tide tables", 1, series="Harbor")],
        [post("Tide tables", 1), post("Tide tables, part 1", 2)],
        [post("Tide tables", 1), post("Tide tables, part 4", 10)],
    ],
)
def test_what_else_is_titled_as_a_series_is_no_part_of_it(others: list[Post]) -> None:
    posts = [post("Tide tables, part 2", 9), *others]
    numbered = {at for at, each in enumerate(posts) if each.title != "Tide tables"}
    members = [set(series.members) for series in find_series(posts)]
    assert members == ([numbered] if len(numbered) > 1 else [])


def test_part_numbers_of_titles_are_told_only_where_they_rise_throughout() -> None:
    told = [post("Zero, part 0", series="s"), post("Four (part 4)", series="s")]
    assert [series.numbers for series in find_series(told)] == [(0, 4)]
    against_each_other = [
        post("Two, part 2", series="s", part=1),
        post("One, part 1", series="s", part=2),
    ]
    assert [series.numbers for series in find_series(against_each_other)] == [(1, 2)]


some_posts = st.lists(
    st.builds(
        post,
        st.sampled_from(["A", "A, part 1", "A, part 2", "A #2", "a (part III)", "B 1/2", "B 2/2"]),
        st.none() | st.integers(0, 3),
        series=st.sampled_from(["", "", "S", "s"]),
        part=st.none() | st.sampled_from([1.0, 2.0]),
        lang=st.sampled_from(["", "en", "de"]),
    ),
    max_size=12,
)


@given(some_posts)
def test_series_are_disjoint_and_of_two_or_more_with_rising_numbers(posts: list[Post]) -> None:
    found = find_series(posts)
    members = [at for series in found for at in series.members]
    assert len(members) == len(set(members))
    for series in found:
        assert len(series.members) == len(series.numbers) > 1
        assert list(series.numbers) == sorted(set(series.numbers))
        assert series.name


@given(some_posts, st.randoms())
def test_the_order_of_the_files_does_not_matter(posts: list[Post], random: object) -> None:
    posts = [
        post(
            each.title,
            None,
            series=each.series,
            part=each.series_part,
            lang=each.lang,
            path=f"/{at:03}",
        )
        for at, each in enumerate(posts)
    ]
    shuffled = list(posts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    by_path = [
        {tuple(row[at].path for at in series.members) for series in find_series(row)}
        for row in (posts, shuffled)
    ]
    assert by_path[0] == by_path[1]


def test_a_series_of_every_post_of_a_large_site_is_put_in_order() -> None:
    posts = [
        post(f"{at}", -at % 977, series="all", part=at if at % 2 else None) for at in range(20_000)
    ]
    (series,) = find_series(posts)
    assert sorted(series.members) == list(range(20_000))
