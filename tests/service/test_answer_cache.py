"""Answers are kept for the next who asks the same, and nobody can tell but by the time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from index.build import build_index
from search.embedded import engine as engine_module
from search.service import answer_cache
from search.service.answer_cache import _Answers, _Kept

MakeApp = Callable[..., Flask]
OTHER_SITE = "https://orchard.example"


def counted(client: FlaskClient) -> dict[str, float]:
    """How many answers were kept from before, and how many were not."""
    return {
        sample.labels["result"]: sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
        if sample.name == "signpost_answer_cache_total"
    }


@pytest.mark.parametrize(
    "path",
    ["/api/v1/search?q=apple", "/api/v1/suggest?q=ap", "/api/v1/related?path=/orchard/pears",
     "/api/v1/post?path=/cellar/cider", "/api/v1/recommend?history=/cellar/cider"],
)  # fmt: skip
def test_the_second_answer_is_the_first_but_for_its_id(client: FlaskClient, path: str) -> None:
    first, second = client.get(path), client.get(path)
    assert counted(client) == {"hit": 1, "miss": 1}
    assert (first.status, first.data) == (second.status, second.data)
    ids = [answer.headers.pop("X-Request-Id") for answer in (first, second)]
    assert ids[0] != ids[1]
    assert list(first.headers) == list(second.headers)


def test_an_answer_that_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    path = "/api/v1/search?q=apple"
    etag = client.get(path).headers["ETag"]
    for told in (etag, etag.removeprefix("W/"), f'"other", {etag}'):
        again = client.get(path, headers={"If-None-Match": told})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == etag
        assert "Content-Length" not in again.headers
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_errors_texts_and_pages_are_not_kept(client: FlaskClient) -> None:
    for _ in range(2):
        assert client.get("/api/v1/search?limit=x").status_code == 400
        assert client.get("/api/v1/post?path=/nowhere").status_code == 404
        assert client.get("/api/v1/nothing").status_code == 404
        text = client.post("/api/v1/related", data="apple", content_type="text/plain")
        assert text.status_code == 200
        assert client.get("/search?q=apple").status_code == 200
    assert counted(client)["hit"] == 0


def test_answers_die_with_their_generation(
    make_app: MakeApp, content_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "PUBLISH_CHECK_SECONDS", 0.0)
    first = build_index(content_dir, tmp_path / "index").generation
    client = make_app(index=tmp_path / "index").test_client()
    path = "/api/v1/search?q=apple"
    assert [client.get(path).get_json()["generation"] for _ in range(2)] == [first, first]
    second = build_index(content_dir, tmp_path / "index").generation
    assert [client.get(path).get_json()["generation"] for _ in range(2)] == [second, second]
    assert counted(client) == {"hit": 2, "miss": 2}


def test_each_origin_has_its_own_headers(make_app: MakeApp) -> None:
    client = make_app(origins=[OTHER_SITE]).test_client()
    for _ in range(2):
        for origin, allowed in ((OTHER_SITE, OTHER_SITE), ("https://evil.example", None)):
            answer = client.get("/api/v1/search?q=apple", headers={"Origin": origin})
            assert answer.headers.get("Access-Control-Allow-Origin") == allowed
    assert counted(client) == {"hit": 2, "miss": 2}


def test_kept_answers_count_against_the_rate_limit(make_app: MakeApp) -> None:
    client = make_app(rate_limit="2/hour").test_client()
    codes = [client.get("/api/v1/search?q=apple").status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_searches_without_results_are_counted_each_time(client: FlaskClient) -> None:
    for _ in range(3):
        client.get("/api/v1/search?q=zzzqqq")
    assert "signpost_searches_without_results_total 3.0" in client.get("/metrics").text


def test_each_coding_is_kept_apart(client: FlaskClient) -> None:
    path = "/api/v1/search?q=apple"
    codings = [
        client.get(path, headers={"Accept-Encoding": accepted}).headers.get("Content-Encoding")
        for accepted in ("br", "gzip", "", "gzip", "br, gzip", "identity")
    ]
    assert codings == ["br", "gzip", None, "gzip", "br", None]
    assert counted(client) == {"hit": 3, "miss": 3}


KEYS = st.sampled_from([("a",), ("b",), ("c",), ("d",)])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("find"), KEYS, st.sampled_from("12")),
        st.tuples(st.just("keep"), KEYS, st.sampled_from("12"), st.integers(0, 900)),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(STEPS)
def test_what_is_kept_is_of_one_generation_and_within_bounds(steps: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answer_cache, "_BYTES_BESIDE_BODY", 100)
        answers = _Answers(max_bytes=1_500)
        known: dict[tuple[tuple[str, ...], str], bytes] = {}
        for kind, key, generation, *size in steps:
            if kind == "find":
                found = answers.find(key, generation)
                assert found is None or found.body == known[key, generation]
            elif answers.find(key, generation) is None:
                body = bytes(size[0])
                known[key, generation] = body
                answers.keep(key, _Kept([], body, "", "", has_no_results=False), generation)
                kept = answers.find(key, generation)
                assert kept is not None
                assert kept.body == body
            total = sum(len(kept.body) + 101 for kept in answers._kept.values())
            assert total == answers._bytes <= 1_500


def test_what_is_asked_for_longest_ago_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_cache, "_BYTES_BESIDE_BODY", 100)
    answers = _Answers(max_bytes=350)
    answers.find(("a",), "1")
    for name in "abc":
        answers.keep((name,), _Kept([], b"", "", "", has_no_results=False), "1")
        answers.find(("a",), "1")
    answers.keep(("d",), _Kept([], b"", "", "", has_no_results=False), "1")
    assert [name for name in "abcd" if answers.find((name,), "1")] == ["a", "c", "d"]
