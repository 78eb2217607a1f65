"""The search box in use, on Signpost's own pages."""

import re

from playwright.sync_api import Locator, Page, Route, expect

ENDPOINT = re.compile(r"/api/v1/search\?")
NOT_ANSWERING = "Search is not answering right now. Enter opens the results page."


def _box(page: Page, path: str = "/") -> Locator:
    page.goto(path)
    return page.get_by_role("combobox")


def _hold(route: Route, held: list[Route]) -> None:
    """Keeps a request waiting until the test lets it go."""
    held.append(route)


def test_typing_shows_results_and_says_how_many(page: Page) -> None:
    box = _box(page)
    box.press_sequentially("sandbank")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option")).to_contain_text("Reading the tide tables")
    expect(page.get_by_role("option").locator("mark")).to_have_text("sandbank")
    expect(page.get_by_role("status")).to_have_text("1 result.")
    expect(box).to_have_attribute("aria-expanded", "true")


def test_an_unfinished_word_is_found_by_its_beginning(page: Page) -> None:
    _box(page).press_sequentially("sandb")
    expect(page.get_by_role("option")).to_contain_text("Reading the tide tables")


def test_arrow_and_enter_open_the_section_that_answers(page: Page) -> None:
    box = _box(page)
    box.fill("sandbank")
    option = page.get_by_role("option")
    option.wait_for()
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "missing")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/harbor/tides#low-water$"))
    expect(page.locator("#low-water")).to_be_in_viewport()


def test_arrows_go_round_by_way_of_the_box(page: Page) -> None:
    box = _box(page)
    box.fill("rope")
    page.get_by_role("option").first.wait_for()
    options = page.get_by_role("option").count()
    for _ in range(options):
        box.press("ArrowDown")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    box.press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")


def test_enter_without_a_choice_opens_the_results_page(page: Page) -> None:
    box = _box(page)
    box.fill("pier")
    page.get_by_role("option").first.wait_for()
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=pier$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("pier")
    expect(page.get_by_role("combobox")).to_have_value("pier")


def test_more_results_than_fit_lead_to_the_results_page(page: Page) -> None:
    box = _box(page)
    box.fill("ferry")
    expect(page.get_by_role("option")).to_have_count(8)
    expect(page.get_by_role("status")).to_have_text("23 results, the first 8 listed.")
    page.get_by_role("link", name="See all 23 results").click()
    expect(page).to_have_url(re.compile(r"/search\?q=ferry$"))


def test_escape_closes_the_list_and_then_clears_the_box(page: Page) -> None:
    box = _box(page)
    box.fill("pier")
    page.get_by_role("listbox").wait_for()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("pier")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("Escape")
    expect(box).to_have_value("")


def test_the_arrow_opens_a_closed_list_again(page: Page) -> None:
    box = _box(page, "/search?q=pier")
    box.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()


def test_leaving_the_box_closes_the_list(page: Page) -> None:
    _box(page).fill("pier")
    page.get_by_role("listbox").wait_for()
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_click_opens_the_post(page: Page) -> None:
    _box(page).fill("splicing")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(r"/workshop/ropes(#.*)?$"))


def test_other_sections_of_a_post_follow_it_and_open_there(page: Page) -> None:
    box = _box(page)
    box.fill("splicing")
    options = page.get_by_role("option")
    expect(options).to_have_text([re.compile("Splicing a mooring rope"), "An eye splice"])
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/workshop/ropes#an-eye-splice$"))


def test_slash_moves_to_the_box_except_while_typing(page: Page) -> None:
    box = _box(page, "/harbor/tides")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    page.keyboard.press("/")
    expect(box).to_have_value("/")


def test_a_typo_is_forgiven_and_named(page: Page) -> None:
    _box(page).fill("sandbnak ")
    expect(page.get_by_role("option")).to_contain_text("Reading the tide tables")
    expect(page.locator("[part=note]")).to_contain_text("Showing results for “sandbank”.")


def test_a_word_that_no_post_has_is_named(page: Page) -> None:
    _box(page).fill("sandbank xylophone ")
    expect(page.get_by_role("option").first).to_contain_text("Reading the tide tables")
    expect(page.locator("[part=note]")).to_have_text("No post has all words; missing: xylophone.")
    expect(page.locator("[part=missing]")).to_have_count(0)


