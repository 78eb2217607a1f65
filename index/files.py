"""Every file under a folder of posts, and the text of those that can be posts."""

import errno
import hashlib
import os
import posixpath
import stat
import time
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from index.errors import ContentChangedError, ContentNotFoundError, MalformedPostError
from index.inputs import FileState, Stamp
from index.paths import INDEX_NAMES

MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx"})
SKIPPED_FOLDERS = {
    "node_modules": "folder of installed packages",
    "_includes": "folder of templates",
    "_layouts": "folder of templates",
    "_partials": "folder of templates",
    "_data": "folder of data",
    "_site": "folder that the site is written to",
}

_NAMES_IN_INDEX = frozenset({"CURRENT", "generations"})

MAX_FILE_BYTES = 10_000_000
"""A post of a hundred thousand words is under one megabyte; larger files are data."""

_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ESTALE, errno.ENOTCONN})
"""The folder was removed or replaced, or the disk or share that it is on is no longer there."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """An entry under the folder of posts.

    `source` is its path relative to that folder, with forward slashes and fit to be shown.
    `reason` says why it is no post; it is empty for one that is to be read. `is_problem` tells a
    fault from a file that is rightly no post.
    """

    source: str
    location: Path
    reason: str = ""
    is_problem: bool = False


def find_files(content_dir: Path) -> list[FoundFile]:
    """Every file under `content_dir`, in order of `source`.

    A folder that is not entered is one entry. Raises ContentNotFoundError if `content_dir` does
    not exist, is not a folder, or cannot be read.
    """
    try:
        root = content_dir.resolve(strict=True)
        os.scandir(root).close()
    except NotADirectoryError:
        raise ContentNotFoundError(
            f"{content_dir} is not a folder; give the folder that your posts are in."
        ) from None
    except (FileNotFoundError, ValueError):  # ValueError: a name with a NUL
        raise ContentNotFoundError(
            f"There is no folder {content_dir}; give the folder that your posts are in."
        ) from None
    except (OSError, RuntimeError) as error:
        raise ContentNotFoundError(
            f"The folder {content_dir} cannot be read: {_cause(error)}."
        ) from None
    files = sorted(_entries(root), key=lambda file: file.source)
    return _without_spare_readmes(files)


def post_folders(files: Sequence[FoundFile]) -> frozenset[str]:
    """The folders whose only Markdown file, counting those in subfolders, stands for the folder."""
    posts = [file.source for file in files if not file.reason]
    markdown_in = Counter[str]()
    for folder, count in Counter(map(_folder_of, posts)).items():
        for each in (folder, *map(str, PurePosixPath(folder).parents)):
            markdown_in[each] += count
    alone = (source for source in posts if markdown_in[_folder_of(source)] == 1)
    return frozenset(
        _folder_of(source) for source in alone if PurePosixPath(source).stem.lower() in INDEX_NAMES
    )


def is_in_post_folder(source: str, post_folders: Container[str]) -> bool:
    """Whether a file is the single post of its folder; `post_folders` are those that have one."""
    return _folder_of(source) in post_folders


def read_text(location: Path) -> str:
    """The text of a file; MalformedPostError with a reason and line if it is no UTF-8 text.

    Raises ContentChangedError if it is gone from its folder.
    """
    return decode(read_bytes(location)[0])


def read_bytes(location: Path) -> tuple[bytes, FileState]:
    """The bytes of a file, no more of them than MAX_FILE_BYTES and one, and its state.

    Raises MalformedPostError if it can't be read, and ContentChangedError if it is gone from its
    folder.
    """
    try:
        with location.open("rb") as file:
            read_ns = time.time_ns()
            stamp = Stamp.of(os.fstat(file.fileno()))
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        _refuse_vanished(location, error)
        raise MalformedPostError(f"cannot be read: {_cause(error)}") from None
    digest = hashlib.sha256(data).hexdigest()
    return data, FileState(digest, stamp if stamp.is_settled(read_ns) else None)


def is_skipped(name: str) -> bool:
    """Whether a folder of this name is not entered."""
    return name.startswith(".") or name in SKIPPED_FOLDERS


def decode(data: bytes) -> str:
    """A file's bytes as text; MalformedPostError with a reason and line if they are none."""
    if len(data) > MAX_FILE_BYTES:
        raise MalformedPostError("larger than 10 MB; a post is text, and has to be smaller")
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise MalformedPostError("the file is empty")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise MalformedPostError("UTF-16 text; save the file as UTF-8")
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise MalformedPostError("contains NUL bytes, so it is not text", line=line)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = (
            f"not UTF-8 text (byte 0x{data[error.start]:02x} at offset {error.start}); "
            "save the file as UTF-8"
        )
        raise MalformedPostError(reason, line=line) from None


