"""Canonical paths: the identity of a post, by the rules of the site it is on."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from index.dates import without_date

INDEX_NAMES = frozenset({"index", "_index", "readme"})
"""File names, in lower case, that stand for their folder."""

_SITE = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r":(year|short_year|month|i_month|day|i_day|slug|title|filename|categories|section|output_ext)"
    r"(?![a-z_])"
)
_ANY_PLACEHOLDER = re.compile(r":[a-z_]+")


@dataclass(frozen=True, slots=True)
class PatternValues:
    """What a permalink pattern may ask of a post; empty values are ones it does not have."""

    date: datetime | None = None
    slug: str = ""
    title: str = ""
    filename: str = ""
    categories: tuple[str, ...] = ()
    section: str = ""


def normalize_path(written: str) -> str:
    """A path or url as a canonical path: a leading slash, no trailing one, the case kept.

    Repeated slashes become one, `/index.html` at the end goes, and a url is cut to its path.
    """
    text = written.strip()
    site = _SITE.match(text)
    if site:
        text = re.split(r"[?#]", text[site.end() :], maxsplit=1)[0]
    segments = [segment for segment in text.split("/") if segment]
    if segments and segments[-1] == "index.html":
        segments.pop()
    return "/" + "/".join(segments)


def path_of_file(source: str) -> str:
    """The canonical path by a file's place: no extension, index files folded into their folder."""
    file = PurePosixPath(source)
    if is_index(source):
        return normalize_path(str(file.parent) if str(file.parent) != "." else "/")
    return normalize_path(str(file.with_suffix("")))


def is_index(source: str) -> bool:
    """Whether a file stands for its folder."""
    return PurePosixPath(source).stem.lower() in INDEX_NAMES


def name_of_file(source: str) -> str:
    """A file's name without extension, or its folder's name if it stands for that folder."""
    file = PurePosixPath(source)
    return file.parent.name if is_index(source) else file.stem


def default_slug(source: str) -> str:
    """The slug of a post that names none: its file's or folder's name without a date in front."""
    return without_date(name_of_file(source))


def is_template(permalink: str) -> bool:
    """Whether a permalink is a program for the generator, and no path to be read from it."""
    return "{{" in permalink or "{%" in permalink


def has_placeholders(permalink: str) -> bool:
    """Whether a permalink is a pattern such as `/:year/:slug`."""
    return _PLACEHOLDER.search(permalink) is not None


def expand(pattern: str, values: PatternValues) -> str | None:
    """The canonical path that `pattern` makes; None if the post lacks a value it asks for.

    `:categories` are all of them, one after the other, and `:title` is the title, as slugs.
    """
    by_name = _values_by_name(values)
    asked = {found[0][1:] for found in _ANY_PLACEHOLDER.finditer(pattern)}
    known = {found[1] for found in _PLACEHOLDER.finditer(pattern)}
    if asked != known or not all(name == "output_ext" or by_name[name] for name in known):
        return None
    return normalize_path(_PLACEHOLDER.sub(lambda found: by_name[found[1]], pattern))


def slugify(text: str) -> str:
    """Text in lower case with hyphens between its words, for use in a path."""
    lowered = unicodedata.normalize("NFC", text).lower()
    words = re.split(r"[^\w]+", lowered.replace("'", "").replace("’", ""))
    return "-".join(word for word in words if word)


def _values_by_name(values: PatternValues) -> Mapping[str, str]:
    date = values.date
    return {
        "year": f"{date.year:04d}" if date else "",
        "short_year": f"{date.year % 100:02d}" if date else "",
        "month": f"{date.month:02d}" if date else "",
        "i_month": str(date.month) if date else "",
        "day": f"{date.day:02d}" if date else "",
        "i_day": str(date.day) if date else "",
        "slug": values.slug.strip("/"),
        "title": slugify(values.title),
        "filename": values.filename,
        "categories": _joined(values.categories),
        "section": values.section,
        "output_ext": "",
    }


def _joined(categories: Sequence[str]) -> str:
    return "/".join(slug for slug in map(slugify, categories) if slug)
