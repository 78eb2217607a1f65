"""What changed since an earlier export of related lists."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from search.errors import ExportError
from search.export_related import SUFFIX


@dataclass(frozen=True, slots=True)
class ListChange:
    """How the list of the post at `path` differs: posts that came, went, or only moved."""

    path: str
    entered: tuple[str, ...]
    left: tuple[str, ...]
    moved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelatedDiff:
    """Posts that have a list only now, or had one only before; and the lists that differ.

    All in order of path. `unchanged` counts the lists that are the same.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[ListChange, ...]
    unchanged: int

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        return asdict(self)


def read_export(source: Path) -> dict[str, list[str]]:
    """The paths in each list of an earlier export, by the post's path; raises ExportError."""
    if not source.is_dir():
        return _paths_by_post(_object_in(source), source)
    files = sorted(file for file in source.rglob(f"*{SUFFIX}") if file.is_file())
    if not files:
        raise ExportError(f"There are no {SUFFIX} files in {source}. Is it an earlier export?")
    lists: dict[str, list[str]] = {}
    for file in files:
        entry = _object_in(file)
        if not isinstance(entry.get("path"), str):
            raise _no_export(file, 'it has no "path"')
        if entry["path"] in lists:
            raise _no_export(file, f"another file has the list of {entry['path']} too")
        lists |= _paths_by_post({entry["path"]: entry.get("related")}, file)
    return lists


def compare(old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]]) -> RelatedDiff:
    """What became of the lists in `old`; both have the listed paths by the path of a post.

    No list has a path twice.
    """
    both = sorted(old.keys() & new.keys())
    changed = tuple(
        _change(path, old[path], new[path]) for path in both if list(old[path]) != list(new[path])
    )
    return RelatedDiff(
        new=tuple(sorted(new.keys() - old.keys())),
        gone=tuple(sorted(old.keys() - new.keys())),
        changed=changed,
        unchanged=len(both) - len(changed),
    )


def _change(path: str, old: Sequence[str], new: Sequence[str]) -> ListChange:
    """Moved are those that stand in another order among the posts that both lists have."""
    kept_of_old = [listed for listed in old if listed in new]
    kept_of_new = [listed for listed in new if listed in old]
    moved = [listed for was, listed in zip(kept_of_old, kept_of_new, strict=True) if was != listed]
    return ListChange(
        path,
        entered=tuple(listed for listed in new if listed not in old),
        left=tuple(listed for listed in old if listed not in new),
        moved=tuple(moved),
    )


def _object_in(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExportError(f"{file} can't be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise _no_export(file, "it is not JSON") from error
    if not isinstance(value, dict):
        raise _no_export(file, "it is no JSON object")
    return value


def _paths_by_post(lists: Mapping[str, Any], file: Path) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {}
    for path, items in lists.items():
        if not isinstance(items, list) or not all(map(_is_item, items)):
            raise _no_export(file, f"what it has for {path} is no related list")
        paths[path] = [item["path"] for item in items]
        if len(set(paths[path])) < len(items):
            raise _no_export(file, f"the list that it has for {path} names a post twice")
    return paths


def _is_item(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("path"), str)


def _no_export(file: Path, reason: str) -> ExportError:
    return ExportError(f"{file} is no export of related lists: {reason}.")
