"""Sending documents with bulk requests: several at a time, retried, bounded in memory."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeAlias

from index.errors import ClusterError
from index.opensearch.client import Cluster
from index.opensearch.documents import Document, Removal
from index.opensearch.faults import Fault
from index.report import Progress

SENDING: Final = "Sending posts to the cluster"

MOST_ROUNDS: Final = 8
FIRST_PAUSE_SECONDS: Final = 0.25
"""Before the first retry of documents that the cluster had no room for; doubled each time."""

_MB: Final = 2**20

Action: TypeAlias = Document | Removal


def send(
    cluster: Cluster,
    index: str,
    documents: Iterable[Action],
    sent: Callable[[int], None] = lambda _count: None,
) -> None:
    """Sends documents and removals to an alias of an index, and tells of how many more each time.

    Raises ClusterError as soon as one is refused, or too often put off.
    """
    options = cluster.options
    under_way: deque[Future[int]] = deque()
    executor = ThreadPoolExecutor(options.bulk_requests, "bulk")
    try:
        for batch in batches(documents, int(options.bulk_mb * _MB)):
            if len(under_way) > options.bulk_requests:
                sent(under_way.popleft().result())
            under_way.append(executor.submit(_send_batch, cluster, index, batch))
        while under_way:
            sent(under_way.popleft().result())
    finally:
        executor.shutdown(cancel_futures=True)


def counting(progress: Progress, total: int) -> Callable[[int], None]:
    """Tells how many of the posts are there, with each number of documents that were sent."""
    done = 0

    def sent(count: int) -> None:
        nonlocal done
        done += count
        if total:
            progress(SENDING, min(done, total), total)

    return sent


def batches(documents: Iterable[Action], most_bytes: int) -> Iterator[list[Action]]:
    """Documents in lists of so many bytes, unless one document has more."""
    batch: list[Action] = []
    size = 0
    for document in documents:
        if batch and size + len(document.body) > most_bytes:
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += len(document.body)
    if batch:
        yield batch


def _send_batch(cluster: Cluster, index: str, batch: Sequence[Action]) -> int:
    left, pause = list(batch), FIRST_PAUSE_SECONDS
    for tries_left in range(MOST_ROUNDS - 1, -1, -1):
        told = cluster.bulk(index, b"".join(map(_lines, left)))
        if len(told) != len(left):
            raise ClusterError(
                f"The cluster at {cluster.where} tells of {len(told)} documents, not of the "
                f"{len(left)} that it was sent."
            )
        put_off = []
        for document, item in zip(left, told, strict=True):
            if "error" not in item:
                continue
            fault = Fault.of(int(item["status"]), item)
            if not tries_left or not fault.may_pass:
                raise _refused(cluster, index, document, fault)
            put_off.append(document)
        if not put_off:
            return len(batch)
        left = put_off
        time.sleep(pause)
        pause *= 2
    raise AssertionError("the last round raises or returns")


def _refused(cluster: Cluster, index: str, document: Action, fault: Fault) -> ClusterError:
    error = fault.as_error(cluster.where, index)
    if type(error) is not ClusterError:
        return error
    return ClusterError(
        f"The cluster at {cluster.where} refuses the document {document.name}: {fault.reason}."
    )


def _lines(document: Action) -> bytes:
    action = "delete" if isinstance(document, Removal) else "index"
    head: dict[str, Any] = {action: {"_id": document.name}}
    lines = b"%s\n" % json.dumps(head, ensure_ascii=False).encode()
    return lines if isinstance(document, Removal) else b"%s%s\n" % (lines, document.body)
