"""The check of links within the site: those that lead nowhere, and those to a missing heading.

Only what can be known is told: a site has pages that no post makes, files of other kinds, and
headings with ids that its generator invents.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from index.checkanchors import HeadingIds
from index.findings import Finding
from index.linkplaces import link_places
from index.links import POST_SUFFIXES, LinkResolver
from index.post import Post
from index.sources import Sources

GENERATED_PAGES: Final = frozenset(
    """api archive archives author authors categories category feed index.xml page pages rss search
    series tag tags taxonomy topic topics""".split()
)
"""Parts of paths that generators make pages under, without a file for each."""

MAX_SHOWN_CHARS: Final = 160
"""A target is shown this far: enough to find it by."""

_FILE_SUFFIX = re.compile(r"\.[a-z][a-z0-9]{0,5}", re.IGNORECASE)
_TEMPLATE_MARKS = ("{{", "{%", "<%", "${", "%7B")


def check_links(posts: Sequence[Post], sources: Sources, base_url: str) -> Iterator[Finding]:
    """The dead links of all posts, the links whose anchor no heading has, and pins of no post.

    Links from the root of the site are told only where most of those below the same folders lead
    to posts: elsewhere, the paths that are known here are not those of the site.
    """
    checker = _Checker(
        sources=sources,
        resolver=LinkResolver(posts, base_url),
        unseen=LinkResolver([page.post for page in sources.unseen], base_url),
        ids=HeadingIds(posts, sources),
        base_path=urlsplit(base_url).path,
        territory=frozenset(_first_part(post.path) for post in posts if post.path.count("/") > 1),
    )
    suspects = [checker.suspects(post) for post in posts]
    dead_from_root = sum(each.is_from_root for links in suspects for each in links)
    trusts_root = dead_from_root <= checker.live_from_root
    for post, links in zip(posts, suspects, strict=True):
        yield from checker.findings(
            post, [each for each in links if trusts_root or not each.is_from_root]
        )
    yield from _dead_pins(posts, sources)


def _dead_pins(posts: Sequence[Post], sources: Sources) -> Iterator[Finding]:
    """The paths in fields of related posts that no post has, be it one that is not to be seen."""
    there = (*posts, *(page.post for page in sources.unseen))
    known = {path for post in there for path in (post.path, *post.aliases)}
    for post in posts:
        for path in post.related:
            if path not in known:
                line = sources.of(post.source).line_of("related")
                reason = f'names no post: "{path[:MAX_SHOWN_CHARS]}"'
                yield Finding(post.source, line, "dead-link", reason, "related")


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A link of a post that may be dead: its place among the links, and the kind of finding."""

    position: int
    kind: str
    is_from_root: bool = False


def _first_part(path: str) -> str:
    return path.strip("/").partition("/")[0]


@dataclass(slots=True)
class _Checker:
    """What links are judged by.

    `base_path` is the folder that the site is in on its host. `territory` are the first parts of
    the paths of posts: a path below one of them is a post's, if it is anything. `live_from_root`
    counts the links from the root that lead to posts, as they are looked at.
    """

    sources: Sources
    resolver: LinkResolver
    unseen: LinkResolver
    ids: HeadingIds
    base_path: str
    territory: frozenset[str]
    live_from_root: int = 0

    def suspects(self, post: Post) -> list[_Suspect]:
        """The links of a post that lead nowhere, as far as the links themselves tell."""
        return [
            suspect
            for position, link in enumerate(post.links)
            if (suspect := self._suspect(position, link.target, post))
        ]

    def findings(self, post: Post, suspects: Sequence[_Suspect]) -> Iterator[Finding]:
        """The findings that the file of a post bears out."""
        if not suspects:
            return
        text = self.sources.text_of(post.source)
        places = link_places(text, [link.target for link in post.links])
        for suspect in suspects:
            target, place = post.links[suspect.position].target, places[suspect.position]
            written = target if len(target) <= MAX_SHOWN_CHARS else target[:MAX_SHOWN_CHARS] + "…"
            if suspect.kind == "dead-anchor":
                reason = f'leads to no heading: "{written}"'
                yield Finding(post.source, place.line, suspect.kind, reason)
                continue
            namesake = self.resolver.resolve_name(target.partition("#")[0])
            if not (namesake and place.is_in_template):  # a tag may name a post by its file alone
                hint = f"; a post of that name is {namesake}" if namesake else ""
                reason = f'leads to no post: "{written}"{hint}'
                yield Finding(post.source, place.line, suspect.kind, reason)

    def _suspect(self, position: int, target: str, post: Post) -> _Suspect | None:
        """The link as one that may be dead; None if it is in order, or nothing can be known."""
        is_template = any(mark in target for mark in _TEMPLATE_MARKS)
        if not target or is_template or target.startswith(("?", "//")):
            return None
        path = self.resolver.path_within_site(target)
        if path:
            found = self.resolver.resolve(target, post) or self._below_base(path, post)
        elif target.startswith("#"):
            found = post.path
        else:
            return None
        is_from_root = path.startswith("/")
        if found is None:
            is_dead = self._must_be_a_post(path, target, post)
            return _Suspect(position, "dead-link", is_from_root) if is_dead else None
        self.live_from_root += is_from_root
        anchor = unquote(target.partition("#")[2])
        return None if self.ids.has(found, anchor) else _Suspect(position, "dead-anchor")

    def _below_base(self, path: str, post: Post) -> str | None:
        """The post at a path that begins with the folder that the site is in."""
        if self.base_path and path.startswith(self.base_path + "/"):
            return self.resolver.resolve(path.removeprefix(self.base_path), post)
        return None

    def _must_be_a_post(self, path: str, target: str, post: Post) -> bool:
        """Whether nothing but a post could be at a path that has none."""
        suffix = PurePosixPath(path).suffix
        if _FILE_SUFFIX.fullmatch(suffix) and suffix.lower() not in POST_SUFFIXES:
            return False
        if GENERATED_PAGES & set(path.lower().split("/")) or self.unseen.resolve(target, post):
            return False
        if path.startswith("/"):
            path = path.removeprefix(self.base_path) if self.base_path else path
            return path.strip("/").count("/") > 0 and _first_part(path) in self.territory
        return self._is_missing(path, post)

    def _is_missing(self, path: str, post: Post) -> bool:
        """Whether a relative path stays among the posts, and names no file or folder there."""
        if path.startswith(("@", "~", "{", "|")):
            return path.endswith(POST_SUFFIXES)
        place = posixpath.normpath(posixpath.join(posixpath.dirname(post.source), path))
        if place.startswith("..") or place == ".":
            return False
        return not (self.sources.content_dir / place).exists()
