"""A thousand queries as readers type them, made from titles; the same for the same seed."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from index.analysis import STOP_WORDS, words

SEED: Final = 20_26
COUNTS: Final = {
    "1 word": 150,
    "2 words": 150,
    "3 words": 150,
    "4 words": 150,
    "common words": 100,
    "phrase": 100,
    "prefix": 100,
    "typo": 100,
}
"""How many queries of each kind: a thousand in all."""

BARE_KINDS: Final = ("1 word", "2 words", "3 words", "4 words", "common words")
"""The kinds that any engine answers alike: words, and nothing else."""

_COMMON: Final = 200
_MIN_TYPO_CHARS: Final = 5


class TimedQuery(NamedTuple):
    """A query, and what kind it is of."""

    kind: str
    text: str


def make_queries(titles: Sequence[str]) -> list[TimedQuery]:
    """The queries of all kinds, mixed."""
    chosen = random.Random(SEED)
    worded = [found for title in titles if (found := words(title))]
    uses = Counter(word.lower() for found in worded for word in found)
    common = [word for word, _ in uses.most_common(_COMMON) if word not in STOP_WORDS]
    queries: list[TimedQuery] = []
    for kind, count in COUNTS.items():
        made = (_query(kind, chosen.choice(worded), common, chosen) for _ in range(count))
        queries.extend(TimedQuery(kind, text) for text in made)
    chosen.shuffle(queries)
    return queries


def _query(kind: str, title: list[str], common: Sequence[str], chosen: random.Random) -> str:
    start = chosen.randrange(len(title))
    if kind == "common words":
        return " ".join(chosen.sample(common, chosen.randint(1, 3)))
    if kind == "phrase":
        return f'"{" ".join(title[start : start + 2])}"'
    if kind == "prefix":
        before = title[max(0, start - chosen.randrange(3)) : start]
        return " ".join([*before, title[start][: chosen.randint(2, 5)]])
    if kind == "typo":
        long_words = [word for word in title if len(word) >= _MIN_TYPO_CHARS and word.isalpha()]
        return with_typo(chosen.choice(long_words or ["documentation"]), chosen)
    return " ".join(title[start : start + int(kind[0])])


def with_typo(word: str, chosen: random.Random) -> str:
    """The word with one slip: a letter lost, doubled, wrong, or swapped with the next."""
    at = chosen.randrange(1, len(word) - 1)
    other = chosen.choice("etaoinshrdlu")
    return chosen.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + other + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
