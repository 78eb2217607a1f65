"""A folder of posts, loaded and analysed by as many processes as there are processors."""

import gc
from collections.abc import Callable, Generator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from index.analysis import DEFAULT_LANGUAGE, language_code
from index.analyzed import analyze
from index.errors import BuildError
from index.files import FoundFile, find_files, post_folders
from index.gathered import Gathered
from index.inputs import InputFile, Inputs
from index.loader import FileReading, LoadOptions, read_file, without_collisions
from index.post import LeftOut, LoadedPosts, Post, Problem
from index.processes import (
    CONTEXT,
    helping_processes,
    interrupts_kept_from_children,
    processors,
)

CHUNK_FILES: Final = 32
"""Files that a process is handed at a time: about a tenth of a second of work."""

MIN_FILES_PER_PROCESS: Final = 400
"""To start a further process takes about as long as to read so many files."""


@dataclass(frozen=True, slots=True)
class AnalyzeOptions:
    """How posts are read, the language of those that name none, and by how many processes.

    Without `processes` there are as many as processors, and no more than the files are worth.
    """

    load: LoadOptions = field(default_factory=LoadOptions)
    language: str = DEFAULT_LANGUAGE
    processes: int | None = None


def analyze_folder(
    content_dir: Path,
    options: AnalyzeOptions,
    gathered: Gathered,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[LoadedPosts, Inputs]:
    """Every post under `content_dir`, without its sections and HTML; the rest is in `gathered`.

    Both are in order of canonical path. With them comes what they were read from. As load_posts
    otherwise, and with BuildError, which names the file, if a process ends before its time.
    """
    files = find_files(content_dir)
    posts: list[Post] = []
    left_out: list[LeftOut] = []
    problems: list[Problem] = []
    inputs: list[InputFile] = []
    moments: list[datetime] = []
    with closing(_readings(files, options)) as readings:
        for done, reading in enumerate(without_collisions(readings), 1):
            inputs.append(InputFile(reading.source, files[done - 1].reason, reading.state))
            if reading.changes_at:
                moments.append(reading.changes_at)
            if reading.post:
                posts.append(reading.post)
                gathered.add(reading.analyzed)
            if reading.left_out:
                left_out.append(reading.left_out)
            problems.extend(reading.problems)
            progress(done, len(files))
    by_path = sorted(range(len(posts)), key=lambda at: posts[at].path)
    gathered.reorder(by_path)
    loaded = LoadedPosts(
        files=len(files),
        posts=tuple(posts[at] for at in by_path),
        left_out=tuple(left_out),
        problems=tuple(problems),
    )
    return loaded, Inputs(tuple(inputs), options.load.now, min(moments, default=None))


class _Reader:
    """Reads and analyses files; can be sent to another process."""

    def __init__(self, options: AnalyzeOptions, folders: frozenset[str]) -> None:
        self._options = options
        self._folders = folders

    def read(self, file: FoundFile) -> FileReading:
        """What a file came to, its post analysed."""
        reading = read_file(file, self._options.load, self._folders)
        if reading.post is None:
            return reading
        analyzed = analyze(_with_language(reading.post, self._options.language))
        return replace(reading, post=analyzed.post, analyzed=analyzed.to_bytes())


def _with_language(post: Post, language: str) -> Post:
    """The post, with the site's language if it names none, so that all who ask agree on it.

    Where nobody names one, a post is read as English without being called so.
    """
    if post.lang or language_code(language) == DEFAULT_LANGUAGE:
        return post
    return replace(post, lang=language)


def _readings(
    files: Sequence[FoundFile], options: AnalyzeOptions
) -> Generator[FileReading, None, None]:
    """What each file came to, in the order of the files."""
    reader = _Reader(options, post_folders(files))
    processes = min(options.processes or processors(), 1 + len(files) // MIN_FILES_PER_PROCESS)
    if processes == 1:
        yield from map(reader.read, files)
        return
    starts = range(0, len(files), CHUNK_FILES)
    in_hand = CONTEXT.RawArray(
        "q", [_NOTHING] * processes
    )  # no lock that a lost process could hold
    with helping_processes(processes, _prepare, reader, in_hand, CONTEXT.Value("q", 0)) as pool:
        try:
            with interrupts_kept_from_children():
                chunks = (files[start : start + CHUNK_FILES] for start in starts)
                answers = pool.map(_read_here, starts, chunks)
            for readings in answers:
                yield from readings
        except BrokenProcessPool as error:
            read_last = [files[at].source for at in in_hand if at != _NOTHING]
            raise BuildError(
                "A process that read posts has ended before its time, perhaps for want of memory. "
                f"It was at {' or '.join(read_last) or 'none yet'}. Nothing was published."
            ) from error


class _Here(NamedTuple):
    """In a process of the pool: what it reads with, and where it says which file it has in hand."""

    reader: _Reader
    in_hand: Any
    place: int


_NOTHING: Final = -1
_here: list[_Here] = []


def _prepare(reader: _Reader, in_hand: Any, places_taken: Any) -> None:
    gc.disable()  # there are no cycles to be found but a few hundred objects in thousands of posts
    with places_taken.get_lock():
        _here.append(_Here(reader, in_hand, places_taken.value))
        places_taken.value += 1


def _read_here(start: int, files: Sequence[FoundFile]) -> list[FileReading]:
    here = _here[0]
    readings = []
    for at, file in enumerate(files, start):
        here.in_hand[here.place] = at
        readings.append(here.reader.read(file))
    here.in_hand[here.place] = _NOTHING
    return readings
