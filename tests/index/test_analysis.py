"""Text to terms: golden words, and properties over any text."""

import random
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import (
    MAX_WORD_CHARS,
    STOP_WORDS,
    SignpostAnalyzer,
    Span,
    fingerprint,
    fold,
    is_exact_form,
    language_code,
    positions_by_term,
    query_word_parts,
    spans,
    stop_terms,
    stop_words,
    whole_of,
    word_parts,
    words,
)
from index.parts import EXACT_MARK
from index.probes import PROBES

ANY_TEXT = st.text(st.characters())  # lone surrogates too: they can come out of JSON
SCRIPTS = st.text(
    st.sampled_from(
        "aZ9_-.'’ é\u0301ß\u00ad\u200b\u200d\u200fŁıİøдйё猫入門がカﾊﾟー한글\u1112\u1161ไทยकि\u094dأبک+#"
    )
)
LANGUAGES = st.sampled_from([*PROBES, "ja", "tlh", ""])


def terms(text: str, language: str = "en") -> list[str]:
    """All terms but exact forms, in order."""
    return [
        part.term
        for span in spans(text, language)
        for part in span.parts
        if not is_exact_form(part.term)
    ]


def exact_forms(text: str, language: str = "en") -> list[str]:
    return [
        part.term.partition(EXACT_MARK)[2]
        for span in spans(text, language)
        for part in span.parts
        if is_exact_form(part.term)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Networking networked NETWORK", ["network", "network", "network"]),
        ("Cilium's cilium’s", ["cilium", "cilium"]),
        ("don't O’Reilly", ["dont", "oreilli"]),
        ("café Café STRASSE straße", ["cafe", "cafe", "strass", "strass"]),
        ("kube-proxy", ["kube", "kubeproxi", "proxi"]),
        ("kube\u2011proxy kube\u2010proxy", ["kube", "kubeproxi", "proxi"] * 2),
        ("kubeProxy KubeProxy", ["kube", "kubeproxi", "proxi"] * 2),
        ("kubeproxy", ["kubeproxi"]),
        ("snake_case", ["snake", "snakecas", "case"]),
        ("camelCase", ["camel", "camelcas", "case"]),
        ("HTTPServer", ["http", "httpserver", "server"]),
        ("eBPF IPsec macOS", ["ebpf", "ipsec", "mac", "maco", "os"]),
        ("IPv6", ["ipv6"]),
        ("v1.14.3 1.14", ["1.14.3", "1.14", "1.14"]),
        ("Rust-1.88.0", ["rust", "rust1.88.0", "1.88.0", "1.88"]),
        ("C++ C# F#", ["c++", "c", "c#", "c", "f#", "f"]),
        ("C++17", ["c++", "c", "17"]),
        ("--dry-run /etc/hosts .gov", ["dri", "dryrun", "run", "etc", "host", "gov"]),
        ("config.yaml", ["config", "configyaml", "yaml"]),
        ("home·about l·l", ["home", "about", "ll"]),
        (".NET node.js", ["net", "node", "nodej", "js"]),
        ("foo::bar", ["foo", "bar"]),
        ("@scope/pkg", ["scope", "pkg"]),
        ("x86_64", ["x86", "x8664", "64"]),
        ("0x1F", ["0x1f"]),
        ("__init__ - . ' _", ["init"]),
        ("soft\u00adly so\u200dft\u200ely", ["soft", "soft"]),
        ("zero\u200bwidth", ["zero", "width"]),
        ("\ufeffbyte order", ["byte", "order"]),
        (
            "e\u0301te\u0301 ﬁle \uff37\uff29\uff24\uff25 ŒUVRE Łódź",
            ["ete", "file", "wide", "oeuvr", "lodz"],
        ),
        ("१२३ ۱۲۳ 123", ["123"] * 3),
        ("привет мир", ["привет", "мир"]),
        ("nul\0byte \ud800lone", ["nul", "byte", "lone"]),
        ("", []),
    ],
)
def test_words_become_these_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Häuser Haus Möglichkeiten Straße", ["haus", "haus", "moglich", "strass"]),
        ("fr", "l'été d’accord étés qu'elle", ["ete", "accord", "ete", "elle"]),
        ("it", "dell'arte l’Italia città", ["arte", "ital", "citt"]),
        ("es", "canciones canción", ["cancion", "cancion"]),
        ("pt-BR", "nações nação", ["naco", "naca"]),
        ("nl", "boeken boek", ["boek", "boek"]),
        ("sv", "böckerna bilarna", ["bock", "bil"]),
        ("nb", "bøkene husene", ["bok", "hus"]),
        ("fi", "taloissa talo", ["talo", "talo"]),
        ("pl", "książkami książka", ["ksiazk", "ksiazk"]),
        ("cs", "příspěvky příspěvek", ["prispevk", "prispevk"]),
        ("ru", "книгами книга ёлки елки", ["книг", "книг", "елк", "елк"]),
        ("el", "γλώσσας ΓΛΏΣΣΑ", ["γλωσσ", "γλωσσ"]),
        ("tr", "İstanbul'da kitapların ISI ısı", ["istanbul", "kitap", "is", "is"]),
        ("ar", "كِتَاب كتاب", ["كتاب", "كتاب"]),
        ("hi", "किताबें किताब", ["किताब", "किताब"]),
        ("fa", "کتاب كتاب", ["كتاب", "كتاب"]),
        ("uk", "м'яч мʼяч", ["мяч", "мяч"]),
        ("ca", "col·legi l'escola", ["colleg", "esc"]),
        ("pt", "informação informacao", ["inform", "informaca", "informaca"]),
        ("tr", "médecin medecin", ["medec", "medec"]),
        ("tlh", "Networking’s", ["networkings"]),
    ],
)
def test_words_become_these_terms_in_their_language(
    language: str, text: str, expected: list[str]
) -> None:
    assert terms(text, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("猫", ["猫"]),
        ("黒猫", ["黒猫", "黒", "猫"]),
        ("入門書", ["入門", "入", "門書", "門", "書"]),
        ("Python入門", ["python", "入門", "入", "門"]),
        ("第3章", ["第", "3", "章"]),
        ("ﾊﾟﾝ パン", ["パン", "パ", "ン"] * 2),
        ("がぎ かき", ["がぎ", "が", "ぎ", "かき", "か", "き"]),
        ("서울 서울", ["서울", "서", "울"] * 2),
        ("ははは", ["はは", "は", "はは", "は"]),
        ("猫、犬", ["猫", "犬"]),
        ("ไทย", ["ไท", "ไ", "ทย", "ท", "ย"]),
    ],
)
def test_text_without_spaces_becomes_pairs(text: str, expected: list[str]) -> None:
    assert terms(text) == expected
    assert terms(unicodedata.normalize("NFD", text)) == expected


