"""The application, put together."""

import contextlib

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from index.errors import IndexUnavailableError
from search.engine import Engine
from search.service import api, api_docs, metrics, opensearch_description, pages, probes
from search.service.answer_cache import AnswerCache
from search.service.bodies import read_bodies_in_time
from search.service.cluster_errors import attach_cluster_errors
from search.service.compression import compress_answers
from search.service.headers import add_security_headers, allow_origins, revalidate_pages
from search.service.limits import limit_request_rate, limit_request_size
from search.service.observing import Observed, tell_endpoints
from search.service.problems import install_error_handlers
from search.service.proxies import ProxiesTrusted
from search.service.state import ServiceState, attach_state
from search.service.turns import take_turns
from search.settings import Settings, load_settings


class PlainJSON(DefaultJSONProvider):
    """JSON on one line, as UTF-8, with keys in the order that they were given."""

    ensure_ascii = False
    sort_keys = False
    compact = True


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> Flask:
    """The WSGI application; without arguments, with the settings of this process.

    Starts without an index too, answers 503 then, and goes on as soon as one is published.
    Raises SettingsError where the settings are to be loaded and are not understood.
    """
    settings = settings or load_settings()
    app = Flask(__name__)
    app.json = PlainJSON(app)
    request_metrics = metrics.attach_metrics(app)
    cluster_errors = attach_cluster_errors(app, request_metrics)
    state = ServiceState(settings, engine, cluster_errors.count)
    attach_state(app, state)
    service = settings.service

    tell_endpoints(app)
    max_bytes = service.answer_cache_mb * 1_000_000
    cache = AnswerCache(app.wsgi_app, state.generation, request_metrics, max_bytes)
    app.wsgi_app = cache  # type: ignore[method-assign]
    limit_request_rate(app, service.rate_limit)
    limit_request_size(app)
    read_bodies_in_time(app)
    take_turns(app)
    for part in (api, api_docs, opensearch_description, probes, metrics, pages):
        app.register_blueprint(part.blueprint)
    install_error_handlers(app)
    app.after_request(add_security_headers)
    allow_origins(app, service.origins)
    compress_answers(app)
    app.after_request(revalidate_pages)
    observed = Observed(app.wsgi_app, request_metrics, service.log_requests)
    app.wsgi_app = ProxiesTrusted(observed, service.trusted_proxies)  # type: ignore[method-assign]

    with contextlib.suppress(IndexUnavailableError):  # logged, and tried again by each request
        state.engine()
    return app
