"""Whether anything that can be typed is an error or slow: thousands of hostile queries, each timed.

    python -m bench hostile --corpus ../shared/corpora/windows-drivers

Every other query is asked as the search box asks, with its last word open. An exception ends the
run; the table has the slowest of each kind.
"""

import random
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Final

import click

from bench.machine import machine
from bench.queries import SEED
from bench.timing import milliseconds
from index.build import build_index
from search import open_engine
from search.engine import Engine, SearchOptions
from search.service.worker import calm_garbage_collector

WORDS: Final = "driver the device usb WdfDeviceCreate kernel-mode zzqx drievr".split()
OPERATORS: Final = (
    "OR AND NOT - tag: author:x title: after:2019 before:9 \" ' * ( ) ~ ^ \\ / ? [ ] { }"
).split()
MARKS: Final = "\0\u200b\u200e\u200f\u202a\u202e\u2066\ufeff\u0301\ud800\U000e0001"

_ALL_CHARACTERS: Final = range(1, sys.maxunicode + 1)


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--index", "index_dir", type=click.Path(path_type=Path), help="Reuse this index.")
@click.option("--queries", "count", type=click.IntRange(100), default=10_000, show_default=True)
def main(corpus: Path, index_dir: Path | None, count: int) -> None:
    """Ask what nobody should ask, and print how long it took."""
    with tempfile.TemporaryDirectory() as scratch:
        if index_dir is None:
            index_dir = Path(scratch) / "index"
            build_index(corpus, index_dir)
        engine = open_engine(index_dir)
        calm_garbage_collector()  # as the service does
        chosen = random.Random(SEED)
        times: dict[str, list[float]] = {name: [] for name in KINDS}
        notices: set[str] = set()
        for at in range(count):
            name = list(KINDS)[at % len(KINDS)]
            query = KINDS[name](chosen)
            options = SearchOptions(last_word_is_prefix=bool(at // len(KINDS) % 2))
            ask = partial(_notices, engine=engine, options=options, notices=notices)
            times[name].append(milliseconds(ask, query))
    click.echo(f"{machine()}\n{count:,} queries\n")
    click.echo(
        "| queries | number | p50 ms | p99 ms | slowest ms |\n| --- | --- | --- | --- | --- |"
    )
    for name, taken in times.items():
        percentiles = quantiles(taken, n=100, method="inclusive")
        row = f"{percentiles[49]:.1f} | {percentiles[98]:.1f} | {max(taken):.1f}"
        click.echo(f"| {name} | {len(taken)} | {row} |")
    click.echo("\nwhat the answers said of being cut:")
    for notice in sorted(notices):
        click.echo(f"- {notice}")


def _notices(query: str, *, engine: Engine, options: SearchOptions, notices: set[str]) -> None:
    """Asks, and adds what the answer says of being cut."""
    notices.update(engine.search(query, options=options).notices)


def _ascii(chosen: random.Random) -> str:
    return "".join(chr(chosen.randrange(128)) for _ in range(chosen.randint(1, 120)))


def _unicode(chosen: random.Random) -> str:
    return "".join(chr(chosen.choice(_ALL_CHARACTERS)) for _ in range(chosen.randint(1, 120)))


def _letters(chosen: random.Random) -> str:
    """Words of letters of every script."""
    found = ""
    while len(found) < 100:
        character = chr(chosen.choice(_ALL_CHARACTERS))
        if unicodedata.category(character)[0] in "LMN":
            found += character + (" " if chosen.random() < 0.2 else "")
    return found


def _marks(chosen: random.Random) -> str:
    """Ordinary words with marks that are not seen, or that belong nowhere, inside them."""
    words = " ".join(chosen.choices(WORDS, k=chosen.randint(1, 8)))
    return "".join(char + (chosen.choice(MARKS) if chosen.random() < 0.3 else "") for char in words)


def _operators(chosen: random.Random) -> str:
    pieces = chosen.choices([*WORDS, *OPERATORS], k=chosen.randint(1, 60))
    return chosen.choice(["", " "]).join(pieces)


def _quotes(chosen: random.Random) -> str:
    pieces = chosen.choices([*WORDS, '"', '""', '" "', '-"', 'title:"'], k=chosen.randint(1, 30))
    return chosen.choice(["", " "]).join(pieces)


def _nested(chosen: random.Random) -> str:
    depth = 500
    inner = " OR ".join(chosen.choices(WORDS, k=3))
    return chosen.choice(["(" * depth + inner + ")" * depth, "-" * depth + inner,
                          "NOT " * depth + inner, '"' * depth + inner, "title:" * depth + inner,
                          inner + " OR" * depth, "*" * depth, "(" * depth])  # fmt: skip


def _many_terms(chosen: random.Random) -> str:
    return " ".join(
        chosen.choice(WORDS) if chosen.random() < 0.1 else f"w{chosen.randrange(10**6)}"
        for _ in range(5_000)
    )


def _long_text(chosen: random.Random) -> str:
    piece = chosen.choice([*WORDS, "x", "ab ", "\U0001f980", "日本語", "driver ", "a-", "a.b"])
    return piece * (100_000 // len(piece))


def _wrong_words(chosen: random.Random) -> str:
    """As many wrong words as are read: each has to be looked for among all words."""
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    return " ".join("".join(chosen.choices(letters, k=chosen.randint(4, 14))) for _ in range(40))


def _beginnings(chosen: random.Random) -> str:
    return chosen.choice(["", "driver ", "the a "]) + chosen.choice("abcdefghijklmnopqrstuvwxyz*")


KINDS: Final[dict[str, Callable[[random.Random], str]]] = {
    "ASCII of any kind": _ascii,
    "Unicode of any kind": _unicode,
    "letters of all scripts": _letters,
    "invisible marks": _marks,
    "operators": _operators,
    "quotes": _quotes,
    "nested 500 deep": _nested,
    "5,000 terms": _many_terms,
    "100 kB of text": _long_text,
    "40 wrong words": _wrong_words,
    "single letters": _beginnings,
}
