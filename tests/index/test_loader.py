"""Folders of posts: every file accounted for, whatever is in it."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.loader import LoadOptions, load_posts
from index.post import LoadedPosts

NOW = datetime(2025, 1, 1, tzinfo=UTC)
OPTIONS = LoadOptions(now=NOW)


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_md", ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def left_out(loaded: LoadedPosts) -> dict[str, str]:
    return {each.file: each.reason for each in loaded.left_out}


def test_every_file_is_a_post_or_left_out_with_its_reason(tmp_path: Path) -> None:
    for name in (
        "b.md", "a.MARKDOWN", "c.mdown", "d.mkd", "e.mdx", "sub/f.md", "picture.png", "page.rst",
        "Makefile", ".hidden.md", ".git/config", ".git/x.md", "node_modules/p/README.md",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# A")
    loaded = load_posts(tmp_path, OPTIONS)
    assert [post.path for post in loaded.posts] == ["/a", "/b", "/c", "/d", "/e", "/sub/f"]
    assert left_out(loaded) == {
        ".git": "hidden folder, not read",
        ".hidden.md": "hidden file, not read",
        "Makefile": "not a Markdown file",
        "node_modules": "folder of installed packages, not read",
        "page.rst": "not a Markdown file",
        "picture.png": "not a Markdown file",
    }
    assert loaded.problems == ()
    assert loaded.files == len(loaded.posts) + len(loaded.left_out) == 12


def test_what_only_serves_other_pages_is_no_post(tmp_path: Path) -> None:
    for name in (
        "index.md", "README.md", "_index.md", "sub/_index.md", "sub/readme.md", "sub/_part.mdx",
        "alone/README.md", "_posts/a.md", "_site/a.md", "_includes/a.md", "_layouts/a.md",
        "build/index/CURRENT", "build/index/generations/x/a.md", "_config.yml",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}")
    (tmp_path / "_index.md").unlink()
    loaded = load_posts(tmp_path, OPTIONS)
    assert [post.path for post in loaded.posts] == ["/", "/_posts/a", "/alone", "/sub"]
    assert left_out(loaded) == {
        "README.md": "a read-me file beside the folder's own page",
        "_config.yml": "not a Markdown file",
        "_includes": "folder of templates, not read",
        "_layouts": "folder of templates, not read",
        "_site": "folder that the site is written to, not read",
        "build/index": "an index of Signpost, not read",
        "sub/_part.mdx": "a part of other pages, by the underscore in front",
        "sub/readme.md": "a read-me file beside the folder's own page",
    }
    assert loaded.problems == ()


def test_posts_are_in_order_of_path_and_the_rest_in_order_of_file(tmp_path: Path) -> None:
    write(tmp_path, z_md="---\npath: /1\n---\n", a_md="---\npath: /2\n---\n", m_md="", b_md="")
    loaded = load_posts(tmp_path, OPTIONS)
    assert [post.source for post in loaded.posts] == ["z.md", "a.md"]
    assert [each.file for each in loaded.left_out] == ["b.md", "m.md"]


def test_an_empty_folder_has_no_posts(tmp_path: Path) -> None:
    assert load_posts(tmp_path, OPTIONS) == LoadedPosts(0, (), (), ())


def test_progress_counts_every_file_once(tmp_path: Path) -> None:
    write(tmp_path, a_md="# A", b_md="", c="x")
    seen: list[tuple[int, int]] = []
    load_posts(tmp_path, OPTIONS, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("kind", ["drafts", "unlisted", "future", "expired"])
def test_a_setting_lets_one_kind_in_and_no_other(tmp_path: Path, kind: str) -> None:
    write(
        tmp_path,
        drafts_md="---\ndraft: true\n---\n",
        unlisted_md="---\nunlisted: true\n---\n",
        future_md="---\ndate: 2025-01-02\n---\n",
        expired_md="---\nexpires: 2024-12-31\n---\n",
    )
    loaded = load_posts(tmp_path, LoadOptions(include=frozenset({kind}), now=NOW))
    assert [post.path for post in loaded.posts] == [f"/{kind}"]
    assert loaded.problems == ()


def test_a_title_is_the_field_or_the_first_heading_or_the_name(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_md="---\ntitle: The field\n---\n# The heading\n",
        b_md="Some text.\n\n# The *heading*\n",
        c_md="Some text.\n",
    )
    titles = [post.title for post in load_posts(tmp_path, OPTIONS).posts]
    assert titles == ["The field", "The heading", "C"]


def test_a_post_of_its_own_folder_has_no_category_of_it(tmp_path: Path) -> None:
    write(tmp_path, alone__index_md="# A", shared__index_md="# B", shared__c_md="# C")
    categories = {post.path: post.categories for post in load_posts(tmp_path, OPTIONS).posts}
    assert categories == {"/alone": (), "/shared": ("shared",), "/shared/c": ("shared",)}


def test_a_link_to_a_file_within_the_folder_is_followed(tmp_path: Path) -> None:
    write(tmp_path, a_md="# A")
    (tmp_path / "b.md").symlink_to("a.md")
    assert [post.path for post in load_posts(tmp_path, OPTIONS).posts] == ["/a", "/b"]


def test_a_linked_content_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path, real__a_md="# A")
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    assert [post.source for post in load_posts(tmp_path / "link", OPTIONS).posts] == ["a.md"]


def test_a_name_that_is_no_utf8_is_shown_with_escapes(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("# A")
    (post,) = load_posts(tmp_path, OPTIONS).posts
    assert (post.source, post.path) == ("caf\\xe9.md", "/caf\\xe9")


def test_an_alias_that_is_the_path_itself_is_dropped(tmp_path: Path) -> None:
    write(tmp_path, a_md="---\naliases: [/a/, /old]\n---\n")
    assert load_posts(tmp_path, OPTIONS).posts[0].aliases == ("/old",)


def test_loading_twice_gives_the_same(tmp_path: Path) -> None:
    write(tmp_path, a_md="# A\n\n- b", c_md="---\nx\n---\n", d="")
    assert load_posts(tmp_path, OPTIONS) == load_posts(tmp_path, OPTIONS)


REAL = (
    b"---\ntitle: A\ndate: 2022-05-05\ntags: [a, b]\nsearch: {boost: 2}\n---\n# A\n\nText.\n",
    b'+++\ntitle = "A"\ndate = 2022-05-05T10:00:00Z\n[taxonomies]\ntags = ["a"]\n+++\nText\n',
    b'{"title": "A", "date": "2022-05-05", "draft": false}\n\n## B {#c}\n',
    b"Title: A\nDate: 2022-05-05\n\n{% highlight x %}\ny\n{% endhighlight %}\n",
    b"import A from 'a'\n\n<A b={c} />\n\n{{< d >}}\n\n:::note\n[^1]\n:::\n\n[^1]: e\n",
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    files=st.lists(
        st.binary(max_size=300)
        | st.text(max_size=300).map(str.encode)
        | st.builds(
            lambda text, at, cut, added: text[:at] + added + text[at + cut :],
            st.sampled_from(REAL),
            st.integers(0, 100),
            st.integers(0, 20),
            st.binary(max_size=8)
            | st.sampled_from([b"\t", b"&a *a", b"[[[", b"{{", b"<a ", b"```"]),
        ),
        max_size=4,
    )
)
def test_any_bytes_at_all_are_a_post_or_named(files: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(files):
            (Path(folder) / f"{number}.md").write_bytes(data)
        loaded = load_posts(Path(folder), OPTIONS)
    named = {post.source for post in loaded.posts} | {each.file for each in loaded.left_out}
    assert loaded.files == len(files) == len(loaded.posts) + len(loaded.left_out)
    assert named == {f"{number}.md" for number in range(len(files))}
    for post in loaded.posts:
        assert post.title
        str(post).encode()
    assert all(each.reason and each.line >= 1 for each in loaded.left_out)
