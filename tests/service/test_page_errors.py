"""What a reader's browser is shown when there is nothing to show."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search.service import create_app
from search.settings import load_settings


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A service that has no index yet."""
    overrides = {
        "site": {"title": "Harbor <notes>", "base_url": ""},
        "index": {"dir": str(tmp_path / "none")},
    }
    return create_app(load_settings(overrides=overrides, environ={})).test_client()


@pytest.mark.parametrize("path", ["/", "/search?q=pier", "/harbor/tides"])
def test_a_page_without_an_index_says_that_it_is_not_ready(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 503
    assert response.mimetype == "text/html"
    assert "Not ready yet" in response.text
    assert "Harbor &lt;notes&gt;" in response.text
    assert "Traceback" not in response.text
    assert str(client.application.root_path) not in response.text


def test_what_cannot_be_done_with_a_page_is_said_on_a_page(client: FlaskClient) -> None:
    response = client.post("/search")
    assert response.status_code == 405
    assert '<form action="/search" role="search">' in response.text


def test_an_unknown_address_under_the_api_is_no_page(client: FlaskClient) -> None:
    response = client.get("/api/v1/nothing")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
