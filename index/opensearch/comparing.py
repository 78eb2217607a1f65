"""Whether a cluster has what it was sent: the numbers of documents, and some of them in full."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from index.errors import ClusterDamagedError
from index.opensearch.client import Cluster
from index.opensearch.documents import Document
from index.opensearch.layout import FIELDS, RECORDS

SAMPLE: Final = 32
"""Documents that are compared in full, spread evenly."""

MAX_SAMPLE_BYTES: Final = 2**20
"""Larger documents are not kept for comparing."""

_STORED: Final = (FIELDS, *RECORDS, "data")


class Sent:
    """Counts documents on their way to a cluster, and keeps some to compare."""

    def __init__(self, posts: int) -> None:
        self._step = max(1, posts // SAMPLE)
        self._sample: list[Document] = []
        self.counts = {"post": 0, "part": 0}

    def watched(self, kind: str, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents."""
        for document in documents:
            is_due = self.counts[kind] % self._step == 0
            self.counts[kind] += 1
            if is_due and len(document.body) <= MAX_SAMPLE_BYTES:
                self._sample.append(document)
            yield document

    def carried(self, kind: str, count: int) -> None:
        """Takes note of documents that are there and were not sent."""
        self.counts[kind] += count

    def compare(self, cluster: Cluster, index: str) -> None:
        """Raises ClusterDamagedError unless an index has these documents."""
        for kind, count in self.counts.items():
            found = cluster.count(index, {"term": {"kind": kind}})
            if found != count:
                raise _differs(cluster, f"it has {found} documents of kind {kind}, not {count}")
        for first in range(0, len(self._sample), SAMPLE):
            _compare(cluster, index, self._sample[first : first + SAMPLE])


def _compare(cluster: Cluster, index: str, sample: list[Document]) -> None:
    found = cluster.search(
        index,
        {
            "query": {"ids": {"values": [document.name for document in sample]}},
            "size": len(sample),
            "stored_fields": list(_STORED),
            "docvalue_fields": ["digest"],
        },
        timeout_seconds=cluster.options.bulk_timeout_ms / 1000,
    )
    hits = {hit["_id"]: hit for hit in found["hits"]["hits"]}
    for document in sample:
        hit = hits.get(document.name)
        if hit is None or not _is_same(json.loads(document.body), hit):
            raise _differs(cluster, f"the document {document.name} is not what was sent")


def _is_same(sent: dict[str, Any], hit: dict[str, Any]) -> bool:
    stored = hit["fields"]
    is_named = stored["digest"] == [sent["digest"]]
    return is_named and all(stored.get(name, [None]) == [sent.get(name)] for name in _STORED)


def _differs(cluster: Cluster, reason: str) -> ClusterDamagedError:
    return ClusterDamagedError(
        f"The cluster at {cluster.where} has not kept what was sent: {reason}. Build again, and "
        "see what the logs of its nodes say."
    )
