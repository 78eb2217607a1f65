"""Signpost's own pages, as browsers with and without JavaScript show them."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

EVERY_PAGE = [
    "/",
    "/search",
    "/search?q=pier",
    "/search?q=ferry&page=2&sort=newest",
    "/search?tag=Navigation&category=Seamanship",
    "/search?q=xylophone",
    "/harbor/tides",
    "/talks/lighthouse",
    "/hostile",
    "/hostile-link",
    "/harbor/tide",
]

FOREIGN_MARKUP = (
    "script:not([src]), [onerror], [onload], [href^='javascript:' i], [src^='javascript:' i]"
)
"""What a payload would leave in a page, whether or not the content policy lets it run."""


def test_home_leads_to_the_newest_posts_and_to_every_category(plain_page: Page) -> None:
    plain_page.goto("/")
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Harbor notes")
    cards = plain_page.locator(".card h3")
    expect(cards).to_have_count(9)
    assert cards.all_inner_texts()[:3] == [
        "Splicing a mooring rope",
        "Reading the tide tables",
        "Lanterns along the pier",
    ]
    categories = plain_page.get_by_role("region", name="Category").get_by_role("link")
    assert categories.all_inner_texts()[0].split("\n")[0].startswith("Logbook")
    categories.filter(has_text="Seamanship").click()
    expect(plain_page).to_have_url(re.compile(r"/search\?category=Seamanship$"))
    expect(plain_page.locator(".hit")).to_have_count(2)


def test_search_works_without_javascript(plain_page: Page) -> None:
    plain_page.goto("/")
    plain_page.get_by_role("searchbox").fill("sandbank")
    plain_page.get_by_role("button", name="Search").click()
    expect(plain_page).to_have_url(re.compile(r"/search\?q=sandbank$"))
    hit = plain_page.locator(".hit")
    expect(hit).to_have_count(1)
    expect(hit.locator(".section")).to_contain_text("Low water")
    expect(hit.locator("mark")).to_have_text("sandbank")
    hit.get_by_role("heading").get_by_role("link").click()
    expect(plain_page).to_have_url(re.compile(r"/harbor/tides#low-water$"))


def test_a_facet_narrows_and_widens_again(plain_page: Page) -> None:
    plain_page.goto("/search?q=pier+OR+rope")
    expect(plain_page.locator(".hit")).to_have_count(3)
    narrow = plain_page.get_by_role("complementary", name="Narrow down")
    narrow.get_by_role("link", name="Workshop").click()
    expect(plain_page).to_have_url(re.compile(r"category=Workshop"))
    expect(plain_page.locator(".hit h2")).to_have_text(["Splicing a mooring rope"])
    chosen = narrow.get_by_role("link", name="Workshop")
    expect(chosen).to_have_attribute("aria-current", "true")
    chosen.click()
    expect(plain_page.locator(".hit")).to_have_count(3)
    expect(chosen).not_to_have_attribute("aria-current", "true")


def test_results_are_sorted_and_paged_by_links(plain_page: Page) -> None:
    plain_page.goto("/search?q=ferry")
    plain_page.get_by_role("navigation", name="Sort").get_by_role("link", name="Oldest").click()
    assert plain_page.locator(".hit h2").all_inner_texts()[0] == "Logbook, day 1"
    pages = plain_page.get_by_role("navigation", name="Pages")
    pages.get_by_role("link", name="Page 3").click()
    expect(plain_page).to_have_url(re.compile(r"q=ferry&sort=oldest&page=3$"))
    assert plain_page.locator(".hit h2").all_inner_texts() == [
        "Logbook, day 21",
        "Logbook, day 22",
        "Logbook, day 23",
    ]
    expect(pages.get_by_role("link", name="Next")).to_have_count(0)


def test_a_page_past_the_end_is_the_last_one(plain_page: Page) -> None:
    plain_page.goto("/search?q=ferry&page=77")
    expect(plain_page).to_have_url(re.compile(r"page=3$"))


def test_a_correction_is_named_with_a_way_back(plain_page: Page) -> None:
    plain_page.goto("/search?q=sandbnak+pier")
    expect(plain_page.locator(".note").first).to_contain_text("Showing results for sandbank pier")
    plain_page.get_by_role("link", name="Search instead for").click()
    expect(plain_page.get_by_role("searchbox")).to_have_value('"sandbnak" pier')
    expect(plain_page.get_by_text("Showing results for")).to_have_count(0)


def test_missing_words_are_named(plain_page: Page) -> None:
    plain_page.goto("/search?q=sandbank+xylophone")
    note = plain_page.get_by_text("No post has all words; missing:")
    expect(note).to_contain_text("xylophone")
    expect(plain_page.locator(".hit h2")).to_have_text(["Reading the tide tables"])
    expect(plain_page.locator(".hit .missing")).to_have_count(0)


def test_a_hit_that_lacks_a_word_which_another_has_names_it(plain_page: Page) -> None:
    plain_page.goto("/search?q=sandbank+pier")
    hits = plain_page.locator(".hit")
    with_both = hits.filter(has_text="Reading the tide tables")
    with_one = hits.filter(has_text="Lanterns along the pier")
    expect(with_both.locator(".missing")).to_have_count(0)
    expect(with_one.locator(".missing")).to_have_text("Missing: sandbank")


def test_nothing_found_is_said_and_filters_can_be_dropped(plain_page: Page) -> None:
    plain_page.goto("/search?q=sandbank&category=Talks")
    expect(plain_page.get_by_role("heading", name="Nothing found")).to_be_visible()
    plain_page.get_by_role("link", name="Search all posts").click()
    expect(plain_page.locator(".hit")).to_have_count(1)


def test_a_post_has_contents_tags_cover_and_related_posts(plain_page: Page) -> None:
    plain_page.goto("/harbor/tides")
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Reading the tide tables")
    contents = plain_page.get_by_role("navigation", name="On this page")
    assert contents.get_by_role("link").all_inner_texts() == [
        "High water",
        "Low water",
        "Springs and neaps",
        "Clearance",
    ]
    contents.get_by_role("link", name="Clearance").click()
    expect(plain_page.locator("#clearance")).to_be_in_viewport()
    related = plain_page.get_by_role("region", name="Related posts").get_by_role("listitem")
    expect(related.first).to_contain_text("Lanterns along the pier")
    expect(related.first).to_contain_text("tagged Navigation")
    plain_page.get_by_role("link", name="Tides", exact=True).click()
    expect(plain_page).to_have_url(re.compile(r"/search\?tag=Tides$"))
    expect(plain_page.locator(".hit h2")).to_have_text(["Reading the tide tables"])


def test_the_widget_leaves_the_related_list_of_the_server_alone(page: Page) -> None:
    page.goto("/harbor/tides")
    page.get_by_role("combobox").wait_for()
    expect(page.get_by_role("heading", name="Related posts")).to_have_count(1)
    expect(page.get_by_role("link", name="Lanterns along the pier")).to_have_count(1)


@pytest.mark.parametrize("path", ["/old/tides", "/harbor/tides/"])
def test_other_addresses_of_a_post_lead_to_its_own(plain_page: Page, path: str) -> None:
    plain_page.goto(path)
    expect(plain_page).to_have_url(re.compile(r"/harbor/tides$"))


def test_a_post_that_points_elsewhere_says_where(plain_page: Page) -> None:
    plain_page.goto("/talks/lighthouse")
    expect(plain_page.get_by_text("An hour on how the old lighthouse was kept.")).to_be_visible()
    link = plain_page.get_by_role("link", name="Read it on talks.example")
    expect(link).to_have_attribute("href", "https://talks.example/lighthouse")


def test_a_wrong_address_offers_the_nearest_posts_and_a_search(plain_page: Page) -> None:
    response = plain_page.goto("/harbor/tide-tables")
    assert response is not None
    assert response.status == 404
    expect(plain_page.get_by_role("searchbox")).to_have_value("tide tables")
    plain_page.get_by_role("link", name="Reading the tide tables").click()
    expect(plain_page).to_have_url(re.compile(r"/harbor/tides$"))


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_no_page_makes_the_browser_complain(page: Page, complaints: list[str], path: str) -> None:
    response = page.goto(path)
    page.get_by_role("combobox").wait_for()
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    expected = 0 if response.ok else 1  # the console has a line for the 404 itself
    assert len(complaints) == expected, complaints


@pytest.mark.parametrize("path", ["/hostile", "/hostile-link", "/search?q=barnacle", "/"])
def test_nothing_that_a_post_says_is_run(page: Page, path: str) -> None:
    page.goto(path)
    box = page.get_by_role("combobox")
    box.fill("barnacle")
    page.get_by_role("option").first.wait_for()
    expect(page.locator(FOREIGN_MARKUP)).to_have_count(0)
    assert page.evaluate("() => window.pwned") is None


@pytest.mark.parametrize(
    "query",
    [
        "<script>window.pwned = 6</script>",
        '"><img src=x onerror="window.pwned = 7">',
        "{{ 7 * 191 }}",
        "<mark><svg onload=window.pwned=8>",
    ],
)
def test_nothing_that_a_reader_types_is_run(page: Page, query: str) -> None:
    page.goto(f"/search?q={quote(query)}&tag={quote(query)}")
    box = page.get_by_role("combobox")
    expect(box).to_have_value(query)
    box.press("ArrowDown")
    page.locator("[part=panel]").wait_for()
    expect(page.locator(FOREIGN_MARKUP)).to_have_count(0)
    assert page.evaluate("() => window.pwned") is None
    assert "1337" not in page.content()


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_narrow_screen_never_scrolls_sideways(browser: Browser, server: str, path: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(path)
    page.get_by_role("combobox").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320
    context.close()


def test_the_keyboard_reaches_the_content_first(page: Page) -> None:
    page.goto("/harbor/tides")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_an_image_that_is_not_there_gives_way_to_what_it_says(page: Page) -> None:
    page.goto("/keel")
    expect(page.get_by_text("A keel, seen from below")).to_be_visible()
    expect(page.locator("main img")).to_have_count(0)
