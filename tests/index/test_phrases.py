"""Phrases: which are picked from a small site, which are not, and within which bounds."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import phrases, runs
from index.analysis import folded_words
from index.phrases import Phrase, PhraseCounter
from index.pieces import numbered_pieces
from index.runs import Ints

FILLER = """amber birch cedar dusk ember fjord glade heron inlet juniper kelp larch moss nettle
otter pine quartz reed sedge thistle umber violet willow yarrow zephyr acorn basalt cobalt dune
elder fern gorse hazel iris jasper knoll lichen maple north oak pebble quail rowan slate tarn
upland vale wren yew zinc""".split()


def filler(seed: int, words: int = 40) -> str:
    """Sentences of one word: nothing in them can be a phrase."""
    return ". ".join(random.Random(seed).choices(FILLER, k=words)) + "."


def pieces_of(*texts: str) -> tuple[list[str], Ints]:
    return numbered_pieces("\n".join(texts))


def phrases_of(*documents: str) -> list[Phrase]:
    counter = PhraseCounter()
    for seed, text in enumerate(documents):
        counter.add(*pieces_of(text, filler(seed)))
    return counter.phrases()


def shown(*documents: str) -> list[tuple[tuple[str, ...], int]]:
    return [(phrase.forms, phrase.documents) for phrase in phrases_of(*documents)]


def test_the_phrases_of_a_small_site() -> None:
    found = shown(
        "A network policy is for Pods. We like plug and play in winter.",
        "Every network policy has a name. Buy plug and play, or not.",
        "Network policies are lists. A kernel-mode driver crashed.",
        "One more Network Policy. Use plug and play at home.",
        "The kernel mode drivers of old. Load the kernel-mode driver.",
        "My kernel-mode driver sleeps. Write a network policy now.",
    )
    assert found == [
        (("network policy", "Network policies"), 5),
        (("kernel-mode driver", "kernel mode drivers"), 3),
        (("plug and play",), 3),
    ]


@pytest.mark.parametrize("border", [". ", ", ", "\n", " (", ": ", " – ", '" ', " the ", " is "])
def test_a_phrase_does_not_go_across(border: str) -> None:
    documents = [f"{word} blue{border}whale {word}" for word in ("One", "Two", "Six", "Ten")]
    assert shown(*documents) == []
    assert shown(*(text.replace(border, " ") for text in documents)) == [(("blue whale",), 4)]


@pytest.mark.parametrize(
    ("language", "texts", "forms"),
    [
        (
            "fr",
            ["Une base de données.", "Les bases de données", "La base de données et l'école"],
            ("base de données", "bases de données"),
        ),
        (
            "de",
            ["Die offene Frage.", "Offene Fragen", "Die offene Frage"],
            ("offene Frage", "Offene Fragen"),
        ),
        (
            "pl",
            ["książka kucharska", "książki kucharskie", "książka kucharska"],
            ("książka kucharska", "książki kucharskie"),
        ),
        (
            "fr",
            ["L'école d'art", "l'école d'art", "une école d’art"],
            ("l'école d'art", "école d’art"),
        ),
    ],
)
def test_phrases_are_of_the_language_of_their_posts(
    language: str, texts: list[str], forms: tuple[str, ...]
) -> None:
    counter = PhraseCounter()
    for seed, text in enumerate(texts):
        counter.add(*pieces_of(text, filler(seed)), language)
    assert [phrase.forms for phrase in counter.phrases()] == [forms]


def test_languages_share_their_phrases_but_not_their_small_words() -> None:
    counter = PhraseCounter()
    texts = {
        "en": "The kernel bug.",
        "de": "der Kernel Bug",
        "pt-BR": "O kernel bug",
        "nl": "kernel bug",
    }
    for seed, (language, text) in enumerate(texts.items()):
        counter.add(*pieces_of(text, filler(seed)), language)
    (shared,) = counter.phrases()
    assert (shared.forms, shared.documents) == (("kernel bug",), 4)
    for loose in ("die Frage", "Frage die"):
        counter = PhraseCounter()
        for seed in range(5):
            counter.add(*pieces_of(loose, filler(seed)), "de")
        assert counter.phrases() == []


def test_a_phrase_does_not_go_from_one_text_to_the_next() -> None:
    counter = PhraseCounter()
    for seed in range(5):
        counter.add(*pieces_of("blue", "whale", filler(seed)))
    assert counter.phrases() == []


@pytest.mark.parametrize("word", ["the", "2024", "3.5", "of", "x", "within"])
def test_no_phrase_begins_or_ends_with_a_word_that_tells_nothing(word: str) -> None:
    assert shown(*[f"Whale {word}. {word} whale."] * 5) == []


def test_a_piece_of_a_longer_phrase_collapses_into_it() -> None:
    always = [f"{word} universal serial bus {word}" for word in ("Ann", "Bob", "Cid", "Dan")]
    assert shown(*always) == [(("universal serial bus",), 4)]
    often_apart = [f"A serial bus {word}." for word in ("hums", "sits", "ends")]
    assert shown(*always, *often_apart) == [
        (("serial bus",), 7),
        (("universal serial bus",), 4),
    ]


def test_a_sentence_that_is_repeated_is_no_phrase() -> None:
    footer = "Please join our merry mailing list to hear more of us."
    assert shown(*[footer] * 6) == []
    own = [f"A mailing list {word}." for word in ("hums", "sits", "ends", "grew")]
    assert shown(*[footer] * 6, *own) == [(("mailing list",), 10)]


def test_words_that_meet_by_chance_are_no_phrase() -> None:
    chance = random.Random(7)
    documents = [" ".join(chance.choices(FILLER[:12], k=60)) for _ in range(12)]
    assert shown(*documents) == []


def test_a_phrase_has_to_be_in_three_documents() -> None:
    assert shown("A blue whale. The blue whale, a blue whale.", "A blue whale.") == []
    assert shown(*["A blue whale."] * 3) == [(("blue whale",), 3)]


def test_a_phrase_is_shown_as_it_is_mostly_written() -> None:
    texts = ["Blue Whale.", "Blue Whale.", "a blue whale", "a blue whale", "blue whales"]
    assert shown(*texts) == [(("blue whale", "blue whales"), 5)]
    assert shown(*texts, "A Blue Whale.") == [(("Blue Whale", "blue whales"), 6)]


def test_no_more_phrases_are_kept_than_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = ["A blue whale. A red fox. A grey goose."] * 3 + ["A blue whale. A red fox."] * 2
    everything = phrases_of(*documents, "A blue whale.")
    assert [phrase.forms for phrase in everything] == [
        ("blue whale",),
        ("red fox",),
        ("grey goose",),
    ]
    monkeypatch.setattr(phrases, "MAX_PHRASES", 2)
    assert phrases_of(*documents, "A blue whale.") == everything[:2]


def test_a_site_past_the_bound_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "MAX_SAMPLED_WORDS", 1_000)
    counter = PhraseCounter()
    for seed in range(200):
        counter.add(*pieces_of("A blue whale.", filler(seed)))
        assert len(counter._words) <= 1_000 + 100
    (whale,) = counter.phrases()
    assert whale.forms == ("blue whale",)
    assert 150 <= whale.documents <= 250


@given(
    st.lists(
        st.lists(st.sampled_from("ash bay cob dew elm the of".split()), min_size=1, max_size=25),
        min_size=1,
        max_size=12,
    )
)
def test_counted_a_few_at_a_time_or_all_at_once_is_the_same(documents: list[list[str]]) -> None:
    texts = [" ".join(words) for words in documents]
    at_once = phrases_of(*texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "COUNTED_AT_ONCE", 3)
        assert phrases_of(*texts) == at_once
    for phrase in at_once:
        holding = sum(any(_contains(words, form) for form in phrase.forms) for words in documents)
        assert holding == phrase.documents


def _contains(words: list[str], form: str) -> bool:
    wanted = form.split()
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words)))


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_texts_have_phrases_of_two_to_four_words(texts: list[str]) -> None:
    counter = PhraseCounter()
    for _ in range(3):
        counter.add(*pieces_of(*texts))
    found = counter.phrases()
    assert Counter(phrase.documents for phrase in found).keys() <= {3}
    assert all(len(folded_words(form)) >= 2 for phrase in found for form in phrase.forms)


TEXTS = st.lists(
    st.lists(st.sampled_from(["dune", "elder", "Elder", "the", "kelp-moss", "."]), max_size=12).map(
        lambda words: " ".join(["amber", "fjord", *words])
    ),
    max_size=12,
)


@given(TEXTS, TEXTS, st.randoms(use_true_random=False))
def test_documents_can_come_in_any_order_and_some_can_go(
    texts: list[str], others: list[str], shuffler: random.Random
) -> None:
    order = list(range(len(texts) + len(others)))
    shuffler.shuffle(order)
    expected, shuffled = PhraseCounter(), PhraseCounter()
    for text in texts:
        expected.add(*pieces_of(text))
    for at in order:
        shuffled.add(*pieces_of([*texts, *others][at]))
    shuffled.reorder([order.index(at) for at in range(len(texts))])
    assert shuffled.phrases() == expected.phrases()


def test_of_a_sampled_site_what_was_not_passed_over_can_be_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phrases, "MAX_SAMPLED_WORDS", 1_000)
    counter = PhraseCounter()
    for seed in range(200):
        animal = "blue whale" if seed < 100 else "red fox"
        counter.add(*pieces_of(f"A {animal}.", filler(seed)))
    counter.reorder(range(199, 99, -1))
    counter.reorder(range(99, -1, -1))
    (fox,) = counter.phrases()
    assert fox.forms == ("red fox",)
    assert 75 <= fox.documents <= 125
