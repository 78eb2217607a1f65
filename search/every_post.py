"""Asking an engine the same of every post, with all processors."""

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any, Final, TypeVar

from index.errors import IndexUnavailableError
from index.processes import helping_processes, interrupts_kept_from_children, processors
from search.cluster_source import ClusterSource, Tell
from search.engine import Engine, open_engine
from search.errors import PostNotFoundError, ProcessLostError
from search.fallback import FallbackEngine
from search.tuning import Tuning

CHUNK_POSTS: Final = 64
"""Posts that a process is handed at a time: about a tenth of a second of work."""

MIN_POSTS_PER_PROCESS: Final = 500
"""To start a further process takes about as long as so many answers."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class EngineSource:
    """What an engine is opened with, to be opened again in another process.

    Without a `cluster`, the index on this machine answers.
    """

    index_dir: Path
    base_url: str | None = None
    tuning: Tuning | None = None
    cluster: ClusterSource | None = None

    def open(self, tell: Tell = lambda _error: None) -> Engine:
        """The engine; raises IndexUnavailableError.

        `tell` is given errors of the cluster for which the index on this machine stands in.
        """
        if self.cluster is None:
            return self._open_local()
        open_cluster = partial(self.cluster.open, self.base_url, self.tuning)
        if not self.cluster.has_fallback:
            return open_cluster()
        return FallbackEngine(open_cluster, self._open_local, tell)

    def _open_local(self) -> Engine:
        return open_engine(self.index_dir, base_url=self.base_url, tuning=self.tuning)


def every_post(
    source: EngineSource,
    ask: Callable[[Engine, str], Answer],
    processes: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    check: Callable[[Sequence[str]], None] = lambda _paths: None,
) -> Generator[tuple[str, Answer], None, None]:
    """Each post's canonical path with what `ask` says of it, in the order of paths.

    In as many processes as there are processors, or as `processes` says; `ask` must be a function
    that can be sent there. `progress` is told how many posts of how many are done; `check` is given
    all paths before anything is asked, and may raise. All answers are of one generation:
    IndexUnavailableError is raised if another one is published meanwhile, and ProcessLostError if
    a process ends before its time. Close the iterator if you don't read it to its end, so that the
    processes end too.
    """
    engine = source.open()
    generation, paths = engine.status().generation, engine.paths()
    check(paths)
    chunks = [paths[start : start + CHUNK_POSTS] for start in range(0, len(paths), CHUNK_POSTS)]
    processes = min(processes or processors(), 1 + len(paths) // MIN_POSTS_PER_PROCESS)
    done = 0
    for chunk, (used, answers) in zip(
        chunks, _answers(source, engine, ask, chunks, processes), strict=True
    ):
        if used != generation:
            raise IndexUnavailableError("The index was rebuilt meanwhile. Run this once more.")
        yield from zip(chunk, answers, strict=True)
        done += len(chunk)
        progress(done, len(paths))


def _answers(
    source: EngineSource,
    engine: Engine,
    ask: Callable[[Engine, str], Answer],
    chunks: Sequence[Sequence[str]],
    processes: int,
) -> Iterator[tuple[str, list[Answer]]]:
    """For each chunk the generation that was asked, and the answers."""
    if processes == 1:
        yield from (_ask_all(engine, ask, chunk) for chunk in chunks)
        return
    with helping_processes(processes) as pool:
        try:
            with interrupts_kept_from_children():
                answers = pool.map(_ask_all_here, repeat(source), repeat(ask), chunks)
            yield from answers
        except BrokenProcessPool as error:
            raise ProcessLostError from error


def _ask_all(
    engine: Engine, ask: Callable[[Engine, str], Answer], paths: Sequence[str]
) -> tuple[str, list[Answer]]:
    before = engine.status().generation
    try:
        answers = [ask(engine, path) for path in paths]
    except PostNotFoundError:  # another generation, which lacks it
        return "", []
    after = engine.status().generation
    return (after if before == after else ""), answers


_engines: list[Engine] = []
"""In a process of the pool: the engine that it opened."""


def _ask_all_here(
    source: EngineSource, ask: Callable[[Engine, str], Any], paths: Sequence[str]
) -> tuple[str, list[Any]]:
    if not _engines:
        _engines.append(source.open())
    return _ask_all(_engines[0], ask, paths)
