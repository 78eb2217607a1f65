"""Front matter by the meaning of its fields: found under any spelling, read as the type wanted."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from index.dates import read_date
from index.errors import MalformedPostError
from index.frontmatter import FrontMatter
from index.post import Problem

_TRUE = frozenset({"true", "yes", "on", "1", "y"})
_FALSE = frozenset({"false", "no", "off", "0", "n"})
_OPEN_GROUPS = frozenset({"extra", "params", "taxonomies"})
"""Groups whose fields count as the post's own where it has none of that name."""

_NAME_KEYS = ("name", "label", "title", "key", "id", "slug")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_UNSAFE_CHARS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

REMEMBERED_NAMES = 4_096
"""Names of fields whose plain form is remembered; the posts of a site share theirs."""

MAX_GROUP_DEPTH = 3
"""`extra.search.boost` is the deepest field there is."""


@dataclass(frozen=True, slots=True)
class Found:
    """A field as it stands: its key as written (`outer.inner` within a group), and its value."""

    key: str
    value: Any


@dataclass(slots=True)
class Fields:
    """Reads fields by name, ignoring letter case, hyphens, underscores and camel case.

    A value of the wrong kind is noted in `problems` and read as if the field were not there.
    """

    front: FrontMatter
    file: str
    problems: list[Problem] = field(default_factory=list)
    _by_name: dict[str, Found] = field(default_factory=dict)
    _own: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._index(self.front.metadata, "", "", 0)
        self._own = set(self._by_name)
        for key, value in self.front.metadata.items():
            if normal_name(key) in _OPEN_GROUPS and isinstance(value, Mapping):
                self._index(value, f"{key}.", "", 1)

    def find(self, *names: str, own_only: bool = False) -> Found | None:
        """The first of `names` that has a value; with `own_only`, not one of a group's."""
        for name in names:
            found = self._by_name.get(normal_name(name))
            if found is None or found.value is None or found.value == "":
                continue
            if own_only and normal_name(name) not in self._own:
                continue
            return found
        return None

    def line_of(self, found: Found) -> int:
        """The line where a field stands."""
        return self.front.line_of(found.key)

    def note(self, found: Found, reason: str) -> None:
        """Adds a problem with a field to `problems`."""
        reason = f"{reason}; the post is indexed without it"
        self.problems.append(Problem(self.file, self.line_of(found), reason, found.key))

    def text(self, *names: str, own_only: bool = False) -> str:
        """A field of one line; empty without one."""
        found = self.find(*names, own_only=own_only)
        if found is None:
            return ""
        text = as_text(found.value)
        if text is None:
            self.note(found, f"{shown(found.key)} must be text, not {kind_of(found.value)}")
            return ""
        return text

    def flag(self, *names: str) -> bool:
        """Whether a yes-or-no field says yes."""
        found = self.find(*names)
        if found is None:
            return False
        is_on = as_flag(found.value)
        if is_on is None:
            self.note(found, f"{shown(found.key)} must be true or false")
        return bool(is_on)

    def must_be_date(self, found: Found) -> datetime:
        """The time that a field means; MalformedPostError if it cannot be read."""
        try:
            return read_date(found.value)
        except ValueError as error:
            line = self.line_of(found)
            raise MalformedPostError(str(error), line=line, field=found.key) from None

    def names(self, found: Found, split: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
        """The values of a field that is a list, of texts or of records with a name, or a text.

        A text is cut up by `split`. Without repeats, in the author's order and spelling.
        """
        value = found.value
        if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
            return without_repeats(split(as_text(value) or ""))
        if isinstance(value, Mapping) and (name := _name_in(value)):
            return (name,)
        if not isinstance(value, list):
            kind = "a number" if isinstance(value, str) else kind_of(value)
            self.note(
                found,
                f"{shown(found.key)} must be a list, or one line with commas, not {kind}",
            )
            return ()
        names = [name_of(item) for item in _flattened(value)]
        if None in names:
            self.note(found, f"{shown(found.key)} has an entry that is not text")
        return without_repeats(name for name in names if name)

    def _index(self, group: Mapping[Any, Any], key_prefix: str, prefix: str, depth: int) -> None:
        for key, value in group.items():
            written = f"{key_prefix}{key}"
            name = f"{prefix}{normal_name(str(key))}"
            self._by_name.setdefault(name, Found(written, value))
            if isinstance(value, Mapping) and depth < MAX_GROUP_DEPTH:
                self._index(value, f"{written}.", f"{name}.", depth + 1)


@lru_cache(maxsize=REMEMBERED_NAMES, typed=True)
def normal_name(key: Any) -> str:
    """A key as it is compared: without letter case, hyphens, underscores and spaces."""
    return str(key).lower().replace("-", "").replace("_", "").replace(" ", "")


def as_text(value: Any) -> str | None:
    """A scalar as one line of text fit to be stored; None for lists, mappings and booleans."""
    if isinstance(value, (bool, list, Mapping)):
        return None
    return " ".join(_UNSAFE_CHARS.sub("", str(value)).split())


def as_flag(value: Any) -> bool | None:
    """What a yes-or-no value says; None if it is neither."""
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    return False if text in _FALSE else None


def without_repeats(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts in order, each once; two that differ in letter case only are the same."""
    first: dict[str, str] = {}
    for text in texts:
        if stripped := text.strip():
            first.setdefault(stripped.casefold(), stripped)
    return tuple(first.values())


def name_of(item: Any) -> str | None:
    """What a text, or a record with a name, is called; None for what is neither of the two."""
    if isinstance(item, Mapping):
        return _name_in(item)
    return "" if item is None else as_text(item)


def kind_of(value: Any) -> str:
    """What a value is, in words for an owner."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, Mapping):
        return "a group of fields"
    return "a number" if isinstance(value, (int, float)) else "text"


def shown(text: str) -> str:
    """Text quoted for a message, and cut to a line."""
    line = " ".join(text.split())
    return f'"{line[:60]}…"' if len(line) > 60 else f'"{line}"'


def _name_in(record: Mapping[Any, Any]) -> str | None:
    for key in _NAME_KEYS:
        name = record.get(key)
        if isinstance(name, str):
            return as_text(name)
    return None


def _flattened(values: list[Any]) -> list[Any]:
    """A list with the lists in it opened up, one level, as in Hexo's category paths."""
    return [item for value in values for item in (value if isinstance(value, list) else [value])]
