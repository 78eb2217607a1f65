"""Links between posts, in every way in which generators have them written."""

import pytest

from index.links import LinkResolver
from index.post import Link, Post

POSTS = (
    Post("/", "index.md", "Home"),
    Post("/blog", "blog/_index.md", "Blog"),
    Post("/blog/first", "blog/first/index.md", "First", aliases=("/old/first.html",)),
    Post("/blog/second", "blog/second.md", "Second"),
    Post("/2020/12/03/tide", "_posts/2020-12-03-tide.md", "Tide"),
    Post("/tea.html", "tea.md", "Tea"),
    Post("/docs/tea", "docs/tea.md", "More tea"),
    Post("/docs/sub/a b", "docs/sub/a b.md", "Spaces"),
)


@pytest.mark.parametrize(
    ("source", "target", "path"),
    [
        ("blog/second.md", "first/index.md", "/blog/first"),
        ("blog/second.md", "first/index.md#part", "/blog/first"),
        ("blog/second.md", "first/", "/blog/first"),
        ("blog/second.md", "./first", "/blog/first"),
        ("blog/first/index.md", "../second/", "/blog/second"),
        ("blog/first/index.md", "../second.md", "/blog/second"),
        ("blog/second.md", "../first/", "/blog/first"),
        ("blog/second.md", "..", "/"),
        ("blog/second.md", "/old/first.html", "/blog/first"),
        ("blog/second.md", "/blog/first/index.html?x=1#y", "/blog/first"),
        ("blog/second.md", "/blog/first.html", "/blog/first"),
        ("blog/second.md", "/tea", "/tea.html"),
        ("blog/second.md", "/blog/first/index.md", "/blog/first"),
        ("blog/second.md", "https://x.example/blog/first/", "/blog/first"),
        ("blog/second.md", "https://x.example", "/"),
        ("blog/second.md", "@/blog/first/index.md", "/blog/first"),
        ("blog/second.md", "@/blog/_index.md", "/blog"),
        ("blog/second.md", "~/docs/tea.md", "/docs/tea"),
        ("blog/second.md", "@site/docs/tea.md", "/docs/tea"),
        ("blog/second.md", "@site/content/docs/tea.md", "/docs/tea"),
        ("blog/second.md", "{filename}/docs/tea.md", "/docs/tea"),
        ("blog/second.md", "{filename}../docs/tea.md", "/docs/tea"),
        ("blog/second.md", "|filename|/docs/tea.md", "/docs/tea"),
        ("blog/second.md", "..\\docs\\tea.md", "/docs/tea"),
        ("blog/second.md", "../docs/sub/a%20b.md", "/docs/sub/a b"),
        ("blog/second.md", "2020-12-03-tide", "/2020/12/03/tide"),
        ("blog/second.md", "tide", "/2020/12/03/tide"),
        ("blog/second.md", "tide.md", None),
        ("blog/second.md", "tea", None),
        ("blog/second.md", "missing.md", None),
        ("blog/second.md", "https://other.example/blog/first", None),
        ("blog/second.md", "mailto:blog/first", None),
        ("blog/second.md", "//[x", None),
        ("blog/second.md", "#part", None),
        ("blog/second.md", "", None),
    ],
)
def test_a_link_leads_to_the_post_that_its_author_means(
    source: str, target: str, path: str | None
) -> None:
    resolver = LinkResolver(POSTS, "https://x.example")
    post = next(post for post in POSTS if post.source == source)
    assert resolver.resolve(target, post) == path


def test_a_file_counts_before_an_address() -> None:
    posts = (
        Post("/a", "blog/page.md", "A"),
        Post("/b", "blog/a.md", "B"),
    )
    assert LinkResolver(posts).resolve("a.md", posts[0]) == "/b"
    assert LinkResolver(posts).resolve("/a", posts[0]) == "/a"


def test_a_target_leads_from_each_post_to_where_it_means_there() -> None:
    here, there = Post("/a/one", "a/one.md", "One"), Post("/b/one", "b/one.md", "Other one")
    resolver = LinkResolver(
        [here, there, Post("/a/two", "a/two.md", ""), Post("/b/two", "b/two.md", "")]
    )
    for _ in range(2):
        assert resolver.resolve("two.md", here) == "/a/two"
        assert resolver.resolve("two.md", there) == "/b/two"
        assert resolver.resolve("/a/two", here) == resolver.resolve("/a/two", there) == "/a/two"


def test_a_name_that_two_posts_have_names_none() -> None:
    resolver = LinkResolver(POSTS)
    assert resolver.resolve_name("blog/tide.md") == "/2020/12/03/tide"
    assert resolver.resolve_name("tea.md") is None
    assert resolver.resolve_name("") is None


def test_links_are_told_once_and_without_the_post_itself() -> None:
    targets = ("second.md", "first/", "/blog/first", "#x", "second.md#y", "..")
    post = Post("/blog/second", "blog/second.md", "S", links=tuple(Link(t, t) for t in targets))
    resolver = LinkResolver((*POSTS[:3], post))
    assert resolver.linked_paths(post) == ("/blog/first", "/")
    assert resolver.links(post) == [
        ("/blog/first", "first/"),
        ("/blog/first", "/blog/first"),
        ("/", ".."),
    ]
