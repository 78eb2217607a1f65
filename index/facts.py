"""What the parsing rules need to know of a whole document."""

import re
from dataclasses import dataclass, field
from typing import Any

from index.tags import TagReader

_FOOTNOTE_NAMES = re.compile(r"^[ \t>]{0,8}\[\^([^\[\]\s]{1,100})\]:", re.MULTILINE)
_KEY = "facts"


@dataclass(slots=True)
class Facts:
    """One document's facts, handed to the rules in the parser's `env`.

    `footnotes` are the names of those that have a text. `is_raw` holds while the inline rules are
    between template tags that ask for no templating.
    """

    tags: TagReader
    is_mdx: bool = False
    footnotes: frozenset[str] = field(default_factory=frozenset)
    is_raw: bool = False

    @classmethod
    def of(cls, body: str, *, is_mdx: bool) -> "Facts":
        """The facts of the document `body`."""
        footnotes = frozenset(_FOOTNOTE_NAMES.findall(body)) if "[^" in body else frozenset()
        return cls(TagReader.of(body), is_mdx, footnotes)

    def as_env(self) -> dict[str, Any]:
        """The parser's `env` that holds them."""
        return {_KEY: self}


def facts_of(state: Any) -> Facts:
    """The facts of the document that a parser's state belongs to."""
    facts: Facts = state.env[_KEY]
    return facts
