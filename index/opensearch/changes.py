"""What of a generation an index in a cluster has not, or has otherwise.

Both are gone through side by side in the order of paths, a page at a time.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np

from index.generation import COLUMNS_DIR, DOCUMENTS_FILE
from index.opensearch.client import Cluster
from index.opensearch.digests import Digests
from index.opensearch.generationfiles import Ints, open_documents
from index.opensearch.generations import PublishedIndex
from index.opensearch.groupnumbers import GroupNumbers

POSTS_AT_ONCE: Final = 5_000
"""Posts of an index that are asked about with one request."""

_NONE: Final = -1

_PATH: Final = itemgetter(0)

_Entry: TypeAlias = tuple[str, int, dict[str, Any] | None]
"""A path, and of the post there its number in the generation or what an index tells of it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What has to be done to an index so that it has the posts of a generation.

    `removed` are the paths of posts that are gone, `docs` the numbers of those that are new or
    otherwise, rising, and `kept` those of all others. `numbers` are what groups are called there.
    """

    removed: tuple[str, ...]
    docs: Ints
    kept: Ints
    numbers: GroupNumbers

    @property
    def count(self) -> int:
        """How many posts are added, removed or changed."""
        return len(self.removed) + len(self.docs)


def find_changes(
    cluster: Cluster, index: PublishedIndex, directory: Path, digests: Digests, most: int
) -> Changes | None:
    """What is other in the generation in a folder than in an index.

    None where that is over `most`, or where the index does not tell the paths of all its posts:
    some are too long to be looked up.
    """
    is_kept = np.zeros(len(digests), np.bool_)
    before = GroupNumbers(*(np.full(len(digests), _NONE) for _ in GroupNumbers._fields))
    removed: list[str] = []
    seen = changed = 0
    entries = merge(_in_generation(directory), _in_index(cluster, index.name), key=_PATH)
    for path, of_path in groupby(entries, key=_PATH):
        doc, facts = _NONE, None
        for _, number, told in of_path:
            doc, facts = max(doc, number), facts or told
        seen += facts is not None
        if doc == _NONE:
            removed.append(path)
        elif facts is not None:
            is_kept[doc] = facts["digest"] == [digests[doc].tobytes().hex()]
            before.series[doc] = int(facts.get("series", [_NONE])[0])
            before.translations[doc] = int(facts.get("translation", [_NONE])[0])
        changed += doc == _NONE or not is_kept[doc]
        if changed > most:
            return None
    if seen != index.meta["posts"]:
        return None
    numbers = GroupNumbers.load(directory / COLUMNS_DIR).kept_from(before)
    is_kept[numbers.differing(before)] = False
    docs, kept = np.flatnonzero(~is_kept), np.flatnonzero(is_kept)
    changes = Changes(tuple(removed), docs, kept, numbers)
    return changes if changes.count <= most else None


def _in_generation(directory: Path) -> Iterator[_Entry]:
    with closing(open_documents(directory / DOCUMENTS_FILE)) as database:
        for path, doc in database.execute("SELECT path, docnum FROM documents ORDER BY path"):
            yield path, doc, None


def _in_index(cluster: Cluster, index: str) -> Iterator[_Entry]:
    body: dict[str, Any] = {
        "query": {"bool": {"filter": [{"term": {"kind": "post"}}, {"exists": {"field": "path"}}]}},
        "size": POSTS_AT_ONCE,
        "sort": [{"path": "asc"}],
        "stored_fields": "_none_",
        "docvalue_fields": ["digest", "series", "translation"],
        "track_total_hits": False,
    }
    while True:
        found = cluster.search(index, body, timeout_seconds=cluster.options.bulk_timeout_ms / 1000)
        hits = found["hits"]["hits"]
        for hit in hits:
            yield hit["sort"][0], _NONE, hit["fields"]
        if len(hits) < POSTS_AT_ONCE:
            return
        body["search_after"] = hits[-1]["sort"]
