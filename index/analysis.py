"""Text to terms: the one analysis that indexing, queries, highlighting and vectors share.

A word is a run of letters, digits, underscores and the marks on them, with the inner hyphens, dots
and apostrophes that hold an identifier together. Its terms are Snowball stems of its folded parts,
by the language of the post; a compound such as `kube-proxy`, `camelCase` or `snake_case` also has
the term of the whole, written as one, so that all its spellings meet. In scripts without spaces a
word is any pair of characters. See `parts.py` for what becomes of a word.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from whoosh.analysis.acore import Token
from whoosh.analysis.analyzers import Analyzer

from index.folding import fold
from index.languages import (
    DEFAULT_LANGUAGE,
    STOP_WORDS,
    language_code,
    stop_words,
    written_stop_words,
)
from index.parts import (
    EXACT_MARK,
    MAX_WORD_CHARS,
    TermPart,
    is_exact_form,
    spaced_word_parts,
    spaced_word_reader,
    typed_parts,
    unspaced_pair_parts,
    unspaced_run_parts,
    whole_of,
)
from index.probes import PROBES
from index.unspaced import UNSPACED, pairs
from index.wordruns import SIMPLE_WORD, WORD_PATTERN, is_simple, runs

__all__ = [
    "ANALYSIS_VERSION",
    "DEFAULT_LANGUAGE",
    "EXACT_MARK",
    "MAX_WORD_CHARS",
    "STOP_WORDS",
    "SignpostAnalyzer",
    "Span",
    "TermPart",
    "Tokens",
    "fingerprint",
    "fold",
    "folded_words",
    "is_exact_form",
    "language_code",
    "positions_by_term",
    "query_word_parts",
    "spans",
    "stop_terms",
    "stop_words",
    "tokens",
    "whole_of",
    "word_parts",
    "words",
]

ANALYSIS_VERSION = 2

QUERY_CACHE_SIZE = 4_096
"""Typed words whose readings are remembered: those of the last minutes."""


class Span(NamedTuple):
    """A word in a text: characters `start` to `end`, and its terms.

    Of unspaced text a span is a pair of characters, the second of which starts at `middle`.
    """

    start: int
    end: int
    parts: tuple[TermPart, ...]
    middle: int | None = None

    def extent(self, part: TermPart) -> tuple[int, int]:
        """The characters that one of the parts is about: of a pair, perhaps one of the two."""
        if part.kind != "character" or self.middle is None:
            return self.start, self.end
        is_first = part == self.parts[1]
        return (self.start, self.middle) if is_first else (self.middle, self.end)


def spans(text: str, language: str = DEFAULT_LANGUAGE) -> Iterator[Span]:
    """Every word of `text`, in order; of unspaced text every pair of characters.

    Starts rise. Pairs overlap by a character; nothing else does.
    """
    parts_of = spaced_word_reader(language_code(language))
    for start, end, is_unspaced in runs(text):
        if is_unspaced:
            yield from _pair_spans(text, start, end)
        elif parts := parts_of(text[start:end]):
            yield Span(start, end, parts)


class Tokens(NamedTuple):
    """The terms of a text, each with its position; and the characters that each position is about.

    `terms` and `positions` go together, and positions rise from 0; `starts` and `ends` have one
    entry for each position.
    """

    terms: list[str]
    positions: list[int]
    starts: list[int]
    ends: list[int]


def tokens(text: str, language: str = DEFAULT_LANGUAGE) -> Tokens:
    """What `spans` says of a text, laid out for an index."""
    found = Tokens([], [], [], [])
    terms, positions, starts, ends = found
    position = -1
    for start, end, parts, _ in spans(text, language):
        for part in parts:
            if part.step:
                position += part.step
                starts.append(start)
                ends.append(end)
            terms.append(part.term)
            positions.append(position)
    return found


def words(text: str) -> list[str]:
    """Every word of `text` as it is written, in order; a run of unspaced text is one word."""
    if is_simple(text):
        return SIMPLE_WORD.findall(text)
    return [text[start:end] for start, end, _ in runs(text)]


def folded_words(text: str, language: str = DEFAULT_LANGUAGE) -> list[str]:
    """The words of `text` as a reader may type them: folded, but not stemmed.

    Compounds are taken apart at their hyphens and underscores, and nowhere else. Apostrophes are
    left out, and so is what they join to a word in its language.
    """
    code = language_code(language)
    return [part for word in words(text) for part in typed_parts(word, code)]


def positions_by_term(text: str, language: str = DEFAULT_LANGUAGE) -> dict[str, list[int]]:
    """Where each term of `text` stands: positions count plain parts from 0, and rise."""
    positions: dict[str, list[int]] = {}
    position = -1
    for parts in _parts_of_words(text, spaced_word_reader(language_code(language))):
        for part in parts:
            position += part.step
            positions.setdefault(part.term, []).append(position)
    return positions


def word_parts(word: str, language: str = DEFAULT_LANGUAGE) -> tuple[TermPart, ...]:
    """The terms of one word, in the order of their positions; empty for a word of mere joiners.

    A word of several scripts, such as `Python入門`, has the terms of each.
    """
    parts_of = spaced_word_reader(language_code(language))
    return _joined(_parts_of_words(word, parts_of))


@cache
def stop_terms(language: str = DEFAULT_LANGUAGE) -> frozenset[str]:
    """What a language's stop words become in its posts, written with their accents or without."""
    code = language_code(language)
    listed = written_stop_words(code) | stop_words(code)
    return frozenset(part.term for word in listed for part in word_parts(word, code))


