"""A query as it was most likely meant: typos put right, and words that are still beginnings."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from index.analysis import TermPart, fold, query_word_parts, spans
from search.embedded.snapshot import Snapshot
from search.embedded.words import Word
from search.query import AnyOf, Clause, Leaf, Phrase, Query, Words, parse_query

MIN_DOUBTED_CHARS: Final = 5
MAX_DOUBTED_DOCUMENTS: Final = 8
DOUBT_RATIO: Final = 50
"""Sites have typos too. A word of MIN_DOUBTED_CHARS or more, in no more posts than
MAX_DOUBTED_DOCUMENTS, and in no title, heading or label, is taken for one where a word like it is
in DOUBT_RATIO times as many posts."""

MIN_BEGINNING_CHARS: Final = 3
"""A word that the site does not have is read as the beginning of one from this length on."""

MAX_CORRECTED_WORDS: Final = 8
"""Words of one query that are looked at for typos, at about half a millisecond each."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The query that is answered; `corrected` is its text if a typo was put right."""

    query: Query
    corrected: str | None = None
    notices: tuple[str, ...] = ()


def understand(query: Query, snapshot: Snapshot, *, last_word_is_prefix: bool) -> Understood:
    """The query with each mistyped word replaced by the one most likely meant.

    A word that the site does not have is the beginning of one that it has, or else corrected, and
    one that seems to be a typo there is corrected as well; words between quotes never are. A word
    that is still being typed is right if any word begins so.
    """
    doubted = list(_doubted(query, snapshot))
    notices: tuple[str, ...] = ()
    if len(doubted) > MAX_CORRECTED_WORDS:
        doubted = doubted[:MAX_CORRECTED_WORDS]
        notices = (f"Only the first {MAX_CORRECTED_WORDS} unknown words were checked for typos.",)
    replacements = {
        written: meant.surface
        for written, part in doubted
        if (meant := _meant(part, snapshot)) is not None
    }
    text = query.text
    for written, surface in replacements.items():
        text = _replaced(text, written, surface)
    if not replacements:
        return Understood(_widened(query, snapshot), None, notices)
    meant_query = parse_query(text, last_word_is_prefix=last_word_is_prefix)
    answered = replace(_widened(meant_query, snapshot), notices=query.notices)
    return Understood(answered, text.strip(), notices)


def _widened(query: Query, snapshot: Snapshot) -> Query:
    return _with_beginnings(_with_synonyms(query, snapshot), snapshot)


def _replaced(text: str, written: str, meant: str) -> str:
    """`text` with a word put right wherever it stands outside quotes."""
    quoted_or_word = rf'"[^"]*"?|(?<!\w)({re.escape(written)})(?!\w)'
    return re.sub(quoted_or_word, lambda found: meant if found[1] else found[0], text)


def _doubted(query: Query, snapshot: Snapshot) -> Iterator[tuple[str, TermPart]]:
    """The words of a query that may be mistyped, as written and as a part to look up."""
    for words in _plain_words(query.required):
        if fold(words.text) in snapshot.tuning.synonyms_by_word:
            continue
        found = list(spans(words.text))
        for span in found:
            written = words.text[span.start : span.end]
            first, *others = query_word_parts(written, snapshot.languages) or ((),)
            known_ways = [part for part in first if part.is_extra]
            known_ways += [part for parts in others for part in parts]
            if any(_documents(part.term, snapshot) for part in known_ways):
                continue
            is_open = words.is_prefix and span is found[-1]
            for part in span.parts:
                if not part.is_extra and _is_doubtful(part, snapshot, is_open=is_open):
                    as_written = re.search(re.escape(part.surface), written, re.IGNORECASE)
                    yield as_written.group() if as_written else written, part


def _plain_words(clauses: tuple[Clause, ...]) -> list[Words]:
    leaves = [
        leaf
        for clause in clauses
        for leaf in (clause.options if isinstance(clause, AnyOf) else (clause,))
    ]
    return [leaf for leaf in leaves if isinstance(leaf, Words)]


