"""Recommendations over HTTP: both ways to give a history, and what is wrong with one."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from search.engine import Engine, RelatedOptions
from search.service.parameters import MAX_HISTORY_PATHS

URL = "/api/v1/recommend"
READ = ["/orchard/pears", "/orchard/pruning"]


def expected(engine: Engine, history: list[str], options: RelatedOptions) -> Any:
    return json.loads(json.dumps(engine.recommend(history, options=options).as_json()))


@pytest.mark.parametrize(
    "query",
    [
        "history=/orchard/pears,/orchard/pruning",
        "history=/orchard/pears&history=/orchard/pruning",
        "history=%20/orchard/pears,%20/orchard/pruning,",
    ],
)
def test_a_history_is_one_value_with_commas_or_several_values(
    client: FlaskClient, engine: Engine, query: str
) -> None:
    answer = client.get(f"{URL}?{query}&limit=2").get_json()
    assert answer["related"]
    assert answer == expected(engine, READ, RelatedOptions(limit=2))


def test_a_body_says_the_same_as_an_address(client: FlaskClient) -> None:
    body = {"history": READ, "limit": 3, "category": ["Cellar"], "include_newer": False}
    posted = client.post(URL, json=body)
    got = client.get(
        f"{URL}?history={','.join(READ)}&limit=3&category=Cellar&include_newer=0"
    ).get_json()
    assert posted.get_json() == got
    assert [post["path"] for post in got["related"]] == ["/cellar/cider", "/keller/süßmost"]
    assert posted.headers["Cache-Control"] == "no-store"


def test_a_path_in_a_list_may_have_commas(client: FlaskClient) -> None:
    answer = client.post(URL, json={"history": ["/orchard/pears,/orchard/pruning"]}).get_json()
    assert answer["history"] == []
    assert answer["notices"][0].endswith(": /orchard/pears,/orchard/pruning.")


def test_a_history_that_is_too_long_is_told_how_long_it_is(client: FlaskClient) -> None:
    paths = ",".join(["/orchard/pears"] * (MAX_HISTORY_PATHS + 1))
    response = client.get(f"{URL}?history={paths}")
    assert response.status_code == 400
    assert response.get_json()["detail"].endswith(f"not {MAX_HISTORY_PATHS + 1} values.")


def test_without_a_history_there_is_a_list_too(client: FlaskClient, engine: Engine) -> None:
    assert client.get(URL).get_json() == expected(engine, [], RelatedOptions())
    assert client.post(URL, json={}).get_json()["related"]


def test_unknown_and_repeated_paths_are_named(client: FlaskClient) -> None:
    answer = client.get(f"{URL}?history=/gone,/orchard/pears,/orchard/pears").get_json()
    assert answer["history"] == ["/orchard/pears"]
    assert len(answer["notices"]) == 2
    assert "/gone" in answer["notices"][0]
    assert "/orchard/pears" in answer["notices"][1]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{", "not JSON"),
        ("[" * 100_000 + "]" * 100_000, "larger"),
        ("[" * 30_000, "not JSON"),
        ('["/orchard/pears"]', "JSON object"),
        ("null", "JSON object"),
        (b"\xff\xfe{}", "not JSON"),
        ('{"limit": "many"}', "limit takes"),
        ('{"limit": [1, 2], "series": "all"}', "series takes"),
        ('{"since": "yesterday"}', "since takes"),
        ('{"half_life_days": -1}', "half_life_days takes"),
        ('{"half_life_days": 0.5}', "a whole number of days up to 36500"),
        ('{"history": ["/a", {"b": 1}]}', "The member history can't be an object."),
        ('{"history": ["/a", ["/b"]]}', "The member history can't be a list within a list."),
        (json.dumps({"history": ["/a"] * (MAX_HISTORY_PATHS + 1)}), "history takes"),
    ],
)
def test_a_body_that_is_not_understood_is_told_in_a_sentence(
    client: FlaskClient, body: str | bytes, told: str
) -> None:
    response = client.post(URL, data=body, content_type="application/json")
    assert response.status_code in {400, 413}
    assert response.mimetype == "application/problem+json"
    assert told in response.get_json()["detail"]


@pytest.mark.parametrize("entry", [1, True, None, "\ud800", ""])
def test_entries_that_are_no_paths_are_passed_over(client: FlaskClient, entry: Any) -> None:
    body = json.dumps({"history": [entry, "/orchard/pears"]})
    response = client.post(URL, data=body, content_type="application/json")
    assert response.status_code == 200
    assert response.get_json()["history"] == ["/orchard/pears"]
