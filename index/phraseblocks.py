"""Which posts are called by which phrases, and whose prose has them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from index.analysis import stop_terms
from index.layout import FIELD_NUMBERS
from index.linktexts import LinkTexts
from index.rarity import inverse_document_frequencies, name_parts
from index.sitewords import Units, Uses
from index.titlephrases import PHRASE_WORDS, terms_of_column
from index.titles import SiteTitles, WrittenPhrase

POSTS_AT_ONCE: Final = 500
"""Posts whose prose is looked through at a time, at some hundred bytes a word."""

_REMAINDERS: Final = 2**20
"""Most words in a row that are no phrase are told by the remainder of their key by this."""

_SMALL: Final = -1
_UNKNOWN: Final = 0

Ints = npt.NDArray[np.integer[Any]]


class PhraseBlocks(NamedTuple):
    """What index.vectors makes blocks of: a row for each post, a column for each phrase.

    `phrases` has the phrases of titles, each with the part that it is of the whole name; together 1
    at the most. `said` has 1 for each phrase, of whatever title, that a post's prose has, and
    `is_linked` says of each entry of `said`, row by row, whether links to other posts alone say it.
    `terms` are the columns, in order: the terms of each phrase with spaces between them; `shown`
    has them as titles write them, and `idf` how rare they are.
    """

    phrases: sparse.csr_matrix[Any]
    said: sparse.csr_matrix[Any]
    is_linked: npt.NDArray[np.bool_]
    terms: list[str]
    shown: list[str]
    idf: npt.NDArray[np.float64]


def phrase_blocks(
    titles: SiteTitles,
    languages: Sequence[str],
    links: LinkTexts,
    uses: Uses,
    units: Units,
) -> PhraseBlocks:
    """The phrases of all titles, and the posts whose prose has them.

    `titles` and `languages` are of each post, and so is what `links` say. Phrases that one post
    alone has, or too many, are left out.
    """
    names = _Names(titles)
    said, said_uses = _counted(_said(names, languages, uses, units), len(names))
    linked, linked_uses = _linked(names, links)
    in_links = np.zeros(len(said), np.int64)
    at = np.minimum(np.searchsorted(said, linked), max(len(said) - 1, 0))
    is_said = said[at] == linked if len(said) else np.zeros(len(linked), np.bool_)
    in_links[at[is_said]] = linked_uses[is_said]

    shape = (len(languages), len(names))
    title_rows, said_rows = _rows(names.entries(), shape), _rows(said, shape)
    posts = np.bincount((title_rows + said_rows).tocsr().indices, minlength=len(names))
    idf = inverse_document_frequencies(posts, len(languages))
    kept = np.flatnonzero((posts > 1) & (idf > 0))
    flags = _rows(said, shape)
    flags.data = 1.0 + (in_links >= said_uses)
    return PhraseBlocks(
        phrases=_weighted(title_rows, idf)[:, kept],
        said=said_rows[:, kept],
        is_linked=flags[:, kept].data > 1,
        terms=[names.names[at] for at in kept.tolist()],
        shown=[names.shown[at] for at in kept.tolist()],
        idf=idf[kept],
    )


class _Names:
    """The phrases of titles in the order of their columns: their names, and how they look."""

    def __init__(self, titles: SiteTitles) -> None:
        shown: dict[str, str] = {}
        for (name, written), _ in sorted(titles.spellings.items(), key=_commonest_first):
            shown.setdefault(name, written)
        self.names = sorted(shown)
        self.shown = [shown[name] for name in self.names]
        places = {name: place for place, name in enumerate(self.names)}
        self._of_posts = [[places[name] for name in names] for names in titles.phrases]
        terms_of = [terms_of_column(name) for name in self.names]
        self.numbers: dict[str, int] = {}
        for term in chain.from_iterable(terms_of):
            self.numbers.setdefault(term, len(self.numbers) + 1)
        self._powers = np.int64(len(self.numbers) + 1) ** np.arange(max(PHRASE_WORDS))[::-1]
        padded = [
            [*[_UNKNOWN] * (max(PHRASE_WORDS) - len(terms)), *map(self.numbers.__getitem__, terms)]
            for terms in terms_of
        ]
        keys = np.array(padded, np.int64).reshape(-1, max(PHRASE_WORDS)) @ self._powers
        self._columns = np.argsort(keys)
        self._keys = keys[self._columns]
        self._remainders = np.zeros(_REMAINDERS, np.bool_)
        self._remainders[keys % _REMAINDERS] = True

    def __len__(self) -> int:
        return len(self.names)

    def entries(self) -> Ints:
        """Each post and the column of each phrase of its title as one number, rising."""
        posts = np.repeat(np.arange(len(self._of_posts)), [len(row) for row in self._of_posts])
        columns = np.array([place for row in self._of_posts for place in row], np.int64)
        return np.sort(posts * len(self) + columns)

    def found(self, words: Ints) -> tuple[Ints, Ints]:
        """Where phrases begin in a row of numbered words, and their columns.

        Small words are to be left out beforehand; no phrase goes over an unknown one.
        """
        places, columns = [], []
        starts = np.flatnonzero(words != _UNKNOWN)
        for count in PHRASE_WORDS if len(self) else ():
            starts = starts[starts <= len(words) - count]  # a longer one begins with a shorter one
            keys = sum(words[starts + at] * power for at, power in enumerate(self._powers[-count:]))
            is_likely = self._remainders[keys % _REMAINDERS]
            starts, keys = starts[is_likely], keys[is_likely]
            at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            is_phrase = self._keys[at] == keys
            starts = starts[is_phrase]
            places.append(starts)
            columns.append(self._columns[at[is_phrase]])
        nothing = np.zeros(0, np.int64)
        return np.concatenate([nothing, *places]), np.concatenate([nothing, *columns])


def _said(
    names: _Names, languages: Sequence[str], uses: Uses, units: Units
) -> Iterator[tuple[Ints, Ints]]:
    """Posts and the phrases that their prose has, repeats included."""
    row_of = {language: row for row, language in enumerate(dict.fromkeys(languages))}
    table = np.zeros((len(row_of), len(uses.names) + 1), np.int32)  # the last column is no term's
    numbers = [names.numbers.get(name, _UNKNOWN) for name in uses.names]
    for language, row in row_of.items():
        small = stop_terms(language)
        table[row, :-1] = [
            _SMALL if name in small else number
            for name, number in zip(uses.names, numbers, strict=True)
        ]
    row_of_post = np.array([row_of[language] for language in languages], np.int32)
    first_terms = _first_terms(uses, units)
    lengths, post_of_unit = np.diff(units.starts), units.posts()
    for start in range(0, len(languages), POSTS_AT_ONCE):
        bounds = units.first_units[[start, min(start + POSTS_AT_ONCE, len(languages))]]
        here = slice(int(bounds[0]), int(bounds[1]))
        is_prose = np.repeat(units.fields[here] == FIELD_NUMBERS["body"], lengths[here])
        positions = np.flatnonzero(is_prose) + int(units.starts[here.start])
        posts = np.repeat(post_of_unit[here], lengths[here])[is_prose]
        words = table[row_of_post[posts], first_terms[positions]]
        posts, words = posts[words != _SMALL], words[words != _SMALL]
        places, columns = names.found(words)
        yield posts[places], columns


def _first_terms(uses: Uses, units: Units) -> Ints:
    """For each position the first of its terms, in their order; -1 where there is none."""
    row = np.full(int(units.starts[-1]), -1, np.int32)
    # Of values for one place, the last one stays.
    row[uses.positions[::-1]] = uses.terms()[::-1]
    return row


def _linked(names: _Names, links: LinkTexts) -> tuple[Ints, Ints]:
    """What `_counted` makes of the phrases that the words of each post's links have."""
    words: list[int] = []
    ends = [0]
    for text in links.texts:
        small = stop_terms(text.language)
        said = (term for term in text.plain_terms if term not in small)
        words.extend(names.numbers.get(term, _UNKNOWN) for term in said)
        words.append(_UNKNOWN)
        ends.append(len(words))
    places, columns = names.found(np.array(words, np.int32))
    text_of = np.repeat(np.arange(len(links.texts)), np.diff(ends))[places]
    phrases = sparse.csr_array(
        (np.ones(len(places), np.int64), (text_of, columns)), (len(links.texts), len(names))
    )
    found = (links.by_post() @ phrases).tocsr()
    found.sort_indices()
    posts = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    return posts * len(names) + found.indices, found.data