def test_a_compound_stands_where_its_parts_stand() -> None:
    assert positions_by_term("use kube-proxy now") == {
        "use": [0],
        "kube": [1],
        "kubeproxi": [1],
        "proxi": [2],
        "now": [3],
    }


def test_pairs_stand_in_a_row_with_their_characters() -> None:
    assert positions_by_term("Python入門書 now") == {
        "python": [0],
        "入門": [1],
        "入": [1],
        "門書": [2],
        "門": [2],
        "書": [2],
        "now": [3],
    }


def test_a_pair_says_where_each_of_its_characters_is() -> None:
    text = "Python入門書"
    marked = {
        (part.term, text[slice(*span.extent(part))]) for span in spans(text) for part in span.parts
    }
    assert marked == {("python", "Python")} | {(t, t) for t in ("入門", "門書", "入", "門", "書")}


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("--dry-run", "dry run dry-run dryrun dryRun dry_run"),
        (".gov", "gov"),
        ("/etc/hosts", "etc hosts etc/hosts"),
        ("v1.14.3", "1.14.3 v1.14 1.14"),
        ("C++", "c c++"),
        ("C#", "c c#"),
        ("F#", "f f#"),
        (".NET", "net .net"),
        ("node.js", "node js nodejs node-js"),
        ("snake_case", "snake case snakecase snake-case"),
        ("camelCase", "camel case camelcase camel_case"),
        ("HTTPServer", "http server httpserver http-server"),
        ("IPv6", "ipv6"),
        ("foo::bar", "foo bar"),
        ("@scope/pkg", "scope pkg"),
        ("x86_64", "x86 64 x8664 x86-64"),
        ("0x1F", "0x1f"),
        ("Python入門", "python 入門"),
    ],
)
def test_an_identifier_is_found_whole_and_by_each_of_its_parts(identifier: str, parts: str) -> None:
    indexed = set(terms(identifier))
    for typed in [identifier, identifier.upper(), identifier.lower(), *parts.split()]:
        assert set(terms(typed)) & indexed, typed


def test_whole_of_a_word() -> None:
    def whole(word: str) -> str | None:
        part = whole_of(word_parts(word))
        return part.term if part else None

    assert whole("networks") == "network"
    assert whole("kube-proxy") == "kubeproxi"
    assert whole("Café-Bar") == "cafebar"
    assert whole("v1.14.3") == "1.14.3"
    assert whole("C++") == "c++"
    assert whole("日本") == "日本"
    assert whole("日本語") is None
    assert whole("-") is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "resume plain C++ STRASSE", []),
        ("en", "résumé Résumés", ["résum", "résum"]),
        ("de", "schöne schön schon Straße", ["schön", "schön", "straß"]),
        ("fr", "élève œuvre", ["élèv", "œuvr"]),
        ("no", "øl", ["øl"]),
        ("ru", "чай ёлка", ["ёлк"]),
        ("ja", "が", []),
    ],
)
def test_words_with_accents_have_an_exact_form(
    language: str, text: str, expected: list[str]
) -> None:
    assert exact_forms(text, language) == expected


def test_who_types_without_accents_finds_the_words_with_them_by_their_beginning() -> None:
    typed = word_parts("resumes")[0].term
    assert [part.term for part in word_parts("résumé")] == [typed, typed + EXACT_MARK + "résum"]


