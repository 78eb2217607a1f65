"""What is sent of a generation when everything is, and what an index has then."""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from index.opensearch.client import Cluster
from index.opensearch.digests import post_digests
from index.opensearch.documents import Document, Posts, post_documents
from index.opensearch.layout import FIELDS, LABELS, RECORDS, unpack

VALUES: Final = (
    *("path", "digest", "aliases", "title_key", "pins", "linked", "timestamp", "popular", "boost"),
    *("series_part", *(f"{label}.{part}" for label in LABELS for part in ("key", "listed"))),
)
"""What an index tells of a post beside its records, but for the numbers of groups."""

MOST_POSTS: Final = 10_000

Hits = dict[str, dict[str, Any]]
"""What an index has of posts, by their names."""


def all_documents(generation: Path) -> Iterator[Document]:
    """The documents of all posts."""
    return post_documents(generation, Posts.of(generation, post_digests(generation)))


def everything_in(cluster: Cluster, index: str) -> Hits:
    """All that an index tells of its posts."""
    body = {
        "query": {"term": {"kind": "post"}},
        "size": MOST_POSTS,
        "stored_fields": [FIELDS, *RECORDS],
        "docvalue_fields": [*VALUES, "series", "translation"],
    }
    found = cluster.search(index, body)["hits"]["hits"]
    return {hit["_id"]: {"fields": hit["fields"]} for hit in found}


def stored_fields(hit: dict[str, Any]) -> dict[str, Any]:
    """What the generation stores of a post."""
    fields: dict[str, Any] = json.loads(b64decode(hit["fields"][FIELDS][0]))
    return fields


def record(hit: dict[str, Any], name: str) -> dict[str, Any]:
    """A record of a post."""
    return unpack(b64decode(hit["fields"][name][0]))


def posts_among(names: Iterable[str]) -> set[str]:
    """The names of posts, out of those of all documents."""
    return {name for name in names if not name.startswith("part:")}
