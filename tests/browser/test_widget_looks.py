"""How the widgets look: their style sheet, the reader's preferences, and other directions."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

STATIC = Path(__file__).resolve().parents[2] / "search/service/static"
MAX_GZIPPED_BYTES = 12_000

BOX = "<signpost-search></signpost-search>"
LIST = '<signpost-related path="/harbor/lanterns" layout="cards"></signpost-related>'
STYLE = "(node, name) => getComputedStyle(node)[name]"


def _style(locator: Locator, name: str) -> str:
    return str(locator.evaluate(STYLE, name))


def test_module_and_style_sheet_are_small_together() -> None:
    sizes = [
        len(gzip.compress((STATIC / name).read_bytes(), 9))
        for name in ("signpost.js", "signpost.css")
    ]
    assert sum(sizes) <= MAX_GZIPPED_BYTES, sizes


def test_the_styles_get_past_a_strict_policy(page: Page, show: Callable[..., None]) -> None:
    show(BOX + LIST)  # which fails the test if the browser complains
    page.get_by_role("combobox").fill("pier")
    page.get_by_role("option").first.wait_for()
    assert _style(page.locator("[part=panel]"), "position") == "absolute"
    assert _style(page.locator("[part~=cards]"), "display") == "grid"


def test_without_its_style_sheet_all_is_there_and_works(
    page: Page, show: Callable[..., None], complaints: list[str]
) -> None:
    page.route("**/signpost.css", lambda route: route.abort())
    show(BOX + LIST)
    box = page.get_by_role("combobox")
    box.fill("sandbank")
    expect(page.get_by_role("option")).to_be_visible()
    expect(page.get_by_role("listitem").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/harbor/tides"))
    complaints.clear()


def test_a_page_can_set_colors_and_style_parts(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    page.get_by_role("combobox").fill("pier")
    option = page.get_by_role("option").first
    option.wait_for()
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`
            signpost-search { --signpost-background: rgb(1, 2, 3); --signpost-mark: rgb(4, 5, 6); }
            signpost-search::part(option) { padding-top: 77px; }`);
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    assert _style(page.locator("[part=panel]"), "backgroundColor") == "rgb(1, 2, 3)"
    assert _style(option.locator("mark").first, "backgroundColor") == "rgb(4, 5, 6)"
    assert _style(option, "paddingTop") == "77px"


def test_a_page_may_hand_on_properties_of_its_own_whatever_they_are_called(
    page: Page, show: Callable[..., None]
) -> None:
    show(BOX)
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          const names = ["background", "border", "focus", "line", "accent"];
          const own = names.map((name, at) => `--${name}: rgb(${at}, 2, 3);`);
          const handed = names.map((name) => `--signpost-${name}: var(--${name});`);
          sheet.replaceSync(`:root { ${own.join("")} } signpost-search { ${handed.join("")} }`);
          document.adoptedStyleSheets = [sheet];
        }"""
    )
    page.get_by_role("combobox").fill("pier OR rope")
    page.get_by_role("option").first.wait_for()
    assert _style(page.locator("[part=panel]"), "backgroundColor") == "rgb(0, 2, 3)"
    assert _style(page.locator("[part=panel]"), "borderTopColor") == "rgb(1, 2, 3)"
    assert _style(page.locator("[part=form]"), "outlineColor") == "rgb(2, 2, 3)"
    assert _style(page.get_by_role("option").last, "borderTopColor") == "rgb(3, 2, 3)"
    assert _style(page.locator("[part=button]"), "backgroundColor") == "rgb(4, 2, 3)"


def test_it_is_dark_where_the_page_is_dark_and_only_there(
    page: Page, show: Callable[..., None]
) -> None:
    page.emulate_media(color_scheme="dark")
    show(BOX)
    page.get_by_role("combobox").fill("pier")
    panel = page.locator("[part=panel]")
    mark = page.locator("mark").first
    mark.wait_for()
    assert _style(panel, "backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("() => { document.documentElement.style.colorScheme = 'light dark'; }")
    assert _style(panel, "backgroundColor") != "rgb(255, 255, 255)"
    assert _style(mark, "backgroundColor") == "rgb(90, 74, 12)"


def test_nothing_moves(page: Page, show: Callable[..., None]) -> None:
    show('<signpost-search dialog hotkey="ctrl+k"></signpost-search>')
    page.locator("[part=open]").click()
    page.get_by_role("combobox").fill("pier")
    page.get_by_role("option").first.wait_for()
    assert page.evaluate("() => document.getAnimations().length") == 0


def test_with_forced_colors_the_chosen_result_and_filter_are_outlined(
    page: Page, show: Callable[..., None]
) -> None:
    page.emulate_media(forced_colors="active")
    show(BOX)
    box = page.get_by_role("combobox")
    box.fill("pier OR rope")
    option = page.get_by_role("option").first
    option.wait_for()
    box.press("ArrowDown")
    assert _style(option, "outlineStyle") == "solid"
    other = page.get_by_role("option").last
    assert _style(other, "outlineStyle") == "none"
    assert _style(other, "borderLeftWidth") == "0px"  # transparent borders are seen there
    page.locator("summary").click()
    pressed = page.get_by_role("button", name="Workshop")
    pressed.click()
    expect(pressed).to_have_attribute("aria-pressed", "true")
    page.get_by_role("combobox").focus()
    assert _style(pressed, "outlineStyle") == "solid"


def test_from_right_to_left_all_is_mirrored(page: Page, show: Callable[..., None]) -> None:
    show(BOX + LIST, 'lang="ar" dir="rtl"')
    box = page.get_by_role("combobox")
    box.fill("sandbank")
    option = page.get_by_role("option")
    option.wait_for()
    box.press("ArrowDown")
    button, field = page.get_by_role("button", name="Search").bounding_box(), box.bounding_box()
    assert button is not None
    assert field is not None
    assert button["x"] < field["x"]
    assert _style(option, "borderRightWidth") == "5px"
    assert _style(option, "borderLeftWidth") == "0px"
    # The post is in English, and stays from left to right.
    assert _style(option.locator("[part=title]"), "direction") == "ltr"


def test_it_fits_a_narrow_screen(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto("/harbor/tides")
    page.get_by_role("combobox").fill("pier OR rope")
    page.get_by_role("option").first.wait_for()
    page.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    panel = page.locator("[part=panel]").bounding_box()
    assert panel is not None
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= 320
    context.close()