def test_a_hit_that_lacks_a_word_which_another_has_names_it(page: Page) -> None:
    _box(page).fill("sandbank pier ")
    hits = page.get_by_role("option")
    with_both = hits.filter(has_text="Reading the tide tables")
    with_one = hits.filter(has_text="Lanterns along the pier")
    expect(with_one.locator("[part=missing]")).to_have_text("Missing: sandbank")
    expect(with_both.locator("[part=missing]")).to_have_count(0)


def test_nothing_found_is_said(page: Page) -> None:
    _box(page).fill("xylophone ")
    expect(page.locator("[part=note]")).to_contain_text("Nothing found for “xylophone”.")


def test_a_slow_answer_never_replaces_a_newer_one(page: Page) -> None:
    held: list[Route] = []
    page.route(
        ENDPOINT,
        lambda route: held.append(route) if "q=rope" in route.request.url else route.continue_(),
    )
    box = _box(page)
    with page.expect_request(lambda request: "q=rope" in request.url):
        box.fill("rope")
    box.fill("sandbank")
    expect(page.get_by_role("option")).to_contain_text("Reading the tide tables")
    for route in held:
        route.continue_()
    box.press("ArrowDown")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option")).to_contain_text("Reading the tide tables")


def test_when_the_server_does_not_answer_the_form_still_works(page: Page) -> None:
    page.route(ENDPOINT, lambda route: route.abort())
    box = _box(page)
    box.fill("pier")
    expect(page.locator("[part=note]")).to_have_text(NOT_ANSWERING)
    expect(page.get_by_role("status")).to_have_text(NOT_ANSWERING)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=pier$"))


def test_an_error_from_the_server_is_not_shown_as_no_results(page: Page) -> None:
    page.route(ENDPOINT, lambda route: route.fulfill(status=503, json={"status": 503}))
    _box(page).fill("pier")
    expect(page.locator("[part=note]")).to_have_text(NOT_ANSWERING)


def test_what_was_typed_before_the_script_came_is_kept(page: Page) -> None:
    held: list[Route] = []
    page.route("**/signpost.js", lambda route: _hold(route, held))
    with page.expect_request("**/signpost.js"):
        page.goto("/", wait_until="commit")
    plain = page.get_by_role("searchbox")
    plain.press_sequentially("sandbank")
    for route in held:
        route.continue_()
    box = page.get_by_role("combobox")
    expect(box).to_have_value("sandbank")
    expect(box).to_be_focused()


def test_a_hotkey_pressed_before_the_styles_came_is_not_lost(page: Page) -> None:
    held: list[Route] = []
    page.route("**/signpost.css", lambda route: _hold(route, held))
    with page.expect_request("**/signpost.css"):
        page.goto("/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    for route in held:
        route.continue_()
    expect(page.get_by_role("combobox")).to_be_focused()


def test_a_limit_of_nought_is_a_limit(page: Page) -> None:
    page.goto("/")
    page.locator("signpost-search").evaluate("box => box.setAttribute('limit', '0')")
    page.get_by_role("combobox").fill("ferry")
    expect(page.locator("[part=all]")).to_have_text("See all 23 results")
    expect(page.get_by_role("option")).to_have_count(0)


def test_the_page_hears_of_answers_and_may_take_over_opening(page: Page) -> None:
    box = _box(page)
    page.evaluate(
        """() => {
          window.heard = [];
          for (const type of ["signpost-search", "signpost-select"])
            document.addEventListener(type, (event) => {
              window.heard.push([type, event.detail]);
              event.preventDefault();
            });
        }"""
    )
    box.fill("sandbank")
    page.get_by_role("option").click()
    url = page.url
    (_, answered), (_, selected) = page.evaluate("() => window.heard")
    assert answered == {"query": "sandbank", "corrected": None, "missing": [], "total": 1}
    assert selected["path"] == "/harbor/tides"
    assert selected["position"] == 1
    assert selected["query"] == "sandbank"
    assert selected["url"].endswith("/harbor/tides#low-water")
    assert page.url == url
