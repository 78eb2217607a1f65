"""Permalink patterns such as `/:year/:month/:slug`, and which of them a post goes by."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from index.paths import default_slug, is_index, name_of_file, normalize_path

WHOLE_FOLDER: Final = "."
"""The folder of posts itself, as a key among the folders that have patterns of their own."""

_PLACEHOLDER = re.compile(
    r":(year|short_year|month|i_month|day|i_day|slug|own_slug|title|filename|basename|categories"
    r"|section|sections|folders|output_ext)(?![a-z_])"
)
_ANY_PLACEHOLDER = re.compile(r":[a-z_]+")
_MAY_BE_EMPTY = frozenset({"output_ext", "sections", "folders"})


@dataclass(frozen=True, slots=True)
class PatternValues:
    """What a permalink pattern may ask of a post; empty values are ones it does not have.

    `source` is its file, relative to the folder of posts, and `own_slug` the one that its front
    matter gives.
    """

    source: str = ""
    date: datetime | None = None
    own_slug: str = ""
    title: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Permalinks:
    """The patterns of a site: `pattern` for all posts, and others by folder, which go before it.

    A folder is one under the folder of posts, such as `_posts` or `docs/blog`, or WHOLE_FOLDER.
    Of several that a post is in, the innermost counts, and folders in its patterns are those below
    it. A folder may have more than one pattern: the first whose values the post has is the one.
    """

    pattern: str = ""
    by_folder: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def path_of(self, values: PatternValues) -> str | None:
        """The canonical path by the patterns; None where none fits.

        A section's own page, `_index`, goes by its place: patterns are for the posts in it.
        """
        file = PurePosixPath(values.source)
        if file.stem.lower() == "_index":
            return None
        own = {folder.strip("/"): patterns for folder, patterns in self.by_folder.items()}
        for folder in file.parents:
            if str(folder) in own:
                below = replace(values, source=file.relative_to(folder).as_posix())
                return next(filter(None, (expand(each, below) for each in own[str(folder)])), None)
        return expand(self.pattern, values) if self.pattern else None


def is_template(permalink: str) -> bool:
    """Whether a permalink is a program for the generator, and no path to be read from it."""
    return "{{" in permalink or "{%" in permalink


def has_placeholders(permalink: str) -> bool:
    """Whether a permalink is a pattern such as `/:year/:slug`."""
    return _PLACEHOLDER.search(permalink) is not None


def unknown_placeholders(pattern: str) -> list[str]:
    """What a pattern asks for, with the colon, that no post has; in order."""
    known = {found[0] for found in _PLACEHOLDER.finditer(pattern)}
    return [found[0] for found in _ANY_PLACEHOLDER.finditer(pattern) if found[0] not in known]


def expand(pattern: str, values: PatternValues) -> str | None:
    """The canonical path that `pattern` makes; None if the post lacks a value it asks for.

    `:categories` are all of them, one after the other, and `:title` is the title, as slugs.
    `:sections` are the folders above the post; `:folders` are those that its file is in.
    """
    if unknown_placeholders(pattern):
        return None
    by_name = _values_by_name(values)
    known = {found[1] for found in _PLACEHOLDER.finditer(pattern)}
    if not all(by_name[name] or name in _MAY_BE_EMPTY for name in known):
        return None
    return normalize_path(_PLACEHOLDER.sub(lambda found: by_name[found[1]], pattern))


def slugify(text: str) -> str:
    """Text in lower case with hyphens between its words, for use in a path."""
    lowered = unicodedata.normalize("NFC", text).lower()
    words = re.split(r"[^\w]+", lowered.replace("'", "").replace("’", ""))
    return "-".join(word for word in words if word)


def _values_by_name(values: PatternValues) -> Mapping[str, str]:
    date = values.date
    file = PurePosixPath(values.source)
    folders = file.parent.parts
    own_slug = values.own_slug.strip("/")
    return {
        "year": f"{date.year:04d}" if date else "",
        "short_year": f"{date.year % 100:02d}" if date else "",
        "month": f"{date.month:02d}" if date else "",
        "i_month": str(date.month) if date else "",
        "day": f"{date.day:02d}" if date else "",
        "i_day": str(date.day) if date else "",
        "slug": own_slug or default_slug(values.source),
        "own_slug": own_slug,
        "title": slugify(values.title),
        "filename": name_of_file(values.source),
        "basename": file.stem,
        "categories": _joined(values.categories),
        "section": folders[0] if folders else "",
        "sections": "/".join(folders[:-1] if is_index(values.source) else folders),
        "folders": "/".join(folders),
        "output_ext": "",
    }


def _joined(categories: Sequence[str]) -> str:
    return "/".join(slug for slug in map(slugify, categories) if slug)
