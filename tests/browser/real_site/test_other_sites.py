"""The widgets on pages of another site, and with a server that is slow or gone."""

import re
from collections.abc import Callable
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.real_site.conftest import Site
from tests.test_server import Served

NOT_ANSWERING = "Search is not answering right now. Enter opens the results page."

ARTICLE = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>An article</title>
<link rel="canonical" href="https://cilium.io/blog/2019/08/20/cilium-16/">
<link rel="icon" href="data:,">
<script type="module" src="{module}/signpost.js"></script><main><h1>An article</h1>
<signpost-search endpoint="{service}">
<form action="{service}/search"><input name="q" aria-label="Words"><button>Search</button></form>
</signpost-search>
<signpost-related endpoint="{service}" limit="3"></signpost-related></main></html>"""


def _open_article(page: Page, site: Site, service: str, module: str) -> None:
    """Opens a page with both widgets, whose policy allows these two and the site's pictures."""
    site.article = ARTICLE.format(service=service, module=module)
    allowed = " ".join(sorted({service, urljoin(module, "/").rstrip("/")}))
    site.policy = (
        f"default-src 'none'; script-src {allowed}; connect-src {allowed}; img-src 'self' data:; "
        f"form-action {service}; base-uri 'none'"
    )
    page.goto(f"{site.origin}/article")


def test_on_a_listed_site_both_widgets_work_under_a_strict_policy(
    page: Page, server: str, friend: Site, complaints: list[str]
) -> None:
    _open_article(page, friend, server, f"{server}/static")
    related = page.locator("signpost-related")
    expect(related.get_by_role("listitem")).to_have_count(3)
    expect(related.get_by_role("listitem").first).to_contain_text("Cilium 1.")
    box = page.get_by_role("combobox")
    box.press_sequentially("kube-proxy removal")
    option = page.get_by_role("option").first
    expect(option.locator("mark").first).to_be_visible()
    page.locator("signpost-search summary").click()
    page.get_by_role("group", name="Categories").get_by_role("button").first.click()
    expect(page.get_by_role("status")).to_contain_text("Filtered by")
    assert page.locator("[part=panel]").evaluate("node => getComputedStyle(node).position") == (
        "absolute"
    )
    assert [said for said in complaints if "404" not in said] == []  # the site has no pictures
    box.press("Enter")
    expect(page).to_have_url(re.compile(rf"^{server}/search\?q=kube-proxy\+removal&category="))


def test_where_the_module_may_not_be_loaded_the_plain_form_searches(
    page: Page, server: str, stranger: Site, complaints: list[str]
) -> None:
    _open_article(page, stranger, server, f"{server}/static")
    page.get_by_role("textbox", name="Words").fill("hubble relay")
    expect(page.get_by_role("combobox")).to_have_count(0)
    assert any("Access-Control-Allow-Origin" in said for said in complaints)
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(f"{server}/search?q=hubble+relay")
    expect(page.locator(".hit").first).to_contain_text("Hubble")


def test_where_answers_may_not_be_read_the_box_says_so_and_its_form_searches(
    page: Page, server: str, stranger: Site
) -> None:
    _open_article(page, stranger, server, stranger.origin)
    box = page.get_by_role("combobox")
    box.press_sequentially("hubble relay")
    expect(page.locator("[part=note]")).to_have_text(NOT_ANSWERING)
    expect(page.get_by_role("listitem")).to_have_count(0)
    box.press("Enter")
    expect(page).to_have_url(f"{server}/search?q=hubble+relay")
    expect(page.locator(".hit").first).to_contain_text("Hubble")


def test_a_slow_server_is_named_until_it_answers(page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/v1/search?*", lambda route: held.append(route))  # noqa: PLW0108
    page.goto("/")
    box = page.get_by_role("combobox")
    box.fill("hubble relay")
    note = page.locator("[part=note]")
    expect(note).to_have_text("Search is slow to answer. Enter opens the results page.")
    expect(page.get_by_role("status")).to_contain_text("Search is slow to answer.")
    for route in held:
        route.continue_()
    expect(page.get_by_role("option").first).to_contain_text("Hubble")
    expect(note).to_have_count(0)


@pytest.fixture
def dying(serve: Callable[[], Served]) -> Served:
    """A server of this test's own, to be killed."""
    return serve()


def test_a_server_that_dies_is_told_and_the_form_still_submits(page: Page, dying: Served) -> None:
    origin = f"http://127.0.0.1:{dying.port}"
    page.goto(f"{origin}/")
    box = page.get_by_role("combobox")
    box.press_sequentially("hubble")
    page.get_by_role("option").first.wait_for()
    assert dying.end() == 0, dying.said
    box.press_sequentially(" relay")
    expect(page.locator("[part=note]")).to_have_text(NOT_ANSWERING)
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text(NOT_ANSWERING)
    link = page.get_by_role("link", name="Open the results page")
    expect(link).to_have_attribute("href", f"{origin}/search?q=hubble+relay")
    with page.expect_request(f"{origin}/search?q=hubble+relay") as asked:
        box.press("Enter")
    assert asked.value.is_navigation_request()
