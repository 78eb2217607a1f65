"""The posts of one generation, fetched from the cluster as they are needed, and kept at hand."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from index.opensearch.client import Cluster
from index.opensearch.layout import FIELDS, document_id
from search.opensearch.posts import FACTS, StoredPost

POSTS_AT_ONCE: Final = 200
"""Posts that are asked for with one request, at about 20 kilobytes each."""

_MB: Final = 2**20


class PostStore:
    """Fetches posts of an index, which never change; safe for many threads."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index
        self._kept: OrderedDict[str, StoredPost] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._size = 0
        self._most_bytes = cluster.options.post_cache_mb * _MB
        self._lock = threading.Lock()

    def fetch(self, paths: Iterable[str], records: Sequence[str] = ()) -> list[StoredPost]:
        """The posts at some canonical paths, in order, with their fields and some of RECORDS.

        Those that are not there are left out. Raises ClusterError.
        """
        wanted = list(dict.fromkeys(paths))
        with self._lock:
            found = {path: self._kept[path] for path in wanted if path in self._kept}
        lacking = [
            path
            for path in wanted
            if path not in found or not found[path].records.keys() >= set(records)
        ]
        for start in range(0, len(lacking), POSTS_AT_ONCE):
            found |= self._fetched(lacking[start : start + POSTS_AT_ONCE], records)
        posts = {path: found[path] for path in wanted if path in found}
        self._keep(posts)
        return list(posts.values())

    @property
    def size_bytes(self) -> int:
        """About what is kept."""
        return self._size

    def _fetched(self, paths: Sequence[str], records: Sequence[str]) -> dict[str, StoredPost]:
        body = {
            "query": {"ids": {"values": [document_id(path) for path in paths]}},
            "size": len(paths),
            "track_total_hits": False,
            "stored_fields": [FIELDS, *records],
            "docvalue_fields": list(FACTS),
        }
        hits: list[Mapping[str, Any]] = self._cluster.search(self._index, body)["hits"]["hits"]
        posts = {}
        for post in map(StoredPost.of, hits):
            with self._lock:
                known = self._kept.get(post.path)
            if known is not None:
                post.records = known.records | post.records
            posts[post.path] = post
        return posts

    def _keep(self, posts: Mapping[str, StoredPost]) -> None:
        """Keeps posts, and lets go of those that were not asked for the longest."""
        with self._lock:
            for path, post in posts.items():
                if self._kept.get(path) is not post:
                    self._size += post.size_bytes - self._sizes.get(path, 0)
                    self._sizes[path] = post.size_bytes
                    self._kept[path] = post
                self._kept.move_to_end(path)
            while self._size > self._most_bytes:
                path, _ = self._kept.popitem(last=False)
                self._size -= self._sizes.pop(path)
