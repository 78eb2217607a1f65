"""What can go wrong on the answering side.

    SignpostError (index.errors)
    ├── SettingsError           signpost.toml or an environment variable is not understood
    ├── BadRequestError         a parameter of a request is not of its form
    ├── PostNotFoundError       no post has that canonical path
    ├── JudgmentsError          a file of queries or judgments is not of its form
    ├── NoLinksError            there is too little to judge related lists by
    ├── DraftUnreadableError    the file of a draft cannot be read
    ├── ExportError             lists can't be exported, or an export can't be read
    ├── ProcessLostError        a process that helped has ended before its time
    ├── StarterError            a first settings file can't be written, or would replace another
    ├── MeasuresMissingError    the library that measures is not installed
    ├── ListeningError          the server can't listen at the address that it was given
    └── IndexUnavailableError   (index.errors) there is no index to answer from

A reader's query is never among them: whatever is typed into the box gets an answer.
"""

from pathlib import Path
from typing import Final

from index.errors import SignpostError

MAX_TOLD_CHARS: Final = 200
"""A path that no post has is repeated this far."""


class SettingsError(SignpostError):
    """A setting is unknown or has a value that it cannot have; the message names every one."""


class JudgmentsError(SignpostError):
    """A file of queries or judgments is not of its form; the message says where and what to do.

    `line` is None where the whole file is meant.
    """

    def __init__(self, file: Path, line: int | None, reason: str) -> None:
        super().__init__(f"{file}:{'' if line is None else f'{line}:'} {reason}.")
        self.file = file
        self.line = line


class NoLinksError(SignpostError):
    """The posts have too few links between them, or too few judgments, to measure lists by."""


class DraftUnreadableError(SignpostError):
    """The file of a draft cannot be read."""


class ExportError(SignpostError):
    """Lists can't be written where they were to go, or an earlier export can't be read."""


class ProcessLostError(SignpostError):
    """A process that helped has ended before its time, as where memory has run out."""

    def __init__(self) -> None:
        super().__init__(
            "A process that helped has ended before its time; memory may have run out. "
            "Try with --processes 1."
        )


class StarterError(SignpostError):
    """A first settings file can't be written, or one is there that is not to be replaced."""


class MeasuresMissingError(SignpostError):
    """The library that measures is not installed, as on processors that it has no build for."""


class ListeningError(SignpostError):
    """The server can't listen where it was told to; the message says what to do."""


class BadRequestError(SignpostError):
    """A request's parameter is not of its form.

    `parameter` is its name; the message says what it takes.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class PostNotFoundError(SignpostError):
    """No post has this canonical path; `nearest` are known paths that look like it, best first.

    The message repeats a long path in part, and says where there is no file of that name either.
    """

    def __init__(self, path: str, nearest: tuple[str, ...], *, may_be_file: bool = False) -> None:
        hint = f" Nearest known: {', '.join(nearest)}." if nearest else ""
        told = path if len(path) <= MAX_TOLD_CHARS else f"{path[:MAX_TOLD_CHARS]}…"
        either = ", and no file of that name" if may_be_file else ""
        super().__init__(f"There is no post at {told}{either}.{hint}")
        self.path = path
        self.nearest = nearest
