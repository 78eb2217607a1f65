"""YAML as front matter means it: fields of text, read safely and with the line of each.

Of YAML's many types only null, true and false are resolved; `1.10`, `no` and `2022-05-05` stay
what the author wrote. Values are built from the parser's events, since only those tell repeated
keys and places.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from index.errors import MalformedPostError

MAX_VALUES = 20_000
"""Values that front matter may hold once aliases are written out; real posts have dozens."""

MAX_DEPTH = 32
"""Levels of lists and mappings in one another; deeper ones would exhaust the stack."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_MERGE_KEY = "<<"


class YAMLFieldsHandler(YAMLHandler):
    """The python-frontmatter handler that reads with these rules."""

    def load(self, fm: str, **_kwargs: object) -> Any:
        """The value of a YAML block, normally a dict; {} for an empty one.

        Raises MalformedPostError with the line, counted from the block's first.
        """
        return _Builder.of(fm).root

    def read(self, block: str) -> tuple[Any, dict[str, int]]:
        """The value of a YAML block, and the lines of its keys; an inner key is `outer.inner`."""
        builder = _Builder.of(block)
        return builder.root, builder.key_lines


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A value that aliases may repeat, and how many values it holds."""

    value: Any
    size: int


@dataclass(slots=True)
class _Builder:
    """Builds values from events; one for each block."""

    events: Iterator[yaml.Event]
    root: Any = None
    key_lines: dict[str, int] = field(default_factory=dict)
    anchors: dict[str, _Anchored | None] = field(default_factory=dict)
    size: int = 0

    @classmethod
    def of(cls, block: str) -> "_Builder":
        builder = cls(iter(yaml.parse(block, Loader=_Loader)))
        try:
            builder.root = builder._document()
        except yaml.MarkedYAMLError as error:
            raise _explain(error, block) from None
        except (yaml.YAMLError, ValueError) as error:
            line = block.count("\n", 0, getattr(error, "position", 0) or 0) + 1
            raise MalformedPostError(
                "the front matter has a character that YAML does not allow; remove it", line=line
            ) from None
        return builder

    def _document(self) -> Any:
        next(self.events)  # the stream starts
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return {}
        value = self._value(next(self.events), "", 0)
        next(self.events)  # the document ends
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise MalformedPostError(
                "the front matter holds two YAML documents; keep one", line=_line(after)
            )
        return {} if value is None else value

    def _value(self, event: yaml.Event, name: str, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return self._repeated(event)
        self._count(1, event)
        if depth > MAX_DEPTH:
            raise MalformedPostError(
                f"the front matter is nested deeper than {MAX_DEPTH} levels", line=_line(event)
            )
        anchor = event.anchor if isinstance(event, yaml.NodeEvent) else None
        if anchor:
            self.anchors[anchor] = None
        size_before = self.size
        value: Any
        if isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(name, depth)
        elif isinstance(event, yaml.MappingStartEvent):
            value = self._mapping(name, depth)
        else:
            value = _scalar(event)
        if anchor:
            self.anchors[anchor] = _Anchored(value, self.size - size_before + 1)
        return value

    def _sequence(self, name: str, depth: int) -> list[Any]:
        values = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self._value(event, f"{name}[]", depth + 1))
        return values

    def _mapping(self, name: str, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        merged: list[Any] = []
        first_lines: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, line = self._key(event), _line(event)
            inner_name = f"{name}.{key}" if name else key
            value = self._value(next(self.events), inner_name, depth + 1)
            if key == _MERGE_KEY:
                merged.extend(value if isinstance(value, list) else [value])
                continue
            if key in first_lines:
                raise MalformedPostError(
                    f'the field "{key}" stands twice (first on line {first_lines[key]})',
                    line=line,
                    field=key,
                )
            first_lines[key] = self.key_lines[inner_name] = line
            values[key] = value
        for mapping in merged:
            if isinstance(mapping, dict):
                values = {**mapping, **values}
        return values

    def _key(self, event: yaml.Event) -> str:
        if isinstance(event, yaml.AliasEvent):
            event_value = self._repeated(event)
            if isinstance(event_value, str):
                return event_value
        if not isinstance(event, yaml.ScalarEvent):
            raise MalformedPostError(
                "a field's name must be plain text, not a list or a mapping; "
                "does a value in braces need quotes?",
                line=_line(event),
            )
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(event.value, 1)
        return str(event.value)

    def _repeated(self, event: yaml.AliasEvent) -> Any:
        if event.anchor not in self.anchors:
            raise MalformedPostError(
                f'"*{event.anchor}" repeats a value, but no "&{event.anchor}" comes before it; '
                "put quotes around it if it is text",
                line=_line(event),
            )
        anchored = self.anchors[event.anchor]
        if anchored is None:
            raise MalformedPostError(
                f'"*{event.anchor}" stands inside the value that it repeats', line=_line(event)
            )
        self._count(anchored.size, event)
        return anchored.value

    def _count(self, values: int, event: yaml.Event) -> None:
        self.size += values
        if self.size > MAX_VALUES:
            raise MalformedPostError(
                f"the front matter holds more than {MAX_VALUES} values, aliases written out; "
                "write the few that the post needs",
                line=_line(event),
            )


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it; the slower one gives the same events."""


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1


def _scalar(event: yaml.Event) -> str | bool | None:
    text = str(getattr(event, "value", ""))
    is_plain = getattr(event, "implicit", (False, False))[0]
    if is_plain and text in _NULLS:
        return None
    return _BOOLEANS.get(text, text) if is_plain else text


def _explain(error: yaml.MarkedYAMLError, block: str) -> MalformedPostError:
    """The error with its line, in words that say what to do where the cause is a common one."""
    is_open_quote = "quoted scalar" in (error.context or "")
    mark = (error.context_mark if is_open_quote else None) or error.problem_mark
    line = int(mark.line) + 1 if mark else 1
    problem = error.problem or error.context or "it cannot be read"
    lines = block.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    indent = written[: len(written) - len(written.lstrip())]
    if "'\\t'" in problem or "tab character" in problem or "\t" in indent:
        return MalformedPostError("tabs cannot indent YAML; use spaces", line=line)
    advice = _ADVICE.get(problem, "")
    return MalformedPostError(f"the front matter is not valid YAML: {problem}{advice}", line=line)


_ADVICE = {
    "mapping values are not allowed in this context": '; a value with ": " in it needs quotes',
    "found character that cannot start any token": "; a value that begins with @ or ` needs quotes",
    "could not find expected ':'": "; each line needs a name, a colon and a space",
    "found unexpected end of stream": "; is a quote not closed?",
    "did not find expected alphabetic or numeric character": (
        "; a value that begins with * or & needs quotes"
    ),
    "did not find expected <document start>": "; each line needs a name, a colon and a space",
}
"""What usually brings about libyaml's complaints."""
