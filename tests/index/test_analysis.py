"""Text to terms: golden words, and properties over any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import (
    MAX_WORD_CHARS,
    SignpostAnalyzer,
    fingerprint,
    fold,
    positions_by_term,
    spans,
)


def terms(text: str) -> list[str]:
    return [part.term for span in spans(text) for part in span.parts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Networking networked NETWORK", ["network", "network", "network"]),
        ("Cilium's cilium’s", ["cilium", "cilium"]),
        ("don't O’Reilly", ["dont", "oreilli"]),
        ("café Café STRASSE straße", ["cafe", "cafe", "strass", "strass"]),
        ("kube-proxy", ["kube", "kubeproxi", "proxi"]),
        ("kubeProxy KubeProxy", ["kube", "kubeproxi", "proxi"] * 2),
        ("kubeproxy", ["kubeproxi"]),
        ("snake_case", ["snake", "snakecas", "case"]),
        ("eBPF IPsec macOS", ["ebpf", "ipsec", "mac", "maco", "os"]),
        ("v1.14.3 1.14", ["1.14.3", "1.14", "1.14"]),
        ("Rust-1.88.0", ["rust", "rust1.88.0", "1.88.0", "1.88"]),
        ("C++ C# F#", ["c++", "c", "c#", "c", "f#", "f"]),
        ("--dry-run /etc/hosts .gov", ["dri", "dryrun", "run", "etc", "host", "gov"]),
        ("config.yaml", ["config", "configyaml", "yaml"]),
        ("__init__ - . ' _", ["init"]),
        ("привет мир", ["привет", "мир"]),
        ("", []),
    ],
)
def test_words_become_these_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_a_compound_stands_where_its_parts_stand() -> None:
    assert positions_by_term("use kube-proxy now") == {
        "use": [0],
        "kube": [1],
        "kubeproxi": [1],
        "proxi": [2],
        "now": [3],
    }


def test_a_long_run_is_cut() -> None:
    assert terms("x" * 5_000) == ["x" * MAX_WORD_CHARS]


@given(st.text())
def test_spans_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    end = 0
    for span in spans(text):
        assert end <= span.start < span.end <= len(text)
        assert span.parts
        assert all(part.term for part in span.parts)
        end = span.end


@given(st.text())
def test_positions_are_those_that_whoosh_is_told(text: str) -> None:
    by_whoosh: dict[str, list[int]] = {}
    for token in SignpostAnalyzer()(text, positions=True, chars=True):
        by_whoosh.setdefault(token.text, []).append(token.pos)
    assert positions_by_term(text) == by_whoosh


@given(st.text())
def test_each_term_stands_at_rising_positions(text: str) -> None:
    for positions in positions_by_term(text).values():
        assert positions == sorted(positions)
        assert positions[0] >= 0


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.from_regex(r"[a-z]{2,12}", fullmatch=True))
def test_letter_case_never_matters_to_a_plain_word(word: str) -> None:
    assert terms(word) == terms(word.upper()) == terms(word.capitalize())


def test_the_fingerprint_is_the_same_each_time() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 16
