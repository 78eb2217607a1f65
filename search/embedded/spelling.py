"""A query with its typos put right, from the site's own vocabulary."""

import re
from typing import Final

from index.analysis import TermPart, query_word_parts, spans
from search.embedded.snapshot import Snapshot
from search.query import AnyOf, Clause, Query, Words

MIN_DOUBTED_CHARS: Final = 5
MAX_DOUBTED_DOCUMENTS: Final = 8
DOUBT_RATIO: Final = 50
"""Sites have typos too. A word of MIN_DOUBTED_CHARS or more, in no more posts than
MAX_DOUBTED_DOCUMENTS, and in no title, heading or label, is taken for one where a word like it is
in DOUBT_RATIO times as many posts."""

_PROOFREAD_FIELDS: Final = ("title", "headings", "keywords", "tags", "categories", "authors")


def corrected_text(query: Query, snapshot: Snapshot) -> str | None:
    """The text of `query` with each mistyped word replaced by the one most likely meant.

    None where nothing is to be corrected. A word that the site does not have is corrected, and
    one that seems to be a typo there as well; words between quotes never are. A word that is
    still being typed is right if any word begins so.
    """
    replacements: dict[str, str] = {}
    for words in _plain_words(query.required):
        replacements |= _corrections(words, snapshot)
    text = query.text
    for written, meant in replacements.items():
        text = _replaced(text, written, meant)
    return text if replacements else None


def _replaced(text: str, written: str, meant: str) -> str:
    """`text` with a word put right wherever it stands outside quotes."""
    quoted_or_word = rf'"[^"]*"?|(?<!\w)({re.escape(written)})(?!\w)'
    return re.sub(quoted_or_word, lambda found: meant if found[1] else found[0], text)


def _plain_words(clauses: tuple[Clause, ...]) -> list[Words]:
    leaves = [
        leaf
        for clause in clauses
        for leaf in (clause.options if isinstance(clause, AnyOf) else (clause,))
    ]
    return [leaf for leaf in leaves if isinstance(leaf, Words)]


def _corrections(words: Words, snapshot: Snapshot) -> dict[str, str]:
    """For each mistyped word in one run of text, as written: the word that was meant."""
    found = list(spans(words.text))
    corrections: dict[str, str] = {}
    for span in found:
        written = words.text[span.start : span.end]
        readings = query_word_parts(written, snapshot.languages)
        if not readings:
            continue
        first, *others = readings
        known_ways = [part for part in first if part.is_extra]
        known_ways += [part for reading in others for part in reading]
        if any(snapshot.words.documents(part.term) for part in known_ways):
            continue
        is_open = words.is_prefix and span is found[-1]
        for part in first:
            if not part.is_extra and (meant := _meant(part, snapshot, is_open=is_open)):
                as_written = re.search(re.escape(part.surface), written, re.IGNORECASE)
                corrections[as_written.group() if as_written else written] = meant
    return corrections


def _meant(part: TermPart, snapshot: Snapshot, *, is_open: bool) -> str | None:
    """The word to put in place of one that seems mistyped; None for one that seems right."""
    words = snapshot.words
    if is_open and words.starting_with(part.surface, 1):
        return None
    documents = words.documents(part.term)
    if documents and (
        documents > MAX_DOUBTED_DOCUMENTS
        or len(part.surface) < MIN_DOUBTED_CHARS
        or _is_proofread(part.term, snapshot)
    ):
        return None
    other = words.correction(part.surface, min_documents=max(1, DOUBT_RATIO * documents))
    return other.surface if other and other.term != part.term else None


def _is_proofread(term: str, snapshot: Snapshot) -> bool:
    return any(len(snapshot.postings.term(field, term).docnums) for field in _PROOFREAD_FIELDS)
