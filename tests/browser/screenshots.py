"""The pictures of the README, taken of the guide as it is served: `python -m tests.browser.screenshots`.

Writes them into docs/. Needs Chromium, as the tests of this folder do.
"""

import base64
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from index.build import build_index
from tests.browser.conftest import CHROMIUM_ARGUMENTS
from tests.test_server import Served

ROOT: Final = Path(__file__).resolve().parents[2]
SCALE: Final = 1.6
QUALITY: Final = 78

CARDS: Final = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>A post</title>
<link rel="stylesheet" href="/static/site.css"><link rel="stylesheet" href="/cards.css">
<script type="module" src="/static/signpost.js"></script>
<main><signpost-related path="/guide/search-box-widget" layout="cards" limit="4"
heading="Read next"></signpost-related></main></html>"""

CARDS_STYLE: Final = """\
signpost-related { --signpost-link: var(--ink); --signpost-muted: var(--soft); }
signpost-related::part(heading) { font-family: var(--serif); }
signpost-related::part(item) { background: var(--surface); }
signpost-related::part(link) { text-decoration: none; }"""


class Picture(NamedTuple):
    """A file, how to come to what it shows, and how much of the window is seen."""

    name: str
    width: int
    height: int
    show: Callable[[Page], None]


def _search_box(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("speling mistake")
    page.get_by_role("option").first.wait_for()
    page.locator("signpost-search summary").click()
    page.get_by_role("combobox").press("End")
    page.get_by_role("combobox").press("ArrowDown")


def _results(page: Page) -> None:
    page.goto("/search?q=related+posts+reasons&tag=Related+posts")
    page.locator("[part=input]").wait_for()


def _cards(page: Page) -> None:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    page.route("**/cards", lambda route: route.fulfill(body=CARDS, headers=headers))
    page.route(
        "**/cards.css", lambda route: route.fulfill(body=CARDS_STYLE, content_type="text/css")
    )
    page.goto("/cards")
    page.get_by_role("listitem").first.wait_for()
    page.wait_for_load_state("networkidle")


PICTURES: Final = (
    Picture("search-box", 1200, 900, _search_box),
    Picture("results", 1200, 760, _results),
    Picture("related", 1200, 440, _cards),
)


def main() -> None:
    """Takes all pictures."""
    folder = ROOT / "docs"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        build_index(ROOT / "content", Path(scratch) / "index")
        shutil.copy(ROOT / "signpost.toml", scratch)
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=CHROMIUM_ARGUMENTS,
        )
        server = Served(Path(scratch))
        try:
            server.ask("/readyz")
            for picture in PICTURES:
                image = _taken(browser, f"http://127.0.0.1:{server.port}", picture)
                (folder / f"{picture.name}.webp").write_bytes(image)
        finally:
            server.stop()
            browser.close()


def _taken(browser: Browser, origin: str, picture: Picture) -> bytes:
    context = browser.new_context(
        base_url=origin,
        viewport={"width": picture.width, "height": picture.height},
    )
    page = context.new_page()
    picture.show(page)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(200)  # the cards' pictures
    # Playwright itself writes no WebP.
    clip = {"x": 0, "y": 0, "width": picture.width, "height": picture.height, "scale": SCALE}
    shot = context.new_cdp_session(page).send(
        "Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip}
    )
    context.close()
    return base64.b64decode(shot["data"])


if __name__ == "__main__":
    main()
