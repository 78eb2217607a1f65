"""The HTTP server that `signpost serve` runs."""

import errno
import logging
import socket
import sys
from typing import Final

import click
from granian import Granian
from granian.constants import Interfaces

from index.errors import IndexNotFoundError, IndexUnavailableError
from index.generation import current_name
from search.errors import ListeningError
from search.settings import Settings

MAX_REQUESTS_AT_ONCE: Final = 8
"""How many requests a worker works on at a time; more wait. Answers are short and Python runs one
thread at a time, so that more threads would only get in each other's way."""

WORKER_END_SECONDS: Final = 3
"""How long a worker may take to end before it is killed: one that gets Ctrl-C together with the
server may never do so by itself. Answers take milliseconds, and nothing is written."""


def run_server(settings: Settings) -> None:
    """Serves until interrupted; its log goes to standard error. Raises ListeningError."""
    service = settings.service
    address = free_address(service.host, service.port)
    try:
        current_name(settings.index.dir)
    except IndexNotFoundError as error:
        click.echo(f"signpost: {error} Until then, every answer is 503.", err=True)
    except IndexUnavailableError:
        pass  # another generation may stand in; the log of each worker will say so
    host = f"[{service.host}]" if ":" in service.host else service.host
    click.echo(f"Signpost is at http://{host}:{service.port}/ (Ctrl+C ends it)")
    sys.stdout.flush()
    logging.getLogger("_granian").setLevel(logging.WARNING)
    Granian(
        "search.service.worker:create_worker_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=address,
        port=service.port,
        workers=service.workers,
        backpressure=MAX_REQUESTS_AT_ONCE,
        websockets=False,
        workers_kill_timeout=WORKER_END_SECONDS,
    ).serve()


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