@lru_cache(maxsize=QUERY_CACHE_SIZE)
def query_word_parts(word: str, languages: tuple[str, ...]) -> tuple[tuple[TermPart, ...], ...]:
    """What a typed word may be, in each language of a site: the different readings, in that order.

    A post matches the word if it has any of them. One reading where all languages agree; none for
    a word of mere joiners.
    """
    codes = dict.fromkeys(map(language_code, languages or (DEFAULT_LANGUAGE,)))
    readings = [_joined(_parts_of_words(word, partial(spaced_word_parts, code))) for code in codes]
    return tuple(dict.fromkeys(parts for parts in readings if parts))


@cache
def fingerprint() -> str:
    """A hash of what shapes the terms; an index with another one has to be rebuilt.

    It covers what this analysis makes of the probe words, so that a new stemmer or a new rule shows
    even where nobody raised ANALYSIS_VERSION.
    """
    probed = [
        (language, part.term, part.step)
        for language, probes in PROBES.items()
        for span in spans(probes, language)
        for part in span.parts
    ]
    listed = [sorted(stop_words(language)) for language in PROBES]
    shaped_by = ANALYSIS_VERSION, WORD_PATTERN, UNSPACED, MAX_WORD_CHARS, listed, probed
    return hashlib.sha256(repr(shaped_by).encode()).hexdigest()[:16]


class SignpostAnalyzer(Analyzer):
    """This analysis in the form that Whoosh's query parsers and fields call, for one language."""

    def __init__(self, language: str = DEFAULT_LANGUAGE) -> None:
        self.language = language

    def __call__(self, value: str, **wanted: Any) -> Iterator[Token]:
        """Whoosh tokens of `value`, extras included; `positions` and `chars` where wanted."""
        token = Token(positions=True, chars=True, mode=wanted.get("mode", ""))
        position = int(wanted.get("start_pos", 0)) - 1
        for span in spans(value, self.language):
            for part in span.parts:
                position += part.step
                token.text = part.term
                token.pos = position
                token.startchar, token.endchar = span.start, span.end
                token.boost = 1.0
                token.stopped = False
                yield token


def _parts_of_words(
    text: str, parts_of: Callable[[str], tuple[TermPart, ...]]
) -> Iterable[tuple[TermPart, ...]]:
    """The terms of each word of `text`, in order; `parts_of` tells those of a spaced one."""
    if is_simple(text):
        return map(parts_of, SIMPLE_WORD.findall(text))
    return (
        unspaced_run_parts(text[start:end]) if is_unspaced else parts_of(text[start:end])
        for start, end, is_unspaced in runs(text)
    )


def _joined(lists: Iterable[tuple[TermPart, ...]]) -> tuple[TermPart, ...]:
    return tuple(part for parts in lists for part in parts)


def _pair_spans(text: str, start: int, end: int) -> Iterator[Span]:
    run = text[start:end]
    for pair, parts in zip(pairs(run), unspaced_pair_parts(run), strict=True):
        yield Span(start + pair.start, start + pair.end, parts, start + pair.middle)
