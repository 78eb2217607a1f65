"""How often posts use which terms, as rows of counts: what their vectors are made of."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from index.analysis import is_exact_form, language_code, stop_terms
from index.layout import FIELD_NUMBERS
from index.linktexts import LinkTexts
from index.sitewords import Units, Uses

TEXT_FIELDS: Final[Mapping[str, int]] = {"title": 3, "headings": 2, "summary": 1, "body": 1}
"""The fields that make a post's text vector, and how many times each is counted."""

Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]
Counts: TypeAlias = "sparse.csr_matrix[Any]"


class TermCounts(NamedTuple):
    """Matrices with a row for each post and a column for each of `terms`.

    `terms` are numbers of terms of the postings, rising. `texts` has the uses in all TEXT_FIELDS,
    `titles` those of the title, `introductions` of title and summary, `bodies` of the prose, and
    `link_texts` those of `bodies` that stand in links to other posts.
    """

    terms: Ints
    texts: Counts
    titles: Counts
    introductions: Counts
    bodies: Counts
    link_texts: Counts


class UncountedWords:
    """Notes, post by post, what to leave out."""

    def __init__(self) -> None:
        self._languages: list[str] = []
        self._boilerplate = {field: _TermRows() for field in TEXT_FIELDS}

    def add(self, language: str, boilerplate: Mapping[str, Counter[str]]) -> None:
        """Notes the next post, in its language; the uses in each field that do not count."""
        self._languages.append(language_code(language))
        for field, rows in self._boilerplate.items():
            rows.add(boilerplate.get(field, {}))

    def term_counts(self, uses: Uses, units: Units, links: LinkTexts) -> TermCounts:
        """The counts of all posts, whose links are given; those of uncounted words left out."""
        number_of = {name: number for number, name in enumerate(uses.names)}
        posts = len(self._languages)
        tells, row_of_post = _telling(number_of, self._languages)
        fields = units.fields[uses.units]
        by_field = {}
        for field in TEXT_FIELDS:
            counts = _uses_in(fields == FIELD_NUMBERS[field], uses, units, posts)
            row_of_count = np.repeat(row_of_post, np.diff(counts.indptr))
            counts.data[~tells[row_of_count, counts.indices]] = 0
            left = counts - self._boilerplate[field].matrix(number_of)
            left.data[left.data < 0] = 0
            left.eliminate_zeros()
            by_field[field] = left
        texts = sum(
            (times * by_field[field] for field, times in TEXT_FIELDS.items()),
            0 * by_field["title"],
        )
        terms = np.flatnonzero(np.bincount(texts.indices, minlength=len(uses.names)))
        bodies = by_field["body"]
        linked = _said_by(links, number_of).minimum(bodies)
        rows = (texts, by_field["title"], by_field["title"] + by_field["summary"], bodies, linked)
        return TermCounts(terms, *(_columns(each, terms) for each in rows))


class _TermRows:
    """Counts of terms that are known by their names as yet."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._counts = array("i")
        self._ends = array("q", [0])

    def add(self, row: Mapping[str, int]) -> None:
        self._names.extend(row)
        self._counts.extend(row.values())
        self._ends.append(len(self._names))

    def matrix(self, number_of: Mapping[str, int]) -> Counts:
        """A row for each post; a term that no post has is left out."""
        numbers = np.array([number_of.get(name, -1) for name in self._names], np.int64)
        rows = np.repeat(np.arange(len(self._ends) - 1), np.diff(self._ends))
        is_known = numbers >= 0
        counts = np.array(self._counts, np.int32)[is_known]
        shape = (len(self._ends) - 1, len(number_of))
        return sparse.csr_matrix((counts, (rows[is_known], numbers[is_known])), shape=shape)


def _said_by(links: LinkTexts, number_of: Mapping[str, int]) -> Counts:
    """How often the links of each post say each term."""
    texts = _TermRows()
    for text in links.texts:
        texts.add(Counter(text.terms))
    return sparse.csr_matrix(links.by_post() @ texts.matrix(number_of))


def _uses_in(is_here: Bools, uses: Uses, units: Units, posts: int) -> Counts:
    """How often each post has each term among those of the uses that are marked."""
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(is_here)])[uses.starts]
    found = units.posts()[uses.units[is_here]]
    shape = (len(uses.names), posts)
    by_term = sparse.csr_matrix((np.ones(len(found), np.int32), found, ends), shape=shape)
    by_term.sum_duplicates()
    return by_term.T.tocsr()


def _telling(number_of: Mapping[str, int], languages: Sequence[str]) -> tuple[Bools, Ints]:
    """Which terms, column by column, may make a post like others; and the row of each post.

    Single letters and digits do not, nor the exact forms of words, nor stop words of the post's
    language.
    """
    row_of = {code: row for row, code in enumerate(dict.fromkeys(languages))}
    tells = np.array([len(name) > 1 and not is_exact_form(name) for name in number_of], np.bool_)
    table = np.repeat(tells[None, :], len(row_of), axis=0)
    for code, row in row_of.items():
        table[row, [number_of[term] for term in stop_terms(code) if term in number_of]] = False
    return table, np.array([row_of[code] for code in languages], np.int32)


def _columns(counts: Counts, chosen: Ints) -> Counts:
    return counts[:, chosen].tocsr()
