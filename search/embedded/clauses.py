"""Which posts match one clause of a query, and how well."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import numpy as np

from index.analysis import (
    EXACT_MARK,
    TermPart,
    query_word_parts,
    spans,
    stop_words,
    whole_of,
    words,
)
from index.layout import UNDATED
from search.embedded.findings import BLANK, ClauseMatch, all_of, either, highest, idf, scored
from search.embedded.labels import Mask
from search.embedded.postings import NOTHING, Posting, distinct
from search.embedded.snapshot import Snapshot
from search.query import AnyOf, Clause, DateBound, Label, LabelField, Leaf, Phrase, Words

MAX_PREFIX_WORDS: Final = 32
"""A last letter or two begins thousands of words: the commonest stand for them."""

PREFIX_DISCOUNT: Final = 0.7
"""What a word that only begins as typed counts, beside the word itself."""

OTHER_ACCENTS_DISCOUNT: Final = 0.8
"""What a word counts that is written with other accents than typed, beside the word itself."""

MAX_ACCENTED_FORMS: Final = 16
"""Spellings of one word that differ in accents; no language has more that matter."""

LABEL_COLUMNS: Final[Mapping[LabelField, str]] = {
    "tag": "tags",
    "category": "categories",
    "author": "authors",
}


Readings = tuple[tuple[TermPart, ...], ...]
"""The parts of a word, in each of the languages that it may be of."""


def match_clause(clause: Clause, snapshot: Snapshot) -> ClauseMatch:
    """The documents that one clause of a query matches."""
    if isinstance(clause, AnyOf):
        match = either([_match_leaf(option, snapshot) for option in clause.options], snapshot)
        match = replace(match, text=clause.written or match.text)
    else:
        match = _match_leaf(clause, snapshot)
    having = snapshot.clause_counts.get(clause)
    return match if having is None else replace(match, idf=idf(having, snapshot))


def _match_leaf(leaf: Leaf, snapshot: Snapshot) -> ClauseMatch:
    match leaf:
        case Words():
            return _match_words(leaf, snapshot)
        case Phrase():
            return _match_phrase(leaf, snapshot)
        case Label():
            return _filter(snapshot.labels[LABEL_COLUMNS[leaf.field]].mask([leaf.value]))
        case DateBound():
            return _filter(_match_date(leaf, snapshot))


def _filter(mask: Mask) -> ClauseMatch:
    docs = np.flatnonzero(mask)
    return ClauseMatch(Posting(docs, np.zeros(len(docs), np.float32)), is_filter=True)


def _match_date(bound: DateBound, snapshot: Snapshot) -> Mask:
    day = bound.day
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    if bound.kind == "after":
        return np.asarray(snapshot.timestamps >= start)
    return np.asarray((snapshot.timestamps < start) & (snapshot.timestamps != UNDATED))


def _match_words(wanted: Words, snapshot: Snapshot) -> ClauseMatch:
    """Every word in a run of text; a run without any word is blank."""
    found = readings_of(wanted.text, snapshot)
    if not found:
        return BLANK
    title_only = wanted.title_only
    matches = [_match_readings(readings, snapshot, title_only=title_only) for readings in found]
    if wanted.is_prefix:
        matches[-1] = _widened(matches[-1], found[-1][0], snapshot)
    if title_only:
        matches = [_in_title(match, snapshot) for match in matches]
    return replace(all_of(matches, snapshot), text=wanted.text)


def readings_of(text: str, snapshot: Snapshot) -> list[Readings]:
    """For each word in a run of text, its parts in every way that it may be read."""
    read = (query_word_parts(word, snapshot.languages) for word in words(text))
    return [readings for readings in read if readings]


def _match_readings(readings: Readings, snapshot: Snapshot, *, title_only: bool) -> ClauseMatch:
    """One word, in any of the languages that it may be of."""
    matches = [_match_word(parts, snapshot, title_only=title_only) for parts in readings]
    if len(matches) == 1:
        return matches[0]
    is_optional = any(match.is_optional for match in matches)
    return replace(either(matches, snapshot), is_optional=is_optional)


def _match_word(
    parts: tuple[TermPart, ...], snapshot: Snapshot, *, title_only: bool
) -> ClauseMatch:
    """One word: its term, or, for a compound, the whole as one or its parts side by side.

    `title_only` is for compounds, that they stand in a title whole.
    """
    plain = [part.term for part in parts if not part.is_extra]
    if len(plain) == 1:
        alternatives = plain + [part.term for part in parts if part.kind == "bare"]
        exact = next((part.term for part in parts if part.kind == "exact"), None)
        numbers = numbers_of(alternatives, snapshot)
        found = _by_accents(_any_term(numbers, snapshot), plain[0], exact, snapshot)
        is_optional = is_stop_word(parts[0].surface, snapshot)
        return replace(scored(found, numbers, snapshot), is_optional=is_optional)
    apart = _side_by_side(plain, snapshot, title_only=title_only)
    whole = whole_of(parts)
    numbers = numbers_of([whole.term], snapshot) if whole else []
    if not numbers:
        return apart
    as_one = scored(_any_term(numbers, snapshot), numbers, snapshot)
    if title_only:
        as_one = _in_title(as_one, snapshot)
    return replace(either([as_one, apart], snapshot), sequence=apart.sequence)


def is_stop_word(surface: str, snapshot: Snapshot) -> bool:
    """Whether a folded word is one of the small ones, in a language of the site."""
    return surface in snapshot.tuning.folded_stop_words or any(
        surface in stop_words(code) for code in snapshot.languages
    )


def _match_phrase(phrase: Phrase, snapshot: Snapshot) -> ClauseMatch:
    """Words next to each other; a phrase without any word is blank."""
    readings = dict.fromkeys(plain_terms(phrase.text, code) for code in snapshot.languages)
    found = [
        _side_by_side(terms, snapshot, title_only=phrase.title_only) for terms in readings if terms
    ]
    if not found:
        return BLANK
    return replace(either(found, snapshot), text=f'"{phrase.text}"')


def plain_terms(text: str, language: str) -> tuple[str, ...]:
    """The terms of a phrase, one for each position."""
    return tuple(
        part.term for span in spans(text, language) for part in span.parts if not part.is_extra
    )


def _side_by_side(terms: Sequence[str], snapshot: Snapshot, *, title_only: bool) -> ClauseMatch:
    """Terms next to each other, scored as the terms are in the posts that have them so."""
    postings = snapshot.postings
    numbers = numbers_of(terms, snapshot)
    if len(numbers) < len(terms):
        return ClauseMatch(NOTHING, idf(0, snapshot))
    if len(numbers) == 1:
        match = scored(postings.posting(numbers[0]), numbers, snapshot)
        return _in_title(match, snapshot) if title_only else match
    units = postings.units_of(postings.phrase(numbers))
    if title_only:
        units = units[postings.in_field(units, "title")]
    docs = distinct(postings.docs_of(units)).astype(np.intp, copy=False)
    scores = np.zeros(len(docs), np.float32)
    for number in numbers:
        term = postings.posting(number)
        scores += term.scores[np.searchsorted(term.docs, docs)]
    return replace(scored(Posting(docs, scores), numbers, snapshot), sequence=tuple(numbers))


def _in_title(match: ClauseMatch, snapshot: Snapshot) -> ClauseMatch:
    """The documents of a match that have one of its terms in the title."""
    mask = np.zeros(snapshot.postings.documents, np.bool_)
    for number in match.terms:
        mask[snapshot.postings.titled(number)] = True
    keeps = mask[match.found.docs]
    found = Posting(match.found.docs[keeps], match.found.scores[keeps])
    return replace(match, found=found, idf=idf(len(found.docs), snapshot))


def _widened(match: ClauseMatch, parts: tuple[TermPart, ...], snapshot: Snapshot) -> ClauseMatch:
    """A word that is still being typed: itself, or any word that begins so."""
    if not whole_of(parts):
        return match
    prefix = "".join(part.surface for part in parts if not part.is_extra)
    begun = snapshot.words.terms_starting_with(prefix, MAX_PREFIX_WORDS)
    numbers = [number for number in begun if number not in match.terms]
    if not numbers:
        return match
    longer = _one_of_many(numbers, snapshot)
    discounted = Posting(longer.docs, longer.scores * np.float32(PREFIX_DISCOUNT))
    found = highest([match.found, discounted], snapshot)
    widened = scored(found, [*match.terms, *numbers], snapshot)
    return replace(widened, text=match.text, sequence=match.sequence)


def _by_accents(found: Posting, term: str, exact: str | None, snapshot: Snapshot) -> Posting:
    """Discounts the documents that write a word with other accents than typed."""
    postings = snapshot.postings
    if exact is not None:
        number = postings.number(exact)
        if number is None:
            return found
        is_other = ~np.isin(found.docs, postings.posting(number).docs, assume_unique=True)
    else:
        accented = postings.beginning_with(term + EXACT_MARK)[:MAX_ACCENTED_FORMS]
        if not accented:
            return found
        having = np.concatenate([postings.posting(number).docs for number in accented])
        is_other = np.isin(found.docs, having)
    factors = np.where(is_other, np.float32(OTHER_ACCENTS_DISCOUNT), np.float32(1))
    return Posting(found.docs, found.scores * factors)


def numbers_of(terms: Iterable[str], snapshot: Snapshot) -> list[int]:
    """The numbers of those of the terms that the site has."""
    found = (snapshot.postings.number(term) for term in terms)
    return [number for number in found if number is not None]


def _one_of_many(numbers: Sequence[int], snapshot: Snapshot) -> Posting:
    """What has any of the terms, each as rare as all of them together.

    Of what a word may become, a rare one is not the likelier for being rare.
    """
    postings = [snapshot.postings.posting(number) for number in numbers]
    having_any = snapshot.postings.count_of_any(numbers, highest(postings, snapshot))
    together = idf(having_any, snapshot)
    counts = map(snapshot.postings.count, numbers)
    shares = [np.float32(together / idf(count, snapshot)) for count in counts]
    return highest(
        [
            Posting(found.docs, found.scores * share)
            for found, share in zip(postings, shares, strict=True)
        ],
        snapshot,
    )


def _any_term(numbers: Sequence[int], snapshot: Snapshot) -> Posting:
    return highest([snapshot.postings.posting(number) for number in numbers], snapshot)
