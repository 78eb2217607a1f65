"""Related lists as JSON files: one for all posts, or one for each, written whole or not at all.

The same index gives the same bytes each time: no time and no generation in them, an item a line.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from search.engine import Engine
from search.errors import ExportError

SUFFIX: Final = ".json"

MAX_NAME_BYTES: Final = 255
"""What file systems take for one name."""

_UNFIT_CHARS: Final = frozenset('\0\\:*?"<>|')


class ExportedList(NamedTuple):
    """A related list: the paths in it, and its JSON with an item on each line."""

    paths: tuple[str, ...]
    text: str


def exported_list(engine: Engine, path: str, *, limit: int) -> ExportedList:
    """The list of the post at `path`."""
    items = engine.related(path, limit=limit).related
    lines = [f"\n    {json.dumps(item.as_json(), ensure_ascii=False)}" for item in items]
    text = "[" + ",".join(lines) + ("\n  ]" if lines else "]")
    return ExportedList(tuple(item.path for item in items), text)


def is_single_file(out: Path) -> bool:
    """Whether an export goes to one file rather than to a folder of files."""
    return out.suffix == SUFFIX and not out.is_dir()


def write_single_file(out: Path, lists: Iterable[tuple[str, ExportedList]]) -> None:
    """Writes one JSON object, the lists by the post's path; raises ExportError."""
    entries = [f"\n  {_json(path)}: {listed.text}" for path, listed in lists]
    _replace(out, "{" + ",".join(entries) + "\n}\n")


def write_folder(out: Path, lists: Iterable[tuple[str, ExportedList]]) -> None:
    """Writes `<path>.json` for each post below `out`; raises ExportError.

    A file that has the right content already is left alone, and nothing is ever deleted.
    """
    path_of_name: dict[str, str] = {}
    for path, listed in lists:
        name = _file_name(path)
        other = path_of_name.setdefault(name.casefold(), path)
        if other != path:
            raise ExportError(
                f"The lists of {other} and {path} would be in the same file, {name}. "
                f"Export to a single file: --out related{SUFFIX}"
            )
        text = f'{{\n  "path": {_json(path)},\n  "related": {listed.text}\n}}\n'
        if not _has(out / name, text):
            _replace(out / name, text)


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
        aside.write_bytes(text.encode())
        aside.replace(file)
    except OSError as error:
        raise ExportError(
            f"{file} can't be written: {error.strerror}. "
            "Make room, or choose another place with --out."
        ) from error
    finally:
        with suppress(OSError):
            aside.unlink()


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
