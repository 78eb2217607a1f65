"""Which posts match one clause of a query, and how well, over all documents at once."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np
import numpy.typing as npt

from index.analysis import TermPart, query_word_parts, spans, stop_words, whole_of, words
from index.schema import FIELD_BOOSTS
from search.embedded.labels import Mask
from search.embedded.postings import Scored
from search.embedded.snapshot import UNDATED, Snapshot
from search.query import AnyOf, Clause, DateBound, Label, Leaf, Phrase, Words

MAX_PREFIX_WORDS: Final = 64
"""A last letter or two begins thousands of words: the commonest stand for them."""

PREFIX_DISCOUNT: Final = 0.7
"""What a word that only begins as typed counts, beside the word itself."""

RUNNING_TEXT_FIELDS: Final = ("title", "headings", "keywords", "summary", "body", "code")
"""The fields that a compound's parts may stand in side by side; labels are single values."""

_LABEL_COLUMNS: Final = {"tag": "tags", "category": "categories", "author": "authors"}

Scores = npt.NDArray[np.float64]
"""One score per document."""


@dataclass(frozen=True, slots=True)
class ClauseMatch:
    """The documents that one clause matches, and its score for each, field by field.

    `telling` is how much the clause says: high for rare words, near 0 for words in all posts.
    `terms` and `prefixes` are what to highlight. A blank clause has no word in it, only signs: it
    asks for nothing and matches nothing.
    """

    mask: Mask
    by_field: dict[str, Scores] = field(default_factory=dict)
    telling: float = 0.0
    text: str = ""
    is_filter: bool = False
    is_optional: bool = False
    is_blank: bool = False
    terms: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()


def match_clause(clause: Clause, snapshot: Snapshot) -> ClauseMatch:
    """The documents that one clause of a query matches."""
    if isinstance(clause, AnyOf):
        return _any_of([_match_leaf(option, snapshot) for option in clause.options])
    return _match_leaf(clause, snapshot)


def _match_leaf(leaf: Leaf, snapshot: Snapshot) -> ClauseMatch:
    match leaf:
        case Words():
            return _match_words(leaf, snapshot)
        case Phrase():
            return _match_phrase(leaf, snapshot)
        case Label():
            mask = snapshot.labels[_LABEL_COLUMNS[leaf.field]].mask([leaf.value])
            return ClauseMatch(mask, is_filter=True)
        case DateBound():
            return ClauseMatch(_match_date(leaf, snapshot), is_filter=True)


def _match_date(bound: DateBound, snapshot: Snapshot) -> Mask:
    day = bound.day
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    if bound.kind == "after":
        return np.asarray(snapshot.timestamps >= start)
    return np.asarray((snapshot.timestamps < start) & (snapshot.timestamps != UNDATED))


def _match_words(wanted: Words, snapshot: Snapshot) -> ClauseMatch:
    """Every word in a run of text; a run without any word is blank."""
    read = (query_word_parts(word, snapshot.languages) for word in words(wanted.text))
    found = [readings for readings in read if readings]
    if not found:
        return _blank(snapshot)
    fields = ("title",) if wanted.title_only else tuple(FIELD_BOOSTS)
    matches = [_match_readings(readings, fields, snapshot) for readings in found]
    if wanted.is_prefix:
        matches[-1] = _widened(matches[-1], found[-1][0], fields, snapshot)
    return replace(_both(matches), text=wanted.text)


def _match_readings(
    readings: tuple[tuple[TermPart, ...], ...], fields: Sequence[str], snapshot: Snapshot
) -> ClauseMatch:
    """One word, in any of the languages that it may be of."""
    matches = [_match_word(parts, fields, snapshot) for parts in readings]
    if len(matches) == 1:
        return matches[0]
    return replace(_any_of(matches), is_optional=any(match.is_optional for match in matches))


def _match_word(
    parts: tuple[TermPart, ...], fields: Sequence[str], snapshot: Snapshot
) -> ClauseMatch:
    """One word: its term, or, for a compound, the whole as one or its parts side by side."""
    plain = [part.term for part in parts if not part.is_extra]
    if len(plain) == 1:
        terms = plain + [part.term for part in parts if part.kind == "bare"]
        found = [_collect(fields, _lookup_term(term, snapshot), snapshot) for term in terms]
        single = found[0] if len(found) == 1 else _any_of(found)
        is_optional = any(parts[0].surface in stop_words(code) for code in snapshot.languages)
        return replace(single, is_optional=is_optional, terms=frozenset(terms))
    phrase = tuple(plain)
    apart = _collect(
        [name for name in fields if name in RUNNING_TEXT_FIELDS],
        _lookup_phrase(phrase, snapshot),
        snapshot,
    )
    whole = whole_of(parts)
    if not whole:
        return replace(apart, terms=frozenset(plain))
    as_one = _collect(fields, _lookup_term(whole.term, snapshot), snapshot)
    return replace(_any_of([as_one, apart]), terms=frozenset([whole.term, *plain]))


