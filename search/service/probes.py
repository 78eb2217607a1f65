"""What a supervisor or a load balancer asks: whether the process is up, and can answer."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from index.errors import IndexUnavailableError
from search.service.cluster_errors import note_cluster_error
from search.service.problems import RETRY_AFTER_SECONDS, problem
from search.service.state import get_engine

blueprint = Blueprint("probes", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """200 as long as the process answers at all."""
    return _uncached(jsonify({"status": "ok"}))


@blueprint.get("/readyz")
def readiness() -> Response:
    """200 and what there is to answer from; 503 with the reason where there is nothing."""
    try:
        status = get_engine().status()
    except IndexUnavailableError as error:
        note_cluster_error(error)
        return problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            str(error),
            headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
        )
    return _uncached(jsonify({"status": "ready", **status.as_json()}))


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
