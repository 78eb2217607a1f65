"""The forms that front matter has: where its block ends, and how the block is read.

YAML between `---` lines, TOML between `+++` lines, and a JSON object.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Protocol

from frontmatter.default_handlers import BaseHandler

from index.errors import MalformedPostError
from index.post import Metadata
from index.yamlfields import YAMLFieldsHandler

MAX_LOCATED_KEYS = 200
"""TOML and JSON keys whose lines are looked for; each costs a search of the whole block."""

BARE_NAMES = frozenset(
    """title date modified category categories tags keywords slug author authors summary
    description status lang language translation template url save_as image cover series
    subtitle layout""".split()
)
"""Names that a field without a fence may open a file with; else, a colon in the first line is
prose."""


class Handler(Protocol):
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


class YAML(_Fenced, YAMLFieldsHandler):
    """YAML between two `---` lines."""

    FM_BOUNDARY = re.compile(r"---")
    opening = re.compile(r"---(?:ya?ml)?[ \t]*(?:\n|\Z)")
    closing = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
    fence = "---"


class TOML(_Fenced):
    """TOML between two `+++` lines."""

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
                f"the front matter is not valid TOML: {lower_first(problem)}", line=line
            ) from None


class JSON(BaseHandler):
    """A JSON object, alone or between lines of its own."""

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
                f"the front matter is not valid JSON: {lower_first(error.msg)}", line=error.lineno
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


def lower_first(message: str) -> str:
    """A reader's message, to go on a sentence with."""
    return message[:1].lower() + message[1:]
