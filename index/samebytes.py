"""Whether a file has the bytes that it had."""

from index.errors import MalformedPostError
from index.files import FoundFile, read_bytes
from index.inputs import FileState, Stamp


def state_if_same(before: FileState, file: FoundFile) -> FileState | None:
    """The state of a file that has the bytes that it had, None for any other.

    It is told by its stamp or, where that differs, by its hash.
    """
    try:
        if Stamp.of(file.location.stat()) == before.stamp:
            return before
        _, state = read_bytes(file.location)
    except (OSError, MalformedPostError):
        return None
    return state if state.sha256 == before.sha256 else None
