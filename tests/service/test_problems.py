"""What is answered when something goes wrong, to programs and to people."""

import logging
from typing import Any, NoReturn
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search.engine import Engine

SHAPE = ["type", "title", "status", "detail", "instance"]


def problem_of(response: TestResponse) -> dict[str, Any]:
    """The problem document, after a look at what all of them have in common."""
    assert response.mimetype == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    document: dict[str, Any] = response.get_json()
    assert list(document)[:5] == SHAPE
    assert document["type"] == "about:blank"
    assert document["status"] == response.status_code
    assert unquote(document["instance"]) == response.request.path
    assert document["instance"].isascii()
    return document


class FailingEngine:
    """An engine with a fault that nobody thought of."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, *_: object, **__: object) -> NoReturn:
        raise RuntimeError("disk at /srv/secret: password hunter2")


def test_an_unknown_post_is_a_404_with_the_nearest_paths(client: FlaskClient) -> None:
    for endpoint in ("post", "related"):
        problem = problem_of(client.get(f"/api/v1/{endpoint}?path=/orchard/prunning"))
        assert problem["status"] == 404
        assert problem["title"] == "Not Found"
        assert problem["nearest"][0] == "/orchard/pruning"


def test_an_unknown_post_that_is_like_no_other_has_no_nearest(client: FlaskClient) -> None:
    problem = problem_of(client.get("/api/v1/post?path=%F0%9F%8D%8F"))
    assert (problem["status"], problem["nearest"]) == (404, [])


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v2/search", "/api/", "/api/v1/search/", "/api/süß <b>"]
)
def test_an_unknown_address_under_api_is_a_404_problem(
    client: FlaskClient, method: str, path: str
) -> None:
    problem = problem_of(client.open(path, method=method))
    assert problem["status"] == 404


@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v1/post", "/healthz", "/readyz"])
def test_a_wrong_method_is_a_405_problem_that_says_which_are_right(
    client: FlaskClient, path: str
) -> None:
    response = client.post(path)
    assert problem_of(response)["status"] == 405
    assert "POST" in problem_of(response)["detail"]
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_an_unexpected_fault_tells_the_log_everything_and_the_client_an_id(
    make_app: Any, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_app(FailingEngine(engine)).test_client()
    with caplog.at_level(logging.ERROR):
        response = client.get("/api/v1/search?q=x")
    problem = problem_of(response)
    assert problem["status"] == 500
    assert problem["request_id"] == response.headers["X-Request-Id"]
    assert problem["request_id"] in problem["detail"]
    for secret in ("RuntimeError", "hunter2", "secret", "Traceback"):
        assert secret not in response.text
    record, request = caplog.records
    assert problem["request_id"] in record.getMessage()
    assert problem["request_id"] in request.getMessage()
    assert record.exc_info is not None
    assert "hunter2" in str(record.exc_info[1])


def test_an_unexpected_fault_of_a_page_is_a_page_with_an_id(
    make_app: Any, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_app(FailingEngine(engine)).test_client()
    response = client.get("/search?q=x")
    assert (response.status_code, response.mimetype) == (500, "text/html")
    assert response.headers["X-Request-Id"] in response.text
    assert "hunter2" not in response.text
    assert [record.exc_info is not None for record in caplog.records] == [True, False]


@pytest.mark.parametrize("path", ["/nowhere/at-all", "/static/nothing.js"])
def test_an_unknown_page_is_a_404_page(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (404, "text/html")


def test_a_wrong_method_on_a_page_is_a_405_page(client: FlaskClient) -> None:
    response = client.post("/search")
    assert (response.status_code, response.mimetype) == (405, "text/html")


def test_what_stands_in_the_address_is_escaped_on_an_error_page(client: FlaskClient) -> None:
    response = client.get("/<script>alert(1)</script>")
    assert response.status_code == 404
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("sound", ["abc-123", "A.b_c", "x" * 64])
def test_a_sound_request_id_of_the_client_is_kept(client: FlaskClient, sound: str) -> None:
    response = client.get("/healthz", headers={"X-Request-Id": sound})
    assert response.headers["X-Request-Id"] == sound


@pytest.mark.parametrize("unsound", ["", "x" * 65, "a b", "a\tb", "<b>", "é", "a;b"])
def test_any_other_request_id_is_replaced(client: FlaskClient, unsound: str) -> None:
    first, second = (client.get("/healthz", headers={"X-Request-Id": unsound}) for _ in range(2))
    ids = {first.headers["X-Request-Id"], second.headers["X-Request-Id"], unsound}
    assert len(ids) == 3


def test_every_answer_has_a_request_id(client: FlaskClient) -> None:
    for path in ("/", "/search?q=apple", "/api/v1/search", "/api/x", "/static/site.css", "/nope"):
        with client.get(path) as response:
            assert response.headers["X-Request-Id"]
