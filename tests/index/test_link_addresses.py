"""Links between posts: which whole addresses lead to a post of the site, and which elsewhere."""

import pytest

from index.links import LinkResolver
from index.post import Link, Post

POSTS = (
    Post("/blog/pears", "blog/pears.md", "Pears"),
    Post("/blog", "blog/index.md", "Blog"),
    Post("/", "index.md", "Home"),
)


def linked(target: str, base_url: str) -> tuple[str, ...]:
    post = Post("/blog/apples", "blog/apples.md", "Apples", links=(Link(target, "there"),))
    return LinkResolver([*POSTS, post], base_url).linked_paths(post)


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/blog/pears",
        "https://example.org/blog/pears/?from=apples#core",
        "https://www.example.org/blog/pears",
        "http://Example.org/blog/pears.html",
        "//example.org/blog/pears",
        "/blog/pears",
        "pears.md",
    ],
)
@pytest.mark.parametrize("base_url", ["https://example.org", "https://www.example.org"])
def test_a_post_is_linked_to_by_any_of_its_addresses(target: str, base_url: str) -> None:
    assert linked(target, base_url) == ("/blog/pears",)


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org.attacker.net/blog/pears",
        "https://other.example.org/blog/pears",
        "ftp://example.org/blog/pears",
        "mailto:blog/pears",
        "https://[bad/blog/pears",
        "#core",
    ],
)
def test_other_places_are_no_posts(target: str) -> None:
    assert linked(target, "https://example.org") == ()
    assert linked(target, "") == ()


def test_a_site_may_be_a_folder_of_its_host() -> None:
    base_url = "https://example.org/project"
    assert linked("https://example.org/project/blog/pears", base_url) == ("/blog/pears",)
    assert linked("https://example.org/project", base_url) == ("/",)
    assert linked("https://example.org/projects/blog/pears", base_url) == ()
    assert linked("https://example.org/blog/pears", base_url) == ()
