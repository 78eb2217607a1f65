"""Answers are worked out one after the other, whichever thread has the request.

Python runs one thread at a time. Threads that compute side by side hand it to and fro in the middle
of their answers, and all of them end later than if they had waited for each other: so eight clients
got a third fewer answers a second (`bench/serve.py`).
"""

import threading
from typing import Final

from flask import Flask, g, request

SHORT_METHODS: Final = frozenset({"GET", "HEAD"})
"""What is asked with these takes milliseconds. A text to find related posts for may take seconds,
and goes on beside the others."""


def take_turns(app: Flask) -> None:
    """Has short requests of this app wait for their turn, after what was registered before."""
    turn = threading.Lock()

    def wait() -> None:
        if request.method in SHORT_METHODS:
            turn.acquire()
            g.has_turn = True

    def leave(_error: BaseException | None) -> None:
        if g.pop("has_turn", False):
            turn.release()

    app.before_request(wait)
    app.teardown_request(leave)