def _folder_of(source: str) -> str:
    return posixpath.dirname(source) or "."


def _entries(root: Path) -> Iterator[FoundFile]:
    """What is under `root`, one by one; no link is followed to a folder, so there is an end."""
    waiting = [root]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as scanned:
                entries = list(scanned)
        except OSError as error:
            _refuse_vanished(current, error)
            reason = f"the folder cannot be read: {_cause(error)}"
            yield FoundFile(_shown(root, str(current)), current, reason, is_problem=True)
            continue
        if {entry.name for entry in entries} >= _NAMES_IN_INDEX:
            yield FoundFile(_shown(root, str(current)), current, "an index of Signpost, not read")
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not is_skipped(entry.name):
                waiting.append(Path(entry.path))
            else:
                yield _judge(root, entry)


def _without_spare_readmes(files: list[FoundFile]) -> list[FoundFile]:
    """The files; where a folder has an index, its read-me file is for those who look at sources."""
    with_index = {
        file.source.rpartition("/")[0]
        for file in files
        if not file.reason and file.location.stem in {"index", "_index"}
    }
    return [
        replace(file, reason="a read-me file beside the folder's own page")
        if not file.reason
        and file.location.stem.lower() == "readme"
        and file.source.rpartition("/")[0] in with_index
        else file
        for file in files
    ]


def _judge(root: Path, entry: os.DirEntry[str]) -> FoundFile:
    location = Path(entry.path)
    source = _shown(root, entry.path)
    passed_over = _why_passed_over(entry)
    if passed_over:
        return FoundFile(source, location, passed_over)
    fault = _fault_of_link(root, location) if entry.is_symlink() else ""
    if fault:
        return FoundFile(source, location, fault, is_problem=True)
    if entry.is_dir():
        return FoundFile(source, location, "a link to a folder; its files are read where they are")
    if location.suffix.lower() not in MARKDOWN_SUFFIXES:
        return FoundFile(source, location, "not a Markdown file")
    fault = _fault_of_file(location)
    return FoundFile(source, location, fault, is_problem=bool(fault))


def _why_passed_over(entry: os.DirEntry[str]) -> str:
    """Why an entry is not even looked at, by its name; empty if it is."""
    if entry.is_dir(follow_symlinks=False):
        return f"{SKIPPED_FOLDERS.get(entry.name, 'hidden folder')}, not read"
    if entry.name.startswith("_") and Path(entry.name).stem.lower() not in INDEX_NAMES:
        is_markdown = Path(entry.name).suffix.lower() in MARKDOWN_SUFFIXES
        return "a part of other pages, by the underscore in front" if is_markdown else ""
    return "hidden file, not read" if entry.name.startswith(".") else ""


def _fault_of_file(location: Path) -> str:
    """Why a file cannot be opened; empty if it can, as far as one can tell without doing it."""
    try:
        is_regular = stat.S_ISREG(location.stat().st_mode)
    except OSError as error:
        _refuse_vanished(location, error)
        return f"cannot be read: {_cause(error)}"
    return "" if is_regular else "not a regular file but a device, pipe or socket"


def _fault_of_link(root: Path, location: Path) -> str:
    """Why a symbolic link cannot be followed; empty if it leads to something in the folder."""
    try:
        target = location.resolve(strict=True)
    except FileNotFoundError:
        return "a symbolic link that leads nowhere; point it to a file or remove it"
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop, before Python 3.13
        if isinstance(error, PermissionError):
            return f"a symbolic link that cannot be followed: {_cause(error)}"
        return "a symbolic link that leads in a circle; point it to a file or remove it"
    if not target.is_relative_to(root):
        return "a symbolic link that leads out of the content folder; put the file itself there"
    return ""


def _refuse_vanished(location: Path, error: OSError) -> None:
    """ContentChangedError if this error is that what was listed a moment ago is gone.

    Some file systems list files that can't be opened; such a file is one to be named, and no sign
    of a folder that is being emptied.
    """
    if error.errno not in _GONE:
        return
    try:
        is_listed = location in location.parent.iterdir()
    except OSError:
        is_listed = False
    if not is_listed:
        raise ContentChangedError(
            f"{location} went away while the posts were read. Build again when nothing else "
            "writes to that folder. Nothing was published."
        ) from None


def _shown(root: Path, location: str) -> str:
    """The path relative to `root`; bytes that are no UTF-8 show as backslash escapes."""
    relative = location.removeprefix(str(root)).lstrip("/") or "."
    return os.fsencode(relative).decode("utf-8", "backslashreplace")


def _cause(error: OSError | RuntimeError) -> str:
    message = error.strerror if isinstance(error, OSError) else None
    return (message or "unknown cause").lower()
