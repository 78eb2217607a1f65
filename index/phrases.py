"""The phrases that a site keeps using: runs of two to four words, as it writes them.

A phrase is in many posts, its words hold together more than chance would have it, and it is no mere
piece of a longer phrase. It begins and ends with a word that says something; no sign, line or
section stands within it. `kernel-mode driver` and `kernel mode drivers` are one phrase.
"""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis import DEFAULT_LANGUAGE, folded_words
from index.pieces import SIGN, PieceNumbers
from index.runs import Bools, Floats, Ints, Runs, cohesion, ends_of, extended, single_words
from index.state import State, part, prefixed

MAX_WORDS: Final = 4
"""Words of a phrase; longer ones are sentences."""

MIN_DOCUMENTS: Final = 3
MIN_DOCUMENTS_SHARE: Final = 0.0005
"""A phrase is in at least so many documents, and in this share of all. Fewer would be one author's
turn of phrase; the share keeps large sites to what they are about."""

MIN_COHESION: Final = 0.3
"""Normalized pointwise mutual information: 0 for words that meet by chance, 1 for words that are
never apart. Lower lets in any word beside a common one; higher loses phrases of common words."""

MIN_SCORE: Final = 0.6
"""Of cohesion times the logarithm of the documents: a rare phrase has to hold together better."""

FRAGMENT_SHARE: Final = 0.7
"""A phrase is a fragment if a longer phrase that has it is in this share of its documents; or if
this share of its uses is between the same two words, in a sentence that the site repeats."""

MAX_PHRASES: Final = 20_000
"""Phrases kept, by score; about 2 MB of index."""

MAX_FORMS: Final = 3
MIN_FORM_SHARE: Final = 0.1
"""Wordings of a phrase that can be found by typing, singular and plural say; and the share of its
uses that a wording needs."""

MAX_SAMPLED_WORDS: Final = 16_000_000
"""Words that are counted, at four bytes each and about thirty more at the end. On a site with more,
every second post is passed over, then every second of those left, and so on."""


class Phrase(NamedTuple):
    """A phrase: its wordings, the most used first, and in how many documents it stands.

    `score` weighs both how many those are and how well the words hold together.
    """

    forms: tuple[str, ...]
    documents: int
    score: float


