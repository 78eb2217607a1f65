"""One clause of a query, as the cluster is asked for it: what `search.embedded.clauses` looks up.

The cluster's scores choose the posts that are looked at; what a hit scores is worked out from the
posts themselves, by the embedded engine's own code.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from index.analysis import EXACT_MARK, TermPart, fold, whole_of
from search.embedded.clauses import (
    LABEL_COLUMNS,
    MAX_ACCENTED_FORMS,
    MAX_PREFIX_WORDS,
    OTHER_ACCENTS_DISCOUNT,
    PREFIX_DISCOUNT,
    Readings,
    is_stop_word,
    numbers_of,
    plain_terms,
    readings_of,
)
from search.embedded.findings import idf
from search.embedded.postings import NOTHING as NOWHERE
from search.embedded.snapshot import Snapshot
from search.opensearch import dsl
from search.opensearch.dsl import Json
from search.query import AnyOf, Clause, DateBound, Label, Leaf, Phrase, Words

Groups = tuple[tuple[frozenset[int], Json], ...]


@dataclass(frozen=True, slots=True)
class ClauseQuery:
    """What finds the posts of a clause; see ClauseMatch for the rest.

    `most` is in how many posts of the site it is found at the most; where `is_counted`, that is
    exact. `terms` are the numbers of those that its matches have; for each group of terms of which
    it has to be known in how many posts any of them stands, `groups` has what finds those.
    """

    query: Json
    most: int = 0
    is_counted: bool = False
    is_filter: bool = False
    is_optional: bool = False
    is_blank: bool = False
    terms: frozenset[int] = frozenset()
    groups: Groups = ()


BLANK: Final = ClauseQuery(dsl.NOTHING, is_blank=True)
NOTHING: Final = ClauseQuery(dsl.NOTHING, is_counted=True)


def clause_query(clause: Clause, site: Snapshot) -> ClauseQuery:
    """What the cluster is asked for one clause; `site` knows the words of the whole site."""
    if isinstance(clause, AnyOf):
        return _either([_leaf_query(option, site) for option in clause.options], site)
    return _leaf_query(clause, site)


def _leaf_query(leaf: Leaf, site: Snapshot) -> ClauseQuery:
    match leaf:
        case Words():
            return _words_query(leaf, site)
        case Phrase():
            return _phrase_query(leaf, site)
        case Label():
            column = LABEL_COLUMNS[leaf.field]
            return _filter({"term": {f"{column}.key": fold(leaf.value)}}, site)
        case DateBound():
            return _filter(_dated(leaf), site)


def _filter(query: Json, site: Snapshot) -> ClauseQuery:
    return ClauseQuery(dsl.unscored(query), site.postings.site_documents, is_filter=True)


def _dated(bound: DateBound) -> Json:
    day = bound.day
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    return {"range": {"timestamp": {"gte" if bound.kind == "after" else "lt": start}}}


def _words_query(wanted: Words, site: Snapshot) -> ClauseQuery:
    found = readings_of(wanted.text, site)
    if not found:
        return BLANK
    queries = [_readings_query(each, site, title_only=wanted.title_only) for each in found]
    if wanted.is_prefix:
        queries[-1] = _widened(queries[-1], found[-1][0], site)
    if wanted.title_only:
        queries = [_in_title(query, site) for query in queries]
    return _all_of(queries)


def _readings_query(readings: Readings, site: Snapshot, *, title_only: bool) -> ClauseQuery:
    queries = [_word_query(parts, site, title_only=title_only) for parts in readings]
    is_optional = any(query.is_optional for query in queries)
    return replace(_either(queries, site), is_optional=is_optional)


def _word_query(parts: tuple[TermPart, ...], site: Snapshot, *, title_only: bool) -> ClauseQuery:
    plain = [part.term for part in parts if not part.is_extra]
    if len(plain) == 1:
        alternatives = plain + [part.term for part in parts if part.kind == "bare"]
        exact = next((part.term for part in parts if part.kind == "exact"), None)
        found = _any_term(numbers_of(alternatives, site), site)
        query = dsl.discounted(
            found.query, _other_accents(plain[0], exact, site), OTHER_ACCENTS_DISCOUNT
        )
        return replace(found, query=query, is_optional=is_stop_word(parts[0].surface, site))
    apart = _side_by_side(plain, site, title_only=title_only)
    whole = whole_of(parts)
    numbers = numbers_of([whole.term], site) if whole else []
    if not numbers:
        return apart
    as_one = _any_term(numbers, site)
    return _either([_in_title(as_one, site) if title_only else as_one, apart], site)


def _other_accents(term: str, exact: str | None, site: Snapshot) -> Json:
    """The posts that write a word with other accents than typed."""
    postings = site.postings
    if exact is not None:
        is_known = postings.number(exact) is not None
        return dsl.excluding(dsl.term(exact)) if is_known else dsl.NOTHING
    accented = postings.beginning_with(term + EXACT_MARK)[:MAX_ACCENTED_FORMS]
    return dsl.any_of([dsl.term(postings.terms[number]) for number in accented])


def _phrase_query(phrase: Phrase, site: Snapshot) -> ClauseQuery:
    readings = dict.fromkeys(plain_terms(phrase.text, code) for code in site.languages)
    found = [
        _side_by_side(terms, site, title_only=phrase.title_only) for terms in readings if terms
    ]
    return _either(found, site) if found else BLANK


def _side_by_side(terms: Sequence[str], site: Snapshot, *, title_only: bool) -> ClauseQuery:
    numbers = numbers_of(terms, site)
    if len(numbers) < len(terms):
        return NOTHING
    found = _all_of([_any_term([number], site) for number in numbers])
    if len(numbers) == 1:
        return _in_title(found, site) if title_only else found
    beside = dsl.phrase(terms, title_only=title_only)
    return replace(found, query=dsl.all_of([found.query], [beside]), is_counted=False)


def _in_title(found: ClauseQuery, site: Snapshot) -> ClauseQuery:
    names = [site.postings.terms[number] for number in sorted(found.terms)]
    query = dsl.all_of([found.query], [dsl.titled(names)])
    return replace(found, query=query, is_counted=found.query == dsl.NOTHING)


def _widened(found: ClauseQuery, parts: tuple[TermPart, ...], site: Snapshot) -> ClauseQuery:
    if not whole_of(parts):
        return found
    prefix = "".join(part.surface for part in parts if not part.is_extra)
    begun = site.words.terms_starting_with(prefix, MAX_PREFIX_WORDS)
    numbers = [number for number in begun if number not in found.terms]
    if not numbers:
        return found
    longer = _one_of_many(numbers, site)
    both = _either([found, replace(longer, query=dsl.times(longer.query, PREFIX_DISCOUNT))], site)
    return replace(both, is_optional=False)


def _one_of_many(numbers: Sequence[int], site: Snapshot) -> ClauseQuery:
    counts = [site.postings.count(number) for number in numbers]
    any_term = _any_term(numbers, site)
    together = idf(site.postings.count_of_any(numbers, NOWHERE), site)
    queries = [
        dsl.times(dsl.term(site.postings.terms[number]), together / idf(count, site))
        for number, count in zip(numbers, counts, strict=True)
    ]
    group = (frozenset(numbers), any_term.query)
    return replace(any_term, query=dsl.any_of(queries), groups=(group,))


def _any_term(numbers: Sequence[int], site: Snapshot) -> ClauseQuery:
    counts = [site.postings.count(number) for number in numbers]
    return ClauseQuery(
        dsl.any_of([dsl.term(site.postings.terms[number]) for number in numbers]),
        min(sum(counts), site.postings.site_documents),
        is_counted=len(counts) <= 1,
        terms=frozenset(numbers),
    )


def _either(options: Sequence[ClauseQuery], site: Snapshot) -> ClauseQuery:
    if len(options) == 1:
        return options[0]
    return ClauseQuery(
        dsl.any_of([option.query for option in options]),
        min(sum(option.most for option in options), site.postings.site_documents),
        is_filter=all(option.is_filter for option in options),
        is_blank=all(option.is_blank for option in options),
        terms=frozenset(term for option in options for term in option.terms),
        groups=tuple(group for option in options for group in option.groups),
    )


def _all_of(parts: Sequence[ClauseQuery]) -> ClauseQuery:
    if len(parts) == 1:
        return parts[0]
    return ClauseQuery(
        dsl.all_of([part.query for part in parts]),
        min(part.most for part in parts),
        is_optional=all(part.is_optional for part in parts),
        terms=frozenset(term for part in parts for term in part.terms),
        groups=tuple(group for part in parts for group in part.groups),
    )
