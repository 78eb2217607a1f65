"""The Cilium blog behind `signpost serve`, and other sites that use its widgets."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.test_server import Served

STATIC = Path(__file__).resolve().parents[3] / "search/service/static"

SETTINGS = """\
[site]
title = "Cilium blog"

[service]
origins = ["{friend}"]
rate_limit = ""
"""


class Site:
    """A site of another origin: one article, and a copy of the widgets."""

    def __init__(self) -> None:
        self.article = ""
        self.policy = ""
        site = self

        class Handler(SimpleHTTPRequestHandler):
            def __init__(self, *given: object) -> None:
                super().__init__(*given, directory=str(STATIC))  # type: ignore[arg-type]

            def do_GET(self) -> None:
                if self.path != "/article":
                    super().do_GET()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(site.article.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base's
                """Quiet: the tests read the page, not a log."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


@pytest.fixture(scope="session")
def friend() -> Iterator[Site]:
    """A site that may use the widgets."""
    site = Site()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def stranger() -> Iterator[Site]:
    """A site that may not."""
    site = Site()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def serve(
    cilium: Path, friend: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Served]]:
    """Starts a server over the Cilium posts; all of them end with the tests."""
    with ExitStack() as stack:

        def start() -> Served:
            folder = tmp_path_factory.mktemp("served")
            (folder / "index").symlink_to(cilium)
            settings = SETTINGS.format(friend=friend.origin)
            (folder / "signpost.toml").write_text(settings, encoding="utf-8")
            served = Served(folder)
            stack.callback(served.stop)
            served.read_until("Started worker")
            served.ask("/readyz")
            return served

        yield start


@pytest.fixture(scope="session")
def server(serve: Callable[[], Served]) -> str:
    """In place of the small harbor's: what this folder's tests open comes from here."""
    return f"http://127.0.0.1:{serve().port}"
