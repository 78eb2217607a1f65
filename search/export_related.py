"""Related lists as JSON files: one for all posts, or one for each, written whole or not at all.

The same index gives the same bytes each time: no time and no generation in them, an item a line.
"""

import errno
import json
import os
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from search.engine import Engine
from search.errors import ExportError

SUFFIX: Final = ".json"

MAX_NAME_BYTES: Final = 255
"""What file systems take for one name."""

_UNFIT_CHARS: Final = frozenset('\0\\:*?"<>|')

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class ExportedList(NamedTuple):
    """A related list: the paths in it, and its JSON with an item on each line."""

    paths: tuple[str, ...]
    text: str


def exported_list(engine: Engine, path: str, *, limit: int) -> ExportedList:
    """The list of the post at `path`."""
    items = engine.related(path, limit=limit).related
    lines = [f"\n    {_json(item.as_json())}" for item in items]
    text = "[" + ",".join(lines) + ("\n  ]" if lines else "]")
    return ExportedList(tuple(item.path for item in items), text)


def is_single_file(out: Path) -> bool:
    """Whether an export goes to one file rather than to a folder of files."""
    return out.suffix == SUFFIX and not out.is_dir()


def write_single_file(out: Path, lists: Iterable[tuple[str, ExportedList]]) -> None:
    """Writes one JSON object, the lists by the post's path; raises ExportError."""
    entries = [f"\n  {_json(path)}: {listed.text}" for path, listed in lists]
    _replace(out, "{" + ",".join(entries) + "\n}\n")


def check_file_names(paths: Iterable[str]) -> None:
    """Raises ExportError, with the paths, where not every post can have a file of its own.

    Two posts are in each other's way as one file, also where letter case and the composition of
    letters count for nothing, and as a file and a folder that are both called `a.json`.
    """
    path_of_file: dict[str, str] = {}
    for path in paths:
        name = _folded(_file_name(path))
        other = path_of_file.setdefault(name, path)
        if other != path:
            raise _in_the_way(other, path)
    for name, path in path_of_file.items():
        folder = name.rpartition("/")[0]
        while folder:
            if folder in path_of_file:
                raise _in_the_way(path_of_file[folder], path)
            folder = folder.rpartition("/")[0]


def write_folder(out: Path, lists: Iterable[tuple[str, ExportedList]]) -> None:
    """Writes `<path>.json` below `out` for each post, whose paths `check_file_names` has passed.

    A file that has the right content already is left alone, and nothing is ever deleted. Raises
    ExportError, also where a link inside `out` would lead out of it.
    """
    inside: set[Path] = set()
    for path, listed in lists:
        file = out / _file_name(path)
        if file.parent not in inside:
            if not file.parent.resolve().is_relative_to(out.resolve()):
                raise ExportError(
                    f"{file} would not be inside {out}: a folder in it is a link to elsewhere. "
                    "Remove the link, or choose another place with --out."
                )
            inside.add(file.parent)
        text = f'{{\n  "path": {_json(path)},\n  "related": {listed.text}\n}}\n'
        if not _has(file, text):
            _replace(file, text)


def _file_name(path: str) -> str:
    """The name of a post's file below the folder, which it never leads out of."""
    segments = (path.strip("/") or "index").split("/")
    segments[-1] += SUFFIX
    for segment in segments:
        is_too_long = len(segment.encode()) > MAX_NAME_BYTES
        if segment in {"", ".", ".."} or is_too_long or not _UNFIT_CHARS.isdisjoint(segment):
            raise ExportError(
                f"There can be no file for the post at {path}, for its name. "
                f"Export to a single file: --out related{SUFFIX}"
            )
    return "/".join(segments)


def _folded(name: str) -> str:
    """The name as a file system may see it that ignores letter case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _in_the_way(one: str, other: str) -> ExportError:
    return ExportError(
        f"The files of {one} and {other} would be in each other's way: {_file_name(one)}. "
        f"Export to a single file: --out related{SUFFIX}"
    )


def _has(file: Path, text: str) -> bool:
    try:
        return file.read_bytes() == text.encode()
    except OSError:
        return False


def _replace(file: Path, text: str) -> None:
    """Writes the file aside, and moves it into its place."""
    aside = file.parent / f".signpost-{os.getpid()}.part"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            aside.unlink()
        with aside.open("xb") as stream:  # never through a link of that name
            stream.write(text.encode())
        aside.replace(file)
    except OSError as error:
        remedy = "Make room, or choose" if error.errno in _NO_ROOM else "Choose"
        raise ExportError(
            f"{file} can't be written: {error.strerror}. {remedy} another place with --out."
        ) from error
    finally:
        with suppress(OSError):
            aside.unlink()


_json: Final[Callable[[object], str]] = json.JSONEncoder(ensure_ascii=False).encode
