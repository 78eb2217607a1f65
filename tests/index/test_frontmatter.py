"""Front matter of every kind: values as written, the body told apart, and the line of each key."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import MalformedPostError
from index.frontmatter import read_front_matter


def test_yaml_values_stay_what_the_author_wrote() -> None:
    front = read_front_matter(
        "---\nversion: 1.10\nok: no\ntime: 12:30\nhex: 0x1F\nday: 2022-05-05\n"
        "quoted: 'true'\non: true\nnone:\ntilde: ~\n---\n"
    )
    assert front.metadata == {
        "version": "1.10",
        "ok": "no",
        "time": "12:30",
        "hex": "0x1F",
        "day": "2022-05-05",
        "quoted": "true",
        "on": True,
        "none": None,
        "tilde": None,
    }


def test_yaml_tags_make_no_objects() -> None:
    front = read_front_matter('---\na: !!python/object/apply:os.system ["true"]\n---\n')
    assert front.metadata == {"a": ["true"]}


def test_yaml_anchors_and_merges_are_followed() -> None:
    front = read_front_matter("---\nbase: &b {x: one, y: two}\npost: {<<: *b, y: mine}\n---\n")
    assert front.metadata["post"] == {"x": "one", "y": "mine"}


def test_toml_values_are_native_and_fractions_stay_text() -> None:
    front = read_front_matter("+++\nday = 2022-05-05\nweight = 1.10\n[extra]\nx = true\n+++\nBody")
    assert front.metadata == {"day": dt.date(2022, 5, 5), "weight": "1.10", "extra": {"x": True}}
    assert front.body == "Body"


@pytest.mark.parametrize(
    ("text", "body", "body_line"),
    [
        ("---\na: 1\n---\nBody\n", "Body\n", 4),
        ("\ufeff---\na: 1\n---\nBody\n", "Body\n", 4),
        ("\n \n---\na: 1\n...\nBody\n", "Body\n", 6),
        ("---\r\na: 1\r\n---\r\nBody\r\n", "Body\n", 4),
        ("---\n---\n\nBody\n", "\nBody\n", 3),
        ("---\na: 1\n---", "", 3),
        ('{"a": "1"}\nBody\n', "Body\n", 2),
        (';;;\n{"a": "1"}\n;;;\nBody\n', "Body\n", 4),
        ('---json\n{"a": "1"}\n---\nBody\n', "Body\n", 4),
        ("Title: 1\n\nBody\n", "\nBody\n", 2),
        ("Body\n\n---\n\nMore\n", "Body\n\n---\n\nMore\n", 1),
        ("{{< shortcode >}}\n", "{{< shortcode >}}\n", 1),
        ("{: .lead}\n", "{: .lead}\n", 1),
        ("----\na: 1\n----\n", "----\na: 1\n----\n", 1),
    ],
)
def test_the_body_is_told_apart(text: str, body: str, body_line: int) -> None:
    front = read_front_matter(text)
    assert (front.body, front.body_line) == (body, body_line)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "\n---\ntitle: a\nsearch:\n  boost: 2\n  pin:\n    - x\n---\n",
            {"title": 3, "search": 4, "search.boost": 5, "search.pin": 6},
        ),
        (
            '+++\ntitle = "a"\n\n[extra]\nx = 1\n[extra.search]\nboost = 2\n+++\n',
            {"title": 2, "extra": 4, "extra.x": 5, "extra.search": 6},
        ),
        (
            '{\n  "title": "a",\n  "search": {\n    "boost": 2\n  }\n}\n',
            {"title": 2, "search": 3, "search.boost": 4},
        ),
        ("Title: a\nSummary: b\n  c\nDate: d\n", {"Title": 1, "Summary": 2, "Date": 4}),
    ],
    ids=["yaml", "toml", "json", "bare"],
)
def test_each_key_has_its_line(text: str, lines: dict[str, int]) -> None:
    front = read_front_matter(text)
    assert {key: front.line_of(key) for key in lines} == lines


def test_an_unknown_inner_key_has_the_line_of_the_one_around_it() -> None:
    front = read_front_matter("---\na: 1\nsearch: {}\n---\n")
    assert (front.line_of("search.boost"), front.line_of("nothing")) == (3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Remember: milk\n\nBody",
        "Title: a\nprose goes on\n\nBody",
        "Note to self\n",
        "Tags: a, b\n\nx",
    ],
)
def test_prose_with_colons_is_no_front_matter(text: str) -> None:
    assert read_front_matter(text).metadata == {}


def test_a_block_that_is_data_is_no_front_matter() -> None:
    with pytest.raises(MalformedPostError, match="longer than a post's should be"):
        read_front_matter("+++\n" + "a = 1\n" * 100_000 + "+++\n")


HEADERS = (
    "---\ntitle: A\ntags: [x, y]\nsearch: {boost: 2}\n---\n",
    '+++\ntitle = "A"\ndate = 2022-05-05\n[extra]\ntags = ["x"]\n+++\n',
    '{\n  "title": "A",\n  "tags": ["x", "y"]\n}\n',
    "Title: A\nDate: 2022-05-05\nTags: x, y\n\n",
)


@given(
    header=st.sampled_from(HEADERS),
    at=st.integers(0, 80),
    removed=st.integers(0, 10),
    added=st.text(max_size=6) | st.sampled_from(["\t", "&a", "*a", "'", '"', "[", "{", "!!x", "%"]),
)
def test_a_damaged_header_is_read_or_named_on_a_line_it_has(
    header: str, at: int, removed: int, added: str
) -> None:
    text = header[:at] + added + header[at + removed :]
    lines = text.count("\n") + text.count("\r") + 2
    fault = None
    try:
        front = read_front_matter(text)
    except MalformedPostError as error:
        fault = error
    if fault is None:
        assert all(isinstance(key, str) for key in front.metadata)
        assert front.body in text.replace("\r\n", "\n").replace("\r", "\n")
    else:
        assert fault.reason
        assert 1 <= fault.line <= lines


@pytest.mark.parametrize(
    ("text", "metadata", "body", "body_line"),
    [
        ("title: A\ntags:\n- x\n---\nB\n", {"title": "A", "tags": ["x"]}, "B\n", 5),
        ("\ntitle: A\n---\nB", {"title": "A"}, "B", 4),
        ('"title": "A",\n"n": 1.10\n;;;\nB', {"title": "A", "n": "1.10"}, "B", 4),
        ('"title": "A",\n;;;\nB', {"title": "A"}, "B", 3),
    ],
)
def test_hexo_s_front_matter_needs_only_a_line_below(
    text: str, metadata: dict[str, object], body: str, body_line: int
) -> None:
    front = read_front_matter(text)
    assert (front.metadata, front.body, front.body_line) == (metadata, body, body_line)
    assert text.split("\n")[front.line_of("title") - 1].lstrip('"').startswith("title")


@pytest.mark.parametrize(
    "text",
    [
        "Title: of a heading\n---\n\nText.\n",
        "Remember: this\n---\nText.\n",
        "note: this\n---\nText.\n",
        '"Quoted": said he, and left.\n',
        "Text.\n\ntitle: A\n---\n",
    ],
)
def test_a_line_under_prose_makes_no_front_matter(text: str) -> None:
    front = read_front_matter(text)
    assert (front.metadata, front.body) == ({}, text)


@pytest.mark.parametrize(
    ("text", "line"), [("title: A\nx: : y\n---\nB", 2), ('"title": "A",\n"b": x\n;;;\nB', 2)]
)
def test_a_fault_in_hexo_s_front_matter_has_its_line(text: str, line: int) -> None:
    with pytest.raises(MalformedPostError) as caught:
        read_front_matter(text)
    assert caught.value.line == line
