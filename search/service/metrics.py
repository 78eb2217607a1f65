"""What Prometheus collects: requests of all workers, and which generation answers."""

import os
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Flask, Response, current_app
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from index.errors import IndexUnavailableError
from search.results import EngineStatus
from search.service.state import get_engine

MULTIPROCESS_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Names a folder in which all workers keep what they count; prometheus-client reads it too, when
it is imported. Without it, a worker knows of its own requests alone."""

BUCKETS_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

_EXTENSION: Final = "signpost-metrics"

blueprint = Blueprint("metrics", __name__)


class RequestMetrics:
    """What is measured of requests."""

    def __init__(self) -> None:
        self._seconds = Histogram(
            "signpost_request_seconds",
            "Seconds to answer a request.",
            ["endpoint", "status"],
            buckets=BUCKETS_SECONDS,
            registry=None,
        )
        self._no_results = Counter(
            "signpost_searches_without_results", "Searches that found nothing.", registry=None
        )
        self._cache = Counter(
            "signpost_answer_cache",
            "Answers that were kept from an earlier request (hit), or could have been (miss).",
            ["result"],
            registry=None,
        )
        self._cluster_errors = Counter(
            "signpost_cluster_errors",
            "What the cluster could not do, by the kind of error.",
            ["kind"],
            registry=None,
        )
        self._hits, self._misses = map(self._cache.labels, ("hit", "miss"))

    def observe(
        self, endpoint: str, status: int, seconds: float, *, has_no_results: bool = False
    ) -> None:
        """Counts a request that an endpoint answered with this status."""
        self._seconds.labels(endpoint, status).observe(seconds)
        if has_no_results:
            self._no_results.inc()

    def observe_cache(self, *, is_hit: bool) -> None:
        """Counts a request for an answer that may be kept."""
        (self._hits if is_hit else self._misses).inc()

    def observe_cluster_error(self, kind: str) -> None:
        """Counts an error of a cluster."""
        self._cluster_errors.labels(kind).inc()

    def register(self, registry: CollectorRegistry) -> None:
        """Adds what was measured, of all workers where they share it."""
        if MULTIPROCESS_VARIABLE in os.environ:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            return
        for metric in (self._seconds, self._no_results, self._cache, self._cluster_errors):
            registry.register(metric)


def attach_metrics(app: Flask) -> RequestMetrics:
    """What is to be measured of this app's requests, for `/metrics` to tell."""
    request_metrics = RequestMetrics()
    app.extensions[_EXTENSION] = request_metrics
    return request_metrics


class IndexCollector(Collector):
    """The metrics of an index, from one look at the engine; without an index, only that."""

    def __init__(self, status: EngineStatus | None) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """Each metric with its value."""
        status = self._status
        yield GaugeMetricFamily(
            "signpost_ready", "1 while there is an index to answer from.", value=status is not None
        )
        if not status:
            return
        yield InfoMetricFamily(
            "signpost_generation",
            "The generation that answers.",
            {"generation": status.generation, "created_at": status.created_at},
        )
        yield GaugeMetricFamily("signpost_posts", "Posts in the index.", value=status.posts)
        yield GaugeMetricFamily(
            "signpost_fallback",
            "1 while another generation stands in for the published one.",
            value=status.is_fallback,
        )


@blueprint.get("/metrics")
def metrics() -> Response:
    """The metrics, in Prometheus's text format: requests of all workers, the index of this one."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(IndexCollector(_status()))
    request_metrics: RequestMetrics = current_app.extensions[_EXTENSION]
    request_metrics.register(registry)
    response = Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
    response.headers["Cache-Control"] = "no-store"
    return response


def _status() -> EngineStatus | None:
    try:
        return get_engine().status()
    except IndexUnavailableError:
        return None
