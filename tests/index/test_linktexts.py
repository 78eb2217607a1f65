"""What links say is counted as if each of them had been analysed by itself."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from index.analysis import positions_by_term
from index.linktexts import LinkTexts

WORD = st.sampled_from("red boats the kube-proxy café v1.2.3 Python入門書 C++ '".split())
TEXT = st.lists(WORD, max_size=3).map(" ".join)
POSTS = st.lists(
    st.tuples(st.sampled_from(["en", "fr", "ja"]), st.lists(TEXT, max_size=4)), max_size=5
)


@given(POSTS)
def test_every_post_says_what_its_links_say(posts: list[tuple[str, list[str]]]) -> None:
    links = LinkTexts()
    for language, texts in posts:
        links.add(texts, language)
    by_post = links.by_post()
    assert by_post.shape == (len(posts), len(links.texts))
    for row, (language, texts) in zip(by_post.toarray().tolist(), posts, strict=True):
        said = Counter[str]()
        for text, times in zip(links.texts, row, strict=True):
            said.update({term: uses * times for term, uses in Counter(text.terms).items() if times})
        assert said == one_by_one(texts, language)


def one_by_one(texts: Sequence[str], language: str) -> Counter[str]:
    said = Counter[str]()
    for text in texts:
        said.update({term: len(at) for term, at in positions_by_term(text, language).items()})
    return said


def test_a_text_is_analysed_once_in_each_language() -> None:
    links = LinkTexts()
    links.add(["boats", "boats"], "en")
    links.add(["boats"], "en")
    links.add(["boats"], "fr")
    assert [(text.language, text.terms) for text in links.texts] == [
        ("en", ["boat"]),
        ("fr", ["boat"]),
    ]
    assert links.by_post().toarray().tolist() == [[2, 0], [1, 0], [0, 1]]
