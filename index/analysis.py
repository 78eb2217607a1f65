"""Text to terms: the one analysis that indexing, queries, highlighting and vectors share.

A word is a run of letters, digits and underscores, with the inner hyphens, dots and apostrophes
that hold an identifier together. Its terms are Snowball stems of its folded parts; a compound such
as `kube-proxy`, `camelCase` or `snake_case` also has the term of the whole, written as one, so that
all its spellings meet.
"""

import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import Stemmer
from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import Analyzer

ANALYSIS_VERSION = 1

MAX_WORD_CHARS = 80
"""Longer runs (hashes, keys, data) are cut here: nobody types them, and each would be a term."""

WORD_CACHE_SIZE = 262_144
"""Words whose terms are remembered; a site's vocabulary fits, at about 100 MB when full."""

WORD = re.compile(r"\w+(?:[-.'’]\w+)*(?:\+\+|#)?")
_JOINER = re.compile(r"[-_]+")
_BETWEEN_TYPED = re.compile(r"[-_\s]+")  # folding takes some ligatures apart into several words
_APOSTROPHE = re.compile(r"['’]")
_VERSION = re.compile(r"v?(\d+(?:\.\d+)+)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_CAMEL_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+")
_MIN_CAMEL_PART_CHARS = 2  # `eBPF` and `IPsec` are one word; `kubeProxy` is two

STOP_WORDS = frozenset(
    """a about all am an and any are as at be been being but by can could did do does doing for
    from get had has have having he her here hers him his how i if in into is it its me my no nor
    not of off on or our ours out own she should so some such than that the their theirs them then
    there these they this those to too very was we were what when where which while who whom why
    will with would you your yours
    arent cant couldnt didnt doesnt dont hadnt hasnt havent id im isnt itll ive lets shes shouldnt
    thats theres theyre theyve theyll wasnt werent weve whats wont wouldnt youd youll youre
    youve""".split()
)
"""Folded words that say little about a post: never required of a hit, never a reason."""


class TermPart(NamedTuple):
    """One term of a word.

    `surface` is the folded word it came from, before stemming. `step` is how many positions it
    moves on from the part before it. An extra is another way to find what the plain parts
    say already: it stands at a position that a plain part has too, and no phrase needs it.
    """

    term: str
    surface: str
    step: int
    is_extra: bool


class Span(NamedTuple):
    """A word in a text: characters `start` to `end`, and its terms."""

    start: int
    end: int
    parts: tuple[TermPart, ...]


def fold(text: str) -> str:
    """`text` without letter case, accents and compatibility forms."""
    if text.isascii():
        return text.lower()
    # Once more after the case: some compatibility letters have theirs only when they are taken
    # apart, and some folded letters come apart in turn.
    folded = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def spans(text: str) -> Iterator[Span]:
    """Every word of `text`, in order."""
    for match in WORD.finditer(text):
        parts = word_parts(match.group())
        if parts:
            yield Span(match.start(), match.end(), parts)


def folded_words(text: str) -> list[str]:
    """The words of `text` as a reader may type them: folded, but not stemmed.

    Compounds are taken apart at their hyphens and underscores, and nowhere else; apostrophes and
    possessive endings are left out.
    """
    return [
        part
        for match in WORD.finditer(text)
        for part in _BETWEEN_TYPED.split(
            _APOSTROPHE.sub("", fold(_POSSESSIVE.sub("", match.group())[:MAX_WORD_CHARS]))
        )
        if part
    ]


def positions_by_term(text: str) -> dict[str, list[int]]:
    """Where each term of `text` stands: positions count plain parts from 0, and rise."""
    positions: dict[str, list[int]] = {}
    position = -1
    for match in WORD.finditer(text):
        for part in word_parts(match.group()):
            position += part.step
            positions.setdefault(part.term, []).append(position)
    return positions


