"""What Prometheus collects: which generation answers, and whether it is the published one."""

from collections.abc import Iterator

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from index.errors import IndexUnavailableError
from search.results import EngineStatus
from search.service.state import get_engine

blueprint = Blueprint("metrics", __name__)


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
    """The metrics of the process that answers, in Prometheus's text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(IndexCollector(_status()))
    response = Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
    response.headers["Cache-Control"] = "no-store"
    return response


def _status() -> EngineStatus | None:
    try:
        return get_engine().status()
    except IndexUnavailableError:
        return None
