"""A post's place in its series, as the API tells it and as its page shows it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from index.report import BuildReport

NAME = 'Knots & <b onclick="x">splices</b>'
POST = "---\ntitle: '{}'\ndate: 2024-01-0{}\nseries: '{}'\n---\nRope.\n"
SITE = {
    "one.md": POST.format("Bowline <i>", 1, NAME),
    "two.md": POST.format("Clove hitch", 2, NAME),
    "three.md": "---\ntitle: Reef\ndate: 2024-01-03\n"
    f"series: '{NAME}'\nexternal_url: https://x.example/reef\n---\n",
    "other.md": "---\ntitle: Other\n---\nNo series.\n",
}


@pytest.fixture
def client(
    build: Callable[[Mapping[str, str]], BuildReport],
    tmp_path: Path,
    make_app: Callable[..., object],
) -> FlaskClient:
    assert build(SITE).problems == ()
    return make_app(index=tmp_path / "index").test_client()  # type: ignore[attr-defined, no-any-return]


def test_the_api_tells_where_a_post_stands_in_its_series(client: FlaskClient) -> None:
    assert client.get("/api/v1/post?path=/two").get_json()["series"] == {
        "name": NAME,
        "part": 2,
        "parts": 3,
        "previous": {"path": "/one", "url": "/one", "title": "Bowline <i>"},
        "next": {"path": "/three", "url": "https://x.example/reef", "title": "Reef"},
    }
    assert client.get("/api/v1/post?path=/one").get_json()["series"]["previous"] is None
    assert client.get("/api/v1/post?path=/other").get_json()["series"] is None


def test_a_page_leads_to_the_parts_beside_it(client: FlaskClient) -> None:
    page = client.get("/two").get_data(as_text=True)
    assert f"Part 2 of 3 of <cite>{escape(NAME)}</cite>" in page
    assert f'Previous: <a rel="prev" href="/one">{escape("Bowline <i>")}</a>' in page
    assert 'Next: <a rel="next" href="https://x.example/reef">Reef</a>' in page
    assert NAME not in page


def test_the_ends_of_a_series_have_one_neighbor_and_other_posts_no_line(
    client: FlaskClient,
) -> None:
    first = client.get("/one").get_data(as_text=True)
    assert "Part 1 of 3" in first
    assert "Next:" in first
    assert "Previous:" not in first
    last = client.get("/three").get_data(as_text=True)
    assert "Previous:" in last
    assert "Next:" not in last
    assert "<cite>" not in client.get("/other").get_data(as_text=True)
