"""Posts in several languages on one site, found as their readers type."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.analysis import is_exact_form, word_parts
from index.build import BuildOptions
from index.report import BuildReport
from search import Engine, open_engine
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.snapshot import Snapshot
from search.engine import Filters, SearchOptions
from tests.conftest import Site

SITE = {
    "en.md": "---\ntitle: Networks\nlang: en\n---\nThe résumé of what’s new in networking. Try Café-Bars.\n",
    "resume.md": "---\ntitle: Pausing\nlang: en-GB\n---\nThey resume where the network stopped.\n",
    "de.md": "---\ntitle: Häuser bauen\nlang: de-AT\n---\nMöglichkeiten, schöne Straßen zu bauen.\n",
    "fr.md": "---\ntitle: L’été\nlang: fr\n---\nLes élèves d’une école créent des œuvres.\n",
    "pt.md": "---\ntitle: Notas\nlang: pt_BR\n---\nToda a informação das nações.\n",
    "ja.md": "---\ntitle: Python入門書\nlang: ja\n---\n黒猫が日本語の検索を試す。\n",
    "ko.md": "---\ntitle: 한국어\nlang: ko\n---\n서울시에서 배우는 검색\n",
    "th.md": "---\ntitle: ภาษาไทย\nlang: th\n---\nการค้นหาข้อความ\n",
    "none.md": "---\ntitle: Unnamed\n---\nSoft\u00adly spoken, e\u0301te\u0301.\n",
}


@pytest.fixture
def engine(engine_of: Callable[[Site], Engine]) -> Engine:
    return engine_of(SITE)


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("networks", {"/en", "/resume"}),
        ("resume", {"/en", "/resume"}),
        ("résumé", {"/en", "/resume"}),
        ("cafebar", {"/en"}),
        ("haus", {"/de"}),
        ("hauser", {"/de"}),
        ("möglichkeit", {"/de"}),
        ("strasse", {"/de"}),
        ('"schöne Straße"', {"/de"}),
        ("l'école", {"/fr"}),
        ("eleve", {"/fr"}),
        ("oeuvre", {"/fr"}),
        ("informações", {"/pt"}),
        ("informacao", {"/pt"}),
        ("nações", {"/pt"}),
        ("猫", {"/ja"}),
        ("黒猫", {"/ja"}),
        ("入門", {"/ja"}),
        ("日本語", {"/ja"}),
        ('"日本語の検索"', {"/ja"}),
        ("서울", {"/ko"}),
        ("검색", {"/ko"}),
        ("ไทย", {"/th"}),
        ("softly", {"/none"}),
        ("ete", {"/fr", "/none"}),
    ],
)
def test_posts_are_found_in_their_language(engine: Engine, query: str, paths: set[str]) -> None:
    results = engine.search(query)
    assert results.corrected is None
    assert {hit.path for hit in results.hits} == paths


@pytest.mark.parametrize("query", ["日語", "語本", "本日"])
def test_pairs_that_are_not_side_by_side_are_not_found(engine: Engine, query: str) -> None:
    assert engine.search(query).total == 0


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("入門", "Python<mark>入門</mark>書"),
        ("入門書", "Python<mark>入門書</mark>"),
        ("門", "Python入<mark>門</mark>書"),
        ("python", "<mark>Python</mark>入門書"),
        ("haus", "<mark>Häuser</mark> bauen"),
    ],
)
def test_what_was_found_is_marked_and_nothing_else(engine: Engine, query: str, title: str) -> None:
    assert engine.search(query).hits[0].title_html == title


def test_a_question_in_german_does_not_ask_for_its_small_words(engine: Engine) -> None:
    results = engine.search("wie kann ich ein haus bauen")
    assert [hit.path for hit in results.hits] == ["/de"]
    assert results.missing == ()


def document_frequency(term: str, snapshot: Snapshot) -> int:
    number = snapshot.postings.number(term)
    return 0 if number is None else snapshot.postings.count(number)


def test_exact_accents_come_first(engine_of: Callable[[Site], Engine]) -> None:
    post = "---\ntitle: Note\ndate: {}\n---\nA {} and more.\n"
    engine = engine_of(
        {"plain.md": post.format(2020, "resume"), "accents.md": post.format(2021, "résumé")}
    )
    assert [hit.path for hit in engine.search("resume").hits] == ["/plain", "/accents"]
    assert [hit.path for hit in engine.search("résumé").hits] == ["/accents", "/plain"]


def test_exact_forms_are_indexed_but_are_no_words_of_the_site(
    engine_of: Callable[[Site], Engine], tmp_path: Path
) -> None:
    engine_of(SITE)
    snapshot = GenerationSnapshot.open(tmp_path / "index")
    found = [word_parts("Häuser", "de")[-1].term, word_parts("résumé")[-1].term]
    assert all(map(is_exact_form, found))
    for term in found:
        assert document_frequency(term, snapshot) == 1
    vocabulary = snapshot.words.starting_with("", 1_000)
    assert {"hauser", "resume", "入門"} <= {word.surface for word in vocabulary}
    assert not [word for word in vocabulary if is_exact_form(snapshot.postings.terms[word.term])]
    assert not [term for term in snapshot.vectors["text"].terms if is_exact_form(term)]


GERMAN_SITE = {
    "haus.md": "---\ntitle: Häuser\n---\nDie Möglichkeiten, schöne Häuser zu bauen.\n",
    "house.md": "---\ntitle: Houses\nlang: en\n---\nBuilding houses.\n",
}


def test_a_site_says_its_own_language_for_posts_that_name_none(
    build: Callable[..., BuildReport], tmp_path: Path
) -> None:
    build(GERMAN_SITE, BuildOptions(language="de"))
    snapshot = GenerationSnapshot.open(tmp_path / "index")
    assert snapshot.languages == ("de", "en")
    assert document_frequency("moglich", snapshot) == 1
    assert document_frequency("moglichkeiten", snapshot) == 0
    engine = open_engine(tmp_path / "index")
    (hit,) = engine.search("wie kann ich ein haus bauen").hits
    assert (hit.path, hit.title_html) == ("/haus", "<mark>Häuser</mark>")
    assert [engine.post(path).lang for path in ("/haus", "/house")] == ["de", "en"]
    in_german = engine.search("", options=SearchOptions(filters=Filters(langs=("de",))))
    assert [hit.path for hit in in_german.hits] == ["/haus"]


def test_posts_of_a_site_that_names_no_language_are_not_said_to_have_one(
    build: Callable[..., BuildReport], tmp_path: Path
) -> None:
    build(GERMAN_SITE, BuildOptions(language="en-GB"))
    engine = open_engine(tmp_path / "index")
    assert [engine.post(path).lang for path in ("/haus", "/house")] == ["", "en"]