def test_a_typed_word_may_be_of_any_language_of_the_site() -> None:
    assert query_word_parts("die", ("en",)) == (word_parts("die", "en"),)
    assert query_word_parts("kubectl", ("en", "de", "fr")) == (word_parts("kubectl"),)
    readings = query_word_parts("informação", ("en", "pt", "pt-BR", "tlh"))
    assert [parts[0].term for parts in readings] == ["informacao", "inform"]
    assert query_word_parts("-", ("en", "de")) == ()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("pt_BR", "pt"),
        ("DE", "de"),
        ("german", "de"),
        ("Deutsch", "de"),
        ("deu", "de"),
        ("nb-NO", "no"),
        ("nn", "no"),
        ("en_US.UTF-8", "en"),
        ("zh-Hans-CN", "zh"),
        ("tlh", "tlh"),
        (" ", ""),
    ],
)
def test_a_language_is_known_by_its_code(written: str, code: str) -> None:
    assert language_code(written) == code


def test_stop_words_are_folded_and_few() -> None:
    assert stop_words("en-GB") is STOP_WORDS
    assert {"der", "fur", "wie"} <= stop_words("de")
    assert {"ou", "comment", "a"} <= stop_words("fr")
    assert not {"ai", "ete"} & (stop_words("fr") | stop_words("it"))
    assert stop_words("ja") == frozenset()
    for language in PROBES:
        listed = stop_words(language)
        assert len(listed) < 320
        assert {fold(word) for word in listed} == listed


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "doing"),
        ("de", "für"),
        ("es", "también"),
        ("pt", "são"),
        ("nb", "også"),
        ("sv", "varför"),
    ],
)
def test_stop_words_are_known_by_their_terms_however_they_are_written(
    language: str, word: str
) -> None:
    written = {part.term for each in (word, fold(word)) for part in word_parts(each, language)}
    assert written <= stop_terms(language)


def test_a_long_run_is_cut_but_not_one_without_spaces() -> None:
    assert terms("x" * 5_000) == ["x" * MAX_WORD_CHARS]
    assert len(terms("".join(random.Random(1).choices("日本語入門", k=500)))) > 900


@given(ANY_TEXT | SCRIPTS, LANGUAGES)
@example("Python入門書 ﾊﾟﾝ\u200d", "ja")
def test_spans_lie_in_the_text_in_order(text: str, language: str) -> None:
    before = Span(-1, 0, ())
    for span in spans(text, language):
        assert before.start < span.start < span.end <= len(text)
        assert text[span.start : span.end].strip()
        assert all(part.term for part in span.parts)
        assert span.parts[0].kind == "plain"
        overlap = before.end - span.start
        assert overlap <= 0 or span.start == before.middle
        before = span


@given(ANY_TEXT | SCRIPTS, LANGUAGES)
def test_positions_are_those_that_whoosh_is_told(text: str, language: str) -> None:
    by_whoosh: dict[str, list[int]] = {}
    for token in SignpostAnalyzer(language)(text, positions=True, chars=True):
        by_whoosh.setdefault(token.text, []).append(token.pos)
    assert positions_by_term(text, language) == by_whoosh


@given(ANY_TEXT | SCRIPTS, LANGUAGES)
def test_words_one_by_one_say_what_the_text_says(text: str, language: str) -> None:
    by_word = [part.term for word in words(text) for part in word_parts(word, language)]
    assert by_word == [part.term for span in spans(text, language) for part in span.parts]


@given(ANY_TEXT | SCRIPTS, LANGUAGES)
def test_each_term_stands_at_rising_positions(text: str, language: str) -> None:
    for positions in positions_by_term(text, language).values():
        assert positions == sorted(positions)
        assert positions[0] >= 0


@given(ANY_TEXT | SCRIPTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT | SCRIPTS, LANGUAGES)
def test_composed_and_decomposed_spellings_have_the_same_terms(text: str, language: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)
    assert positions_by_term(composed, language) == positions_by_term(decomposed, language)


@given(ANY_TEXT | SCRIPTS, LANGUAGES)
def test_terms_are_bytes_that_can_be_stored(text: str, language: str) -> None:
    for term in positions_by_term(text, language):
        assert term.encode().decode() == term


@given(st.from_regex(r"[a-z]{2,12}", fullmatch=True))
def test_letter_case_never_matters_to_a_plain_word(word: str) -> None:
    assert terms(word) == terms(word.upper()) == terms(word.capitalize())


@pytest.mark.parametrize("language", PROBES)
def test_a_word_and_its_spelling_without_accents_find_each_other(language: str) -> None:
    for word in words(PROBES[language]):
        for written in (word, word.upper()):
            assert set(terms(written, language)) & set(terms(fold(written), language)), written


@given(st.text(st.sampled_from("aeioéèêüöäñçßøłşğıåæžčř"), min_size=1), LANGUAGES)
def test_any_word_of_letters_is_found_without_its_accents(word: str, language: str) -> None:
    assert set(terms(word, language)) & set(terms(fold(word), language))


def test_the_fingerprint_is_the_same_each_time() -> None:
    fingerprint.cache_clear()
    first = fingerprint()
    fingerprint.cache_clear()
    assert fingerprint() == first
    assert len(first) == 16
