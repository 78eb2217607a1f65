"""What becomes of a cluster's errors in the service: they are counted, and some of them logged."""

import logging
import math
import re
import threading
import time
from typing import Final

from flask import Flask, current_app

from index.errors import ClusterError, IndexUnavailableError
from search.service.metrics import RequestMetrics

LOG_SECONDS: Final = 30.0
"""How long after a line in the log the next one of its kind may come."""

_EXTENSION: Final = "signpost-cluster-errors"
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")
_log = logging.getLogger(__name__)


class ClusterErrors:
    """Counts a cluster's errors, and logs them so that a line stands for many; for any thread.

    Other errors are passed over.
    """

    def __init__(self, metrics: RequestMetrics) -> None:
        self._metrics = metrics
        self._lock = threading.Lock()
        self._told_at: dict[str, float] = {}
        self._untold: dict[str, int] = {}

    def count(self, error: IndexUnavailableError) -> None:
        """Counts an error that is logged elsewhere."""
        if isinstance(error, ClusterError):
            self._metrics.observe_cluster_error(kind_of(error))

    def note(self, error: IndexUnavailableError) -> None:
        """Counts an error, and logs it unless one of its kind was logged a moment ago."""
        if not isinstance(error, ClusterError):
            return
        kind = kind_of(error)
        self._metrics.observe_cluster_error(kind)
        with self._lock:
            now = time.monotonic()
            if now - self._told_at.get(kind, -math.inf) < LOG_SECONDS:
                self._untold[kind] = self._untold.get(kind, 0) + 1
                return
            self._told_at[kind] = now
            untold = self._untold.pop(kind, 0)
        more = f" (and {untold:,} more since this was last told)" if untold else ""
        _log.error("A request can't be answered: %s%s", str(error), more)


def kind_of(error: ClusterError) -> str:
    """What metrics call an error: `not_well` for a ClusterNotWellError."""
    name = type(error).__name__.removeprefix("Cluster").removesuffix("Error")
    return _WORD_START.sub("_", name).lower() or "other"


def attach_cluster_errors(app: Flask, metrics: RequestMetrics) -> ClusterErrors:
    """What takes the errors that this app meets."""
    cluster_errors = ClusterErrors(metrics)
    app.extensions[_EXTENSION] = cluster_errors
    return cluster_errors


def note_cluster_error(error: IndexUnavailableError) -> None:
    """Notes an error, if it is a cluster's, that the request being answered has met."""
    cluster_errors: ClusterErrors = current_app.extensions[_EXTENSION]
    cluster_errors.note(error)
