"""The fields that say which posts belong together, as sites write them."""

from typing import Any

import pytest

from index.conventions import PostFields, read_fields
from index.frontmatter import FrontMatter, read_front_matter


def fields_of(**metadata: Any) -> PostFields:
    return read_fields(FrontMatter(metadata, ""), "post.md")


@pytest.mark.parametrize(
    "metadata",
    [
        {"series": "Deep dive"},
        {"series": " Deep\n dive "},
        {"Series": ["Deep dive", "Another"]},
        {"series_name": "Deep dive"},
        {"series-title": "Deep dive"},
        {"taxonomies": {"series": ["Deep dive"]}},
        {"params": {"series": "Deep dive"}},
        {"extra": {"series": "Deep dive"}},
        {"series": {"name": "Deep dive", "slug": "deep"}},
        {"series": [{"title": "Deep dive"}]},
    ],
)
def test_a_series_is_named_in_any_of_these_ways(metadata: dict[str, Any]) -> None:
    fields = fields_of(**metadata)
    assert (fields.series, fields.problems) == ("Deep dive", ())


@pytest.mark.parametrize("value", [False, None, "", [], [None], ["", "Another"]])
def test_no_series_is_no_problem(value: Any) -> None:
    fields = fields_of(series=value)
    assert (fields.series, fields.problems) == ("", ())


@pytest.mark.parametrize("value", [True, [["Deep dive"]], [True], {"order": 2}, [{"order": 2}]])
def test_what_is_no_name_of_a_series_is_told(value: Any) -> None:
    fields = fields_of(series=value)
    assert fields.series == ""
    (problem,) = fields.problems
    assert problem.field == "series"
    assert problem.reason.startswith('"series" must be a series\' name, not ')


@pytest.mark.parametrize(
    ("metadata", "part"),
    [
        ({"series_order": "2"}, 2),
        ({"series_order": "040"}, 40),
        ({"seriesOrder": 2}, 2),
        ({"series_part": 1.5}, 1.5),
        ({"series_index": "0"}, 0),
        ({"series_weight": -1}, -1),
        ({"part": "3"}, 3),
        ({"order": 3, "part": 2}, 2),
        ({"extra": {"series_order": 4}}, 4),
        ({"order": "newest"}, None),
        ({"part": True}, None),
        ({}, None),
    ],
)
def test_a_part_is_a_number_under_any_of_these_names(
    metadata: dict[str, Any], part: float | None
) -> None:
    fields = fields_of(series="Deep dive", **metadata)
    assert (fields.series_part, fields.problems) == (part, ())


def test_a_part_may_stand_with_the_name() -> None:
    fields = fields_of(series={"name": "Deep dive", "order": 2})
    assert (fields.series, fields.series_part) == ("Deep dive", 2)


@pytest.mark.parametrize("written", ["second", "nan", "1e999", True, [2], {"of": 3}])
def test_a_part_that_is_no_number_is_told(written: Any) -> None:
    fields = fields_of(series="Deep dive", series_order=written)
    assert fields.series_part is None
    assert [problem.field for problem in fields.problems] == ["series_order"]


def test_without_a_series_a_part_is_something_else() -> None:
    fields = fields_of(order=2, series_order="first")
    assert (fields.series_part, fields.problems) == (None, ())


@pytest.mark.parametrize("name", ["translationKey", "translation_key", "translation-id", "ref"])
def test_a_translation_key_has_many_names(name: str) -> None:
    assert fields_of(**{name: "about us"}).translation_key == "about us"
    assert fields_of(extra={name: "about us"}).translation_key == "about us"


def test_only_what_can_be_nothing_else_is_a_faulty_translation_key() -> None:
    assert fields_of(ref=["a", "b"]).problems == ()
    (problem,) = fields_of(translationKey=["a", "b"]).problems
    assert problem.reason.startswith('"translationKey" must be text, not a list')


def test_a_problem_has_the_line_of_its_field() -> None:
    front = read_front_matter("---\ntitle: T\nseries: S\n\nseries_order: soon\n---\n")
    (problem,) = read_fields(front, "a.md").problems
    assert (problem.file, problem.line, problem.field) == ("a.md", 5, "series_order")
