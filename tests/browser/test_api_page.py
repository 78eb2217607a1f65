"""The page to try the API on, as browsers with and without JavaScript show it."""

import json
import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from search.service.openapi_operations import OPERATIONS


def opened(page: Page, operation: str) -> Locator:
    """The operation's part of the page, unfolded."""
    page.goto(f"/api/docs#{operation}")
    part = page.locator(f"#{operation}")
    expect(part).to_have_attribute("open", "")
    return part


def sent(part: Locator) -> tuple[str, str]:
    """The status and the text of the answer, once it is there."""
    part.get_by_role("button", name="Send").click()
    status = part.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^\d{3} "))
    return status.inner_text()[:3], part.get_by_label("Answer", exact=True).inner_text()


def test_every_operation_can_be_sent_as_it_is_filled_in(page: Page, complaints: list[str]) -> None:
    for operation in OPERATIONS:
        status, text = sent(opened(page, operation.id))
        assert (status, bool(text)) == ("200", True), operation.id
    assert complaints == []


def test_fields_are_sent_as_they_are_filled_in(page: Page) -> None:
    part = opened(page, "search")
    part.get_by_label("q", exact=True).fill("pier")
    part.get_by_label("sort").select_option("oldest")
    part.get_by_label("tag", exact=True).fill("Lights")
    part.get_by_role("button", name="Another tag").click()
    expect(part.get_by_label("tag, another")).to_be_focused()
    part.get_by_label("tag, another").fill("Tides & more")
    status, text = sent(part)
    assert status == "200"
    assert [hit["path"] for hit in json.loads(text)["hits"]] == ["/harbor/lanterns"]
    address = part.locator("[data-address]").inner_text()
    assert address.endswith("?q=pier&limit=3&sort=oldest&tag=Lights&tag=Tides+%26+more")


def test_a_wrong_value_is_answered_with_what_would_be_right(page: Page) -> None:
    part = opened(page, "suggest")
    part.get_by_label("limit").fill("many")
    status, text = sent(part)
    assert (status, json.loads(text)["parameter"]) == ("400", "limit")


def test_a_text_is_sent_as_what_is_chosen(page: Page) -> None:
    part = opened(page, "relatedToText")
    assert json.loads(part.get_by_label("Body").input_value())["limit"] == 3
    part.get_by_label("Sent as").select_option("text/plain")
    part.get_by_label("Body").fill("At low water the keel touches ground.")
    with page.expect_request("**/api/v1/related") as request:
        status, text = sent(part)
    assert request.value.headers["content-type"] == "text/plain"
    assert status == "200"
    assert "/harbor/tides" in {post["path"] for post in json.loads(text)["related"]}


def test_markup_in_answers_is_shown_as_text(page: Page) -> None:
    part = opened(page, "search")
    part.get_by_label("q", exact=True).fill("barnacle")
    _, text = sent(part)
    assert "<script>window.pwned = 1</script>" in text
    assert page.evaluate("window.pwned") is None


def test_a_service_that_is_gone_is_told(page: Page) -> None:
    part = opened(page, "suggest")
    page.route("**/api/v1/**", lambda route: route.abort())
    part.get_by_role("button", name="Send").click()
    expect(part.get_by_role("status")).to_have_text("The service could not be reached.")
    expect(part.get_by_role("button", name="Send")).to_be_enabled()


def test_without_javascript_an_answer_opens_on_a_page_of_its_own(plain_page: Page) -> None:
    plain_page.goto("/api/docs")
    form = plain_page.locator("#search")
    form.get_by_label("q", exact=True).fill("pier")
    form.get_by_role("button", name="Send").click()
    assert "/api/v1/search?q=pier&limit=3&" in plain_page.url
    assert json.loads(plain_page.locator("body").inner_text())["query"] == "pier"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_on_the_page_is_out_of_reach(
    browser: Browser, server: str, scheme: Literal["light", "dark"]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(base_url=server, color_scheme=scheme)
    page = context.new_page()
    for operation in ("search", "relatedToText"):
        sent(opened(page, operation))
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
    context.close()


def test_on_a_narrow_screen_nothing_sticks_out(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 320, "height": 700})
    page = context.new_page()
    sent(opened(page, "related"))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
