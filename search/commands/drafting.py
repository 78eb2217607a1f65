"""A draft that is no post yet, read from a file as a build reads posts."""

import sys
from pathlib import Path
from typing import NamedTuple

from index.conventions import read_fields
from index.errors import MalformedPostError
from index.frontmatter import read_front_matter
from index.markup import parse_markup
from search.drafts import MAX_DRAFT_CHARS, Draft

MAX_DRAFT_BYTES = 4 * MAX_DRAFT_CHARS
"""Enough for all characters that are read, whatever they are."""

STANDARD_INPUT = "standard input"


class ReadDraft(NamedTuple):
    """A draft, and what its author ought to know."""

    draft: Draft
    notes: tuple[str, ...]


def draft_of_file(location: Path) -> ReadDraft:
    """The draft in a file; raises OSError."""
    with location.open("rb") as file:
        return read_draft(file.read(MAX_DRAFT_BYTES + 1), str(location))


def draft_of_standard_input() -> ReadDraft:
    """The draft that is piped in."""
    return read_draft(sys.stdin.buffer.read(MAX_DRAFT_BYTES + 1), STANDARD_INPUT)


def read_draft(data: bytes, name: str) -> ReadDraft:
    """The draft in a text: Markdown with or without front matter, or plain.

    Where the front matter can't be read, the whole text counts, and a note says what is wrong.
    """
    whole = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    text = whole[:MAX_DRAFT_CHARS]
    notes: tuple[str, ...] = ()
    if len(text) < len(whole):
        notes = (f"Only the first {MAX_DRAFT_CHARS} characters of {name} were read.",)
    try:
        front = read_front_matter(text)
        fields = read_fields(front, name)
        markup = parse_markup(front.body, fields.title, is_mdx=name.lower().endswith(".mdx"))
    except MalformedPostError as error:
        told = f"{name}:{error.line}: {error.reason}; all of the text is taken as it stands."
        return ReadDraft(Draft(text), (*notes, told))
    lines = (line for section in markup.sections for line in (section.title, section.text))
    draft = Draft(
        text="\n".join(filter(None, lines)),
        title=fields.title or markup.title,
        tags=fields.tags,
        links=tuple(link.target for link in markup.links),
        lang=fields.lang,
    )
    return ReadDraft(draft, notes)
