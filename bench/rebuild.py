"""How long it takes to bring an index up to date: the command, and a server that watches.

    python -m bench rebuild --corpus ../shared/corpora/windows-drivers

Copies the posts, builds once, then runs the command again and again, each time in a new process,
with nothing changed and after edits. At last a server watches, posts are saved, and it is asked
again and again until the new words are found.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from statistics import median
from string import ascii_lowercase
from time import perf_counter, sleep
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

import click

from bench.machine import machine
from index.build import build_index
from index.files import MARKDOWN_SUFFIXES

ROUNDS: Final = 5
COMMAND: Final = (sys.executable, "-c", "from search.cli import main; main()")
MOST_SECONDS: Final = 120
LOOK_SECONDS: Final = 0.02
STOP_SECONDS: Final = 30
WORD_LETTERS: Final = 12
"""So many that no word of the site is taken for it."""


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True)
def main(corpus: Path, rounds: int) -> None:
    """Time builds after small changes, and a server that watches."""
    click.echo(machine())
    with tempfile.TemporaryDirectory() as scratch:
        site = _Site(Path(scratch) / "content", Path(scratch) / "built")
        shutil.copytree(corpus, site.content)
        build_index(site.content, site.index)
        posts = len(site.posts())
        click.echo(f"{posts:,} files; seconds, {rounds} rounds\n")
        click.echo("| what | best | median |\n| --- | --- | --- |")
        for name, edit in site.edits():
            seconds = [_timed(edit, site.build) for _ in range(rounds)]
            click.echo(f"| {name} | {min(seconds):.2f} | {median(seconds):.2f} |")
        with site.watched() as ask:
            seconds = [site.seconds_to_answer(ask) for _ in range(rounds)]
            click.echo(
                f"| `serve --watch`, from save to answer | {min(seconds):.2f} "
                f"| {median(seconds):.2f} |"
            )


def _timed(edit: Callable[[], None], work: Callable[[], None]) -> float:
    edit()
    started = perf_counter()
    work()
    return perf_counter() - started


class _Site:
    """A copy of the posts, which may be edited, and its index."""

    def __init__(self, content: Path, index: Path) -> None:
        self.content = content.resolve()
        self.index = index.resolve()
        self._random = Random(1)

    def posts(self) -> Sequence[Path]:
        """The files of posts, those that the edits do not remove."""
        files = self.content.rglob("*")
        return sorted(file for file in files if file.suffix in MARKDOWN_SUFFIXES)

    def build(self) -> None:
        """Runs the command."""
        command = [*COMMAND, "build", str(self.content), "--index", str(self.index)]
        subprocess.run(command, check=True, capture_output=True)

    def edits(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """What is changed before each round, and what it is called."""
        changed = self._middle()
        added = changed.with_name("added-for-measuring.md")

        def change() -> None:
            self._append(changed)

        yield "nothing changed", lambda: None
        yield "one post changed", change
        yield "one post added, or removed again", lambda: self._toggle(added)

    def _middle(self) -> Path:
        return self.posts()[len(self.posts()) // 2]

    def _append(self, file: Path) -> str:
        word = "".join(self._random.choices(ascii_lowercase, k=WORD_LETTERS))
        with file.open("a", encoding="utf-8") as stream:
            stream.write(f"\n{word} was here.\n")
        return word

    def _toggle(self, file: Path) -> None:
        if file.exists():
            file.unlink()
        else:
            file.write_text("---\ntitle: Added for measuring\n---\nA new post.\n", encoding="utf-8")

    @contextmanager
    def watched(self) -> Iterator[Callable[[str], bool]]:
        """A server that watches; asks it whether it finds a word."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        where = ["--index", str(self.index), "--port", str(port)]
        server = subprocess.Popen(
            [*COMMAND, "serve", "--watch", *where],
            cwd=self.content.parent,
            env=os.environ | {"SIGNPOST_SERVICE__RATE_LIMIT": ""},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

        def finds(word: str) -> bool:
            url = f"http://127.0.0.1:{port}/api/v1/search?q=%22{word}%22"
            with urlopen(url) as answer:
                return bool(json.load(answer)["hits"])

        try:
            _wait(lambda: self._is_up(finds))
            sleep(1)  # until it watches
            yield finds
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)

    def _is_up(self, finds: Callable[[str], bool]) -> bool:
        with suppress(URLError, ConnectionError):  # not yet
            finds("anything")
            return True
        return False

    def seconds_to_answer(self, finds: Callable[[str], bool]) -> float:
        """From the save of a post until its new word is found."""
        word = self._append(self._middle())
        started = perf_counter()
        _wait(lambda: finds(word))
        return perf_counter() - started


def _wait(is_done: Callable[[], bool]) -> None:
    started = perf_counter()
    while not is_done():
        if perf_counter() - started > MOST_SECONDS:
            raise click.ClickException("it took too long")
        sleep(LOOK_SECONDS)
