"""What the service holds from one request to the next: its settings, and an engine to ask."""

import logging
import threading
import time
from contextlib import suppress
from typing import Final

from flask import Flask, current_app

from index.errors import IndexUnavailableError
from search.chosen_engine import engine_source_of
from search.cluster_source import Tell
from search.engine import Engine
from search.settings import Settings

OPENING_PAUSE_SECONDS: Final = 1.0
"""How long a failed opening is left alone: a first build is noticed about this soon, and requests
without an index cost next to nothing until then."""

_EXTENSION = "signpost"
_log = logging.getLogger(__name__)


class ServiceState:
    """The settings, and the engine once there is an index; safe to use from many threads.

    The engine is opened here for the first time only. An open engine moves on to newer
    generations by itself. `tell` is given errors of a cluster that no request meets. Raises
    SettingsError where the cluster's password can't be read.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine | None = None,
        tell: Tell = lambda _error: None,
    ) -> None:
        self.settings = settings
        self._engine = engine
        self._source = engine_source_of(settings) if engine is None else None
        self._tell = tell
        self._opening = threading.Lock()
        self._tried_at = -OPENING_PAUSE_SECONDS
        self._reason = "The index is being opened; ask again in a second."

    def engine(self) -> Engine:
        """The engine; IndexUnavailableError, with the reason for the owner, while there is none."""
        if self._engine is None and self._opening.acquire(blocking=False):
            try:
                self._open()
            finally:
                self._opening.release()
        if self._engine is None:
            raise IndexUnavailableError(self._reason)
        return self._engine

    def generation(self) -> str | None:
        """The generation that answers; None while there is none."""
        try:
            return self.engine().status().generation
        except IndexUnavailableError:
            return None

    def move_on(self) -> None:
        """Opens what is published, where that is not what answers already."""
        with suppress(IndexUnavailableError):
            self.engine().move_on()

    def _open(self) -> None:
        """Tries to open the index, unless that was tried a moment ago."""
        if self._engine is not None or self._source is None:
            return
        if time.monotonic() - self._tried_at < OPENING_PAUSE_SECONDS:
            return
        try:
            self._engine = self._source.open(self._tell)
        except IndexUnavailableError as error:
            self._tell(error)
            if str(error) != self._reason:
                _log.warning("Waiting for an index: %s", error)
            self._reason = str(error)
        finally:
            self._tried_at = time.monotonic()


def attach_state(app: Flask, state: ServiceState) -> None:
    """Lets requests of this app reach the state."""
    app.extensions[_EXTENSION] = state


def state_of(app: Flask) -> ServiceState:
    """What was attached to this app."""
    state: ServiceState = app.extensions[_EXTENSION]
    return state


def get_state() -> ServiceState:
    """The state of the app that answers this request."""
    return state_of(current_app)


def get_engine() -> Engine:
    """The engine to ask; IndexUnavailableError (answered with 503) while there is none."""
    return get_state().engine()


def get_settings() -> Settings:
    """The settings of the app that answers this request."""
    return get_state().settings
