"""The related list: as rows or cards, with pictures, from the server or from an export."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

LIST = '<signpost-related path="/harbor/lanterns" limit="2"></signpost-related>'
CARDS = LIST.replace("<signpost-related", '<signpost-related layout="cards"')


def _item(path: str, **fields: Any) -> dict[str, Any]:
    title = path.rpartition("/")[2].capitalize()
    reasons = [{"kind": "tag", "value": "Ropes", "contribution": 0.4}]
    item = {"path": path, "url": path, "title": title, "date": "2024-01-02", "summary": ""}
    return {**item, "image": "", "score": 0.5, "rung": "similar", "reasons": reasons, **fields}


def _export(page: Page, pattern: str, content: Any) -> None:
    page.route(pattern, lambda route: route.fulfill(json=content))


def test_each_post_says_why_it_is_there(page: Page, show: Callable[..., None]) -> None:
    show(LIST)
    expect(page.get_by_role("heading", name="Related posts", level=2)).to_be_visible()
    tides = page.get_by_role("listitem").filter(has_text="Reading the tide tables")
    expect(tides.get_by_role("link")).to_have_attribute("href", "/harbor/tides")
    expect(tides).to_contain_text(re.compile(r"both tagged Navigation", re.IGNORECASE))


def test_values_of_one_kind_are_listed_as_a_sentence_would(
    page: Page, show: Callable[..., None]
) -> None:
    both = [
        {"kind": kind, "value": value, "contribution": 0.1}
        for kind, value in (("term", "eBPF"), ("term", "IPsec"), ("category", "Networks"))
    ]
    _export(page, "**/related.json", {"/a": [_item("/b", reasons=both, date=None)]})
    show('<signpost-related path="/a" src="/related.json"></signpost-related>')
    expect(page.locator("[part=reason]")).to_have_text(
        "Both about eBPF and IPsec, both in Networks"
    )


def test_posts_with_an_image_have_a_thumbnail_that_moves_nothing(
    page: Page, show: Callable[..., None]
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/covers/guide.svg", hold)
    with page.expect_request("**/covers/guide.svg"):
        show(CARDS)
    image = page.get_by_role("listitem").filter(has_text="tide tables").locator("img")
    expect(image).to_have_attribute("alt", "")
    expect(image).to_have_attribute("loading", "lazy")
    before = image.bounding_box()
    assert before is not None
    assert before["height"] > 50
    loaded = image.evaluate_handle("image => ({ done: image.decode() })")
    held[0].continue_()
    loaded.evaluate("({ done }) => done")
    assert image.bounding_box() == before
    shown = page.get_by_role("listitem").filter(has_not_text="tide tables")
    expect(shown.locator("img")).to_have_count(0)


def test_a_list_without_pictures_has_no_places_for_them(
    page: Page, show: Callable[..., None]
) -> None:
    show('<signpost-related path="/harbor/tides" limit="1"></signpost-related>')
    expect(page.get_by_role("listitem")).to_have_count(1)
    expect(page.locator("signpost-related img")).to_have_count(0)


def test_a_picture_that_is_gone_leaves_nothing(
    page: Page, show: Callable[..., None], complaints: list[str]
) -> None:
    _export(page, "**/related.json", {"/a": [_item("/deep/b", image="gone.png")]})
    with page.expect_request("**/deep/gone.png"):
        show('<signpost-related path="/a" src="/related.json"></signpost-related>')
    expect(page.get_by_role("listitem")).to_contain_text("B")
    expect(page.locator("signpost-related img")).to_have_count(0)
    complaints.clear()


def test_cards_stand_side_by_side_and_below_each_other_where_it_is_narrow(
    page: Page, show: Callable[..., None]
) -> None:
    show(CARDS)
    first, second = page.get_by_role("listitem").first, page.get_by_role("listitem").last
    first.wait_for()
    left, right = first.bounding_box(), second.bounding_box()
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] < right["x"]
    page.set_viewport_size({"width": 320, "height": 700})
    above, below = first.bounding_box(), second.bounding_box()
    assert above is not None
    assert below is not None
    assert above["x"] == below["x"]
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_an_export_of_the_site_is_read_without_asking_the_server(
    page: Page, show: Callable[..., None]
) -> None:
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if "/api/" in sent.url else None)
    _export(page, "**/related.json", {"/a": [_item("/b"), _item("/c"), _item("/d")], "/b": []})
    show('<signpost-related path="/a" src="related.json" limit="2"></signpost-related>')
    expect(page.get_by_role("listitem").get_by_role("link")).to_have_text(["B", "C"])
    assert asked == []


def test_the_page_is_found_in_an_export_by_its_canonical_link(
    page: Page, show: Callable[..., None]
) -> None:
    _export(page, "**/related.json", {"/notes/é": [_item("/b")]})
    show(
        '<link rel="canonical" href="https://harbor.example/notes/%C3%A9.html">'
        '<signpost-related src="/related.json"></signpost-related>'
    )
    expect(page.get_by_role("link", name="B")).to_be_visible()


def test_a_folder_of_exports_has_a_file_for_the_post(page: Page, show: Callable[..., None]) -> None:
    _export(page, "**/lists/notes/a%23b.json", {"path": "/notes/a#b", "related": [_item("/c")]})
    show('<signpost-related path="/notes/a#b" src="/lists/"></signpost-related>')
    expect(page.get_by_role("link", name="C")).to_be_visible()


def test_the_whole_export_of_a_real_site_is_understood(
    page: Page, show: Callable[..., None]
) -> None:
    answer = page.request.get("/api/v1/related?path=/harbor/tides&limit=5").json()
    _export(page, "**/related.json", {"/harbor/tides": answer["related"]})
    show('<signpost-related path="/harbor/tides" src="/related.json"></signpost-related>')
    expect(page.get_by_role("listitem").first).to_contain_text("Lanterns along the pier")
    from_export = page.locator("signpost-related").evaluate("list => list.shadowRoot.innerHTML")
    page.unroute_all()
    show('<signpost-related path="/harbor/tides"></signpost-related>')
    expect(page.get_by_role("listitem").first).to_contain_text("Lanterns along the pier")
    from_server = page.locator("signpost-related").evaluate("list => list.shadowRoot.innerHTML")
    assert from_export == from_server


def test_nothing_is_rendered_where_there_is_nothing(
    page: Page, show: Callable[..., None], complaints: list[str]
) -> None:
    _export(page, "**/related.json", {"/b": []})
    with page.expect_response("**/nowhere.json"), page.expect_response("**/api/v1/related?*"):
        show(
            '<signpost-related path="/a" src="/related.json"></signpost-related>'
            '<signpost-related path="/a" src="/nowhere.json"></signpost-related>'
            '<signpost-related path="/no/such/post"></signpost-related>'
        )
    for related in page.locator("signpost-related").all():
        expect(related).to_have_text("")
        box = related.bounding_box()
        assert box is None or box["height"] == 0
    complaints.clear()


def test_a_hostile_export_does_nothing_but_show_its_text(
    page: Page, show: Callable[..., None]
) -> None:
    bad = "javascript:window.pwned=1"
    title = "<img src=x onerror='window.pwned=2'>"
    item = _item("/b", url=bad, image=bad, title=title)
    page.route("**/related.json", lambda route: route.fulfill(body=json.dumps({"/a": [item]})))
    show('<signpost-related path="/a" src="/related.json"></signpost-related>')
    link = page.get_by_role("listitem").get_by_role("link")
    expect(link).to_have_text(title)
    expect(link).to_have_attribute("href", "/b")
    expect(page.locator("signpost-related img")).to_have_count(0)
    assert page.evaluate("() => window.pwned") is None
