"""Links between posts: from a target as written to the canonical path it leads to."""

import posixpath
from collections.abc import Sequence
from urllib.parse import SplitResult, unquote, urlsplit

from index.post import Post

_POST_SUFFIXES = (".md", ".mdx", ".markdown", ".html")


class LinkResolver:
    """Knows every post of a site by its path, aliases and source file.

    Addresses below `base_url` lead to posts too, with `http` or `https`, with `www.` or without.
    """

    def __init__(self, posts: Sequence[Post], base_url: str = "") -> None:
        base = urlsplit(base_url)
        self._host = _host(base)
        self._base_path = base.path.rstrip("/")
        self._path_of: dict[str, str] = {}
        for post in posts:
            for alias in post.aliases:
                self._path_of.setdefault(alias, post.path)
        for post in posts:
            self._path_of["file:" + post.source] = post.path
            self._path_of[post.path] = post.path

    def linked_paths(self, post: Post) -> tuple[str, ...]:
        """The posts that `post` links to, in the order of its links, without repeats or itself."""
        resolved = (self._resolve(link.target, post) for link in post.links)
        return tuple(dict.fromkeys(path for path in resolved if path and path != post.path))

    def link_texts(self, post: Post) -> tuple[str, ...]:
        """What the links of `post` to other posts say."""
        return tuple(
            link.text
            for link in post.links
            if self._resolve(link.target, post) not in {None, post.path}
        )

    def _resolve(self, target: str, post: Post) -> str | None:
        try:
            parts = urlsplit(target)
        except ValueError:
            return None  # brackets that are no IPv6 address: not a link to a post
        written = self._path_here(parts) if parts.scheme or parts.netloc else parts.path
        if not written:
            return None
        path = unquote(written)
        if not path.startswith("/"):
            file = posixpath.normpath(posixpath.join(posixpath.dirname(post.source), path))
            by_file = self._path_of.get("file:" + file)
            if by_file:
                return by_file
            path = posixpath.join(post.path, "..", path)
        return self._by_path(posixpath.normpath(path))

    def _path_here(self, parts: SplitResult) -> str:
        """The path on this site of a whole address; empty for one elsewhere."""
        if parts.scheme not in {"", "http", "https"} or not self._host:
            return ""
        is_here = f"{parts.path}/".startswith(f"{self._base_path}/")
        if _host(parts) != self._host or not is_here:
            return ""
        return parts.path.removeprefix(self._base_path) or "/"

    def _by_path(self, path: str) -> str | None:
        """The post at a site path, whatever suffix or index file name it was linked with."""
        root = "/" + path.strip("/")
        for suffix in _POST_SUFFIXES:
            if root.endswith(suffix):
                bare = root.removesuffix(suffix).removesuffix("/index") or "/"
                return self._path_of.get(root) or self._path_of.get(bare)
        return self._path_of.get(root)


def _host(parts: SplitResult) -> str:
    return parts.netloc.lower().removeprefix("www.")
