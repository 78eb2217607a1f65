"""Where the links of a post stand in its file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MAX_TAG_CHARS = 200


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """The line of a link, counted from 1, and whether a template tag around it made the target."""

    line: int = 1
    is_in_template: bool = False


def link_places(text: str, targets: Sequence[str]) -> list[LinkPlace]:
    """The places of links with these targets, given in the order in which they stand in a text.

    A link by reference is where its reference is defined. One that is written in another way than
    it is read, with escapes for example, is at the place of the one before it.
    """
    places: list[LinkPlace] = []
    pos = 0
    for target in targets:
        found = _find(text, target, pos)
        if found is None:
            found = _find(text, target, 0)
        elif not _is_definition(text, found):
            pos = found
        at = pos if found is None else found
        places.append(LinkPlace(text.count("\n", 0, at) + 1, _is_in_template(text, at)))
        pos += 1 if found == pos else 0
    return places


def _find(text: str, target: str, start: int) -> int | None:
    """The next place of a target where a link can have one: behind what opens it."""
    opened = re.compile(rf"(?<=[(<\"'\s:=]){re.escape(target)}(?=[)>\"'\s#?`]|$)")
    found = opened.search(text, start)
    return found.start() if found else None


def _is_definition(text: str, pos: int) -> bool:
    line_start = text.rfind("\n", 0, pos) + 1
    return re.match(r" {0,3}\[[^\]\n]+\]:\s*<?$", text[line_start:pos]) is not None


def _is_in_template(text: str, pos: int) -> bool:
    before = text[max(0, pos - _MAX_TAG_CHARS) : pos]
    return max(before.rfind("{{"), before.rfind("{%")) > max(before.rfind("}}"), before.rfind("%}"))
