"""What the search box says of an answer, and of one that doesn't come."""

import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Page, Route, expect

BOX = "<signpost-search></signpost-search>"
ENDPOINT = re.compile(r"/api/v1/search\?")


def _hold(waiting: list[Route], route: Route) -> None:
    """Keeps a request waiting until the test lets it go."""
    waiting.append(route)


@pytest.fixture
def held(page: Page) -> Iterator[list[Route]]:
    """Requests for answers, which wait here until the end of the test or until it lets them go."""
    waiting: list[Route] = []
    page.route(ENDPOINT, partial(_hold, waiting))
    yield waiting
    page.unroute_all(behavior="ignoreErrors")


def test_a_correction_has_a_way_back(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    box = page.get_by_role("combobox")
    box.fill("sandbnak pier ")
    note = page.locator("[part=note]").first
    expect(note).to_contain_text("Showing results for “sandbank pier”.")
    expect(page.get_by_role("status")).to_contain_text("Showing results for “sandbank pier”.")
    note.get_by_role("link", name="Search instead for “sandbnak pier”").click()
    expect(box).to_have_value('"sandbnak" pier')
    expect(box).to_be_focused()
    expect(page.get_by_text("Showing results for")).to_have_count(0)
    expect(page.get_by_role("option").first).to_contain_text("Lanterns along the pier")


def test_the_way_back_is_reached_by_keyboard(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    page.get_by_role("combobox").fill("sandbnak ")
    page.get_by_role("option").wait_for()
    instead = page.get_by_role("link", name="Search instead for")
    for _ in range(3):
        page.keyboard.press("Tab")
        if instead.evaluate("link => link.getRootNode().activeElement === link"):
            break
    expect(instead).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox")).to_have_value('"sandbnak"')
    expect(page.locator("[part=note]")).to_contain_text('Nothing found for “"sandbnak"”.')


def test_posts_that_are_only_near_are_called_so(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    page.get_by_role("combobox").fill("title:sandbank ")
    nearest = page.get_by_role("listbox", name="Nearest posts")
    expect(nearest.get_by_role("option")).to_have_text(["Reading the tide tables"])
    expect(page.get_by_role("listbox", name="Results")).to_have_count(0)
    expect(page.locator("[part=note]")).to_have_text("Nothing found for “title:sandbank”.")
    expect(page.locator("[part=heading]")).to_have_text("Nearest posts")
    expect(page.get_by_role("status")).to_have_text(
        "Nothing found for “title:sandbank”. Nearest posts"
    )
    page.get_by_role("combobox").fill("sandbank")
    expect(page.locator("[part=heading]")).to_be_hidden()
    expect(page.get_by_role("listbox", name="Results")).to_be_visible()


def test_there_is_always_a_link_to_the_results_page(page: Page, show: Callable[..., None]) -> None:
    show(BOX)
    box = page.get_by_role("combobox")
    link = page.locator("[part=all]")
    for query, text in (
        ("ferry", "See all 23 results"),
        ("sandbank", "Open the results page"),
        ("xylophone ", "Open the results page"),
    ):
        box.fill(query)
        expect(link).to_have_text(text)
        expect(link).to_have_attribute("href", re.compile(rf"/search\?q={query.strip()}$"))
    link.click()
    expect(page).to_have_url(re.compile(r"/search\?q=xylophone$"))


def test_a_slow_server_is_named_and_its_answer_is_still_shown(
    page: Page, show: Callable[..., None], held: list[Route]
) -> None:
    page.clock.install()
    show(BOX)
    with page.expect_request(ENDPOINT):
        page.get_by_role("combobox").fill("sandbank")
        page.clock.run_for(200)
    expect(page.locator("[part=note]")).to_have_count(0)
    page.clock.run_for(1000)
    said = "Search is slow to answer. Enter opens the results page."
    expect(page.locator("[part=note]")).to_have_text(said)
    expect(page.get_by_role("status")).to_have_text(said)
    held[0].continue_()
    expect(page.get_by_role("option")).to_contain_text("Reading the tide tables")
    expect(page.locator("[part=note]")).to_have_count(0)


def test_while_it_is_slow_no_older_results_can_be_chosen(
    page: Page, show: Callable[..., None]
) -> None:
    waiting: list[Route] = []
    page.clock.install()
    show(BOX)
    box = page.get_by_role("combobox")
    box.fill("sandbank")
    page.clock.run_for(200)
    page.get_by_role("option").wait_for()
    page.route(ENDPOINT, partial(_hold, waiting))
    with page.expect_request(ENDPOINT):
        box.fill("rope")
        page.clock.run_for(200)
    page.clock.run_for(1000)
    expect(page.get_by_role("option")).to_have_count(0)
    box.press("ArrowDown")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile(r".*"))
    page.unroute_all(behavior="ignoreErrors")


def test_after_the_timeout_it_says_so_and_the_form_still_submits(
    page: Page, show: Callable[..., None], held: list[Route]
) -> None:
    page.clock.install()
    show(BOX)
    with page.expect_request(ENDPOINT):
        page.get_by_role("combobox").fill("sandbank")
        page.clock.run_for(200)
    page.clock.run_for(8000)
    said = "Search is not answering right now. Enter opens the results page."
    expect(page.locator("[part=note]")).to_have_text(said)
    expect(page.get_by_role("status")).to_have_text(said)
    page.get_by_role("combobox").press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=sandbank$"))
    assert len(held) == 1


def test_slowness_is_not_said_of_a_question_that_was_taken_back(
    page: Page, show: Callable[..., None], held: list[Route]
) -> None:
    page.clock.install()
    show(BOX)
    with page.expect_request(ENDPOINT):
        page.get_by_role("combobox").fill("sandbank")
        page.clock.run_for(200)
    page.get_by_role("combobox").press("Escape")
    page.clock.run_for(9000)
    expect(page.locator("[part=panel]")).to_be_hidden()
    assert len(held) == 1
