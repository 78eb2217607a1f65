"""A result opens the post at its section, with the words marked there by the browser itself."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

BOX = "<signpost-search></signpost-search>"


def _open(page: Page, query: str, title: str) -> None:
    page.goto("/")
    page.get_by_role("combobox").fill(query)
    page.get_by_role("option").filter(has_text=title).click()
    expect(page).to_have_url(re.compile(r"/harbor/"))
    page.mouse.move(0, 0)


def _paragraph(page: Page, text: str) -> Locator:
    return page.locator(".prose p").filter(has_text=text)


def test_the_words_are_marked_in_the_section_that_answers_and_not_before(page: Page) -> None:
    first, last = "A tide table lists", "Add the charted depth"
    page.goto("/harbor/tides#clearance")
    plain = [_paragraph(page, text).screenshot() for text in (first, last)]
    _open(page, "height clearance tide", "Reading the tide tables")
    expect(page).to_have_url(re.compile(r"/harbor/tides#clearance$"))
    marked = [_paragraph(page, text).screenshot() for text in (first, last)]
    assert marked[0] == plain[0]  # it has the word "tide" too
    assert marked[1] != plain[1]


def test_a_page_that_says_it_otherwise_is_opened_at_the_section(
    page: Page, show: Callable[..., None]
) -> None:
    filler = "".join(f"<p>Line {number}</p>" for number in range(100))
    html = f"<!doctype html>{filler}<h2 id='low-water'>Low water</h2>{filler}"
    page.route("**/harbor/tides", lambda route: route.fulfill(body=html, content_type="text/html"))
    show(BOX)
    page.get_by_role("combobox").fill("sandbank")
    page.get_by_role("option").click()
    expect(page.get_by_role("heading", name="Low water")).to_be_in_viewport()


def test_the_anchor_comes_first_and_the_text_is_encoded(
    page: Page, show: Callable[..., None]
) -> None:
    show(BOX)
    page.get_by_role("combobox").fill("barnacle hull")
    hostile = page.get_by_role("option").filter(has_text="hull gets clean")
    href = hostile.get_attribute("href") or ""
    path, _, fragment = href.partition("#")
    assert path == "/hostile"
    anchor, _, directives = fragment.partition(":~:")
    assert not re.search(r"[%<>]", anchor)
    assert directives.startswith("text=")
    for directive in directives.split("&"):
        assert re.fullmatch(r"text=([\w%.!~*'()]+-,)?[\w%.!~*'()]+(,-[\w%.!~*'()]+)?", directive)


def test_the_page_is_told_the_plain_address(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    page.get_by_role("combobox").fill("sandbank")
    option = page.get_by_role("option")
    assert ":~:text=" in (option.get_attribute("href") or "")
    page.evaluate(
        """() => document.addEventListener('signpost-select', (event) => {
          event.preventDefault();
          window.heard = event.detail.url;
        })"""
    )
    option.click()
    assert page.evaluate("() => window.heard").endswith("/harbor/tides#low-water")
