"""Links between posts: from a target as written to the canonical path it leads to."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, unquote, urlsplit

from index.dates import without_date
from index.paths import name_of_file, path_of_file
from index.post import Post

_FILE_SUFFIXES = (".md", ".mdx", ".markdown")
POST_SUFFIXES = (*_FILE_SUFFIXES, ".html")
_ROOT_MARK = re.compile(r"(?:@site|@|~)(?=/)|[{|](?:filename|attach|static)[}|]")
"""What generators write for the folder of posts, or in front of a file's path: Docusaurus, Zola,
DocFX, Pelican."""


class LinkResolver:
    """Knows every post of a site by its path, aliases, source file, place and file name.

    Addresses below `base_url` lead to posts too, with `http` or `https`, with `www.` or without.
    """

    def __init__(self, posts: Sequence[Post], base_url: str = "") -> None:
        base = urlsplit(base_url)
        self._host = _host(base)
        self._base_path = base.path.rstrip("/")
        self._path_of: dict[str, str] = {}
        self._path_of_name: dict[str, str] = {}
        self._written: dict[str, str] = {}  # posts write the same targets again and again
        self._found_from_root: dict[str, str | None] = {}
        for post in posts:
            self._add_name(post)
            for alias in post.aliases:
                self._path_of.setdefault(alias, post.path)
        for post in posts:
            self._path_of["file:" + post.source] = post.path
            self._path_of["file:" + path_of_file(post.source).strip("/")] = post.path
            self._path_of[post.path] = post.path

    def linked_paths(self, post: Post) -> tuple[str, ...]:
        """The posts that `post` links to, in the order of its links, without repeats or itself."""
        return tuple(dict.fromkeys(path for path, _ in self.links(post)))

    def links(self, post: Post) -> list[tuple[str, str]]:
        """The links of `post` to other posts, in order: the path of each, and what it says."""
        resolved = ((self.resolve(link.target, post), link.text) for link in post.links)
        return [(path, text) for path, text in resolved if path and path != post.path]

    def resolve(self, target: str, post: Post) -> str | None:
        """The canonical path that a link in `post` leads to; None if to no post that is known."""
        written = self._written.get(target)
        if written is None:
            written = self._written[target] = self.path_within_site(target)
        if not written:
            return None
        if _is_from_root(written):
            if written not in self._found_from_root:
                found = self._first_known(_candidates_from_root(written))
                self._found_from_root[written] = found
            return self._found_from_root[written]
        found = self._first_known(_candidates_from_post(written, post))
        if found:
            return found
        is_name = "/" not in written and not written.endswith(POST_SUFFIXES)
        return self.resolve_name(written) if is_name else None

    def resolve_name(self, file: str) -> str | None:
        """The post whose file has this name, with or without its date, if there is just one."""
        name = posixpath.basename(file)
        for suffix in POST_SUFFIXES:
            name = name.removesuffix(suffix)
        return self._path_of_name.get(name) or None

    def path_within_site(self, target: str) -> str:
        """The path that a target names on this site, without query and anchor; or else nothing."""
        try:
            parts = urlsplit(target)
        except ValueError:
            return ""  # brackets that are no IPv6 address: not a link to a post
        written = self._path_here(parts) if parts.scheme or parts.netloc else parts.path
        return unquote(written).replace("\\", "/")

    def _first_known(self, candidates: Iterator[str]) -> str | None:
        return next(filter(None, map(self._path_of.get, candidates)), None)

    def _path_here(self, parts: SplitResult) -> str:
        """The path on this site of a whole address; empty for one elsewhere."""
        if parts.scheme not in {"", "http", "https"} or not self._host:
            return ""
        is_here = f"{parts.path}/".startswith(f"{self._base_path}/")
        if _host(parts) != self._host or not is_here:
            return ""
        return parts.path.removeprefix(self._base_path) or "/"

    def _add_name(self, post: Post) -> None:
        """Makes the post known by its file's name, unless another has the same."""
        name = name_of_file(post.source)
        for known_as in {name, without_date(name)} - {""}:
            is_taken = known_as in self._path_of_name
            self._path_of_name[known_as] = "" if is_taken else post.path


def _host(parts: SplitResult) -> str:
    return parts.netloc.lower().removeprefix("www.")


def _without_mark(written: str) -> tuple[str, str]:
    """What generators write in front of a path, and the path."""
    mark = _ROOT_MARK.match(written)
    return (mark[0], written[mark.end() :]) if mark else ("", written)


def _is_from_root(written: str) -> bool:
    """Whether a path means the same in every post."""
    return _without_mark(written)[1].startswith("/")


def _candidates_from_root(written: str) -> Iterator[str]:
    """What a path from the root may mean, the likeliest first: an address, a file."""
    mark, path = _without_mark(written)
    root = posixpath.normpath(path).strip("/")
    yield from _addresses("/" + root)
    yield from _files(root)
    if mark == "@site":
        yield from _files(root.partition("/")[2])


def _candidates_from_post(written: str, post: Post) -> Iterator[str]:
    """What a path in `post` may mean, the likeliest first: a file, a file's place, an address.

    An address is taken relative to the post's own without a slash at its end, and then with one:
    both kinds of sites are common.
    """
    mark, path = _without_mark(written)
    yield from _files(posixpath.normpath(posixpath.join(posixpath.dirname(post.source), path)))
    if not mark:
        yield from _addresses(posixpath.normpath(posixpath.join(post.path, "..", path)))
    if not mark and not path.endswith(_FILE_SUFFIXES):
        yield from _addresses(posixpath.normpath(posixpath.join(post.path, path)))


def _files(file: str) -> Iterator[str]:
    yield "file:" + file
    for suffix in POST_SUFFIXES:
        if file.endswith(suffix):
            yield "file:" + file.removesuffix(suffix).removesuffix("/index")


def _addresses(path: str) -> Iterator[str]:
    """The post at a site path, whatever suffix or index file name it was linked with."""
    root = "/" + path.strip("/")
    yield root
    for suffix in POST_SUFFIXES:
        if root.endswith(suffix):
            yield root.removesuffix(suffix).removesuffix("/index") or "/"
            return
    yield root + ".html"
