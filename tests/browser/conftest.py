"""A real server over a small harbor's posts, and a real browser in front of it."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from index.build import build_index
from search.service import create_app
from search.settings import load_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PAYLOAD = (
    """<script>window.pwned = 1</script><img src="/static/favicon.svg" onload="window.pwned = 2">"""
)

POSTS = {
    "keel.md": """\
---
path: /keel
title: A keel on dry land
date: 2020-05-01
---
![A keel, seen from below](pictures/renamed-by-the-generator.png)

Oak, and a good deal of it.
""",
    "tides.md": """\
---
path: /harbor/tides
title: Reading the tide tables
date: 2024-03-05
tags: [Tides, Navigation]
categories: [Seamanship]
authors: [Mara Lind]
summary: What the columns of a tide table say, and how to plan a passage by them.
image: /static/covers/guide.svg
aliases: [/old/tides]
---
A tide table lists high and low water for one port.

## High water

The moon pulls, and the harbor fills twice a day.

## Low water

At low water the sandbank off the pier falls dry, and the keel touches ground.

## Springs and neaps

Around new and full moon the range is largest.

## Clearance

Add the charted depth to the height of the tide.
""",
    "lanterns.md": """\
---
path: /harbor/lanterns
title: Lanterns along the pier
date: 2023-10-21
tags: [Navigation, Lights]
categories: [Seamanship]
authors: [Jon Berg]
---
Each lantern on the pier blinks in a rhythm of its own, so that a skipper knows the harbor at night.
""",
    "ropes.md": """\
---
path: /workshop/ropes
title: Splicing a mooring rope
date: 2024-06-11
tags: [Ropes]
categories: [Workshop]
authors: [Mara Lind]
---
A spliced rope keeps its strength; a knotted mooring rope loses half of it.

## An eye splice

Unlay three strands and tuck each of them five times.
""",
    "elsewhere.md": """\
---
path: /talks/lighthouse
title: A talk about the lighthouse
date: 2022-01-15
external_url: https://talks.example/lighthouse
summary: An hour on how the old lighthouse was kept.
tags: [Lights]
categories: [Talks]
---
""",
    "hostile.md": f"""\
---
path: /hostile
title: 'Barnacle {PAYLOAD}'
date: 2021-01-01
tags: ['Hull {PAYLOAD}']
categories: [Workshop]
summary: 'Scraping {PAYLOAD}'
---
Barnacle by barnacle {PAYLOAD} the hull gets clean. [Run](javascript:window.pwned=3)

## Scraper {PAYLOAD}

A barnacle scraper with a long handle.
""",
    "hostile-link.md": """\
---
path: /hostile-link
title: A barnacle that points elsewhere
date: 2021-01-02
external_url: 'javascript:window.pwned=4'
image: 'javascript:window.pwned=5'
categories: [Workshop]
---
""",
}

LOGBOOK = {
    f"log-{day:02}.md": f"""\
---
path: /log/{day:02}
title: Logbook, day {day}
date: 2020-05-{day:02}
tags: [Logbook]
categories: [Logbook]
---
Wind from the west, force {day % 6 + 1}. The ferry came in on time and the gulls followed it.
"""
    for day in range(1, 24)
}

FOREIGN_PAGE = """\
<!doctype html><html lang="en"><title>Another site</title>
<link rel="canonical" href="https://harbor.example/harbor/tides/">
<script type="module" src="{module}"></script>
<main><h1>Another site</h1>
<signpost-search></signpost-search>
<signpost-related heading="Read on" limit="2"></signpost-related></main></html>
"""


class _ForeignSite(BaseHTTPRequestHandler):
    """A page of another origin that uses the widgets."""

    module: ClassVar[str] = ""

    def do_GET(self) -> None:
        body = FOREIGN_PAGE.format(module=type(self).module).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base's name
        """Quiet: the tests read the page, not a log."""


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("harbor")
    content = root / "content"
    content.mkdir()
    for name, text in {**POSTS, **LOGBOOK}.items():
        (content / name).write_text(text, encoding="utf-8")
    build_index(content, root / "index")
    return root / "index"


@pytest.fixture(scope="session")
def make_app(index_dir: Path) -> Callable[..., Flask]:
    def make(*, origins: tuple[str, ...] = ()) -> Flask:
        overrides = {
            "site": {"title": "Harbor notes", "base_url": ""},
            "index": {"dir": str(index_dir)},
            "service": {"origins": list(origins), "rate_limit": ""},
        }
        return create_app(load_settings(overrides=overrides, environ={}))

    return make


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The app behind a real socket; gives its origin."""

    def buffered(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        # Werkzeug's server forgets to close a file that the browser stops reading half-way.
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            getattr(body, "close", lambda: None)()

    server = make_server("127.0.0.1", 0, buffered, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def server(make_app: Callable[..., Flask]) -> Iterator[str]:
    with serving(make_app()) as origin:
        yield origin


@pytest.fixture
def foreign_site(make_app: Callable[..., Flask]) -> Iterator[Callable[[bool], str]]:
    """Starts a site of another origin that uses the widgets, on Signpost's list or off it."""
    with ExitStack() as stack:

        def start(is_listed: bool) -> str:
            site = ThreadingHTTPServer(("127.0.0.1", 0), _ForeignSite)
            stack.callback(site.server_close)
            thread = threading.Thread(target=site.serve_forever)
            thread.start()
            stack.callback(thread.join)
            stack.callback(site.shutdown)
            origin = f"http://127.0.0.1:{site.server_port}"
            origins = (origin if is_listed else "https://friend.example",)
            signpost = stack.enter_context(serving(make_app(origins=origins)))
            _ForeignSite.module = f"{signpost}/static/signpost.js"
            return origin

        yield start


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not executable:
        pytest.skip("no Chromium here: install one, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def plain_page(browser: Browser, server: str) -> Iterator[Page]:
    """A page in a browser with JavaScript turned off."""
    context = browser.new_context(base_url=server, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains about while the test runs: errors, CSP, exceptions."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
"""What a careful site sends: nothing inline, neither scripts nor styles."""


def widget_page(body: str, attributes: str = 'lang="en"') -> str:
    """A page that uses the widgets, with `attributes` on its root element."""
    return (
        f"<!doctype html><html {attributes}><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'><title>A page with widgets</title>"
        "<script type='module' src='/static/signpost.js'></script></head>"
        f"<body><main><h1>A page with widgets</h1>{body}</main></body></html>"
    )


@pytest.fixture
def show(page: Page, complaints: list[str]) -> Iterator[Callable[..., None]]:
    """Opens a page of Signpost's own origin, under a strict policy, that has this in its body.

    What the browser complains about, such as a breach of the policy, fails the test at its end,
    unless the test has taken it out of `complaints`.
    """

    def open_page(body: str, attributes: str = 'lang="en"') -> None:
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": STRICT_POLICY,
        }
        html = widget_page(body, attributes)
        page.route("**/widgets.html", lambda route: route.fulfill(body=html, headers=headers))
        page.goto("/widgets.html")

    yield open_page
    assert complaints == []
