"""The HTTP server that `signpost serve` runs."""

import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Final

import click
from granian import Granian
from granian.constants import Interfaces

from index.errors import ClusterError, IndexNotFoundError, IndexUnavailableError
from index.generation import current_name
from search.chosen_engine import check_cluster
from search.errors import ListeningError, SettingsError
from search.logs import log_config
from search.settings import Settings, load_settings

MAX_CONNECTIONS: Final = 800
"""How many connections a worker has at a time; more wait. Browsers and proxies keep theirs open
between requests, so that most of them want nothing. Systems let a process open 1,024 files."""

THREADS: Final = 4
"""How many requests a worker works on at a time: one is answered, and others may be waiting for
bodies that come slowly."""

WORKER_END_SECONDS: Final = 10
"""How long a worker may take to end before it is killed: one that gets Ctrl-C together with the
server may never do so by itself. What is being answered is finished first; that takes milliseconds,
or some seconds for a long text of which related posts are wanted."""

METRICS_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus-client looks for the folder in which all workers keep what they count."""

_log = logging.getLogger(__name__)


def run_server(settings: Settings) -> None:
    """Serves until interrupted; its log goes to standard error. Raises ListeningError.

    SIGTERM ends it once what is being answered has been. SIGHUP makes it read its settings anew,
    all but where it listens and how many workers there are. A worker that was killed is replaced.
    """
    service = settings.service
    address = free_address(service.host, service.port)
    if not settings.engine.is_cluster:
        _tell_of_missing_index(settings.index.dir)
    host = f"[{service.host}]" if ":" in service.host else service.host
    click.echo(f"Signpost is at http://{host}:{service.port}/ (Ctrl+C ends it)")
    sys.stdout.flush()
    server = Granian(
        "search.service.worker:create_worker_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=address,
        port=service.port,
        workers=service.workers,
        backpressure=MAX_CONNECTIONS,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=WORKER_END_SECONDS,
        log_dictconfig=log_config(service.log_format),
    )
    server.on_startup(lambda: _check_settings_on_reload(server.signal_handler_reload))
    with TemporaryDirectory(prefix="signpost-metrics-") as counts:
        os.environ.setdefault(METRICS_VARIABLE, counts)
        server.serve()


def _tell_of_missing_index(index_dir: Path) -> None:
    try:
        current_name(index_dir)
    except IndexNotFoundError as error:
        click.echo(f"signpost: {error} Until then, every answer is 503.", err=True)
    except IndexUnavailableError:
        pass  # another generation may stand in; the log of each worker will say so


def _check_settings_on_reload(reload: Callable[[], None]) -> None:
    """Sees to it that SIGHUP leads to a `reload` only where the settings are understood.

    With settings that are wrong no new worker could start: they are told, and all goes on as it is.
    """

    def reload_if_understood(_signal: int, _frame: FrameType | None) -> None:
        try:
            check_cluster(load_settings())
        except (SettingsError, ClusterError) as error:
            _log.error("The settings are not taken up, and those before stay: %s", error)
        else:
            reload()

    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, reload_if_understood)


def free_address(host: str, port: int) -> str:
    """The IP address of `host`, once it is sure that nothing else listens there.

    The server itself would share the port with another one, and readers would be answered by
    either. Raises ListeningError.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise ListeningError(_explain(error, host, port)) from error
    return str(address[0])


def _explain(error: OSError, host: str, port: int) -> str:
    """What to tell the owner when an address can't be had."""
    if error.errno == errno.EADDRINUSE:
        return f"Something listens at {host}, port {port}, already. End it, or choose --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this user has. Choose one from 1024 up: --port."
    return f"{host} is no address of this machine ({error.strerror}). Choose another: --host."
