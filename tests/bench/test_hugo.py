"""A site for Hugo: whatever posts say, it is data; and Hugo's lists of a site of three posts."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import hugo
from index.post import Post, Section

AWKWARD = (
    'Say "hi" \\ and }',
    "{{ .Title }}",
    "'tis: a\ttab, # no comment",
    "---",
    "+++",
    "Ünï — 日本語",
    "",
)
"""Titles that are something in one of the languages of front matter or of templates."""

AWKWARD_PATHS = (
    '/a b/c:d"e',
    "/../../evil",
    "/é/?q#f",
    "/2020/:year/page.html",
    "/",
    "/a%20b/%2e%2e/c",
    "/{{ .Title }}",
)


def post(title: str, path: str, *tags: str, text: str = "Some words.") -> Post:
    return Post(
        path=path,
        source="a.md",
        title=title,
        tags=tags,
        categories=("News",),
        date=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        sections=(Section("", "", 0, text),),
    )


@pytest.fixture
def command() -> Path:
    found = hugo.find_hugo()
    if found is None:
        pytest.skip(hugo.HOW_TO_INSTALL)
    return found


@pytest.mark.parametrize("title", AWKWARD)
def test_front_matter_says_what_the_post_says(title: str) -> None:
    page = hugo.page_of(post(title, '/a "b"', 'x"y', "Z"), 7, is_source=True)
    front, _, body = page.partition("\n\n")
    assert json.loads(front) == {
        "title": title,
        "tags": ['x"y', "Z"],
        "categories": ["News"],
        "url": '/a "b"',
        "date": "2026-03-01T09:30:00+00:00",
        "docnum": 7,
        "is_source": True,
    }
    assert body == "Some words.\n"


def test_a_post_without_a_date_has_none() -> None:
    page = hugo.page_of(Post(path="/a", source="a.md", title="A"), 0, is_source=False)
    assert "date" not in json.loads(page)


def test_no_text_calls_a_template() -> None:
    page = hugo.page_of(post("A", "/a", text="{{< figure >}} {{% note %}}"), 0, is_source=False)
    assert "{{<" not in page
    assert "{{%" not in page


def test_awkward_posts_all_have_their_pages_and_within_the_site(
    tmp_path: Path, command: Path
) -> None:
    text = "{{< figure >}} {{% note %}} {{ .Title }}\n---\n+++\n<!--more-->"
    posts = [
        post(title, path, "same", text=text)
        for title, path in zip(AWKWARD, AWKWARD_PATHS, strict=True)
    ]
    folder = tmp_path / "in/a/folder/site"
    hugo.write_site(folder, posts, range(len(posts)))
    assert hugo.run(folder, command, hugo.SETTINGS[0], 50)
    everything = set(range(len(posts)))
    assert {source: {source, *found} for source, found in hugo.lists(folder).items()} == (
        dict.fromkeys(everything, everything)
    )
    assert [file for file in tmp_path.rglob("evil*") if folder not in file.parents] == []


def test_the_lists_are_hugos(tmp_path: Path, command: Path) -> None:
    posts = [
        post("A", "/a", "apple", "pear"),
        post("B", "/b", "Pear"),
        post("C", "/c", "apple", "pear"),
        post("D", "/d"),
    ]
    hugo.write_site(tmp_path, posts, {0, 1})
    tags_and_date = hugo.SETTINGS[0]
    hugo.run(tmp_path, command, tags_and_date, 2)
    lists = hugo.lists(tmp_path)
    assert lists[0] == [2, 1]  # both tags, then one of them; letter case does not matter
    assert set(lists[1]) == {0, 2}
    assert lists[2] == lists[3] == []  # not asked for
    hugo.run(tmp_path, command, None, 2)
    assert hugo.lists(tmp_path) == {0: [], 1: [], 2: [], 3: []}


def test_a_run_that_takes_too_long_is_ended(
    tmp_path: Path, command: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hugo, "TIME_LIMIT_SECONDS", 0.001)
    hugo.write_site(tmp_path, [post("A", "/a")], {0})
    assert hugo.run(tmp_path, command, hugo.SETTINGS[0], 2) is None
