"""The application in a process that does nothing but serve it."""

import gc
import signal
import threading
import time
from typing import Final

from flask import Flask

from search.service.app import create_app
from search.service.state import ServiceState, state_of

COLLECTOR_THRESHOLDS: Final = (2_000, 100, 100)
"""New objects before a collection of the youngest, then collections of each age before one of the
next. Answers make few objects that need collecting, and what is kept for the next answers would be
looked through in vain, for a twentieth of a second at a time, in the middle of an answer."""


FOLLOWING_SECONDS: Final = 0.1
"""How often is looked for a new generation: more often than requests would look themselves, so that
none of them has to open it first."""


def create_worker_app() -> Flask:
    """The application of one of the processes of `signpost serve`."""
    _leave_interrupts_to_server()
    app = create_app()
    state = state_of(app)
    state.generation()  # opened before the first request comes
    calm_garbage_collector()
    threading.Thread(target=_follow, args=(state,), name="following", daemon=True).start()
    return app


def _follow(state: ServiceState) -> None:
    """Opens what is published whenever that is another generation, while requests are answered."""
    while True:
        state.generation()
        time.sleep(FOLLOWING_SECONDS)


def _leave_interrupts_to_server() -> None:
    """Lets Ctrl-C, which all processes of a terminal get, be the server's to pass on.

    A worker that is told to end twice, by Ctrl-C and then by the server, may wait for itself.
    Threads that are started later leave it alone, too.
    """
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


def calm_garbage_collector() -> None:
    """Tells the collector to leave alone what is loaded by now, and to come by seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)
