"""What keeps clients in bounds: rate, size, security headers, and the origins that may ask."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from search.service.limits import MAX_REQUEST_BYTES

OTHER_SITE = "https://orchard.example"


def test_past_the_rate_limit_the_api_says_when_to_come_back(make_app: Any) -> None:
    client = make_app(rate_limit="3/minute").test_client()
    codes = [
        client.get(url).status_code
        for url in ("/api/v1/search?q=a", "/api/v1/suggest?q=a", "/api/v1/search?limit=x")
    ]
    assert codes == [200, 200, 400]
    refused = client.get("/api/v1/post?path=/cellar/cider")
    assert refused.status_code == 429
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["title"] == "Too Many Requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Retry-After"] in refused.get_json()["detail"]


def test_the_rate_limit_is_for_each_address_and_for_the_api_only(make_app: Any) -> None:
    client = make_app(rate_limit="1/hour").test_client()

    def ask(path: str, address: str) -> int:
        with client.get(path, environ_base={"REMOTE_ADDR": address}) as response:
            return int(response.status_code)

    assert ask("/api/v1/search", "192.0.2.1") == 200
    assert ask("/api/v1/search", "192.0.2.1") == 429
    assert ask("/api/v1/search", "192.0.2.2") == 200
    for path in ("/", "/search?q=a", "/orchard/pears", "/healthz", "/readyz", "/static/site.css"):
        assert ask(path, "192.0.2.1") == 200


def test_a_forwarded_address_that_a_client_made_up_does_not_lift_the_limit(make_app: Any) -> None:
    client = make_app(rate_limit="1/hour").test_client()
    codes = [
        client.get("/api/v1/search", headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code
        for n in range(3)
    ]
    assert codes == [200, 429, 429]


def test_behind_a_trusted_proxy_each_reader_has_the_limit(make_app: Any) -> None:
    client = make_app(rate_limit="1/hour", trusted_proxies=["127.0.0.1"]).test_client()
    codes = [
        client.get("/api/v1/search", headers={"X-Forwarded-For": told}).status_code
        for told in ("198.51.100.1", "198.51.100.2", "198.51.100.1", "6.6.6.6, 198.51.100.2")
    ]
    assert codes == [200, 200, 429, 429]


def test_the_addresses_of_one_line_are_one_client(make_app: Any) -> None:
    client = make_app(rate_limit="1/hour").test_client()
    codes = [
        client.get("/api/v1/search", environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")
    ]
    assert codes == [200, 429, 200]


def test_of_several_limits_each_counts(make_app: Any) -> None:
    client = make_app(rate_limit="2/hour;3/day").test_client()
    assert [client.get("/api/v1/search").status_code for _ in range(3)] == [200, 200, 429]


def test_apps_count_for_themselves(make_app: Any) -> None:
    codes = [
        make_app(rate_limit="1/hour").test_client().get("/api/v1/search").status_code
        for _ in range(2)
    ]
    assert codes == [200, 200]


def test_no_rate_limit_means_none(client: FlaskClient) -> None:
    assert {client.get("/api/v1/search").status_code for _ in range(650)} == {200}


def test_a_request_with_a_large_body_is_refused(client: FlaskClient) -> None:
    fitting = client.get("/api/v1/search", data=b"x" * MAX_REQUEST_BYTES)
    assert fitting.status_code == 200
    refused = client.get("/api/v1/search", data=b"x" * (MAX_REQUEST_BYTES + 1))
    assert refused.status_code == 413
    assert refused.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    ["/", "/search?q=apple", "/orchard/pears", "/nope", "/api/v1/search", "/api/x", "/healthz",
     "/static/signpost.js"],
)  # fmt: skip
def test_every_answer_has_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' https: data:",
        "connect-src": "'self'",
        "font-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def allowed_origin(client: FlaskClient, path: str, origin: str) -> str | None:
    with client.get(path, headers={"Origin": origin}) as response:
        return response.headers.get("Access-Control-Allow-Origin")


def test_an_origin_on_the_list_may_read_the_api_and_load_the_module(make_app: Any) -> None:
    client = make_app(origins=[OTHER_SITE, "http://[::1]:4321"]).test_client()
    for path in ("/api/v1/search", "/api/v1/search?limit=x", "/api/x", "/static/signpost.js"):
        assert allowed_origin(client, path, OTHER_SITE) == OTHER_SITE
        assert allowed_origin(client, path, "http://[::1]:4321") == "http://[::1]:4321"
    assert allowed_origin(client, "/", OTHER_SITE) is None


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "https://orchard.example.evil.test", "http://orchard.example",
     "https://orchard-example", "https://orchard.example:8443", "null", "https://xorchard.example",
     "http://1:4321"],
)  # fmt: skip
def test_an_origin_that_is_not_exactly_on_the_list_may_not(make_app: Any, origin: str) -> None:
    client = make_app(origins=[OTHER_SITE, "http://[::1]:4321"]).test_client()
    assert allowed_origin(client, "/api/v1/search", origin) is None
    assert allowed_origin(client, "/static/signpost.js", origin) is None


def test_without_a_list_no_other_origin_may_read_anything(client: FlaskClient) -> None:
    assert allowed_origin(client, "/api/v1/search", OTHER_SITE) is None


def test_a_star_lets_every_origin_in(make_app: Any) -> None:
    client = make_app(origins=["*"]).test_client()
    assert allowed_origin(client, "/api/v1/search", "https://any.example") == "*"


def test_a_cache_between_keeps_the_answers_to_different_origins_apart(make_app: Any) -> None:
    client = make_app(origins=[OTHER_SITE]).test_client()
    for origin in (OTHER_SITE, "https://elsewhere.example", ""):
        answer = client.get("/api/v1/search", headers={"Origin": origin} if origin else {})
        assert "Origin" in answer.headers.get("Vary", "")


def test_a_preflight_is_answered_and_not_counted(make_app: Any) -> None:
    client = make_app(origins=[OTHER_SITE], rate_limit="1/hour").test_client()
    asking = {
        "Origin": OTHER_SITE,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    for _ in range(3):
        answer = client.options("/api/v1/search", headers=asking)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == OTHER_SITE
        assert "GET" in answer.headers["Access-Control-Allow-Methods"]
        assert answer.headers["Access-Control-Allow-Headers"].lower() == "if-none-match"
    assert client.get("/api/v1/search", headers={"Origin": OTHER_SITE}).status_code == 200
    refused = client.get("/api/v1/search", headers={"Origin": OTHER_SITE})
    assert refused.status_code == 429
    assert refused.headers["Access-Control-Allow-Origin"] == OTHER_SITE


@pytest.mark.parametrize("path", ["/", "/orchard/pears"])
def test_a_page_that_the_browser_has_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/cellar/cider", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
