"""Every page and every state of the widgets, for any eyes, any screen, and without a script."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import widget_page

QUERY = "network policy"
POST = "/blog/2020/06/22/cilium-18"

ADDRESSES = {
    "home": "/",
    "results": f"/search?q={QUERY}",
    "narrowed results": f"/search?q={QUERY}&tag=eBPF&category=Technology&sort=newest&page=2",
    "nothing found": "/search?q=xylophone+zebra",
    "a post": POST,
    "the API": "/api/docs",
    "an error": "/blog/kube-proxy-replacemnt",
}

DIALOG = '<signpost-search dialog hotkey="/ ctrl+k"></signpost-search>'
CARDS = f'<signpost-related path="{POST}" layout="cards" limit="6"></signpost-related>'

TWICE_THE_TEXT = """\
document.addEventListener("DOMContentLoaded", () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":root { font-size: 200% }");
  document.adoptedStyleSheets.push(sheet);
});"""

OUT_OF_REACH = """\
() => {
  const inside = (root) =>
    [...root.querySelectorAll("*")].flatMap((node) =>
      node.shadowRoot ? inside(node.shadowRoot) : [node]);
  const all = inside(document.body);
  const isLayer = (node) => node.matches(":modal, [part=panel]:not([hidden])");
  const layer = all.find(isLayer) ?? document.body;
  const isOffered = (node) =>
    node.matches("a[href]:not(.skip), button, input, select, summary, textarea") &&
    (layer === document.body || layer.contains(node)) &&
    node.checkVisibility() && node.getClientRects()[0]?.width > 1;
  return all.filter(isOffered).flatMap((node) => {
    node.scrollIntoView({ behavior: "instant", block: "center", inline: "nearest" });
    const [box] = node.getClientRects();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const hit = node.getRootNode().elementFromPoint(x, y);
    const isReached = hit && (node.contains(hit) || hit.contains(node));
    const isInside = box.left >= 0 && box.right <= innerWidth;
    return isReached && isInside ? [] : [`${node.outerHTML} is under ${hit?.outerHTML}`];
  });
}"""
"""What one could click, in what lies on top, but that is covered or sticks out at a side."""


def _fits(page: Page) -> None:
    """Nothing scrolls sideways, and all that can be clicked is there to be clicked."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == page.evaluate("innerWidth")
    assert page.evaluate(OUT_OF_REACH) == []


def _open_panel(page: Page) -> None:
    page.goto("/search")  # whose header has a link, by which axe knows the one that skips it
    page.get_by_role("combobox").fill(QUERY)
    page.get_by_role("option").first.wait_for()
    page.locator("signpost-search summary").click()
    page.get_by_role("group", name="Tags").get_by_role("button").first.click()
    expect(page.get_by_role("status")).to_contain_text("Filtered")
    page.get_by_role("combobox").press("ArrowDown")


def _open_widgets(page: Page, body: str) -> None:
    html = widget_page(f"{body}<p>Text of the page.</p>").replace(
        "<html", '<html style="color-scheme: light dark; color: CanvasText; background: Canvas"'
    )
    headers = {"Content-Type": "text/html; charset=utf-8"}
    page.route("**/widgets.html", lambda route: route.fulfill(body=html, headers=headers))
    page.goto("/widgets.html")


def _open_dialog(page: Page) -> None:
    _open_widgets(page, DIALOG)
    page.locator("[part=open]").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill(QUERY)
    page.get_by_role("option").first.wait_for()
    page.locator("signpost-search summary").click()


def _open_cards(page: Page) -> None:
    _open_widgets(page, CARDS)
    expect(page.get_by_role("listitem")).to_have_count(6)


STATES = {"panel": _open_panel, "dialog": _open_dialog, "cards": _open_cards}

VIEWS: dict[str, tuple[ViewportSize, float, str]] = {
    "narrow": ({"width": 360, "height": 740}, 3, ""),
    "zoomed to 200 %": ({"width": 640, "height": 400}, 2, ""),
    "with text of 200 %": ({"width": 1280, "height": 800}, 1, TWICE_THE_TEXT),
}


@pytest.fixture(params=VIEWS)
def tight_page(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    viewport, scale, script = VIEWS[request.param]
    context = browser.new_context(base_url=server, viewport=viewport, device_scale_factor=scale)
    if script:
        context.add_init_script(script)
    yield context.new_page()
    context.close()


def test_in_a_tight_window_all_of_every_page_can_be_clicked(tight_page: Page) -> None:
    for address in ADDRESSES.values():
        tight_page.goto(address)
        tight_page.locator("[part=input]").wait_for()
        _fits(tight_page)


def test_in_a_tight_window_all_of_the_box_and_the_cards_can_be_clicked(tight_page: Page) -> None:
    for open_state in STATES.values():
        open_state(tight_page)
        _fits(tight_page)


def test_in_a_narrow_window_a_link_leads_to_the_filters(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"/search?q={QUERY}")
    category = page.get_by_role("region", name="Category")
    expect(category).not_to_be_in_viewport()
    page.get_by_role("link", name="Narrow down").click()
    expect(category).to_be_in_viewport()
    context.close()


def test_without_javascript_forms_and_links_do_it_all(plain_page: Page) -> None:
    page = plain_page
    page.goto("/")
    page.get_by_role("searchbox").fill(QUERY)
    page.get_by_role("searchbox").press("Enter")
    tally = page.locator(".tally")
    expect(tally).to_contain_text("page 1 of")
    expect(page.locator(".hit mark").first).to_be_visible()
    narrow = page.get_by_role("complementary", name="Narrow down")
    tag = narrow.get_by_role("region", name="Tag").get_by_role("link", name="eBPF")
    promised = tag.locator(".count").inner_text().split()
    tag.click()
    expect(tally).to_contain_text(next(word for word in promised if word.isdigit()))
    page.get_by_role("navigation", name="Sort").get_by_role("link", name="Oldest").click()
    days = page.locator(".hit time").evaluate_all("all => all.map((each) => each.dateTime)")
    assert days == sorted(days)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"\?q=network[+ ]policy&tag=eBPF&sort=oldest&page=2$"))
    more = page.locator(".hit time").evaluate_all("all => all.map((each) => each.dateTime)")
    assert more[0] >= days[-1]
    hit = page.locator(".hit h2 a[href*='#']").first
    anchor = (hit.get_attribute("href") or "").partition("#")[2]
    hit.click()
    expect(page.locator(f"[id='{anchor}']")).to_be_in_viewport()
    related = page.get_by_role("region", name="Related posts").get_by_role("link")
    title = related.first.inner_text()
    related.first.click()
    expect(page.locator(".post-head h1")).to_have_text(title)


def _background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def _visit(address: str) -> Callable[[Page], None]:
    def visit(page: Page) -> None:
        page.goto(address)
        page.locator("[part=input]").wait_for()

    return visit


EVERYTHING: dict[str, Callable[[Page], None]] = {
    **{name: _visit(address) for name, address in ADDRESSES.items()},
    **STATES,
}


@pytest.mark.parametrize("name", EVERYTHING)
def test_axe_finds_nothing_wrong_in_light_or_dark(page: Page, name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    EVERYTHING[name](page)
    background = _background(page)
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert _background(page) != background
    found = axe.run(page, options={"runOnly": ["color-contrast", "link-in-text-block"]})
    assert found.violations_count == 0, found.generate_report()
