"""Whether the published generation is what a build would make again."""

import time
from collections.abc import Sequence
from pathlib import Path

from index.buildoptions import BuildOptions
from index.buildrecord import read_record, shape_of
from index.errors import IndexUnavailableError
from index.files import FoundFile, find_files
from index.generation import current_name, directory_of
from index.inputs import InputFile
from index.opening import open_current
from index.report import BuildReport
from index.samebytes import state_if_same


def find_unchanged(content_dir: Path, index_dir: Path, options: BuildOptions) -> BuildReport | None:
    """The report of the published generation, if it is what a build would make; None if not so.

    A generation that is not whole, every checksum verified, is built anew. Raises
    ContentNotFoundError and ContentChangedError as a build does.
    """
    started = time.monotonic()
    files = find_files(content_dir)
    try:
        name = current_name(index_dir)
        record = read_record(directory_of(index_dir, name))
    except (IndexUnavailableError, OSError, ValueError, KeyError, TypeError):
        return None
    if record.shape != shape_of(options) or not record.inputs.hold_at(options.load.now):
        return None
    if not _are_same(record.inputs.files, files):
        return None
    try:
        generation = open_current(index_dir)  # what was read is to be trusted from here on
    except (IndexUnavailableError, OSError):
        return None
    if generation.manifest.generation != name:
        return None
    counts = generation.manifest.counts
    return BuildReport(
        generation=generation.manifest.generation,
        files=counts.files,
        posts=counts.posts,
        left_out=record.left_out,
        problems=record.problems,
        seconds=time.monotonic() - started,
        is_unchanged=True,
        changes_at=record.inputs.changes_at,
    )


def _are_same(before: Sequence[InputFile], now: Sequence[FoundFile]) -> bool:
    """Whether these are the same files with the same bytes; what can be told by names goes first.

    A file that could not be read before is never the same: what bars it leaves no trace in it.
    """
    if [(file.source, file.reason) for file in before] != [(f.source, f.reason) for f in now]:
        return False
    pairs = [(was.state, file) for was, file in zip(before, now, strict=True) if not file.reason]
    return all(state is not None and state_if_same(state, file) for state, file in pairs)
