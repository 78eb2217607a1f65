"""The fields at the top of a file, told apart from its body, with the line of each.

Front matter is YAML between `---` lines, TOML between `+++` lines, a JSON object, or bare
`Key: value` lines. What cannot be read is an error with its place: a broken header never becomes
body text.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from frontmatter.default_handlers import BaseHandler

from index.errors import MalformedPostError
from index.post import Metadata
from index.yamlfields import YAMLFieldsHandler


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A file's metadata and body.

    `body_line` is the number of the body's first line, counted from 1. `key_lines` has the line
    of each key; a key within another one is `outer.inner`. Values are the author's text wherever
    the format allows it: YAML's numbers and dates, and JSON's numbers, are strings.
    """

    metadata: Metadata
    body: str
    body_line: int = 1
    key_lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """The line where `key` stands, that of the key around it, or 1."""
        while key and key not in self.key_lines:
            key = key.rpartition(".")[0]
        return self.key_lines.get(key, 1)


class _Handler(Protocol):
    """What the handlers of python-frontmatter have in common, as far as it is needed here."""

    def detect(self, text: str) -> bool:
        """Whether a text begins like front matter of this kind."""
        ...

    def split(self, text: str) -> tuple[str, str]:
        """The block of fields and the body."""
        ...

    def read(self, block: str) -> tuple[Any, Mapping[str, int]]:
        """The value of a block, and the lines of its keys, counted from the block's first."""
        ...


