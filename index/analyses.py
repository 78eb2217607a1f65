"""The analyses of a build, kept beside the index for the next build.

    <index>/analyses/posts-<name>.bin    StoredPosts, one after another; only ever added to
    <index>/analyses/state.npz           where they are; what files came to; the state of Gathered;
                                         and after all of it, its CRC-32

What is kept is no part of the index, and may be lost: a build that misses it, or finds it damaged,
or made by other versions or settings, reads everything. It is replaced when a build has published,
with the build lock held.
"""

import json
import os
import struct
import uuid
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import numpy as np

from index import analysis
from index.buildoptions import BuildOptions
from index.buildrecord import shape_of
from index.gathered import Gathered
from index.generation import FORMAT_VERSION
from index.keptreadings import KeptReading
from index.postspool import Extent
from index.schema import SCHEMA_VERSION

ANALYSES_DIR: Final = "analyses"

ANALYSES_VERSION: Final = 3
"""Of the files kept here; those of another one are not read."""

MAX_GARBAGE_SHARE: Final = 0.5
"""Of the posts' file, what no post needs any more; past it, a new one is written."""

_STATE_FILE: Final = "state.npz"
_META: Final = "meta"
_CHECKSUM: Final = struct.Struct("<I")
_BYTES_AT_ONCE: Final = 1_000_000


@dataclass(slots=True)
class Analyses:
    """What a build begins with: posts that are gathered already, and the readings that they are of.

    `readings` were true at a moment before the build's. Both are empty where nothing was kept.
    """

    gathered: Gathered
    readings: Sequence[KeptReading]
    origin: "_Origin | None" = None


class _Origin(NamedTuple):
    """Where posts were kept: an open file, and the identity of the state that told so."""

    posts: IO[bytes]
    state: tuple[int, int]


@contextmanager
def open_analyses(
    index_dir: Path, options: BuildOptions, *, is_wanted: bool = True
) -> Iterator[Analyses]:
    """What was kept beside an index, as far as it fits a build with these options; let go after.

    Unless it `is_wanted`, or where it can't be used, all is empty.
    """
    with ExitStack() as stack:
        kept = _read(index_dir / ANALYSES_DIR, options, stack) if is_wanted else None
        analyses = kept or Analyses(Gathered(), ())
        stack.enter_context(analyses.gathered)
        yield analyses


def keep_analyses(
    index_dir: Path, options: BuildOptions, analyses: Analyses, readings: Sequence[KeptReading]
) -> None:
    """Keeps what has been gathered, and the readings that it is of; or nothing.

    To be called with the build lock held. Nothing is kept where it can't be gone on from, or not
    written: for want of room, say, of which what was kept before takes none any more either.
    """
    folder = index_dir / ANALYSES_DIR
    try:
        if analyses.gathered.can_go_on:
            folder.mkdir(exist_ok=True)
            _keep(folder, options, analyses, readings)
            return
    except OSError:
        pass
    _remove(folder, but="")


def _keep(
    folder: Path, options: BuildOptions, analyses: Analyses, readings: Sequence[KeptReading]
) -> None:
    extents = _written(folder, analyses)
    told = {
        "shape": _shape(options),
        "now": options.load.now.isoformat(),
        "posts": extents.name,
        "extents": extents.rows,
        "readings": [reading.as_json() for reading in readings],
    }
    arrays: dict[str, Any] = dict(analyses.gathered.state())
    arrays[_META] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    aside = folder / f"{_STATE_FILE}.next"
    with aside.open("w+b") as stream:
        np.savez(stream, **arrays)
        stream.write(_CHECKSUM.pack(_checksum(stream, stream.tell())))
    aside.replace(folder / _STATE_FILE)
    _remove(folder, but=extents.name)


def _remove(folder: Path, but: str) -> None:
    """Removes files of posts, but for one; where there is none, the state as well."""
    for file in folder.glob("posts-*.bin" if but else "*"):
        if file.name != but:
            with suppress(OSError):
                file.unlink()


class _Extents(NamedTuple):
    """Where posts are in the file of this name: first byte, bytes, and CRC-32 of each."""

    name: str
    rows: list[tuple[int, int, int]]


def _read(folder: Path, options: BuildOptions, stack: ExitStack) -> Analyses | None:
    """What was kept; None where there is nothing that can be used."""
    try:
        stream = stack.enter_context((folder / _STATE_FILE).open("rb"))
        found = os.fstat(stream.fileno())
        checksum = _checksum(stream, found.st_size - _CHECKSUM.size)
        if stream.read() != _CHECKSUM.pack(checksum):
            return None
        stream.seek(0)
        with np.load(stream, allow_pickle=False) as arrays:
            told = json.loads(arrays[_META].tobytes())
            if told["shape"] != _shape(options):
                return None
            if datetime.fromisoformat(told["now"]) > options.load.now:
                return None
            state = {name: arrays[name] for name in arrays.files if name != _META}
        posts = stack.enter_context((folder / told["posts"]).open("rb"))
        extents = [Extent(posts, start, size) for start, size, _ in told["extents"]]
        checksums = [checksum for _, _, checksum in told["extents"]]
        if [zlib.crc32(extent.read()) for extent in extents] != checksums:
            return None
        gathered = Gathered.of_state(state, extents)
        readings = [KeptReading.from_json(row) for row in told["readings"]]
    except (OSError, ValueError, KeyError):
        return None
    return Analyses(gathered, readings, _Origin(posts, (found.st_ino, found.st_mtime_ns)))


def _written(folder: Path, analyses: Analyses) -> _Extents:
    """Where the posts are, all in one file of the folder, new or added to.

    The old one is added to if it is still what is kept, and most of it is needed.
    """
    spool, origin = analyses.gathered.posts, analyses.origin
    name, known = f"posts-{uuid.uuid4().hex}.bin", None
    if origin and _is_current(folder, origin):
        needed = sum(extent.size for extent in spool.extents if extent.file is origin.posts)
        if needed >= (1 - MAX_GARBAGE_SHARE) * os.fstat(origin.posts.fileno()).st_size:
            name, known = Path(origin.posts.name).name, origin.posts
    rows: list[tuple[int, int, int]] = []
    with (folder / name).open("ab") as stream:
        for extent in spool.extents:
            data = extent.read()
            start = extent.start
            if extent.file is not known:
                start = stream.tell()
                stream.write(data)
            rows.append((start, len(data), zlib.crc32(data)))
    return _Extents(name, rows)


def _checksum(stream: IO[bytes], size: int) -> int:
    """The CRC-32 of the first so many bytes; the stream is then after them."""
    stream.seek(0)
    checksum = 0
    for start in range(0, size, _BYTES_AT_ONCE):
        checksum = zlib.crc32(stream.read(min(_BYTES_AT_ONCE, size - start)), checksum)
    return checksum


def _is_current(folder: Path, origin: _Origin) -> bool:
    try:
        found = (folder / _STATE_FILE).stat()
    except OSError:
        return False
    return (found.st_ino, found.st_mtime_ns) == origin.state


def _shape(options: BuildOptions) -> dict[str, Any]:
    """What analyses depend on, beside the posts."""
    formats = [ANALYSES_VERSION, FORMAT_VERSION, SCHEMA_VERSION, analysis.fingerprint()]
    return shape_of(options) | {"formats": formats}
