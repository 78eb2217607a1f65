"""What files came to, to be kept from one build to the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from index.files import FoundFile, is_in_post_folder
from index.inputs import FileState, Stamp
from index.loader import FileReading
from index.post import LeftOut, Problem
from index.samebytes import state_if_same

NO_PLACE: Final = -1


@dataclass(frozen=True, slots=True)
class KeptReading:
    """What a file came to, its post being at `place`; NO_PLACE where it is none.

    `is_post_folder` tells whether it was read as the single post of its folder.
    """

    reading: FileReading
    is_post_folder: bool
    place: int

    def as_json(self) -> list[Any]:
        """The reading as a row, without its post."""
        reading, state = self.reading, self.reading.state
        return [
            reading.source,
            self.is_post_folder,
            self.place,
            [state.sha256, *(state.stamp or ())] if state else None,
            reading.left_out.as_json() if reading.left_out else None,
            [problem.as_json() for problem in reading.problems],
            [reading.path_line, reading.path_field],
            reading.changes_at.isoformat() if reading.changes_at else None,
        ]

    @classmethod
    def from_json(cls, row: Sequence[Any]) -> "KeptReading":
        """The reading from its row."""
        source, is_post_folder, place, state, left_out, problems, told_path, changes_at = row
        path_line, path_field = told_path
        reading = FileReading(
            source,
            left_out=LeftOut(**left_out) if left_out else None,
            problems=tuple(Problem(**problem) for problem in problems),
            path_line=path_line,
            path_field=path_field,
            state=FileState(state[0], Stamp(*state[1:]) if state[1:] else None) if state else None,
            changes_at=datetime.fromisoformat(changes_at) if changes_at else None,
        )
        return cls(reading, is_post_folder, place)


def still_true(
    kept: Iterable[KeptReading],
    files: Sequence[FoundFile],
    post_folders: frozenset[str],
    now: datetime,
) -> Mapping[int, KeptReading]:
    """The readings that another one would come to again, by the place of their file in `files`.

    Those of a file with the same name and the same bytes, by what its folder has, and of a post
    that has become neither due nor expired. The readings were true at a moment that is past.
    """
    by_source = {each.reading.source: each for each in kept}
    found: dict[int, KeptReading] = {}
    for at, file in enumerate(files):
        each = by_source.get(file.source)
        if file.reason or each is None or each.reading.state is None:
            continue
        if each.is_post_folder != is_in_post_folder(file.source, post_folders):
            continue
        if each.reading.changes_at is not None and each.reading.changes_at <= now:
            continue
        state = state_if_same(each.reading.state, file)
        if state is each.reading.state:
            found[at] = each
        elif state:
            found[at] = replace(each, reading=replace(each.reading, state=state))
    return found
