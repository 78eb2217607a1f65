"""Runs of words that stand in many documents, counted with arrays: each length from the one before.

A run is frequent only if the two runs in it that are one word shorter are, so that only pairs of
frequent runs which overlap have to be counted (Agrawal and Srikant 1994).
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.signedinteger[Any]]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

COUNTED_AT_ONCE: Final = 4_000_000
"""Places that are sorted at a time, at some forty bytes each; the rest waits for its turn."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The frequent runs of one length, numbered from 0.

    `at` has, for each place in the text, the run that begins there, or -1. `uses` and `documents`
    count each run. `heads` and `tails` are the runs that are left without the last word and
    without the first, as numbers of the level before; a single word has neither.
    """

    at: Ints
    uses: Ints
    documents: Ints
    heads: Ints
    tails: Ints


def single_words(terms: Ints, documents: Ints, least: int) -> Runs:
    """The terms that stand in `least` documents or more; their numbers stay as they are.

    `terms` and `documents` have the term and the document of each place, documents rising; -1 is
    no term, and no run goes across it.
    """
    places = np.flatnonzero(terms >= 0)
    named = terms[places]
    shape = int(documents.max(initial=-1)) + 1, int(terms.max(initial=-1)) + 1
    bounds = np.searchsorted(documents[places], np.arange(shape[0] + 1))
    by_term = sparse.csr_array((np.ones(len(named), np.bool_), named, bounds), shape).tocsc()
    uses = np.diff(by_term.indptr).astype(np.int64)
    by_term.sum_duplicates()
    found = np.diff(by_term.indptr).astype(np.int64)
    at = np.where(terms >= 0, terms, -1)
    at[places[found[named] < least]] = -1
    none = np.zeros(0, np.int64)
    return Runs(at, uses, found, none, none)


def extended(runs: Runs, documents: Ints, least: int) -> Runs:
    """The runs that are one word longer and stand in `least` documents or more."""
    pairs = np.flatnonzero((runs.at[:-1] >= 0) & (runs.at[1:] >= 0))
    width = len(runs.uses)
    at = np.full(len(runs.at), -1, np.int32)
    kept: list[tuple[Ints, Ints, Ints]] = []
    total = 0
    turns = 1 + len(pairs) // COUNTED_AT_ONCE
    for turn in range(turns):
        here = pairs[runs.at[pairs] % turns == turn]
        keys = runs.at[here].astype(np.int64) * width + runs.at[here + 1]
        order, starts, counts, spread = _grouped(keys, documents[here])
        is_frequent = spread >= least
        numbers = np.where(is_frequent, total + np.cumsum(is_frequent) - 1, -1)
        at[here[order]] = np.repeat(numbers, counts)
        kept.append((keys[order][starts][is_frequent], counts[is_frequent], spread[is_frequent]))
        total += int(np.count_nonzero(is_frequent))
    keys, uses, found = (np.concatenate(column) for column in zip(*kept, strict=True))
    return Runs(at, uses, found, keys // max(width, 1), keys % max(width, 1))


def cohesion(levels: list[Runs], words: int) -> Floats:
    """How much the words of each run of the last level hold together, from -1 to 1.

    Normalized pointwise mutual information (Bouma 2009) of the two parts of a run, where it comes
    apart the easiest. `levels` are those of all lengths from 1; `words` are counted in all.
    """
    length = len(levels)
    runs = levels[-1]
    weakest = np.ones(len(runs.uses))
    for left in range(1, length):
        parts = (
            levels[left - 1].uses[ends_of(levels, left, is_head=True)],
            levels[length - left - 1].uses[ends_of(levels, length - left, is_head=False)],
        )
        expected = np.log(parts[0]) + np.log(parts[1]) - np.log(max(words, 1))
        pull = (np.log(runs.uses) - expected) / np.maximum(-np.log(runs.uses / words), 1e-9)
        weakest = np.minimum(weakest, pull)
    return weakest


def ends_of(levels: list[Runs], length: int, *, is_head: bool) -> Ints:
    """For each run of the last level: the run of its first, or last, `length` words."""
    numbers: Ints = np.arange(len(levels[-1].uses))
    for level in reversed(levels[length:]):
        numbers = (level.heads if is_head else level.tails)[numbers]
    return numbers


def _grouped(keys: Ints, documents: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Equal keys brought together: their order, where each group starts, its size, its documents.

    Within a key the order is that of the text, so that documents rise.
    """
    order = np.argsort(keys, kind="stable")
    keys, documents = keys[order], documents[order]
    is_first = np.ones(len(keys), np.bool_)
    is_first[1:] = keys[1:] != keys[:-1]
    is_new = is_first.copy()
    is_new[1:] |= documents[1:] != documents[:-1]
    starts = np.flatnonzero(is_first)
    counts = np.diff(np.append(starts, len(keys)))
    spread = np.add.reduceat(is_new.astype(np.int64), starts) if len(starts) else starts
    return order, starts, counts, spread
