"""The search box in a dialog, and the keys that lead to it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

DIALOG = '<signpost-search dialog hotkey="/ ctrl+k"></signpost-search>'
TALL = "".join(f"<p>Paragraph {number}</p>" for number in range(80))
FOCUSED = "() => document.activeElement.id || document.activeElement.localName"


@pytest.mark.parametrize("keys", ["Control+k", "Meta+k", "/"])
def test_a_hotkey_opens_the_dialog_and_moves_to_its_box(
    page: Page, show: Callable[..., None], keys: str
) -> None:
    show(DIALOG)
    page.get_by_role("button", name="Search").wait_for()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press(keys)
    expect(page.get_by_role("dialog", name="Search")).to_be_visible()
    expect(page.get_by_role("combobox")).to_be_focused()
    expect(page.get_by_role("combobox")).to_have_value("")


@pytest.mark.parametrize("keys", ["k", "Alt+k", "Control+Alt+k", "Control+Shift+k", "Control+/"])
def test_other_keys_open_nothing(page: Page, show: Callable[..., None], keys: str) -> None:
    show(DIALOG)
    page.get_by_role("button", name="Search").wait_for()
    page.keyboard.press(keys)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_while_typing_only_a_key_with_a_modifier_opens_it(
    page: Page, show: Callable[..., None]
) -> None:
    show(f"<textarea aria-label='Note'></textarea>{DIALOG}")
    page.get_by_role("button", name="Search").wait_for()
    note = page.get_by_role("textbox", name="Note")
    note.press("/")
    expect(note).to_have_value("/")
    expect(page.get_by_role("dialog")).to_be_hidden()
    note.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()


def test_the_first_box_with_the_key_takes_it(page: Page, show: Callable[..., None]) -> None:
    show(f'<signpost-search id="inline"></signpost-search>{DIALOG}')
    page.locator("[part=open]").wait_for()
    page.keyboard.press("/")
    assert page.evaluate(FOCUSED) == "inline"
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_escape_closes_it_at_once_and_the_focus_goes_back(
    page: Page, show: Callable[..., None]
) -> None:
    show(f"{DIALOG}{TALL}<a id='below' href='#x'>Below</a>{TALL}")
    page.get_by_role("button", name="Search").wait_for()
    page.get_by_role("link", name="Below").focus()
    scrolled = page.evaluate("scrollY")
    assert scrolled > 0
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("sandbank")
    page.get_by_role("option").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate(FOCUSED) == "below"
    assert page.evaluate("scrollY") == scrolled


def test_opened_again_it_has_the_query_and_its_results(
    page: Page, show: Callable[..., None]
) -> None:
    show(DIALOG)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("combobox").fill("sandbank")
    page.get_by_role("option").wait_for()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Search")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_have_value("sandbank")
    expect(page.get_by_role("option")).to_contain_text("Reading the tide tables")


def test_a_click_beside_it_closes_it_and_one_inside_does_not(
    page: Page, show: Callable[..., None]
) -> None:
    show(DIALOG)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("combobox").fill("xylophone ")
    page.locator("[part=note]").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.mouse.click(5, 700)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_tab_never_leaves_an_open_dialog_for_the_page(
    page: Page, show: Callable[..., None]
) -> None:
    show(f"<a id='before' href='#x'>Before</a>{DIALOG}<a id='after' href='#y'>After</a>")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("combobox").fill("pier")
    page.get_by_role("option").first.wait_for()
    reached = set()
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(FOCUSED))
    assert "signpost-search" in reached
    assert not reached & {"before", "after"}


def test_a_result_opens_by_keyboard_alone(page: Page, show: Callable[..., None]) -> None:
    show(DIALOG)
    page.get_by_role("button", name="Search").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("sandbank")
    page.get_by_role("option").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/harbor/tides#low-water$"))


def test_a_button_of_the_page_can_open_it(page: Page, show: Callable[..., None]) -> None:
    show(DIALOG)
    page.get_by_role("button", name="Search").wait_for()
    page.locator("signpost-search").evaluate("box => box.open()")
    expect(page.get_by_role("combobox")).to_be_focused()


def test_without_javascript_its_form_is_on_the_page(plain_page: Page, server: str) -> None:
    form = '<form action="/search"><input name="q" aria-label="Words"><button>Go</button></form>'
    html = f"<!doctype html><signpost-search dialog>{form}</signpost-search>"
    plain_page.route("**/widgets.html", lambda route: route.fulfill(body=html))
    plain_page.goto(f"{server}/widgets.html")
    plain_page.get_by_role("textbox", name="Words").fill("sandbank")
    plain_page.get_by_role("button", name="Go").click()
    expect(plain_page).to_have_url(re.compile(r"/search\?q=sandbank$"))
