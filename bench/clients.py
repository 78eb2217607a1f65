"""Clients that ask a server on this machine, each by one connection that it keeps.

A server may close a connection that is kept just when the next request is on its way; browsers and
proxies then ask once more by a new one. So do these clients, and how often is told.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from random import Random
from time import perf_counter
from typing import Final

CLIENTS: Final = 8
TIMEOUT_SECONDS: Final = 10


@dataclass
class Seen:
    """What clients saw: seconds of each answer, and failures.

    `asked_again` counts connections that were closed too early.
    """

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    asked_again: int = 0


class Client:
    """Asks the server at a port by one connection, and notes how that went."""

    def __init__(self, port: int, seen: Seen, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._port = port
        self._seen = seen
        self._timeout_seconds = timeout_seconds
        self._connection = self._connect()

    def ask(self, path: str) -> bytes | None:
        """The body of an answer; None, and noted as failed, where it is no answer."""
        began = perf_counter()
        try:
            status, body = self._answer(path)
        except (OSError, HTTPException) as error:
            self._seen.failed.append(repr(error))
            self._connection = self._connect()
            return None
        self._seen.seconds.append(perf_counter() - began)
        if status != 200:
            self._seen.failed.append(f"{status} for {path}: {body[:200]!r}")
            return None
        return body

    def _answer(self, path: str) -> tuple[int, bytes]:
        is_kept = self._connection.sock is not None
        try:
            self._connection.request("GET", path)
            response = self._connection.getresponse()
        except (RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if not is_kept:
                raise
            self._seen.asked_again += 1
            self._connection = self._connect()
            self._connection.request("GET", path)
            response = self._connection.getresponse()
        return response.status, response.read()

    def _connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self._port, timeout=self._timeout_seconds)


@contextmanager
def asking(
    port: int,
    seen: Seen,
    choose: Callable[[Random], str],
    read: Callable[[str, bytes], None] = lambda _path, _body: None,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Iterator[None]:
    """CLIENTS that ask without a pause for what is chosen, until it is left.

    Addresses and the bodies of their answers are given to `read`, from several threads.
    """
    ended = threading.Event()

    def ask(seed: int) -> None:
        client, chance = Client(port, seen, timeout_seconds), Random(seed)
        while not ended.is_set():
            path = choose(chance)
            body = client.ask(path)
            if body is not None:
                read(path, body)

    clients = [threading.Thread(target=ask, args=(seed,)) for seed in range(CLIENTS)]
    for each in clients:
        each.start()
    try:
        yield
    finally:
        ended.set()
        for each in clients:
            each.join()
