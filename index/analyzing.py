"""A folder of posts, loaded and analysed by as many processes as there are processors."""

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from index.analysis import DEFAULT_LANGUAGE, language_code
from index.analyzed import analyze
from index.buildmemory import UNBOUNDED, BuildMemory
from index.errors import BuildError
from index.files import FoundFile, find_files, is_in_post_folder, post_folders
from index.gathered import Gathered
from index.inputs import InputFile, Inputs
from index.keptreadings import NO_PLACE, KeptReading, still_true
from index.loader import FileReading, LoadOptions, read_file, without_collisions
from index.post import LoadedPosts, Post
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


class AnalyzedFolder(NamedTuple):
    """A folder of posts: these, without their sections and HTML, and what they were read from.

    `readings` are what the files came to that a further build may take as they are.
    """

    loaded: LoadedPosts
    inputs: Inputs
    readings: tuple[KeptReading, ...]


def analyze_folder(
    content_dir: Path,
    options: AnalyzeOptions,
    gathered: Gathered,
    kept: Iterable[KeptReading] = (),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    memory: BuildMemory = UNBOUNDED,
) -> AnalyzedFolder:
    """Every post under `content_dir`; what is not told of them is in `gathered`.

    Both are in order of canonical path. What `kept` and `gathered` have of an earlier time is taken
    from there as far as it is still true, and let go otherwise. As load_posts otherwise, and with
    BuildError, which names the file, if a process ends before its time. Fewer processes read, and
    in the end this one alone, as `memory` says.
    """
    files = find_files(content_dir)
    folders = post_folders(files)
    known = still_true(kept, files, folders, options.load.now)
    readings: list[FileReading] = []
    places: list[int] = []
    with closing(_all_readings(files, folders, known, gathered, options, memory)) as found:
        for at, reading in enumerate(without_collisions(found)):
            places.append(known[at].place if at in known else len(gathered.posts))
            if reading.analyzed:
                gathered.add(reading.analyzed)
            readings.append(replace(reading, analyzed=b"") if reading.analyzed else reading)
            progress(at + 1, len(files))
    by_path = sorted((reading.post.path, at) for at, reading in enumerate(readings) if reading.post)
    in_order = [at for _, at in by_path]
    gathered.reorder([places[at] for at in in_order])
    return AnalyzedFolder(
        _loaded(readings, in_order),
        _inputs(files, readings, options.load.now),
        tuple(_kept(readings, in_order, folders)),
    )


def _loaded(readings: Sequence[FileReading], in_order: Iterable[int]) -> LoadedPosts:
    """What was loaded, the posts in the order of these readings."""
    posts = (readings[at].post for at in in_order)
    return LoadedPosts(
        files=len(readings),
        posts=tuple(post for post in posts if post),
        left_out=tuple(reading.left_out for reading in readings if reading.left_out),
        problems=tuple(problem for reading in readings for problem in reading.problems),
    )


def _inputs(files: Sequence[FoundFile], readings: Sequence[FileReading], now: datetime) -> Inputs:
    """What the readings of these files were made of."""
    pairs = zip(files, readings, strict=True)
    moments = (reading.changes_at for reading in readings if reading.changes_at)
    return Inputs(
        files=tuple(InputFile(file.source, file.reason, each.state) for file, each in pairs),
        now=now,
        changes_at=min(moments, default=None),
    )


def _kept(
    readings: Sequence[FileReading], in_order: Sequence[int], folders: frozenset[str]
) -> Iterator[KeptReading]:
    """Those of the readings that depend on no other file, with the places of their posts."""
    place_of = {at: place for place, at in enumerate(in_order)}
    for at, reading in enumerate(readings):
        if reading.state and not reading.has_collision:
            is_alone = is_in_post_folder(reading.source, folders)
            place = place_of.get(at, NO_PLACE)
            yield KeptReading(reading, is_alone, place)


def _all_readings(
    files: Sequence[FoundFile],
    folders: frozenset[str],
    known: Mapping[int, KeptReading],
    gathered: Gathered,
    options: AnalyzeOptions,
    memory: BuildMemory,
) -> Generator[FileReading, None, None]:
    """What each file came to, in their order; where that is known, it is not read again."""
    unknown = [file for at, file in enumerate(files) if at not in known]
    with closing(_readings(unknown, folders, options, memory)) as fresh:
        for at in range(len(files)):
            if at not in known:
                yield next(fresh)
            elif known[at].place == NO_PLACE:
                yield known[at].reading
            else:
                yield replace(known[at].reading, post=gathered.posts.post(known[at].place))


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
        post = _with_language(reading.post, self._options.language)
        told = replace(post, sections=(), html="")
        return replace(reading, post=told, analyzed=analyze(post).to_bytes())


def _with_language(post: Post, language: str) -> Post:
    """The post, with the site's language if it names none, so that all who ask agree on it.

    Where nobody names one, a post is read as English without being called so.
    """
    if post.lang or language_code(language) == DEFAULT_LANGUAGE:
        return post
    return replace(post, lang=language)


def _readings(
    files: Sequence[FoundFile],
    folders: frozenset[str],
    options: AnalyzeOptions,
    memory: BuildMemory,
) -> Generator[FileReading, None, None]:
    """What each file comes to when it is read, in the order of the files."""
    reader = _Reader(options, folders)
    most = min(options.processes or processors(), 1 + len(files) // MIN_FILES_PER_PROCESS)
    processes = memory.readers(most)
    done = 0
    if processes > 1:
        with closing(_readings_beside(files, reader, processes, memory)) as readings:
            for reading in readings:
                yield reading
                done += 1
    yield from map(reader.read, files[done:])


def _readings_beside(
    files: Sequence[FoundFile], reader: _Reader, processes: int, memory: BuildMemory
) -> Generator[FileReading, None, None]:
    """What files come to that other processes read, as long as there is memory for these."""
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
                if not memory.has_room_for_readers():
                    return
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
