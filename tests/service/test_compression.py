"""Answers are compressed for those that take them so, and say the same."""

import gzip

import brotli
import pytest
from flask.testing import FlaskClient

from search.service.compression import coding_for

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""), ("identity", ""), ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"), ("br;q=0, gzip", "gzip"), ("*", "br"), ("br;q=0", ""),
        ("gzip;q=nonsense", ""), ("\x00;;;,,", ""),
    ],
)  # fmt: skip
def test_the_coding_is_the_one_that_the_client_likes_best(accepted: str, coding: str) -> None:
    assert coding_for(accepted) == coding


@pytest.mark.parametrize("accepted", ["br", "gzip", ""])
@pytest.mark.parametrize(
    "path", ["/", "/search?q=apple", "/orchard/pears", "/nope", "/static/signpost.js",
             "/static/site.css", "/api/v1/search?q=apple"]
)  # fmt: skip
def test_what_is_compressed_is_what_was_said(client: FlaskClient, path: str, accepted: str) -> None:
    with client.get(path) as plain, client.get(path, headers={"Accept-Encoding": accepted}) as sent:
        coding = sent.headers.get("Content-Encoding")
        assert coding == (accepted or None)
        said = DECODERS[coding](sent.data)
        if "/search" not in path:  # which tells how long it took
            assert said == plain.data
        assert int(sent.headers["Content-Length"]) == len(sent.data)
        assert "Accept-Encoding" in sent.headers["Vary"]
        assert "Accept-Encoding" in plain.headers["Vary"]
        if accepted and len(plain.data) > 2_000:
            assert len(sent.data) < len(plain.data) / 2


def test_pictures_and_little_things_are_sent_as_they_are(client: FlaskClient) -> None:
    for path in ("/healthz", "/api/v1/suggest?q=zzz"):
        answer = client.get(path, headers={"Accept-Encoding": "br"})
        assert "Content-Encoding" not in answer.headers


def test_a_file_that_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    accepting = {"Accept-Encoding": "br"}
    with client.get("/static/signpost.js", headers=accepting) as first:
        etag = first.headers["ETag"]
    assert etag.startswith("W/"), "the same bytes are not sent to everyone"
    with client.get("/static/signpost.js", headers=accepting | {"If-None-Match": etag}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_a_part_of_a_file_is_a_part_of_the_file(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "br", "Range": "bytes=0-99"}
    with client.get("/static/signpost.js", headers=headers) as part:
        assert (part.status_code, len(part.data)) == (206, 100)
        assert "Content-Encoding" not in part.headers


def test_the_head_of_an_answer_has_no_body(client: FlaskClient) -> None:
    with client.head("/static/signpost.js", headers={"Accept-Encoding": "br"}) as head:
        assert head.data == b""
