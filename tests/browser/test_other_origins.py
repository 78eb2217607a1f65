"""The widgets on a page of another site."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_another_site_on_the_list_can_use_the_widgets(
    page: Page, foreign_site: Callable[[bool], str]
) -> None:
    page.goto(foreign_site(True))
    related = page.locator("signpost-related")
    expect(related.get_by_role("heading", name="Read on")).to_be_visible()
    expect(related.get_by_role("listitem")).to_have_count(2)
    expect(related.get_by_role("listitem").first).to_contain_text("Lanterns along the pier")
    page.get_by_role("combobox").fill("sandbank")
    expect(page.get_by_role("option")).to_contain_text("Reading the tide tables")


def test_the_widget_and_the_page_give_the_same_reasons_in_the_same_words(
    page: Page, foreign_site: Callable[[bool], str]
) -> None:
    page.goto("/harbor/tides")
    on_the_page = page.locator("signpost-related li p").all_inner_texts()[:2]
    page.goto(foreign_site(True))
    reasons = page.locator("signpost-related li p")
    expect(reasons).to_have_text(on_the_page)
    expect(reasons.first).to_contain_text("tagged Navigation")
    expect(reasons.first).to_contain_text("October 21, 2023")


def test_a_new_path_fetches_a_new_list(page: Page, foreign_site: Callable[[bool], str]) -> None:
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if "/related?" in sent.url else None)
    page.goto(foreign_site(True))
    related = page.locator("signpost-related")
    expect(related.get_by_role("link", name="Lanterns along the pier")).to_be_visible()
    related.evaluate("list => list.setAttribute('path', '/harbor/lanterns')")
    expect(related.get_by_role("link", name="Reading the tide tables")).to_be_visible()
    expect(related.get_by_role("link", name="Lanterns along the pier")).to_have_count(0)
    assert [url.partition("?")[2] for url in asked] == [
        "path=%2Fharbor%2Ftides&limit=2",
        "path=%2Fharbor%2Flanterns&limit=2",
    ]


def test_another_site_off_the_list_gets_no_answers_and_no_broken_page(
    page: Page, foreign_site: Callable[[bool], str]
) -> None:
    page.goto(foreign_site(False))
    expect(page.get_by_role("heading", name="Another site")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(0)
    expect(page.get_by_text("Lanterns along the pier")).to_have_count(0)
