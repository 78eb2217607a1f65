"""A draft that is no post yet, read from a file as a build reads posts."""

import sys
from pathlib import Path
from typing import NamedTuple

from index.conventions import PostFields, canonical_path, read_fields
from index.errors import MalformedPostError
from index.frontmatter import read_front_matter
from index.markup import parse_markup
from search.drafts import MAX_DRAFT_CHARS, Draft
from search.errors import DraftUnreadableError
from search.settings import Settings

MAX_DRAFT_BYTES = 4 * MAX_DRAFT_CHARS
"""Enough for all characters that are read, whatever they are."""

STANDARD_INPUT = "standard input"


class ReadDraft(NamedTuple):
    """A draft, and what its author ought to know."""

    draft: Draft
    notes: tuple[str, ...]


def is_file(name: str) -> bool:
    """Whether there is a file of this name, or a pipe, as for `<(git show HEAD:draft.md)`."""
    try:
        return Path(name).exists() and not Path(name).is_dir()
    except (OSError, ValueError):  # a name that is too long, or has a NUL
        return False


def draft_of_file(name: str, settings: Settings) -> ReadDraft:
    """The draft in a file, which may be one of the posts of a site; DraftUnreadableError."""
    try:
        with Path(name).open("rb") as file:
            data = file.read(MAX_DRAFT_BYTES + 1)
    except OSError as error:
        cause = (error.strerror or "unknown cause").lower()
        raise DraftUnreadableError(f"The file {name} can't be read: {cause}.") from error
    return read_draft(data, name, settings)


def draft_of_standard_input() -> ReadDraft:
    """The draft that is piped in."""
    return read_draft(sys.stdin.buffer.read(MAX_DRAFT_BYTES + 1), STANDARD_INPUT)


def read_draft(data: bytes, name: str, settings: Settings | None = None) -> ReadDraft:
    """The draft in a text: Markdown with or without front matter, or plain.

    With the settings of a site, a draft knows its path if it has one there.

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
        path=_path(fields, markup.title, name, settings) if settings else "",
    )
    return ReadDraft(draft, notes)


def _path(fields: PostFields, title: str, name: str, settings: Settings) -> str:
    """The path that a build gives the file; empty for one outside the folder of posts."""
    try:
        place = Path(name).resolve().relative_to(settings.posts.content.resolve()).as_posix()
    except (OSError, RuntimeError, ValueError):
        return ""
    return canonical_path(fields, fields.title or title, place, settings.permalinks)
