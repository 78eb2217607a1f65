"""Links between posts: from a target as written to the canonical path it leads to."""

import posixpath
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from index.post import Post

_POST_SUFFIXES = (".md", ".mdx", ".markdown", ".html")


class LinkResolver:
    """Knows every post of a site by its path, aliases and source file."""

    def __init__(self, posts: Sequence[Post], base_url: str = "") -> None:
        self._base_url = base_url
        self._path_of: dict[str, str] = {}
        for post in posts:
            for alias in post.aliases:
                self._path_of.setdefault(alias, post.path)
        for post in posts:
            self._path_of["file:" + post.source] = post.path
            self._path_of[post.path] = post.path

    def linked_paths(self, post: Post) -> tuple[str, ...]:
        """The posts that `post` links to, in the order of its links, without repeats or itself."""
        return tuple(dict.fromkeys(path for path, _ in self.links(post)))

    def links(self, post: Post) -> list[tuple[str, str]]:
        """The links of `post` to other posts, in order: the path of each, and what it says."""
        resolved = ((self._resolve(link.target, post), link.text) for link in post.links)
        return [(path, text) for path, text in resolved if path and path != post.path]

    def _resolve(self, target: str, post: Post) -> str | None:
        if self._base_url and target.startswith(self._base_url):
            target = target.removeprefix(self._base_url) or "/"
        try:
            parts = urlsplit(target)
        except ValueError:
            return None  # brackets that are no IPv6 address: not a link to a post
        if parts.scheme or parts.netloc or not parts.path:
            return None
        path = unquote(parts.path)
        if not path.startswith("/"):
            file = posixpath.normpath(posixpath.join(posixpath.dirname(post.source), path))
            by_file = self._path_of.get("file:" + file)
            if by_file:
                return by_file
            path = posixpath.join(post.path, "..", path)
        return self._by_path(posixpath.normpath(path))

    def _by_path(self, path: str) -> str | None:
        """The post at a site path, whatever suffix or index file name it was linked with."""
        root = "/" + path.strip("/")
        for suffix in _POST_SUFFIXES:
            if root.endswith(suffix):
                bare = root.removesuffix(suffix).removesuffix("/index") or "/"
                return self._path_of.get(root) or self._path_of.get(bare)
        return self._path_of.get(root)
