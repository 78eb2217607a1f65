"""Which posts are called by which phrases, and whose prose has them."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from index.analysis import Tokens, stop_terms, tokens
from index.rarity import inverse_document_frequencies, name_parts
from index.titlephrases import PHRASE_WORDS, column_name, plain_terms, title_phrases

_SMALL: Final = -1
_UNKNOWN: Final = 0

Ints = npt.NDArray[np.int64]
Terms = tuple[str, ...]


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


class PhraseBlocksBuilder:
    """Knows the phrases of all titles, and looks for them in the posts as they come."""

    def __init__(self, titles: Iterable[tuple[str, str]]) -> None:
        """Takes all titles, each with its language, in the order of the posts."""
        spellings: dict[Terms, Counter[str]] = {}
        self._named: list[list[Terms]] = []
        for title, language in titles:
            found = tokens(title, language)
            phrases = list(title_phrases(found, language))
            self._named.append(list(dict.fromkeys(phrase.terms for phrase in phrases)))
            for terms, first, last in phrases:
                written = " ".join(title[found.starts[first] : found.ends[last]].split())
                spellings.setdefault(terms, Counter())[written] += 1
        self._names = sorted(spellings, key=column_name)
        self._shown = [_commonest(spellings[name]) for name in self._names]
        self._numbers: dict[str, int] = {}
        for name in self._names:
            for term in name:
                self._numbers.setdefault(term, len(self._numbers) + 1)
        self._by_language: dict[str, dict[str, int]] = {}
        self._columns, self._is_linked = array("i"), bytearray()
        self._starts = [0]

    def add(self, prose: Iterable[Tokens], link_texts: Iterable[str], language: str) -> None:
        """Looks for the phrases in the next post: its prose, unit by unit.

        `link_texts` are what its links to other posts say.
        """
        columns, uses = np.unique(self._found(prose, language), return_counts=True)
        linked = self._found((tokens(text, language) for text in link_texts), language)
        in_links = np.zeros(len(columns), np.int64)
        known = np.isin(linked, columns)
        np.add.at(in_links, np.searchsorted(columns, linked[known]), 1)
        self._columns.extend(columns.tolist())
        self._is_linked.extend((in_links >= uses).tolist())
        self._starts.append(len(self._columns))

    def blocks(self) -> PhraseBlocks:
        """What all posts came to; phrases that one post alone has, or too many, are left out."""
        titles = self._title_rows()
        said = self._rows(np.frombuffer(self._columns, np.int32), self._starts)
        posts = np.bincount((titles + said).tocsr().indices, minlength=len(self._names))
        idf = inverse_document_frequencies(posts, len(self._named))
        kept = np.flatnonzero((posts > 1) & (idf > 0))
        is_linked = said.copy()
        is_linked.data = 1.0 + np.frombuffer(self._is_linked, np.uint8)
        return PhraseBlocks(
            phrases=_weighted(titles, idf)[:, kept],
            said=said[:, kept],
            is_linked=is_linked[:, kept].data > 1,
            terms=[column_name(self._names[at]) for at in kept.tolist()],
            shown=[self._shown[at] for at in kept.tolist()],
            idf=idf[kept],
        )

    def _title_rows(self) -> sparse.csr_matrix[Any]:
        place = {name: at for at, name in enumerate(self._names)}
        columns = [place[name] for named in self._named for name in sorted(named)]
        starts = np.cumsum([0, *map(len, self._named)])
        return self._rows(np.array(columns, np.int32), starts)

    def _rows(self, columns: npt.NDArray[Any], starts: Any) -> sparse.csr_matrix[Any]:
        shape = (len(self._named), len(self._names))
        return sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=shape)

    def _found(self, texts: Iterable[Tokens], language: str) -> Ints:
        """The columns of all uses of known phrases; no phrase leads from one text to another."""
        if language not in self._by_language:
            small = dict.fromkeys(stop_terms(language), _SMALL)
            self._by_language[language] = {**self._numbers, **small}
        number = self._by_language[language].get
        row: list[int] = []
        for text in texts:
            row.extend(map(number, plain_terms(text), repeat(_UNKNOWN)))
            row.append(_UNKNOWN)
        words = np.array(row, np.int64)
        words = words[words != _SMALL]
        return np.concatenate(
            [self._places(_keys(words, count, self._base)) for count in PHRASE_WORDS]
        )

    def _places(self, keys: Ints) -> Ints:
        """The columns of those of the keys that are a phrase's."""
        known, columns = self._known_keys
        if not len(known):
            return keys[:0]
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.asarray(columns[at[known[at] == keys]])

    @property
    def _base(self) -> int:
        return len(self._numbers) + 1

    @cached_property
    def _known_keys(self) -> tuple[Ints, Ints]:
        """The key of each phrase, rising, and its column."""
        keys = [_key([self._numbers[term] for term in name], self._base) for name in self._names]
        order = np.argsort(np.array(keys, np.int64))
        return np.array(keys, np.int64)[order], order


def _key(numbers: Sequence[int], base: int) -> int:
    """A phrase as one number."""
    key = 0
    for number in numbers:
        key = key * base + number
    return key


def _keys(words: Ints, count: int, base: int) -> Ints:
    """The key of each run of so many words of which all are known."""
    if len(words) < count:
        return words[:0]
    runs = np.lib.stride_tricks.sliding_window_view(words, count)
    runs = runs[(runs != _UNKNOWN).all(axis=1)]
    return np.asarray(runs @ np.array([base**power for power in range(count - 1, -1, -1)]))


def _weighted(
    titles: sparse.csr_matrix[Any], idf: npt.NDArray[np.float64]
) -> sparse.csr_matrix[Any]:
    """The part that each phrase is of its name."""
    weighted = titles.copy()
    idf_of_entries = idf[weighted.indices]
    sums = np.repeat(np.asarray(titles @ idf).ravel(), np.diff(weighted.indptr))
    weighted.data = name_parts(idf_of_entries, sums, titles.shape[0])
    return weighted


def _commonest(counts: Counter[str]) -> str:
    return min(counts, key=lambda written: (-counts[written], written))