def _is_doubtful(part: TermPart, snapshot: Snapshot, *, is_open: bool) -> bool:
    if is_open and snapshot.words.begins_any(part.surface):
        return False
    documents = _documents(part.term, snapshot)
    return not documents or (
        documents <= MAX_DOUBTED_DOCUMENTS
        and len(part.surface) >= MIN_DOUBTED_CHARS
        and not _is_proofread(part.term, snapshot)
    )


def _meant(part: TermPart, snapshot: Snapshot) -> Word | None:
    """The word to put in place of a doubtful one; None where it is to stay."""
    documents = _documents(part.term, snapshot)
    number = snapshot.postings.number(part.term)
    least = max(1, DOUBT_RATIO * documents)
    others = (
        candidate.word
        for candidate in snapshot.words.candidates(part.surface)
        if candidate.word.documents >= least and candidate.word.term != number
    )
    meant = next(others, None)
    if meant is None or documents:
        return meant
    begun = _begun(part.surface, snapshot)
    is_beginning = begun is not None and begun.documents * DOUBT_RATIO >= meant.documents
    return None if is_beginning else meant


def _with_synonyms(query: Query, snapshot: Snapshot) -> Query:
    """The query with each word that has synonyms standing for them as well."""
    others = snapshot.tuning.synonyms_by_word
    if not others:
        return query
    required = tuple(_or_synonyms(clause, others) for clause in query.required)
    return replace(query, required=required)


def _or_synonyms(clause: Clause, others: Mapping[str, tuple[str, ...]]) -> Clause:
    if not isinstance(clause, Words) or not (alike := others.get(fold(clause.text))):
        return clause
    options = (
        Phrase(other, clause.title_only)
        if " " in other
        else Words(other, title_only=clause.title_only)
        for other in alike
    )
    return AnyOf((clause, *options), written=clause.text)


def _with_beginnings(query: Query, snapshot: Snapshot) -> Query:
    """The query with words left open that may be beginnings.

    These are the words that the site does not have, but has words beginning so. The last word is
    one also where the site has it, but in no title, heading or label: readers stop typing once
    they think that they have typed enough. On judged queries that raises those that end within a
    word from 0.92 to 0.99 of their nDCG@10 when written out, and costs the others nothing.
    """
    *others, last = query.required or (None,)
    if last is None:
        return query
    opened = [_opened(clause, snapshot, is_last=False) for clause in others]
    return replace(query, required=(*opened, _opened(last, snapshot, is_last=True)))


def _opened(clause: Clause, snapshot: Snapshot, *, is_last: bool) -> Clause:
    if isinstance(clause, AnyOf):
        options = (_opened_leaf(option, snapshot, is_last=False) for option in clause.options)
        return replace(clause, options=tuple(options))
    return _opened_leaf(clause, snapshot, is_last=is_last)


def _opened_leaf(leaf: Leaf, snapshot: Snapshot, *, is_last: bool) -> Leaf:
    if not isinstance(leaf, Words) or leaf.is_prefix:
        return leaf
    found = list(spans(leaf.text))
    if len(found) != 1 or len(found[0].parts) != 1:
        return leaf
    readings = query_word_parts(leaf.text, snapshot.languages)
    terms = {part.term for parts in readings for part in parts}
    is_known = any(_documents(term, snapshot) for term in terms)
    if is_known and not (is_last and not any(_is_proofread(term, snapshot) for term in terms)):
        return leaf
    is_beginning = _begun(found[0].parts[0].surface, snapshot) is not None
    return replace(leaf, is_prefix=True) if is_beginning else leaf


def _begun(surface: str, snapshot: Snapshot) -> Word | None:
    """The commonest word that begins so."""
    if len(surface) < MIN_BEGINNING_CHARS:
        return None
    return next(iter(snapshot.words.starting_with(surface, 1)), None)


def _documents(term: str, snapshot: Snapshot) -> int:
    number = snapshot.postings.number(term)
    return 0 if number is None else snapshot.postings.count(number)


def _is_proofread(term: str, snapshot: Snapshot) -> bool:
    number = snapshot.postings.number(term)
    return number is not None and snapshot.postings.is_prominent(number)
