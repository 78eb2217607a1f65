"""The fields at the top of a file, told apart from its body, with the line of each.

Front matter is YAML between `---` lines, TOML between `+++` lines, a JSON object, bare
`Key: value` lines, or of Hexo's forms. What cannot be read is an error with its place: a broken
header never becomes body text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.errors import MalformedPostError
from index.frontmatterforms import BARE_NAMES, JSON, TOML, YAML, Handler
from index.hexofrontmatter import UnbracedJSON, UnopenedYAML
from index.post import Metadata


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


def read_front_matter(text: str) -> FrontMatter:
    """The metadata and body of a file's text.

    A text without front matter is all body. Raises MalformedPostError, with line and field, for
    front matter that is begun and cannot be read to its end.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    start = _first_text(text)
    handler = _handler_for(text[start : start + _HEAD_CHARS])
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

_TOO_DEEP = "the front matter is nested too deeply; fields need a few levels at most"


_HANDLERS: tuple[Handler, ...] = (YAML(), TOML(), JSON(), UnopenedYAML(), UnbracedJSON())

_HEAD_CHARS = 5_000
"""How far the end of front matter is looked for where only that tells it from text."""

_OTHER_FENCE = re.compile(r"---(\w+)[ \t]*\n")


def _handler_for(head: str) -> Handler | None:
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


_BARE_FIELD = re.compile(r"([A-Za-z][\w .-]{0,40}):(?:[ \t]+(.*))?$")


def _read_bare_fields(text: str, start: int) -> FrontMatter:
    """Pelican's form: `Key: value` lines up to the first blank one, or else no fields at all."""
    head, _, _ = text[start:].partition("\n\n")
    lines = head.rstrip("\n").split("\n")
    opening = _BARE_FIELD.match(lines[0])
    if opening is None or len(head) > MAX_BLOCK_CHARS or opening[1].lower() not in BARE_NAMES:
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
