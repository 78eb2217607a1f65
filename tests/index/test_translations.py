"""Which posts are one post in several languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.languages import language_tag
from index.post import Post
from index.translations import find_translations, without_language


def post(path: str, lang: str = "", *, key: str = "", source: str = "") -> Post:
    return Post(path, source or f"{path.strip('/')}.md", "A title", lang=lang, translation_key=key)


@pytest.mark.parametrize(
    ("place", "lang", "bare"),
    [
        ("/de/blog/x", "de", "/blog/x"),
        ("/blog/de/x", "de", "/blog/x"),
        ("/blog/x/de", "de", "/blog/x"),
        ("/de", "de", "/"),
        ("/de/de", "de", "/de"),
        ("/blog/x.de", "de", "/blog/x"),
        ("/blog/x-de", "de", "/blog/x"),
        ("/blog/x_de.html", "de", "/blog/x.html"),
        ("/blog/x.pt-br", "pt-BR", "/blog/x"),
        ("/blog/x-pt-br", "pt_BR", "/blog/x"),
        ("/pt-br/x", "pt", "/x"),
        ("/pt/x", "pt-BR", "/x"),
        ("/zh-hant/x", "zh-Hant", "/x"),
        ("/en/x", "", "/x"),
        ("/a-to-de", "de", "/a-to"),
        ("/fr/blog/x", "de", "/fr/blog/x"),
        ("/pt-pt/x", "pt-BR", "/pt-pt/x"),
        ("/it-security/x", "it", "/it-security/x"),
        ("/no-code", "no", "/no-code"),
        ("/german/x", "de", "/german/x"),
        ("/blog/x", "de", "/blog/x"),
        ("/.de", "de", "/.de"),
        ("de", "de", "/"),
    ],
)
def test_a_place_without_its_own_language(place: str, lang: str, bare: str) -> None:
    assert without_language(place, lang) == bare


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("", "en"), ("de", "de"), ("de_AT", "de-at"), ("de-AT", "de-at"), ("german", "de"),
        ("zh-TW", "zh-tw"), ("de_DE.UTF-8", "de-de"), ("tlh", "tlh"), (" PT-br ", "pt-br"),
    ],
)  # fmt: skip
def test_a_language_is_told_with_its_region(written: str, tag: str) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize(
    "posts",
    [
        [post("/blog/x"), post("/de/blog/x", "de")],
        [post("/de/blog/x", "de"), post("/fr/blog/x", "fr")],
        [post("/blog/x"), post("/blog/x.de", "de")],
        [post("/blog/x", "en", key="k"), post("/blog/y", "de", key="k")],
        [post("/zh-cn/x", "zh-CN"), post("/zh-tw/x", "zh-TW")],
        [post("/", "en"), post("/de", "de")],
        [
            post("/blog/mail", "en", source="blog/mail.en.md"),
            post("/artikel/post", "de", source="blog/mail.de.mdx"),
        ],
        [
            post("/blog/mail", source="blog/mail/index.md"),
            post("/artikel/post", "de", source="blog/mail/index.de.md"),
        ],
        [
            post("/mail", source="en/posts/mail.md"),
            post("/post", "de", source="de/posts/mail.md"),
        ],
    ],
)
def test_one_post_in_two_languages(posts: list[Post]) -> None:
    assert find_translations(posts) == ((0, 1),)


@pytest.mark.parametrize(
    "posts",
    [
        [post("/blog/x"), post("/en/blog/x")],
        [post("/blog/x", "en"), post("/en/blog/x")],
        [post("/blog/x"), post("/de/blog/x", "fr")],
        [post("/blog/x"), post("/de/blog/y", "de")],
        [post("/a", key="k"), post("/b", key="k")],
        [post("/blog/x", key="a"), post("/de/blog/x", "de", key="b")],
    ],
)
def test_posts_that_are_no_translations(posts: list[Post]) -> None:
    assert find_translations(posts) == ()


def test_keys_come_before_paths_and_paths_before_files() -> None:
    posts = [
        post("/a", key="k"),
        post("/b", "de", key="k"),
        post("/de/a", "de"),  # by its path a German /a, but there is one already
        post("/fr/a", "fr"),
        post("/c", "es", source="a.es.md"),
    ]
    assert find_translations(posts) == ((0, 1, 3, 4),)


some_posts = st.lists(
    st.builds(
        post,
        st.sampled_from(["/a", "/de/a", "/fr/a", "/b", "/b.de", "/fr/b", "/de/c", "/c"]),
        st.sampled_from(["", "en", "de", "fr", "de-AT"]),
        key=st.sampled_from(["", "", "k", "l"]),
    ),
    max_size=12,
)


@given(some_posts)
def test_no_group_has_a_language_twice_and_no_post_is_in_two(posts: list[Post]) -> None:
    groups = find_translations(posts)
    members = [at for group in groups for at in group]
    assert len(members) == len(set(members))
    for group in groups:
        assert len(group) > 1
        assert list(group) == sorted(group)
        languages = [language_tag(posts[at].lang) for at in group]
        assert len(languages) == len(set(languages))
        assert len({posts[at].translation_key for at in group} - {""}) <= 1
