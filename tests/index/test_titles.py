"""Titles after analysis: what is asked of them later, told as it was when they were read."""

from hypothesis import given
from hypothesis import strategies as st

from index.analysis import folded_words, tokens
from index.keys import title_key
from index.titlephrases import column_name, terms_of_column, title_phrases
from index.titles import AnalyzedTitle, WrittenPhrase, analyze_title

WORD = st.sampled_from(
    'Red the boats  of kube-proxy Café C++ v1.2.3 Python入門書 \\ " é'.split(" ")
)
TITLE = st.one_of(st.text(max_size=40), st.lists(WORD, max_size=6).map(" ".join))


def test_a_title_is_taken_apart_once_for_all_who_ask() -> None:
    assert analyze_title("The Kube-Proxy in  depth", "en") == AnalyzedTitle(
        key="the kube proxi in depth",
        typed="the kube proxy in depth",
        phrases=[
            WrittenPhrase("kube proxi", "Kube-Proxy"),
            WrittenPhrase("proxi depth", "Kube-Proxy in depth"),
            WrittenPhrase("kube proxi depth", "Kube-Proxy in depth"),
        ],
    )


@given(TITLE, st.sampled_from(["en", "de", "ja"]))
def test_it_is_the_same_after_being_bytes(title: str, language: str) -> None:
    analyzed = analyze_title(title, language)
    assert AnalyzedTitle.from_bytes(analyzed.to_bytes()) == analyzed


@given(TITLE, st.sampled_from(["en", "de", "ja"]))
def test_it_tells_what_those_who_ask_would_make_of_it(title: str, language: str) -> None:
    analyzed = analyze_title(title, language)
    phrases = list(title_phrases(tokens(title, language), language))
    assert analyzed.key == title_key(title)
    assert analyzed.typed.split() == folded_words(title)
    assert [phrase.name for phrase in analyzed.phrases] == [
        column_name(phrase.terms) for phrase in phrases
    ]
    assert [tuple(terms_of_column(phrase.name)) for phrase in analyzed.phrases] == [
        phrase.terms for phrase in phrases
    ]