def read_front_matter(text: str) -> FrontMatter:
    """The metadata and body of a file's text.

    A text without front matter is all body. Raises MalformedPostError, with line and field, for
    front matter that is begun and cannot be read to its end.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    start = _first_text(text)
    handler = _handler_for(text[start : start + 200])
    if handler is None:
        return _read_bare_fields(text, start)
    lines_before = text.count("\n", 0, start)
    try:
        block, body = handler.split(text[start:])
    except MalformedPostError as error:
        line = error.line + lines_before
        raise MalformedPostError(error.reason, line=line, field=error.field) from None
    except RecursionError:
        raise MalformedPostError(_TOO_DEEP, line=lines_before + 1) from None
    if len(block) > MAX_BLOCK_CHARS:
        raise MalformedPostError(
            "the front matter is longer than a post's should be; is its end in the right place?",
            line=lines_before + 1,
        )
    try:
        metadata, key_lines = handler.read("\n" * lines_before + block)
    except RecursionError:
        raise MalformedPostError(_TOO_DEEP, line=lines_before + 1) from None
    if not isinstance(metadata, Mapping):
        kind = "a list" if isinstance(metadata, list) else "plain text"
        raise MalformedPostError(
            f"front matter must be fields (key: value), not {kind}", line=lines_before + 2
        )
    body_line = text.count("\n", 0, len(text) - len(body)) + 1
    return FrontMatter(metadata, body, body_line, key_lines)


MAX_BLOCK_CHARS = 200_000
"""Real front matter has some hundred characters; more than this is data, or an attack."""

MAX_LOCATED_KEYS = 200
"""TOML and JSON keys whose lines are looked for; each costs a search of the whole block."""

_TOO_DEEP = "the front matter is nested too deeply; fields need a few levels at most"


class _Fenced(BaseHandler):
    """Front matter between two lines of its own."""

    opening: re.Pattern[str]
    closing: re.Pattern[str]
    fence: str

    def detect(self, text: str) -> bool:
        """Whether `text` begins with the opening line."""
        return self.opening.match(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """The block, with its opening line left blank so that lines count, and the body."""
        opened = self.opening.match(text)
        closed = self.closing.search(text, opened.end() if opened else 0)
        if opened is None or closed is None:
            raise MalformedPostError(
                f"the front matter is not closed: add a line with {self.fence} after the last field"
            )
        return "\n" + text[opened.end() : closed.start()], text[closed.end() :]


class _YAML(_Fenced, YAMLFieldsHandler):
    FM_BOUNDARY = re.compile(r"---")
    opening = re.compile(r"---(?:ya?ml)?[ \t]*(?:\n|\Z)")
    closing = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
    fence = "---"


class _TOML(_Fenced):
    FM_BOUNDARY = re.compile(r"\+\+\+")
    opening = re.compile(r"\+\+\+[ \t]*(?:\n|\Z)")
    closing = re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE)
    fence = "+++"

    def read(self, block: str) -> tuple[Any, Mapping[str, int]]:
        """The fields of a TOML block and their lines."""
        metadata = self.load(block)
        return metadata, dict(_find_keys(block, metadata))

    def load(self, fm: str) -> dict[str, Any]:
        """The fields of a TOML block; numbers with a fraction stay text."""
        try:
            return tomllib.loads(fm, parse_float=str)
        except ValueError as error:  # also for integers past Python's limit of digits
            message = str(error)
            place = re.search(r" ?\((?:at line (\d+), column \d+|at end of document)\)", message)
            line = int(place[1]) if place and place[1] else max(fm.count("\n"), 1)
            problem = message[: place.start()] if place else message
            if "overwrite" in problem:
                raise _toml_duplicate(fm, line) from None
            raise MalformedPostError(
                f"the front matter is not valid TOML: {_lower_first(problem)}", line=line
            ) from None


class _JSON(BaseHandler):
    FM_BOUNDARY = re.compile(r"\{\s*[\"}]|;;;[ \t]*\n|---json[ \t]*\n")
    _OPENING = re.compile(r"(?:;;;|---json)[ \t]*\n")
    _CLOSING = re.compile(r"\s*^(?:;;;|---)[ \t]*(?:\n|\Z)", re.MULTILINE)

    def split(self, text: str) -> tuple[str, str]:
        """The object at the top, and the body after it."""
        opened = self._OPENING.match(text)
        start = text.find("{") if opened else 0
        try:
            _, end = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(
                text, max(start, 0)
            )
        except json.JSONDecodeError as error:
            raise MalformedPostError(
                f"the front matter is not valid JSON: {_lower_first(error.msg)}", line=error.lineno
            ) from None
        closed = self._CLOSING.match(text, end)
        if opened and closed is None:
            fence = text[:3]
            raise MalformedPostError(
                f"the front matter is not closed: add a line with {fence} after the last field"
            )
        body_start = closed.end() if opened and closed else end
        block = "\n" * text.count("\n", 0, start) + text[start:end]
        rest = text[body_start:]
        return block, rest.removeprefix("\n")

    def read(self, block: str) -> tuple[Any, Mapping[str, int]]:
        """The fields of a JSON object and their lines."""
        metadata = self.load(block)
        lines = dict(_find_keys(block, metadata)) if isinstance(metadata, dict) else {}
        return metadata, lines

    def load(self, fm: str) -> Any:
        """The fields of a JSON object; numbers stay text."""
        return json.loads(
            fm,
            parse_int=str,
            parse_float=str,
            parse_constant=str,
            object_pairs_hook=lambda pairs: _object_without_repeats(pairs, fm),
        )


_HANDLERS: tuple[_Handler, ...] = (_YAML(), _TOML(), _JSON())

_OTHER_FENCE = re.compile(r"---(\w+)[ \t]*\n")


def _handler_for(head: str) -> _Handler | None:
    for handler in _HANDLERS:
        if handler.detect(head):
            return handler
    other = _OTHER_FENCE.match(head)
    if other:
        raise MalformedPostError(
            f"front matter in {other[1]} cannot be read; write it as YAML between two --- lines"
        )
    return None


def _first_text(text: str) -> int:
    """Where the first line that is not blank begins."""
    text_start = len(text) - len(text.lstrip())
    return text.rfind("\n", 0, text_start) + 1


def _find_keys(block: str, metadata: Metadata, prefix: str = "") -> Iterator[tuple[str, int]]:
    """The lines of keys in TOML or JSON: neither reader tells, so they are looked for in order.

    Inner keys are looked for after their outer one. Two levels are all that any field has.
    """
    for key, value in islice(metadata.items(), MAX_LOCATED_KEYS):
        outer = prefix.rstrip(".")
        written = rf"""(?:^|[{{,.\[])[ \t]*["']?{re.escape(key)}["']?[ \t]*(?:[:=.\]]|$)"""
        from_pos = 0
        if outer and (around := _position(rf"""["'.\[]?\b{re.escape(outer)}\b""", block, 0)):
            from_pos = around
        found = _position(written, block, from_pos)
        if found is None:
            continue
        yield prefix + key, block.count("\n", 0, found) + 1
        if isinstance(value, Mapping) and not prefix:
            yield from _find_keys(block, value, f"{key}.")


def _position(pattern: str, block: str, start: int) -> int | None:
    found = re.compile(pattern, re.MULTILINE).search(block, start)
    if found is None:
        return None
    leading = len(found[0]) - len(found[0].lstrip())
    return found.start() + leading


def _toml_duplicate(block: str, line: int) -> MalformedPostError:
    """The error for a key that TOML finds again on `line`."""
    lines = block.split("\n")
    again = re.match(r"""\s*\[*["']?([\w.-]+)""", lines[line - 1]) if line <= len(lines) else None
    if again is None:
        return MalformedPostError("the front matter has one field twice", line=line)
    key = again[1]
    first = next(
        (
            number
            for number, text in enumerate(lines[: line - 1], 1)
            if re.match(rf"""\s*\[*["']?{re.escape(key)}["']?\s*[=\]]""", text)
        ),
        line,
    )
    return MalformedPostError(
        f'the field "{key}" stands twice (first on line {first})', line=line, field=key
    )


def _object_without_repeats(pairs: list[tuple[str, Any]], block: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            places = [match.start() for match in re.finditer(re.escape(json.dumps(key)), block)]
            lines = [block.count("\n", 0, place) + 1 for place in places] or [1]
            raise MalformedPostError(
                f'the field "{key}" stands twice (first on line {lines[0]})',
                line=lines[min(1, len(lines) - 1)],
                field=key,
            )
        values[key] = value
    return values


_BARE_FIELD = re.compile(r"([A-Za-z][\w .-]{0,40}):(?:[ \t]+(.*))?$")

_BARE_NAMES = frozenset(
    """title date modified category categories tags keywords slug author authors summary
    description status lang language translation template url save_as image cover series
    subtitle layout""".split()
)
"""Names that a bare field may open a file with; in any other first line, a colon is prose."""


def _read_bare_fields(text: str, start: int) -> FrontMatter:
    """Pelican's form: `Key: value` lines up to the first blank one, or else no fields at all."""
    head, _, _ = text[start:].partition("\n\n")
    lines = head.rstrip("\n").split("\n")
    opening = _BARE_FIELD.match(lines[0])
    if opening is None or len(head) > MAX_BLOCK_CHARS or opening[1].lower() not in _BARE_NAMES:
        return _no_fields(text)
    first_line = text.count("\n", 0, start) + 1
    values: dict[str, list[str]] = {}
    key_lines: dict[str, int] = {}
    key = ""
    for number, line in enumerate(lines, first_line):
        written = _BARE_FIELD.match(line)
        if written is None:
            if not line[:1].isspace():
                return _no_fields(text)
            values[key].append(line.strip())
            continue
        key = written[1]
        if key in values:
            raise MalformedPostError(
                f'the field "{key}" stands twice (first on line {key_lines[key]})',
                line=number,
                field=key,
            )
        values[key] = [(written[2] or "").strip()]
        key_lines[key] = number
    if not {"title", "date"} & {key.lower() for key in values}:
        return _no_fields(text)
    metadata = {key: " ".join(parts).strip() for key, parts in values.items()}
    body = text[start + len(head) :].removeprefix("\n")
    body_line = text.count("\n", 0, len(text) - len(body)) + 1
    return FrontMatter(metadata, body, body_line, key_lines)


def _no_fields(text: str) -> FrontMatter:
    return FrontMatter({}, text)


def _lower_first(message: str) -> str:
    return message[:1].lower() + message[1:]