@lru_cache(maxsize=WORD_CACHE_SIZE)
def word_parts(word: str) -> tuple[TermPart, ...]:
    """The terms of one word, in the order of their positions; empty for a word of mere joiners."""
    word = _POSSESSIVE.sub("", word)[:MAX_WORD_CHARS]
    if word.endswith(("++", "#")):
        return tuple(_suffixed_parts(word))
    pieces = _JOINER.split(_APOSTROPHE.sub("", word))
    parts = [part for piece in pieces for part in _piece_parts(piece)]
    plain = [part.surface for part in parts if not part.is_extra]
    if len(plain) > 1:
        whole = "".join(plain)
        parts.insert(1, TermPart(stem(whole), whole, 0, is_extra=True))
    return tuple(parts)


def stem(folded: str) -> str:
    """The Snowball stem of a folded word; words with digits are left as they are."""
    if not folded.isalpha():
        return sys.intern(folded)
    return sys.intern(str(_STEMMER.stemWord(folded)))


def fingerprint() -> str:
    """A hash of what shapes the terms; an index with another one has to be rebuilt.

    It covers what this analysis makes of the probe words, so that a new stemmer or a new rule shows
    even where nobody raised ANALYSIS_VERSION.
    """
    probed = [(part.term, part.step) for span in spans(_PROBES) for part in span.parts]
    shaped_by = ANALYSIS_VERSION, WORD.pattern, MAX_WORD_CHARS, sorted(STOP_WORDS), probed
    return hashlib.sha256(repr(shaped_by).encode()).hexdigest()[:16]


class SignpostAnalyzer(Analyzer):
    """This analysis in the form that Whoosh's query parsers and fields call."""

    def __call__(self, value: str, **wanted: Any) -> Iterator[Token]:
        """Whoosh tokens of `value`, extras included; `positions` and `chars` where wanted."""
        token = Token(positions=True, chars=True, mode=wanted.get("mode", ""))
        position = int(wanted.get("start_pos", 0)) - 1
        for span in spans(value):
            for part in span.parts:
                position += part.step
                token.text = part.term
                token.pos = position
                token.startchar, token.endchar = span.start, span.end
                token.boost = 1.0
                token.stopped = False
                yield token


def _version_parts(number: str) -> list[TermPart]:
    """`1.14.3` is found as itself and as `1.14`."""
    parts = [TermPart(sys.intern(number), number, 1, is_extra=False)]
    shorter = number.rpartition(".")[0]
    while "." in shorter:
        parts.append(TermPart(sys.intern(shorter), shorter, 0, is_extra=True))
        shorter = shorter.rpartition(".")[0]
    return parts


def _suffixed_parts(word: str) -> list[TermPart]:
    """`C++` is itself, and also a `c`."""
    whole = fold(word)
    bare = whole.rstrip("+#")
    return [
        TermPart(sys.intern(whole), whole, 1, is_extra=False),
        TermPart(stem(bare), bare, 0, is_extra=True),
    ]


def _piece_parts(piece: str) -> list[TermPart]:
    """The terms of what stands between two hyphens or underscores."""
    if version := _VERSION.fullmatch(piece):
        return _version_parts(version.group(1))
    surfaces = [fold(part) for dotted in piece.split(".") for part in _split_camel(dotted)]
    return [TermPart(stem(surface), surface, 1, is_extra=False) for surface in surfaces if surface]


def _split_camel(piece: str) -> list[str]:
    """`kubeProxy` in two; `eBPF`, `IPsec` and anything not camel case as it is."""
    if not piece.isascii() or piece.islower():
        return [piece]
    parts = _CAMEL_PART.findall(piece)
    is_camel = "".join(parts) == piece and all(len(part) >= _MIN_CAMEL_PART_CHARS for part in parts)
    return parts if is_camel else [piece]


_STEMMER = Stemmer.Stemmer("english")

_PROBES = """Cilium's café STRASSE networking policies generously kube-proxy kubeProxy snake_case
C++ C# v1.14.3 2.0 don't O’Reilly eBPF IPv6 config.yaml naïve ŒUVRE ﬁle 日本語 привет résumés
"""
