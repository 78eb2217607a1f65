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
"""How often is looked for a new generation: sooner than any request would do so itself, so that
none of them has to open it first."""

FOLLOWING_CLUSTER_SECONDS: Final = 0.5
"""The same for a cluster, which is asked over the network by all workers."""


def create_worker_app() -> Flask:
    """The application of one of the processes of `signpost serve`."""
    _take_signals_aside()
    app = create_app()
    calm_garbage_collector()
    state = state_of(app)
    pause = FOLLOWING_SECONDS
    if state.settings.engine.is_cluster:
        pause = FOLLOWING_CLUSTER_SECONDS
    threading.Thread(target=_follow, args=(state, pause), name="following", daemon=True).start()
    return app


def _follow(state: ServiceState, pause_seconds: float) -> None:
    """Opens what is published whenever that is another generation, while requests are answered."""
    while True:
        state.move_on()
        time.sleep(pause_seconds)


def _take_signals_aside() -> None:
    """Leaves Ctrl-C to the server, and has a thread wait for the server to end this process.

    All processes of a terminal get Ctrl-C, and a worker that is then told again by the server may
    wait for itself. Its main thread, which would have to wake up for being told, sometimes sleeps
    on. Threads that are started later leave both signals alone, too.
    """
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
        threading.Thread(target=_pass_termination_on, name="termination", daemon=True).start()


def _pass_termination_on() -> None:
    """Calls what the server has set for SIGTERM, as often as that comes."""
    while True:
        told = signal.sigwait([signal.SIGTERM])
        handler = signal.getsignal(told)
        if callable(handler):
            handler(told, None)


def calm_garbage_collector() -> None:
    """Tells the collector to leave alone what is loaded by now, and to come by seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)
