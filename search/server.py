"""The HTTP server that `signpost serve` runs."""

import logging
import sys
from typing import Final

import click
from granian import Granian
from granian.constants import Interfaces

from index.errors import IndexUnavailableError
from index.generation import current_name
from search.settings import Settings

MAX_REQUESTS_AT_ONCE: Final = 8
"""How many requests a worker works on at a time; more wait. Answers are short and Python runs one
thread at a time, so that more threads would only get in each other's way."""


def run_server(settings: Settings) -> None:
    """Serves until interrupted; its log goes to standard error."""
    service = settings.service
    try:
        current_name(settings.index.dir)
    except IndexUnavailableError as error:
        click.echo(f"signpost: {error} Until then, every answer is 503.", err=True)
    host = f"[{service.host}]" if ":" in service.host else service.host
    click.echo(f"Signpost is at http://{host}:{service.port}/ (Ctrl+C ends it)")
    sys.stdout.flush()
    logging.getLogger("_granian").setLevel(logging.WARNING)
    Granian(
        "search.service:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=service.host,
        port=service.port,
        workers=service.workers,
        backpressure=MAX_REQUESTS_AT_ONCE,
        websockets=False,
    ).serve()
