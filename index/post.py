"""The values that an index is made of: posts, their sections and links, and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a post's body: its target as written, and the text that carries it."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is under it, up to the next heading of any level.

    The text before the first heading is a section with an empty `title`, an empty `anchor` and
    `level` 0. `text` is plain: no markup, paragraphs parted by a newline, alternative texts of
    images kept. `code` holds the code blocks, parted by a newline, and nothing of the prose.
    """

    title: str
    anchor: str
    level: int
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class SearchHints:
    """What a post's front matter says under `search:` about how it wants to be found."""

    boost: float = 1.0
    pin: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """One post, as its author meant it.

    `path` is the canonical path, the post's identity: a leading slash, no trailing one.
    `source` is the file it came from, relative to the folder of posts, with forward slashes.
    `date` and `updated` are aware; a date without a time is midnight UTC. Taxonomies keep the
    author's spelling and order, without repeats. `series` is what the series is called that the
    author says it is part of, and `series_part` the number that orders the parts. Posts of one
    `translation_key` are one post in several languages. `html` is the body rendered for a page:
    nothing in it can run, whatever the author wrote.
    """

    path: str
    source: str
    title: str
    date: datetime | None = None
    updated: datetime | None = None
    summary: str = ""
    image: str = ""
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    lang: str = ""
    series: str = ""
    series_part: float | None = None
    translation_key: str = ""
    featured: bool = False
    popular: bool = False
    external_url: str = ""
    related: tuple[str, ...] = ()
    search: SearchHints = field(default_factory=SearchHints)
    sections: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()
    html: str = ""

    @property
    def text(self) -> str:
        """The whole body's plain text, section titles included, code left out."""
        parts = [part for section in self.sections for part in (section.title, section.text)]
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an owner should know about one file.

    `file` is relative to the folder of posts, with forward slashes; `line` counts from 1;
    `field` is the front matter key concerned, or empty.
    """

    file: str
    line: int
    reason: str
    field: str = ""

    def as_json(self) -> dict[str, Any]:
        """The problem in the shape that `--json` prints."""
        return {"file": self.file, "line": self.line, "reason": self.reason, "field": self.field}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that did not become a post, and why."""

    file: str
    line: int
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The entry in the shape that `--json` prints."""
        return {"file": self.file, "line": self.line, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class LoadedPosts:
    """A folder, loaded: every file is in `posts` or in `left_out`, none in both.

    `posts` are in order of canonical path. `problems` names everything wrong: with files that
    were left out because of it, and with posts that are in all the same.
    """

    files: int
    posts: tuple[Post, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


Metadata = Mapping[str, Any]
"""Front matter: keys as the author wrote them; values are strings, booleans, numbers, dates,
lists, mappings or None."""