class PhraseCounter:
    """Takes in documents as they come, and picks their phrases at the end.

    Begins with the documents that one in that state had. `is_whole` says whether it has the words
    of all documents still, without which it can't go on from its state.
    """

    def __init__(self, state: State | None = None) -> None:
        self._numbers = PieceNumbers(None if state is None else part("numbers", state))
        self._words = array("i")
        self._starts: list[int] = []
        if state is not None:
            self._words.frombytes(state["words"].tobytes())
            self._starts = state["starts"].tolist()
        self._documents = len(self._starts)
        self._sampled = list(range(self._documents))
        self._stride = 1

    @property
    def is_whole(self) -> bool:
        """Whether no document was passed over."""
        return self._stride == 1

    def state(self) -> State:
        """All that it has; of one that is whole."""
        own = {"words": np.asarray(self._words), "starts": np.array(self._starts, np.int64)}
        return own | prefixed("numbers", self._numbers.state())

    def add(
        self,
        names: Sequence[str],
        pieces: npt.NDArray[np.integer[Any]],
        language: str = DEFAULT_LANGUAGE,
    ) -> None:
        """Takes in one document's prose, as numbered_pieces has it, in its language."""
        self._documents += 1
        if (self._documents - 1) % self._stride:
            return
        self._sampled.append(self._documents - 1)
        self._starts.append(len(self._words))
        numbers = self._numbers.numbered(names, language)
        self._words.append(SIGN)
        self._words.frombytes(numbers[pieces].tobytes())
        if len(self._words) > MAX_SAMPLED_WORDS:
            self._thin_out()

    def reorder(self, places: Sequence[int]) -> None:
        """Puts the documents in the order of these places; those that have none are let go.

        The phrases are then those of the documents in this order, as if no others had ever come, as
        long as no more than MAX_SAMPLED_WORDS came. Of more, those that were not passed over stand
        for all that are left.
        """
        extents = dict(zip(self._sampled, pairwise([*self._starts, len(self._words)]), strict=True))
        self._sampled = [at for at, place in enumerate(places) if place in extents]
        self._documents = len(places)
        self._keep([extents[places[at]] for at in self._sampled])

    def phrases(self) -> list[Phrase]:
        """The phrases of all documents, best first."""
        if not self._starts:
            return []
        words = np.append(np.frombuffer(self._words, np.int32), np.int32(SIGN))
        extents = np.diff([*self._starts, len(words)])
        documents = np.repeat(np.arange(len(extents), dtype=np.int32), extents)
        least = max(MIN_DOCUMENTS, math.ceil(MIN_DOCUMENTS_SHARE * len(extents)))
        term_of, tells = self._numbers.terms(_uses_of(words, len(self._numbers.written)), least)
        levels = [single_words(term_of[words], documents, least)]
        scores: list[Floats] = []
        for _ in range(1, MAX_WORDS):
            levels.append(extended(levels[-1], documents, least))
            scores.append(_scores(levels, tells, int(np.count_nonzero(words))))
        _drop_fragments(levels[1:], scores)
        _keep_best(scores, MAX_PHRASES)
        found = [
            Phrase(forms, int(level.documents[number]) * self._stride, float(score[number]))
            for length, level, score in zip(
                range(2, MAX_WORDS + 1), levels[1:], scores, strict=True
            )
            for number, forms in self._forms(words, level, score > 0, length)
        ]
        return sorted(found, key=lambda phrase: (-phrase.score, phrase.forms))

    def _forms(
        self, words: Ints, level: Runs, is_chosen: Bools, length: int
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The number and the wordings of each chosen run of `length` words; fragments left out."""
        places = np.flatnonzero(level.at >= 0)
        places = places[is_chosen[level.at[places]]]
        most_repeated = _most_repeated(level.at[places], words[places - 1], words[places + length])
        firsts, uses = _distinct([words[places + step] for step in range(length)])
        wordings: dict[int, Counter[str]] = {}
        for first, times in zip(places[firsts].tolist(), uses.tolist(), strict=True):
            pieces = words[first : first + length].tolist()
            text = " ".join(map(self._numbers.written.__getitem__, pieces))
            text = text.replace("- ", "-").rstrip("-")
            wordings.setdefault(int(level.at[first]), Counter())[text] += times
        for number, texts in wordings.items():
            if most_repeated[number] < FRAGMENT_SHARE * texts.total():
                yield number, _wordings(texts)

    def _thin_out(self) -> None:
        self._keep(list(pairwise([*self._starts, len(self._words)]))[::2])
        self._sampled = self._sampled[::2]
        self._stride *= 2

    def _keep(self, extents: Iterable[tuple[int, int]]) -> None:
        """Lays these extents out anew, in this order."""
        words = array("i")
        self._starts = []
        for start, end in extents:
            self._starts.append(len(words))
            words.extend(self._words[start:end])
        self._words = words


def _uses_of(words: Ints, kinds: int) -> dict[int, int]:
    """How often each of the words, of so many kinds, is there, in the order of first uses."""
    first_uses = np.full(kinds, len(words))
    first_uses[words[::-1]] = np.arange(len(words))[::-1]
    uses = np.bincount(words, minlength=kinds)
    order = np.argsort(first_uses, kind="stable")[: np.count_nonzero(uses)]
    return dict(zip(order.tolist(), uses[order].tolist(), strict=True))


def _distinct(columns: Sequence[Ints]) -> tuple[Ints, Ints]:
    """The first of each kind of row of some columns, and how often there is one."""
    keys: Ints = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        _, kinds = np.unique(keys, return_inverse=True)
        keys = kinds * (int(column.max(initial=0)) + 1) + column
    _, firsts, counts = np.unique(keys, return_index=True, return_counts=True)
    return firsts, counts


def _most_repeated(runs: Ints, before: Ints, after: Ints) -> Ints:
    """How often each run stands between the same two words, at the most; signs are no words."""
    most = np.zeros(int(runs.max(initial=-1)) + 1, np.int64)
    within = np.flatnonzero((before != SIGN) & (after != SIGN))
    firsts, counts = _distinct([runs[within], before[within], after[within]])
    np.maximum.at(most, runs[within[firsts]], counts)
    return most


def _scores(levels: list[Runs], tells: Bools, words: int) -> Floats:
    """A score for each run of the last level; 0 for what is no phrase."""
    held = cohesion(levels, words)
    first = ends_of(levels, 1, is_head=True)
    last = ends_of(levels, 1, is_head=False)
    scores = held * np.log1p(levels[-1].documents)
    is_phrase = tells[first] & tells[last] & (held >= MIN_COHESION) & (scores >= MIN_SCORE)
    return np.where(is_phrase, scores, 0.0)


def _drop_fragments(levels: list[Runs], scores: list[Floats]) -> None:
    """Takes the score from phrases that are hardly ever seen outside of a longer one."""
    within = np.where(scores[-1] > 0, levels[-1].documents, 0)
    for at in range(len(levels) - 2, -1, -1):
        covered = np.zeros(len(levels[at].uses), np.int64)
        np.maximum.at(covered, levels[at + 1].heads, within)
        np.maximum.at(covered, levels[at + 1].tails, within)
        scores[at][covered >= FRAGMENT_SHARE * levels[at].documents] = 0.0
        within = np.maximum(covered, np.where(scores[at] > 0, levels[at].documents, 0))


def _keep_best(scores: list[Floats], most: int) -> None:
    """Takes the score from all but the `most` best phrases; those that tie with the last go too."""
    everything = np.concatenate(scores)
    if len(everything) > most:
        bar = np.partition(everything, -most - 1)[-most - 1]
        for each in scores:
            each[each <= bar] = 0.0


def _wordings(uses: Counter[str]) -> tuple[str, ...]:
    """The wordings that are used the most, each in the letter case that it mostly has."""
    total = uses.total()
    forms: dict[str, Counter[str]] = {}
    for text, times in uses.items():
        forms.setdefault(" ".join(folded_words(text)), Counter())[text] += times
    ranked = sorted(forms.items(), key=lambda form: (-form[1].total(), form[0]))
    shown = [_most_used(texts) for _, texts in ranked if texts.total() >= MIN_FORM_SHARE * total]
    return tuple(shown[:MAX_FORMS])


def _most_used(uses: Counter[str]) -> str:
    """The text used most; of two that are used alike, the one with fewer capitals."""
    return min(uses, key=lambda text: (-uses[text], sum(map(str.isupper, text)), text))
