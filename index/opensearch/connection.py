"""Requests to a cluster: on whichever node answers, bounded in time, with named errors.

A request that fails is tried on other nodes for as long as its time lasts. A node that hangs takes
half of that time at the most, so that there is always some left for another.
"""

import logging
import ssl
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from index.errors import ClusterError, ClusterPackageError
from index.opensearch.faults import Fault, away, slow, untrusted
from index.opensearch.options import ClusterOptions

try:
    import opensearchpy
except ModuleNotFoundError:
    IS_INSTALLED = False
else:
    IS_INSTALLED = True
    # It logs what fails, with tracebacks; here that becomes errors.
    logging.getLogger("opensearch").setLevel(logging.CRITICAL)

Json = dict[str, Any]

MOST_TRIES: Final = 6
"""Nodes are tried in turn, of which one may be passed over where another goes out of the row: with
two tries more than there are nodes, each has been asked once, up to four of them."""

CONNECTIONS_PER_NODE: Final = 16
RESTING_SECONDS: Final = 2.0
"""How long a node that did not answer is passed over, at first."""

FIRST_PAUSE_SECONDS: Final = 0.05
LEAST_SECONDS: Final = 0.05

_OF_A_DOCUMENT: Final = 503
"""A document that can't be fetched is told of without a status: its shard is not there."""


class Connection:
    """Asks the nodes of one cluster; to be shared by threads. Raises ClusterError, and only that.

    ClusterPackageError is for where opensearch-py is not installed.
    """

    def __init__(self, options: ClusterOptions) -> None:
        if not IS_INSTALLED:
            raise ClusterPackageError(
                "To use a cluster, Signpost needs opensearch-py: "
                "pip install signpost-search[opensearch]"
            )
        self._options = options
        self.where = ", ".join(map(_shown, options.hosts))
        self._tries = min(len(options.hosts) + 2, MOST_TRIES)
        try:
            self._transport = _client(options).transport
        except (OSError, ValueError, opensearchpy.ImproperlyConfigured) as error:
            raise ClusterError(
                f"The cluster at {self.where} can't be talked to: {_reason(error)}."
            ) from error

    def close(self) -> None:
        """Lets go of the connections."""
        self._transport.close()

    def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        *,
        timeout_seconds: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """The answer to a request, of the first node that can give it in time.

        An answer to several questions of which one is refused is as good as none.
        """
        seconds = timeout_seconds or self._options.timeout_ms / 1000
        deadline = time.monotonic() + seconds
        pause = FIRST_PAUSE_SECONDS
        for tries_left in range(self._tries - 1, -1, -1):
            left = max(deadline - time.monotonic(), LEAST_SECONDS)
            try:
                answer: Json = self._transport.perform_request(
                    method,
                    path,
                    params=dict(params or {}),
                    body=body,
                    timeout=left / 2 if tries_left else left,
                    headers=headers,
                )
                if isinstance(answer, dict):
                    _check_parts(answer)
            except (opensearchpy.OpenSearchException, opensearchpy.ImproperlyConfigured) as error:
                left = deadline - time.monotonic()
                if not tries_left or left < pause or not _may_pass(error):
                    raise self._named(error, path) from error
                if not isinstance(error, opensearchpy.ConnectionError):
                    time.sleep(pause)
                    pause *= 2
            else:
                return answer
        raise slow(self.where)

    def _named(self, error: Exception, path: str) -> ClusterError:
        if isinstance(error, opensearchpy.ConnectionTimeout):
            return slow(self.where)
        if isinstance(error, opensearchpy.ConnectionError):
            reason = _tls_reason(error)
            return untrusted(self.where, reason) if reason else away(self.where)
        if isinstance(error, opensearchpy.TransportError):
            index = path.split("/")[1]
            fault = Fault.of(int(error.status_code), error.info)
            return fault.as_error(self.where, self._options.index if index[:1] == "_" else index)
        return ClusterError(f"The cluster at {self.where} answers what can't be read.")


def _client(options: ClusterOptions) -> "opensearchpy.OpenSearch":
    is_safe = any(host.startswith("https:") for host in options.hosts)
    if not options.hosts:
        raise ValueError("no host is named")
    settings: dict[str, Any] = {}
    if is_safe:
        settings = {"verify_certs": options.verifies_certificates, "ssl_show_warn": False}
        if not options.verifies_certificates:
            settings["ssl_assert_hostname"] = False
        if options.ca_file:
            ssl.create_default_context(cafile=options.ca_file)  # an OSError where it is none
            settings["ca_certs"] = str(options.ca_file)
    if options.username:
        settings["http_auth"] = (options.username, options.password)
    return opensearchpy.OpenSearch(
        hosts=list(options.hosts),
        timeout=options.timeout_ms / 1000,
        max_retries=0,
        retry_on_timeout=True,
        retry_on_status=(),
        dead_timeout=RESTING_SECONDS,
        pool_maxsize=CONNECTIONS_PER_NODE,
        **settings,
    )


def _check_parts(answer: Json) -> None:
    """Raises for the first refusal in an answer what would be raised if that were all."""
    for part in (*answer.get("responses", ()), *answer.get("docs", ())):
        if "error" in part:
            raise opensearchpy.TransportError(part.get("status", _OF_A_DOCUMENT), "", part)


def _may_pass(error: Exception) -> bool:
    """Whether another node, or the same a moment later, may do better."""
    if isinstance(error, opensearchpy.ConnectionError):
        return not _tls_reason(error)
    if isinstance(error, opensearchpy.TransportError):
        return Fault.of(int(error.status_code), error.info).may_pass
    return False


def _tls_reason(error: "opensearchpy.ConnectionError") -> str:
    """Why no safe connection came about; empty where something else is wrong."""
    cause: BaseException | None = error.info if isinstance(error.info, BaseException) else None
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return str(getattr(cause, "verify_message", "") or cause.reason or "TLS fails")
        cause = cause.__cause__ or cause.__context__
    return "TLS fails" if isinstance(error, opensearchpy.SSLError) else ""


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).rstrip(".")


def _shown(host: str) -> str:
    """An address without a name and password in it."""
    parts = urlsplit(host)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.scheme else host
