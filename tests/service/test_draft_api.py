"""Texts that are no posts over HTTP: kinds of bodies, their limits, and what is wrong with one."""

import json
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.drafts import MAX_DRAFT_CHARS, Draft
from search.engine import Engine
from search.service.limits import MAX_TEXT_REQUEST_BYTES

URL = "/api/v1/related"
TEXT = "Cut the old apple in winter: pruning apple trees is cold work. Süßmost für alle."


def expected(engine: Engine, draft: Draft, limit: int = 5) -> Any:
    return json.loads(json.dumps(engine.related_to_draft(draft, limit=limit).as_json()))


@pytest.mark.parametrize("content_type", ["text/plain", "text/markdown; charset=utf-8"])
def test_a_text_is_the_body(client: FlaskClient, engine: Engine, content_type: str) -> None:
    response = client.post(f"{URL}?limit=2", data=TEXT.encode(), content_type=content_type)
    assert response.get_json() == expected(engine, Draft(TEXT), limit=2)
    assert response.get_json()["path"] is None
    assert response.get_json()["links"][0]["path"] == "/orchard/pruning"
    assert response.headers["Cache-Control"] == "no-store"


def test_an_object_says_more(client: FlaskClient, engine: Engine) -> None:
    body = {"text": TEXT, "title": "Cider", "tags": ["Apples"], "links": ["/orchard/pruning"]}
    response = client.post(URL, json=body | {"lang": "en", "limit": 1})
    assert client.post(f"{URL}?limit=3", json=body | {"limit": 1}).get_json()["related"][1:] == []
    assert len(client.post(f"{URL}?limit=2", json=body).get_json()["related"]) == 2
    draft = Draft(TEXT, "Cider", ("Apples",), ("/orchard/pruning",), "en")
    assert response.get_json() == expected(engine, draft, limit=1)
    assert response.get_json()["links"] == []


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: Pears against a wall\n---\n",
        "---\r\ntitle: Pears against a wall\r\n---\r\n",
        '+++\ntitle = "Pears against a wall"\n+++\n',
        "\ufeff--- \ntitle: Pears against a wall\n--- \n",
    ],
)
def test_front_matter_is_no_prose(client: FlaskClient, engine: Engine, front: str) -> None:
    body = f"{front}{TEXT}"
    response = client.post(URL, data=body.encode(), content_type="text/markdown")
    assert response.get_json() == expected(engine, Draft(TEXT))


def test_ten_megabytes_are_cut_and_the_answer_says_so(client: FlaskClient) -> None:
    body = ("apple " * 2_000_000).encode()
    response = client.post(URL, data=body, content_type="text/plain")
    assert response.status_code == 200
    notice = f"Only the first {MAX_DRAFT_CHARS} characters of the text were read."
    assert response.get_json()["notices"] == [notice]
    as_json = json.dumps({"text": "apple " * 1_700_000})
    response = client.post(URL, data=as_json, content_type="application/json")
    assert response.get_json()["notices"] == [notice]


def test_a_text_is_read_to_its_end_before_it_is_answered(client: FlaskClient) -> None:
    body = BytesIO(b"apple " * 1_700_000)
    length = len(body.getvalue())
    sent = {"input_stream": body, "content_type": "text/plain", "content_length": length}
    assert client.post(URL, **sent).status_code == 200
    assert body.read() == b""


@pytest.mark.parametrize(
    "link",
    [
        "[pruning apple trees](/orchard/pruning)",
        "[pruning apple trees](</orchard/pruning>)",
        '[pruning apple trees](/orchard/pruning "In winter")',
        "[pruning apple trees][1]\n\n[1]: /orchard/pruning",
    ],
)
def test_what_markdown_links_to_is_not_suggested(client: FlaskClient, link: str) -> None:
    def suggested(content_type: str, text: str) -> list[str]:
        answer = client.post(URL, data=text.encode(), content_type=content_type).get_json()
        return [suggestion["path"] for suggestion in answer["links"]]

    assert suggested("text/markdown", "In winter, pruning apple trees.") == ["/orchard/pruning"]
    assert suggested("text/markdown", f"In winter, {link}") == []


@pytest.mark.parametrize("char", ["é", "水", "🍏"])
def test_a_text_is_never_cut_short_of_what_is_read(client: FlaskClient, char: str) -> None:
    def notices(chars: int) -> bool:
        response = client.post(URL, data=(char * chars).encode(), content_type="text/plain")
        return "notices" in response.get_json()

    assert (notices(MAX_DRAFT_CHARS), notices(MAX_DRAFT_CHARS + 1)) == (False, True)


def test_even_a_text_has_an_end(client: FlaskClient) -> None:
    body = b"a" * (MAX_TEXT_REQUEST_BYTES + 1)
    response = client.post(URL, data=body, content_type="text/plain")
    assert response.status_code == 413
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("body", [b"\xff\xfe apple", b"apple \xf0\x9f", b"apple\0\x1b"])
def test_bytes_that_are_no_text_are_answered(client: FlaskClient, body: bytes) -> None:
    assert client.post(URL, data=body, content_type="text/plain").get_json()["related"]


def test_halves_of_characters_in_json_are_answered(client: FlaskClient) -> None:
    body = '{"text": "apple \\ud800", "tags": ["\\udfff"], "title": "\\ud83c"}'
    response = client.post(URL, data=body, content_type="application/json")
    assert response.get_json()["related"]


def test_a_published_draft_names_its_path(client: FlaskClient, engine: Engine) -> None:
    response = client.post(URL, json={"text": TEXT, "path": "/orchard/pruning"})
    assert response.get_json() == expected(engine, Draft(TEXT, path="/orchard/pruning"))
    assert response.get_json()["links"] == []


@pytest.mark.parametrize(
    ("body", "content_type", "status", "told"),
    [
        ("", "text/plain", 400, "The text is needed"),
        (" \n", "text/plain", 400, "The text is needed"),
        ("{}", "application/json", 400, "The text is needed"),
        ('{"text": ""}', "application/json", 400, "The text is needed"),
        ("{", "application/json", 400, "not JSON"),
        ("[1]", "application/json", 400, "JSON object"),
        ('{"text": {"a": 1}}', "application/json", 400, "The member text can't be an object."),
        ('{"text": "a", "tags": ["b", ["c"]]}', "application/json", 400, "a list within a list"),
        ('{"text": "a", "limit": 0}', "application/json", 400, "limit takes"),
        (json.dumps({"text": "a", "tags": ["a"] * 51}), "application/json", 400, "tags takes"),
        ("apple", "application/x-yaml", 415, "text/plain"),
        ("apple", "", 415, "text/plain"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(
    client: FlaskClient, body: str, content_type: str, status: int, told: str
) -> None:
    response = client.post(URL, data=body, content_type=content_type)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert told in response.get_json()["detail"]