def _match_phrase(phrase: Phrase, snapshot: Snapshot) -> ClauseMatch:
    """Words next to each other; a phrase without any word is blank."""
    readings = dict.fromkeys(_plain_terms(phrase.text, code) for code in snapshot.languages)
    fields = ("title",) if phrase.title_only else tuple(FIELD_BOOSTS)
    lookups = [
        _lookup_term(terms[0], snapshot) if len(terms) == 1 else _lookup_phrase(terms, snapshot)
        for terms in readings
        if terms
    ]
    if not lookups:
        return _blank(snapshot)
    found = [_collect(fields, lookup, snapshot) for lookup in lookups]
    terms = frozenset(term for reading in readings for term in reading)
    single = found[0] if len(found) == 1 else _any_of(found)
    return replace(single, text=f'"{phrase.text}"', terms=terms)


def _plain_terms(text: str, language: str) -> tuple[str, ...]:
    return tuple(
        part.term for span in spans(text, language) for part in span.parts if not part.is_extra
    )


def _widened(
    match: ClauseMatch, parts: tuple[TermPart, ...], fields: Sequence[str], snapshot: Snapshot
) -> ClauseMatch:
    """A word that is still being typed: itself, or any word that begins so."""
    if not whole_of(parts):
        return match
    prefix = "".join(part.surface for part in parts if not part.is_extra)
    begun = snapshot.words.starting_with(prefix, MAX_PREFIX_WORDS)
    longer = [
        _collect(fields, _lookup_term(word.term, snapshot), snapshot)
        for word in begun
        if word.term not in match.terms
    ]
    if not longer:
        return match
    widened = _any_of([match, *(_scaled(other, PREFIX_DISCOUNT) for other in longer)])
    return replace(widened, is_optional=False, terms=match.terms, prefixes=frozenset([prefix]))


def _blank(snapshot: Snapshot) -> ClauseMatch:
    return ClauseMatch(np.zeros(len(snapshot.documents), np.bool_), is_blank=True)


Lookup = Callable[[str], Scored]
"""What one field has: its documents and their scores."""


def _lookup_term(term: str, snapshot: Snapshot) -> Lookup:
    return lambda name: snapshot.postings.term(name, term)


def _lookup_phrase(terms: tuple[str, ...], snapshot: Snapshot) -> Lookup:
    return lambda name: snapshot.postings.phrase(name, terms)


def _collect(fields: Sequence[str], lookup: Lookup, snapshot: Snapshot) -> ClauseMatch:
    """What one lookup finds in each field, boosted as the field is."""
    size = len(snapshot.documents)
    mask = np.zeros(size, np.bool_)
    by_field: dict[str, Scores] = {}
    for name in fields:
        docnums, scores = lookup(name)
        if len(docnums):
            mask[docnums] = True
            by_field[name] = np.zeros(size)
            by_field[name][docnums] = FIELD_BOOSTS[name] * scores
    return ClauseMatch(mask, by_field, _telling(mask))


def _telling(mask: Mask) -> float:
    """Inverse document frequency: log(1 + N / (df + 1))."""
    return math.log(1 + len(mask) / (int(mask.sum()) + 1))


def _any_of(options: Sequence[ClauseMatch]) -> ClauseMatch:
    """Documents that any option matches; each field scores as its best option does."""
    mask = np.logical_or.reduce([option.mask for option in options])
    by_field: dict[str, Scores] = {}
    for option in options:
        for name, scores in option.by_field.items():
            by_field[name] = np.maximum(by_field[name], scores) if name in by_field else scores
    return ClauseMatch(
        mask,
        by_field,
        _telling(mask),
        text=" OR ".join(option.text for option in options),
        is_filter=all(option.is_filter for option in options),
        is_blank=all(option.is_blank for option in options),
        terms=frozenset(term for option in options for term in option.terms),
        prefixes=frozenset(prefix for option in options for prefix in option.prefixes),
    )


def _both(parts: Sequence[ClauseMatch]) -> ClauseMatch:
    """Documents that all parts of one run of text match."""
    if len(parts) == 1:
        return parts[0]
    mask = np.logical_and.reduce([part.mask for part in parts])
    return ClauseMatch(
        mask,
        sum_by_field(parts, len(mask)),
        _telling(mask),
        is_optional=all(part.is_optional for part in parts),
        terms=frozenset(term for part in parts for term in part.terms),
        prefixes=frozenset(prefix for part in parts for prefix in part.prefixes),
    )


def _scaled(match: ClauseMatch, factor: float) -> ClauseMatch:
    return replace(
        match, by_field={name: factor * scores for name, scores in match.by_field.items()}
    )


def sum_by_field(clauses: Sequence[ClauseMatch], size: int) -> dict[str, Scores]:
    """The clauses' scores together, field by field."""
    total: dict[str, Scores] = {}
    for clause in clauses:
        for name, scores in clause.by_field.items():
            total.setdefault(name, np.zeros(size))
            total[name] += scores
    return total
