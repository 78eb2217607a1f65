"""Canonical paths: the identity of a post, by the rules of the site it is on."""

import posixpath
import re

from index.dates import without_date

INDEX_NAMES = frozenset({"index", "_index", "readme"})
"""File names, in lower case, that stand for their folder."""

_SITE = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)


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
    stem = posixpath.splitext(source)[0]
    return normalize_path(posixpath.dirname(source) if is_index(source) else stem)


def is_index(source: str) -> bool:
    """Whether a file stands for its folder."""
    return _stem(source).lower() in INDEX_NAMES


def name_of_file(source: str) -> str:
    """A file's name without extension, or its folder's name if it stands for that folder."""
    if is_index(source):
        return posixpath.basename(posixpath.dirname(source))
    return _stem(source)


def default_slug(source: str) -> str:
    """The slug of a post that names none: its file's or folder's name without a date in front."""
    folder = posixpath.dirname(source)
    if is_index(source):
        folder = posixpath.dirname(folder)
    return without_date(name_of_file(source), posixpath.basename(folder))


def _stem(source: str) -> str:
    return posixpath.splitext(posixpath.basename(source))[0]
