"""Judgments made of the posts' own links."""

from bench.related_quality import links_between
from index.post import Link, Post


def post(path: str, *targets: str) -> Post:
    links = tuple(Link(target, "there") for target in targets)
    return Post(path=path, source=f"{path[1:]}.md", title=path, links=links)


def test_links_count_both_ways_and_only_between_posts() -> None:
    posts = [
        post("/a", "/b", "b.md", "#here", "/a", "https://elsewhere.org/c"),
        post("/b"),
        post("/c", "https://site.org/a"),
        post("/d", "/nowhere"),
    ]
    assert links_between(posts, "https://site.org") == {
        "/a": {"/b": 1, "/c": 1},
        "/b": {"/a": 1},
        "/c": {"/a": 1},
    }
    assert links_between(posts, "") == {"/a": {"/b": 1}, "/b": {"/a": 1}}