def _counted(found: Iterable[tuple[Ints, Ints]], columns: int) -> tuple[Ints, Ints]:
    """Each post and column as one number, rising; and how often it was found."""
    entries = [posts.astype(np.int64) * columns + at for posts, at in found]
    return np.unique(np.concatenate([np.zeros(0, np.int64), *entries]), return_counts=True)


def _rows(entries: Ints, shape: tuple[int, int]) -> sparse.csr_matrix[Any]:
    """1 for each entry; these rise."""
    rows, columns = np.divmod(entries, max(shape[1], 1))
    bounds = np.searchsorted(rows, np.arange(shape[0] + 1))
    return sparse.csr_matrix((np.ones(len(entries)), columns, bounds), shape=shape)


def _weighted(
    titles: sparse.csr_matrix[Any], idf: npt.NDArray[np.float64]
) -> sparse.csr_matrix[Any]:
    """The part that each phrase is of its name."""
    weighted = titles.copy()
    sums = np.repeat(np.asarray(titles @ idf).ravel(), np.diff(weighted.indptr))
    weighted.data = name_parts(idf[weighted.indices], sums, titles.shape[0])
    return weighted


def _commonest_first(spelling: tuple[WrittenPhrase, int]) -> tuple[int, str]:
    (_, written), times = spelling
    return -times, written
