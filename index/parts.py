"""One word to its terms: the whole, the parts of a compound, and other ways to find them."""

import re
import sys
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Final, Literal, NamedTuple

from index.folding import INVISIBLES, fold, normalize
from index.languages import in_small_letters, stemmed, without_affixes
from index.unspaced import pairs

MAX_WORD_CHARS = 80
"""Longer runs (hashes, keys, data) are cut here: nobody types them, and each would be a term."""

WORD_CACHE_SIZE = 16_384
"""Words of each language whose terms are remembered: nearly all that stand in a text, at ten
megabytes for a language when full."""

EXACT_MARK: Final = "\x1f"
"""Stands between a term and its exact form; no word has it, so that exact forms meet no term."""

HYPHENS = "-\u2010\u2011"
APOSTROPHES = "'’"
_JOINER = re.compile(f"[{HYPHENS}_]+")
_BETWEEN_TYPED = re.compile(rf"[{HYPHENS}_\s]+")  # folding takes some ligatures into several words
_APOSTROPHE = re.compile(f"[{APOSTROPHES}·]")  # and the dot of the Catalan l·l
_INVISIBLE = re.compile(f"[{INVISIBLES}]+")
_VERSION = re.compile(r"v?(\d+(?:\.\d+)+)", re.IGNORECASE)
_CAMEL_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+")
_MIN_CAMEL_PART_CHARS = 2  # `eBPF` and `IPsec` are one word; `kubeProxy` is two

Kind = Literal["plain", "whole", "shorter", "bare", "exact", "character"]
"""What a part is to its word:

plain      a word, or one of the words of a compound; phrases are made of these
whole      a compound, written as one
shorter    a version without its last numbers, `C++` without its signs
bare       the stem of the word without its accents, where that is another
exact      the word with its accents, for ranking; see `is_exact_form`
character  one character of a pair, in text without spaces
"""


class TermPart(NamedTuple):
    """One term of a word.

    `surface` is the folded word it came from, before stemming. `step` is how many positions it
    moves on from the part before it.
    """

    term: str
    surface: str
    step: int
    kind: Kind = "plain"

    @property
    def is_extra(self) -> bool:
        """Whether it is another way to find what the plain parts say already.

        An extra stands at a position that a plain part has too, and no phrase needs it.
        """
        return self.kind != "plain"


def whole_of(parts: tuple[TermPart, ...]) -> TermPart | None:
    """The part that stands for all of a word: a compound's whole, else the only plain part.

    None for no word, and for a run of unspaced text, which nothing but its pairs stands for.
    """
    plain = [part for part in parts if part.kind == "plain"]
    if len(plain) == 1:
        return plain[0]
    return next((part for part in parts if part.kind == "whole"), None)


def is_exact_form(term: str) -> bool:
    """Whether a term is the exact form of a word with accents.

    An exact form is `bare term + EXACT_MARK + stem as written`: `cafe\\x1fcafé`. The words that
    are `cafe` but for their accents are thus those that begin with `cafe\\x1f`. Exact forms order
    the hits; they are no words of the vocabulary, and two posts are not alike by them.
    """
    return EXACT_MARK in term


def stem(folded: str, code: str = "en") -> str:
    """The stem of a folded word, folded; words with digits are left as they are."""
    is_left = not folded.isalpha() if folded.isascii() else any(map(str.isnumeric, folded))
    return sys.intern(folded if is_left else fold(stemmed(folded, code)) or folded)


@cache
def spaced_word_reader(code: str) -> Callable[[str], tuple[TermPart, ...]]:
    """What tells the terms of one word of a script with spaces, in one language.

    The terms are in the order of their positions; none for a word of mere joiners. Each language
    remembers its own words: looking them up by the word alone is what makes analysis fast.
    """
    return lru_cache(maxsize=WORD_CACHE_SIZE)(partial(spaced_word_parts, code))


def spaced_word_parts(code: str, word: str) -> tuple[TermPart, ...]:
    """The terms of one word, as a reader of the language tells them, not remembered."""
    if word.isascii() and word.isalpha() and (word[1:].islower() or word.isupper()):
        surface = word[:MAX_WORD_CHARS].lower()  # most words are this simple
        return (_plain_part(surface, code),)
    if not word.isascii():
        word = unicodedata.normalize("NFC", _INVISIBLE.sub("", word))
    word = without_affixes(word, code)[:MAX_WORD_CHARS]
    if word.endswith(("++", "#")):
        return tuple(_suffixed_parts(word, code))
    pieces = _JOINER.split(_APOSTROPHE.sub("", word))
    parts = [part for piece in pieces for part in _piece_parts(piece, code)]
    plain = [part.surface for part in parts if part.kind == "plain"]
    if len(plain) > 1:
        whole = "".join(plain)
        parts.insert(1, TermPart(stem(whole, code), whole, 0, "whole"))
    return tuple(parts)


