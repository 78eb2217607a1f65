"""Which anchors a page has, by its headings and by the ids written in its file."""

import re
import unicodedata
from collections.abc import Sequence

from index.post import Post
from index.sources import Sources

_NO_HEADING = re.compile(
    r"$|top$|[:!/?=]|tab/|fn|cite|comment|disqus|respond|section-?\d|l\d+|__|\d+$", re.IGNORECASE
)
"""Anchors that readers' browsers, themes and generators make: of lines, notes, tabs, comments."""

_INCLUDE = re.compile(
    r"\[!include\b|\{%-?\s*(?:include|render|capture)|\{\{[<%]?-?\s*(?:include|readfile|partial|snippet)"
    r"|-8<-|^import\s[^\n]*\.mdx?[\"']|^:::\s*[\w.]+$|<!--\s*include",
    re.IGNORECASE | re.MULTILINE,
)
"""What brings in text that has headings of its own."""

_WRITTEN_ID = re.compile(
    r"(?:\b(?:id|name|anchor)\s*=\s*[{\"'`]*|\{[^{}\n]*#|\[\]\()([^\s\"'`{}<>()]+)", re.IGNORECASE
)
_HTML_HEADING = re.compile(r"<h[1-6]\b[^>]*>(.*?)</h[1-6]", re.IGNORECASE | re.DOTALL)
_EMOJI = re.compile(r":\w+:")
_NUMBER_AT_END = re.compile(r"[-_]\d+$")


class HeadingIds:
    """The ids of all posts, in whatever way their generator makes them of headings."""

    def __init__(self, posts: Sequence[Post], sources: Sources) -> None:
        self._post_at = {post.path: post for post in posts}
        self._sources = sources
        self._of_headings: dict[str, frozenset[str]] = {}
        self._of_source: dict[str, frozenset[str] | None] = {}

    def has(self, path: str, anchor: str) -> bool:
        """Whether the page at `path` has an element of this id, or could have one."""
        if _NO_HEADING.match(anchor):
            return True
        wanted = {_plain(anchor), _plain(_NUMBER_AT_END.sub("", anchor))}
        if path not in self._of_headings:
            self._of_headings[path] = _ids_of_headings(self._post_at[path])
        if wanted & self._of_headings[path] or self._has_picture(path, _plain(anchor)):
            return True
        if path not in self._of_source:
            self._of_source[path] = _ids_in(self._sources.text_of(self._post_at[path].source))
        written = self._of_source[path]
        return written is None or bool(wanted & written)

    def _has_picture(self, path: str, wanted: str) -> bool:
        """Whether a heading with an emoji begins the id, which some generators put into words."""
        titles = (section.title for section in self._post_at[path].sections)
        return any(
            wanted.startswith(_plain(title))
            for title in titles
            if any(unicodedata.category(char) == "So" for char in title) or _EMOJI.search(title)
        )


def _ids_of_headings(post: Post) -> frozenset[str]:
    headings = [section.title for section in post.sections] + [post.title]
    anchors = [section.anchor for section in post.sections]
    return frozenset(_plain(text) for text in headings + anchors)


def _ids_in(text: str) -> frozenset[str] | None:
    """The ids that a file writes out; None where it includes others, and so may have any."""
    if _INCLUDE.search(text):
        return None
    html_headings = (re.sub(r"<[^>]*>", "", found[1]) for found in _HTML_HEADING.finditer(text))
    written = (found[1] for found in _WRITTEN_ID.finditer(text))
    return frozenset(_plain(each) for each in (*written, *html_headings))


def _plain(text: str) -> str:
    """Letters and digits alone, without case and accents: what all ways of making ids leave."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if char.isalnum())
