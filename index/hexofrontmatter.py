"""Hexo's own forms of front matter: YAML or JSON that only has a line below it."""

import json
import re
from typing import Any

from index.errors import MalformedPostError
from index.frontmatterforms import BARE_NAMES, JSON, YAML, lower_first


class UnopenedYAML(YAML):
    """Hexo's older form: fields from the first line on, and a `---` line below them."""

    _FIRST_LINE = re.compile(r"(\w+):(?:[ \t]|\n)")

    def detect(self, text: str) -> bool:
        """Whether `text` begins with a usual field, and `---` follows before any blank line.

        In capitals it is Pelican's form, which needs no such line, or a heading above its rule.
        """
        first = self._FIRST_LINE.match(text)
        closed = self.closing.search(text)
        if first is None or closed is None or first[1] not in BARE_NAMES:
            return False
        return "\n\n" not in text[: closed.start()]

    def split(self, text: str) -> tuple[str, str]:
        """The block, and the body below its last line."""
        closed = self.closing.search(text)
        if closed is None:
            return text, ""
        return text[: closed.start()], text[closed.end() :]


class UnbracedJSON(JSON):
    """Hexo's form of JSON: the fields of an object without its braces, and a `;;;` line below."""

    _END = re.compile(r"^;;;[ \t]*(?:\n|\Z)", re.MULTILINE)

    def detect(self, text: str) -> bool:
        """Whether `text` begins with a quoted name and a colon, and `;;;` follows."""
        return re.match(r'"\w+"\s*:', text) is not None and self._END.search(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """The fields within braces, and the body."""
        closed = self._END.search(text)
        if closed is None:
            return "{}", text
        fields = text[: closed.start()].rstrip().removesuffix(",")
        return "{" + fields + "}", text[closed.end() :]

    def load(self, fm: str) -> Any:
        """The fields; MalformedPostError for what is no JSON."""
        try:
            return super().load(fm)
        except json.JSONDecodeError as error:
            raise MalformedPostError(
                f"the front matter is not valid JSON: {lower_first(error.msg)}", line=error.lineno
            ) from None
