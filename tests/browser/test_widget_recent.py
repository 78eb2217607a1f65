"""Recent searches, which stay on the reader's own machine."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

BOX = "<signpost-search></signpost-search>"
KEPT = "() => JSON.parse(localStorage.getItem('signpost-recent'))"
STAY = "() => document.addEventListener('signpost-select', (event) => event.preventDefault())"
DENY = """() => Object.defineProperty(window, 'localStorage', {
  get() { throw new DOMException('denied', 'SecurityError'); },
})"""


def _search(page: Page, query: str) -> None:
    """Searches and opens the first result, which the page keeps from opening."""
    page.get_by_role("combobox").fill(query)
    page.get_by_role("option").first.click()


def _recent(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Recent searches").get_by_role("option")


def test_an_empty_box_offers_what_was_searched_for(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    page.evaluate(STAY)
    page.get_by_role("combobox").focus()
    expect(page.locator("[part=panel]")).to_be_hidden()
    for query in ("sandbank", "rope", "sandbank"):
        _search(page, query)
    page.get_by_role("combobox").fill("")
    expect(_recent(page)).to_have_text(["sandbank", "rope"])
    expect(page.get_by_role("status")).to_have_text("Recent searches")


def test_a_recent_search_is_made_again_by_keyboard(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    page.evaluate(STAY)
    _search(page, "sandbank")
    box = page.get_by_role("combobox")
    box.fill("")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("sandbank")
    expect(page.get_by_role("listbox", name="Results").get_by_role("option")).to_contain_text(
        "Reading the tide tables"
    )


def test_a_submitted_search_is_kept_for_the_next_page(
    page: Page, show: Callable[..., None]
) -> None:
    show(BOX)
    page.get_by_role("combobox").fill("pier")
    page.get_by_role("combobox").press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=pier$"))
    show(BOX)
    page.get_by_role("combobox").click()
    expect(_recent(page)).to_have_text(["pier"])


def test_words_that_led_nowhere_are_not_kept(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    box = page.get_by_role("combobox")
    box.fill("sandbank")
    page.get_by_role("option").wait_for()
    box.press("Escape")
    box.press("Escape")
    assert page.evaluate(KEPT) is None


def test_only_so_many_are_kept(page: Page, show: Callable[..., None]) -> None:
    show('<signpost-search recent="2"></signpost-search>')
    page.evaluate(STAY)
    for query in ("sandbank", "rope", "pier"):
        _search(page, query)
    assert page.evaluate(KEPT) == ["pier", "rope"]


def test_the_owner_can_keep_none(page: Page, show: Callable[..., None]) -> None:
    show('<signpost-search recent="0"></signpost-search>')
    page.evaluate(STAY)
    _search(page, "sandbank")
    page.get_by_role("combobox").fill("")
    expect(page.locator("[part=panel]")).to_be_hidden()
    assert not page.evaluate(KEPT)


def test_they_can_be_cleared_and_the_focus_stays(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    page.evaluate(STAY)
    _search(page, "sandbank")
    page.get_by_role("combobox").fill("")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("[part=panel]")).to_be_hidden()
    expect(page.get_by_role("combobox")).to_be_focused()
    assert page.evaluate(KEPT) == []


def test_where_nothing_may_be_stored_the_box_works_as_ever(
    page: Page, show: Callable[..., None]
) -> None:
    show(BOX)
    page.get_by_role("combobox").wait_for()
    page.evaluate(STAY)
    page.evaluate(DENY)
    _search(page, "sandbank")
    page.get_by_role("combobox").fill("")
    expect(page.locator("[part=panel]")).to_be_hidden()
    page.get_by_role("combobox").fill("rope")
    expect(page.get_by_role("option").first).to_contain_text("Splicing a mooring rope")


def test_what_others_have_put_there_does_no_harm(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    box = page.get_by_role("combobox")
    for kept in ("no JSON", '{"a": 1}', "[1, null]", "7"):
        page.evaluate("kept => localStorage.setItem('signpost-recent', kept)", kept)
        box.fill("x")
        box.fill("")
        expect(page.locator("[part=panel]")).to_be_hidden()
