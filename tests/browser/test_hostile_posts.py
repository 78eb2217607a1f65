"""Posts and queries full of markup that wants to run: nothing of it does, even without a policy.

The browser is told to ignore the Content-Security-Policy, which would stop most of this too: what is
tried here is that everything is escaped where it is written.
"""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from index.build import build_index
from search.service import create_app
from search.settings import load_settings
from tests.browser.conftest import serving

RUN: Final = "window.pwned=1"
CODED_RUN: Final = "".join(f"&#{ord(letter)};" for letter in RUN)

WAYS_OUT: Final = (
    "",
    '">',
    "'>",
    "</title>",
    "</script>",
    "</style>",
    "-->",
    "</textarea>",
    "`>",
    "]]>",
)
"""What may end the place that the text stands in."""

CARRIERS: Final = (
    f"<script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<script\n>{RUN}</script\n>",
    f"<script/x>{RUN}</script>",
    f"<<script>{RUN}//<</script>",
    f"<img src=x onerror={RUN}>",
    f"<img src=x onerror={CODED_RUN}>",
    f"<img/src=x/onerror={RUN}//",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<math><mtext></mtext><mglyph><style><img src=x onerror={RUN}></style></mglyph></math>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src=javascript:parent.{RUN}></iframe>",
    f"<object data=javascript:parent.{RUN}></object>",
    f"<embed src=javascript:parent.{RUN}>",
    f"<form action=javascript:{RUN}><button autofocus>go</button></form>",
    f"<a href=javascript:{RUN}>x</a>",
    f"<a href='java\tscript:{RUN}'>x</a>",
    f"<a href='&#106;avascript:{RUN}'>x</a>",
    f"[x](javascript:{RUN})",
    f"[x](JaVaScRiPt&colon;{RUN})",
    f"![x](x){{onerror={RUN}}}",
    f'![x](x "\' onerror={RUN} ")',
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<base href='javascript:{RUN}//'>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<template><img src=x onerror={RUN}></template>",
    f"<xmp><img title='</xmp><img src=x onerror={RUN}>'>",
    f"<style>*{{animation:x}}@keyframes x{{}}</style><p onanimationstart={RUN}>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"<signpost-search placeholder='\"><img src=x onerror={RUN}>'></signpost-search>",
    f"<mark><img src=x onerror={RUN}></mark>",
)  # fmt: skip
PAYLOADS: Final = [f"{out}{carrier}" for out, carrier in itertools.product(WAYS_OUT, CARRIERS)]

ADDRESSES_THAT_RUN: Final = """
() => [...document.querySelectorAll("*")].flatMap((element) => [...element.attributes]
  .filter((attribute) => attribute.name.startsWith("on")
    || /^[\\s\\0-\\x1f]*(javascript|vbscript|data:text)/i.test(attribute.value))
  .map((attribute) => element.outerHTML.slice(0, 300)))
"""


def posts() -> Iterator[tuple[str, str]]:
    """A post for each payload, which is in every field and in the body, in all kinds of places."""
    for number, payload in enumerate(PAYLOADS):
        fields = {
            "title": f"Wreck {number} {payload}",
            "path": f"/wreck/{number}/{payload}",
            "summary": f"Salvage {payload}",
            "tags": [f"tag{number % 7} {payload}"],
            "categories": [f"Kind {number % 5} {payload}"],
            "authors": [f"Diver {payload}"],
            "image": payload if number % 2 else f"javascript:{RUN}//{payload}",
            "aliases": [f"/old/{payload}"],
            "series": f"Series {payload}",
            "date": "2024-01-02",
            "lang": "en",
        }
        body = f"Wreck {payload}\n\n## Salvage {payload}\n\n`{payload}`\n\n```\n{payload}\n```\n\n"
        link = quote(payload, safe="")
        yield f"{number}.md", f"{json.dumps(fields)}\n\n{body}[{payload}](/wreck/{link})\n"


@pytest.fixture(scope="module")
def wrecks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of such posts, served."""
    folder: Path = tmp_path_factory.mktemp("wrecks")
    (folder / "content").mkdir()
    for name, text in posts():
        (folder / "content" / name).write_text(text, encoding="utf-8")
    report = build_index(folder / "content", folder / "index")
    assert report.posts == len(PAYLOADS)
    overrides = {"index": {"dir": str(folder / "index")}, "service": {"rate_limit": ""}}
    with serving(create_app(load_settings(overrides=overrides, environ={}))) as origin:
        yield origin


@pytest.fixture
def unguarded(browser: Browser, wrecks: str) -> Iterator[Page]:
    """A page whose browser does not mind the policy; a dialog would fail the test too."""
    context = browser.new_context(base_url=wrecks, bypass_csp=True)
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    yield page
    context.close()


def assert_nothing_ran(page: Page, where: str) -> None:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("window.pwned") is None, where
    assert page.evaluate(ADDRESSES_THAT_RUN) == [], where


def test_the_browser_would_run_what_is_not_escaped(unguarded: Page) -> None:
    """That the test can fail: most of the payloads run where they are written as they are."""
    ran = 0
    unguarded.goto("/static/site.css")
    for carrier in CARRIERS[:14]:
        unguarded.set_content(f"<p>{carrier}</p>")
        unguarded.wait_for_timeout(30)
        ran += bool(unguarded.evaluate("window.pwned"))
        unguarded.evaluate("delete window.pwned")
    assert ran >= 8


def test_posts_run_nothing_on_their_pages(unguarded: Page) -> None:
    for number in range(0, len(PAYLOADS), 2):
        answer = unguarded.request.get(f"/api/v1/search?q=title:%22wreck+{number}%22&limit=50")
        paths = [hit["path"] for hit in answer.json()["hits"]]
        [path] = [path for path in paths if path.startswith(f"/wreck/{number}/")]
        unguarded.goto(quote(path, safe="/"))
        expect(unguarded.locator("h1")).to_contain_text(f"Wreck {number}")
        assert_nothing_ran(unguarded, f"the page of {PAYLOADS[number]!r}")


def test_posts_run_nothing_in_results(unguarded: Page) -> None:
    unguarded.goto("/")
    assert_nothing_ran(unguarded, "the home page")
    for number in range(1, 1 + len(PAYLOADS) // 10):
        unguarded.goto(f"/search?q=salvage&page={number}")
        assert_nothing_ran(unguarded, f"page {number} of the results")


def test_queries_run_nothing_on_the_results_page(unguarded: Page) -> None:
    for payload in PAYLOADS[::2]:
        unguarded.goto(f"/search?q={quote(payload)}&tag={quote(payload)}&sort={quote(payload)}")
        assert_nothing_ran(unguarded, f"results for {payload!r}")


def test_queries_and_posts_run_nothing_in_the_widgets(unguarded: Page) -> None:
    unguarded.goto("/search?q=")
    box = unguarded.get_by_role("combobox").first
    for payload in PAYLOADS[1::9]:
        with unguarded.expect_response(lambda answer: "/api/v1/" in answer.url):
            box.fill(f"salvage {payload}")
        assert_nothing_ran(unguarded, f"the box with {payload!r}")
        assert unguarded.evaluate(
            "() => [...document.querySelectorAll('signpost-search')].every((box) =>"
            " !box.shadowRoot.querySelector('script, iframe, img[onerror], [onload], [href^=javascript i]'))"
        )
