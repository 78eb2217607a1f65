"""From a question to a post and back, on a real blog of 665 posts."""

import re

from playwright.sync_api import Locator, Page, expect

QUERY = "network policy"
SECTION = "kube-proxy-removal"
"""The anchor of a section that one post has, and its words."""


def _typed(page: Page, query: str, path: str = "/") -> Locator:
    """The box, with this typed into it and answered."""
    page.goto(path)
    box = page.get_by_role("combobox")
    box.press_sequentially(query)
    page.get_by_role("option").first.wait_for()
    return box


def _number(locator: Locator) -> int:
    """The first number in the text."""
    found = re.search(r"\d[\d,]*", locator.inner_text())
    assert found, locator.inner_text()
    return int(found.group().replace(",", ""))


def test_results_come_as_one_types_with_the_words_marked(page: Page) -> None:
    _typed(page, "network pol")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ results, the first 8 listed"))
    hits = page.locator("[role=option]:not([part~=other])")
    expect(hits).to_have_count(8)
    for hit in hits.all():
        expect(hit.locator("mark").first).to_be_visible()
        for marked in hit.locator("mark").all_inner_texts():
            assert marked.lower().startswith(("network", "pol")), hit.inner_text()


def test_arrow_and_enter_open_the_post_at_the_section_that_answers(page: Page) -> None:
    box = _typed(page, SECTION.replace("-", " "))
    option = page.get_by_role("option").filter(has_text="Kube-proxy Removal").first
    for _ in range(page.get_by_role("option").count()):
        box.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    box.press("Enter")
    expect(page).to_have_url(re.compile(rf"/blog/2019/08/20/cilium-16#{SECTION}$"))
    expect(page.locator(f"#{SECTION}")).to_be_in_viewport()
    expect(page.locator(".post-head h1")).to_contain_text("Cilium 1.6")


def test_escape_gives_the_box_back_with_what_was_typed(page: Page) -> None:
    box = _typed(page, QUERY)
    box.press("ArrowDown")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value(QUERY)
    box.press_sequentially(" editor")
    expect(page.get_by_role("option").first).to_contain_text("NetworkPolicy Editor")


def test_a_filter_of_the_box_leaves_as_many_as_it_says_and_can_be_removed(page: Page) -> None:
    _typed(page, QUERY)
    status = page.get_by_role("status")
    total = _number(status)
    page.locator("signpost-search summary").click()
    group = page.get_by_role("group", name="Categories")
    choice = group.get_by_role("button", name="Release")
    promised = _number(choice)
    assert 0 < promised < total
    choice.click()
    expect(status).to_contain_text("Filtered by Release.")
    assert _number(status) == promised
    page.locator("signpost-search summary").click()
    page.get_by_role("button", name="Remove filter Release").click()
    expect(status).not_to_contain_text("Filtered")
    assert _number(status) == total


def test_filters_of_the_results_page_leave_as_many_as_they_say_and_can_be_removed(
    page: Page,
) -> None:
    page.goto(f"/search?q={QUERY}")
    tally = page.locator(".tally strong")
    total = _number(tally)
    narrow = page.get_by_role("complementary", name="Narrow down")
    for facet, value in (("Category", "Technology"), ("Tag", "eBPF"), ("Year", "2020")):
        choice = narrow.get_by_role("region", name=facet).get_by_role("link", name=value)
        promised = _number(choice.locator(".count"))
        choice.click()
        expect(tally).to_have_text(str(promised))
    expect(page.locator(".hit")).to_have_count(min(promised, 10))
    page.get_by_role("link", name="Remove filter Tag: eBPF").click()
    expect(page.get_by_role("link", name="Remove filter")).to_have_count(2)
    page.get_by_role("link", name="Clear all").click()
    expect(tally).to_have_text(str(total))


def test_a_typo_is_told_with_a_way_back(page: Page) -> None:
    box = _typed(page, "netwrok polcy ")
    note = page.locator("[part=note]")
    expect(note).to_contain_text("Showing results for “network policy”.")
    expect(page.get_by_role("status")).to_contain_text("Showing results for “network policy”.")
    page.get_by_role("link", name="Search instead for “netwrok polcy”").click()
    expect(box).to_have_value('"netwrok" "polcy"')
    expect(note).not_to_contain_text("Showing results for")
    expect(note).to_contain_text("missing")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text('"netwrok" "polcy"')
    expect(page.get_by_text("Showing results for")).to_have_count(0)


def test_back_from_a_post_leads_to_the_same_place_in_the_results(page: Page) -> None:
    page.goto(f"/search?q={QUERY}&sort=newest&page=2")
    titles = page.locator(".hit h2").all_inner_texts()
    link = page.locator(".hit h2 a[href^='/']").last
    link.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 0
    link.click()
    expect(page.locator("article")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("combobox")).to_have_value(QUERY)
    assert page.locator(".hit h2").all_inner_texts() == titles
    page.wait_for_function("before => Math.abs(scrollY - before) < 2", arg=before)


def test_back_from_a_post_opened_in_the_box_the_search_is_among_the_recent(page: Page) -> None:
    box = _typed(page, "hubble relay")
    page.locator("[role=option][href^='/']").first.click()
    expect(page.locator("article")).to_be_visible()
    page.go_back()
    box.click()
    if box.input_value():
        box.fill("")
    page.get_by_role("listbox", name="Recent searches").get_by_text("hubble relay").click()
    expect(box).to_have_value("hubble relay")
    expect(page.get_by_role("option").first).to_contain_text("Hubble")


def test_back_from_filters_widens_step_by_step(page: Page) -> None:
    page.goto(f"/search?q={QUERY}")
    tally = page.locator(".tally strong")
    counts = [tally.inner_text()]
    for value in ("How-To", "Kubernetes"):
        page.locator("#narrow").get_by_role("link", name=re.compile(f"^{value}")).first.click()
        expect(
            page.get_by_role("link", name=re.compile(f"Remove filter .*{value}"))
        ).to_be_visible()
        counts.append(tally.inner_text())
    assert len(set(counts)) == 3
    page.go_back()
    expect(tally).to_have_text(counts[1])
    page.go_back()
    expect(tally).to_have_text(counts[0])
    expect(page.get_by_role("link", name="Remove filter")).to_have_count(0)
    page.go_forward()
    expect(tally).to_have_text(counts[1])


def test_a_link_opens_the_query_the_filters_and_the_page_that_it_names(page: Page) -> None:
    page.goto(f"/search?q={QUERY}&tag=Cilium&page=2")
    expect(page.get_by_role("combobox")).to_have_value(QUERY)
    expect(page.get_by_role("link", name="Remove filter Tag: Cilium")).to_be_visible()
    expect(page.locator(".tally")).to_contain_text("page 2 of")
    pages = page.get_by_role("navigation", name="Pages")
    expect(pages.locator("[aria-current=page]")).to_have_text(re.compile("2$"))
    expect(page.locator("ol.hits")).to_have_attribute("start", "11")
    second = page.locator(".hit h2").all_inner_texts()
    pages.get_by_role("link", name="Previous").click()
    expect(page.locator("ol.hits")).to_have_attribute("start", "1")
    assert not set(second) & set(page.locator(".hit h2").all_inner_texts())