def typed_parts(word: str, code: str) -> list[str]:
    """What a reader may type of a word: folded, parted at its hyphens and underscores alone."""
    if word.isascii() and word.isalpha():
        return [word[:MAX_WORD_CHARS].lower()]
    levelled = _APOSTROPHE.sub("", fold(without_affixes(word, code)[:MAX_WORD_CHARS]))
    return [part for part in _BETWEEN_TYPED.split(levelled) if part]


def unspaced_run_parts(run: str) -> tuple[TermPart, ...]:
    """The terms of a run of unspaced text: its pairs, with their characters as extras."""
    return tuple(part for parts in unspaced_pair_parts(run) for part in parts)


def unspaced_pair_parts(run: str) -> list[tuple[TermPart, ...]]:
    """The terms of each pair in a run: itself, its first character, and the last one's second."""
    found = list(pairs(run))
    listed: list[tuple[TermPart, ...]] = []
    for pair in found:
        term = pair.first + pair.second
        parts = [TermPart(term, term, 1)]
        if pair.second:
            parts.append(TermPart(pair.first, pair.first, 0, "character"))
        if pair is found[-1] and pair.second not in {"", pair.first}:
            parts.append(TermPart(pair.second, pair.second, 0, "character"))
        listed.append(tuple(parts))
    return listed


def _version_parts(number: str) -> list[TermPart]:
    """`1.14.3` is found as itself and as `1.14`."""
    number = fold(number)
    parts = [TermPart(sys.intern(number), number, 1)]
    shorter = number.rpartition(".")[0]
    while "." in shorter:
        parts.append(TermPart(sys.intern(shorter), shorter, 0, "shorter"))
        shorter = shorter.rpartition(".")[0]
    return parts


def _suffixed_parts(word: str, code: str) -> list[TermPart]:
    """`C++` is itself, and also a `c`."""
    whole = fold(word)
    bare = whole.rstrip("+#")
    return [
        TermPart(sys.intern(whole), whole, 1),
        TermPart(stem(bare, code), bare, 0, "shorter"),
    ]


def _piece_parts(piece: str, code: str) -> list[TermPart]:
    """The terms of what stands between two hyphens or underscores."""
    if version := _VERSION.fullmatch(piece):
        return _version_parts(version.group(1))
    words = [word for dotted in piece.split(".") for word in _split_camel(dotted) if word]
    return [part for word in words for part in _simple_parts(word, code)]


def _simple_parts(word: str, code: str) -> list[TermPart]:
    """The terms of a word without parts.

    Stemmers know the accents of their languages, and want them: the term is the folded stem of
    the word as written. Readers who type without accents get the stem of the bare word, which is
    another way to find it where the two differ. The English stemmer knows none.
    """
    surface = fold(word)
    if not surface:
        return []
    if word.isascii():
        return [_plain_part(surface, code)]
    bare = stem(surface, code)
    written = normalize(in_small_letters(word, code))
    term = bare if code == "en" else stem(written, code)
    parts = [TermPart(term, surface, 1)]
    if bare != term:
        parts.append(TermPart(bare, surface, 0, "bare"))
    if written != surface and (exact := _exact_form(written, term)) != term:
        parts.append(TermPart(sys.intern(bare + EXACT_MARK + exact), surface, 0, "exact"))
    return parts


@lru_cache(maxsize=WORD_CACHE_SIZE)
def _plain_part(surface: str, code: str) -> TermPart:
    """A folded word without accents; the same ones stand in many compounds."""
    return TermPart(stem(surface, code), surface, 1)


def _exact_form(written: str, term: str) -> str:
    """The beginning of a word that is its stem, spelled as the word spells it; else all of it.

    Not the stem itself, for some stemmers drop accents: `schöne` is `schon` to the German one.
    """
    beginnings = (written[:length] for length in range(len(written), 0, -1))
    return next((beginning for beginning in beginnings if fold(beginning) == term), written)


def _split_camel(piece: str) -> list[str]:
    """`kubeProxy` in two; `eBPF`, `IPsec` and anything not camel case as it is."""
    if not piece.isascii() or piece.islower():
        return [piece]
    parts = _CAMEL_PART.findall(piece)
    is_camel = "".join(parts) == piece and all(len(part) >= _MIN_CAMEL_PART_CHARS for part in parts)
    return parts if is_camel else [piece]
