"""Facets in the search box: narrowing as one types, and widening again."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

BOX = "<signpost-search></signpost-search>"


def _opened(page: Page, query: str) -> Locator:
    """The panel with the answer to a query, its filters unfolded."""
    page.get_by_role("combobox").fill(query)
    page.get_by_role("option").first.wait_for()
    page.locator("summary").click()
    return page.locator("[part=panel]")


def test_a_filter_narrows_counts_and_is_announced(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    panel = _opened(page, "pier OR rope")
    expect(page.get_by_role("option")).to_have_count(3)
    tags = panel.get_by_role("group", name="Tags")
    expect(tags.get_by_role("button", name="Navigation, 2 posts")).to_be_visible()
    ropes = panel.get_by_role("group", name="Categories").get_by_role("button", name="Workshop")
    expect(ropes).to_have_accessible_name("Workshop, 1 post")
    expect(ropes).to_have_attribute("aria-pressed", "false")
    ropes.click()
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option")).to_contain_text("Splicing a mooring rope")
    expect(ropes).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status")).to_have_text("1 result. Filtered by Workshop.")
    ropes.click()
    expect(page.get_by_role("option")).to_have_count(3)
    expect(page.get_by_role("status")).to_have_text("3 results.")


def test_every_facet_of_the_answer_is_offered(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    panel = _opened(page, "pier OR rope")
    groups = panel.locator("[part=group]").all()
    names = [group.get_attribute("aria-label") for group in groups]
    assert names == ["Tags", "Categories", "Authors", "Years"]
    panel.get_by_role("group", name="Years").get_by_role("button", name="2023").click()
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option")).to_contain_text("Lanterns along the pier")


def test_filters_are_reached_and_chosen_by_keyboard_and_keep_the_focus(
    page: Page, show: Callable[..., None]
) -> None:
    show(BOX)
    page.get_by_role("combobox").fill("pier OR rope")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Tab")  # the button
    page.keyboard.press("Tab")
    expect(page.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = page.get_by_role("group", name="Tags").get_by_role("button").first
    expect(first).to_be_focused()
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Space")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("combobox")).to_be_focused()


def test_a_chosen_filter_is_seen_with_the_others_folded_and_can_be_removed(
    page: Page, show: Callable[..., None]
) -> None:
    show(BOX)
    panel = _opened(page, "pier OR rope")
    panel.get_by_role("button", name="Workshop, 1 post").click()
    removal = page.get_by_role("button", name="Remove filter Workshop")
    expect(removal).to_be_hidden()
    page.locator("summary").click()
    removal.click()
    expect(page.get_by_role("option")).to_have_count(3)
    expect(removal).to_have_count(0)
    expect(page.get_by_role("combobox")).to_be_focused()


def test_the_results_page_gets_the_filters_by_link_and_by_enter(
    page: Page, show: Callable[..., None]
) -> None:
    show(BOX)
    panel = _opened(page, "pier OR rope")
    panel.get_by_role("button", name="Workshop, 1 post").click()
    expect(page.get_by_role("option")).to_have_count(1)
    href = page.get_by_role("link", name="Open the results page").get_attribute("href") or ""
    expected = {"q": ["pier OR rope"], "category": ["Workshop"]}
    assert parse_qs(urlsplit(href).query) == expected
    page.get_by_role("combobox").press("Enter")
    expect(page).to_have_url(re.compile(r"category=Workshop"))
    expect(page.locator(".hit h2")).to_have_text(["Splicing a mooring rope"])


def test_filters_hold_for_the_next_words_and_go_with_the_last(
    page: Page, show: Callable[..., None]
) -> None:
    show(BOX)
    panel = _opened(page, "pier OR rope")
    panel.get_by_role("button", name="Workshop, 1 post").click()
    expect(page.get_by_role("option")).to_have_count(1)
    box = page.get_by_role("combobox")
    with page.expect_request(lambda request: "category=Workshop" in request.url):
        box.fill("barnacle")
    box.fill("")
    with page.expect_request(re.compile(r"/search\?q=pier")) as asked:
        box.fill("pier")
    assert "category" not in asked.value.url


def test_a_filter_that_the_form_has_of_its_own_is_kept(
    page: Page, show: Callable[..., None]
) -> None:
    form = (
        '<form action="/search"><input name="q" aria-label="Words">'
        '<input type="hidden" name="category" value="Seamanship"></form>'
    )
    show(f"<signpost-search>{form}</signpost-search>")
    page.get_by_role("combobox").fill("pier OR rope")
    expect(page.get_by_role("option")).to_have_count(2)


def test_filters_that_would_narrow_nothing_are_not_offered(
    page: Page, show: Callable[..., None]
) -> None:
    show(BOX)
    page.get_by_role("combobox").fill("sandbank")
    page.get_by_role("option").wait_for()
    expect(page.locator("summary")).to_be_hidden()


def test_before_the_first_answer_no_filters_are_offered(
    page: Page, show: Callable[..., None], complaints: list[str]
) -> None:
    page.route("**/api/v1/search?*", lambda route: route.abort())
    show(BOX)
    page.get_by_role("combobox").fill("pier")
    page.locator("[part=note]").wait_for()
    expect(page.locator("[part=filters]")).to_be_hidden()
    complaints.clear()
