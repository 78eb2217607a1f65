"""The API's description: valid, whole, and what the service really takes and answers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_31
from werkzeug.test import TestResponse

from index.build import build_index
from search.engine import Engine
from search.errors import PostNotFoundError
from search.results import EngineStatus
from search.service.openapi_answers import SOMETIMES
from search.service.openapi_operations import OPERATIONS, Operation
from search.service.openapi_parameters import MEANINGS
from search.service.parameters import Parameters

DESCRIBED_PARTS = {"api", "probes", "metrics"}

ASKED = (
    "search?q=apple",
    "search?q=apple&explain=1",
    "search?q=aple+tree",
    "search?q=xylophone",
    "search?q=%22wall+apple%22",
    "search?q=apple+submarine",
    "search?q=" + "apple+" * 200,
    "search?q=&limit=0",
    "suggest?q=a",
    "suggest?q=gr",
    "suggest/opensearch?q=a",
    "related?path=/orchard/pruning&explain=1",
    "related?path=/keller/s%C3%BC%C3%9Fmost",
    "recommend",
    "recommend?history=/orchard/pruning,/nowhere",
    "post?path=/orchard/pruning",
    "post?path=/keller/s%C3%BC%C3%9Fmost",
)
"""Questions whose answers have, between them, every member that there can be."""

TEXTS = ("Pruning apple trees in winter, with a sharp saw.", "Pears. " * 20_000)


@pytest.fixture(scope="module")
def document(make_app: Any) -> dict[str, Any]:
    return fetched(make_app().test_client())


def fetched(client: FlaskClient, **request: Any) -> dict[str, Any]:
    response = client.get("/openapi.json", **request)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    document: dict[str, Any] = response.get_json()
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def as_strict(schema: Any) -> Any:
    """The schema without room for members that it does not name."""
    if isinstance(schema, list):
        return [as_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {key: as_strict(value) for key, value in schema.items()}
    if "properties" in strict and strict.get("type") == "object":
        strict["additionalProperties"] = False
    return strict


def check_answer(
    document: dict[str, Any], operation: dict[str, Any], response: TestResponse
) -> None:
    """The answer has exactly what the operation's description says."""
    found = operation["responses"][str(response.status_code)]
    if "$ref" in found:
        found = document["components"]["responses"][found["$ref"].rpartition("/")[2]]
    schema = found["content"][response.mimetype]["schema"]
    components = as_strict(document["components"])
    # Two schemas in one leave no member to be refused by each: Readiness is held as it is.
    if schema["$ref"].endswith("/Readiness"):
        components = document["components"]
    jsonschema_rs.Draft202012Validator({**schema, "components": components}).validate(
        response.get_json(force=True)
    )


def test_the_description_is_openapi_3_1(document: dict[str, Any]) -> None:
    official = jsonschema_rs.Draft202012Validator(OPENAPI_31)
    official.validate(document)
    spoiled = {**document, "paths": {"search": {"get": {"responses": 200}}}}
    assert not official.is_valid(spoiled)


def test_every_schema_is_one_and_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for name in document["components"]["schemas"]:
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        jsonschema_rs.Draft202012Validator(schema)
    text = json.dumps(document)
    for kind in ("schemas", "responses", "headers"):
        for name in document["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, f"nothing refers to {kind}/{name}"


def test_every_route_of_the_api_is_described_and_nothing_else(
    make_app: Any, document: dict[str, Any]
) -> None:
    app: Flask = make_app()
    routes = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in DESCRIBED_PARTS
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert len(routes) >= 10
    assert {(path, method) for path, method, _ in operations(document)} == routes


def test_every_operation_has_an_id_of_its_own(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(ids)) == len(ids) == len(OPERATIONS)


def test_every_parameter_is_described_and_says_what_it_is_for(document: dict[str, Any]) -> None:
    models = {one.id: (one.query, one.body) for one in OPERATIONS}
    for _, _, operation in operations(document):
        query, body = models[operation["operationId"]]
        named = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"}
        assert named == set(query.model_fields if query else ())
        if body:
            content = operation["requestBody"]["content"]
            members = content["application/json"]["schema"]["properties"]
            assert set(members) == set(body.model_fields)
    for model, meanings in MEANINGS.items():
        assert set(meanings) == set(model.model_fields), model.__name__


def needed(model: type[Parameters]) -> dict[str, str]:
    return {"path": "/orchard/pears"} if "path" in model.model_fields else {}


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.query], ids=lambda one: one.id
)
def test_bounds_and_defaults_are_those_that_hold(
    client: FlaskClient, document: dict[str, Any], operation: Operation
) -> None:
    query = operation.query
    assert query
    for parameter in document["paths"][operation.path]["get"]["parameters"]:
        name, schema = parameter["name"], parameter["schema"]

        def status(value: object, name: str = name) -> int:
            given = {**needed(query), name: value}
            return client.get(operation.path, query_string=given).status_code

        numbers = schema.get("items", schema)
        if numbers.get("type") == "integer":
            low, high = numbers["minimum"], numbers["maximum"]
            assert [status(low - 1), status(low), status(high), status(high + 1)] == [
                400, 200, 200, 400,
            ], name  # fmt: skip
        if "enum" in schema:
            assert {status(value) for value in schema["enum"]} == {200}, name
            assert status("else") == 400, name
        if "maxItems" in schema:
            value = "2024" if numbers["type"] == "integer" else "a"
            assert status([value] * schema["maxItems"]) == 200, name
            assert status([value] * (schema["maxItems"] + 1)) == 400, name
        if "default" in schema:
            assert schema["default"] == query.model_fields[name].default, name


def test_answers_have_what_is_described_and_nothing_else(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    for question in ASKED:
        path = f"/api/v1/{question.partition('?')[0]}"
        response = client.get(f"/api/v1/{question}")
        assert response.status_code == 200, question
        check_answer(document, document["paths"][path]["get"], response)
    for text in TEXTS:
        for path in ("related", "recommend"):
            operation = document["paths"][f"/api/v1/{path}"]["post"]
            sent = {"text": text, "history": ["/orchard/pears", "/nowhere"]}
            check_answer(document, operation, client.post(f"/api/v1/{path}", json=sent))
    for probe in ("/healthz", "/readyz"):
        check_answer(document, document["paths"][probe]["get"], client.get(probe))


def test_members_are_needed_if_they_are_always_there(client: FlaskClient) -> None:
    """Each of those that may be absent is there in one answer, and absent in another."""
    answers = [client.get(f"/api/v1/{question}").get_json() for question in ASKED]
    texts = [client.post("/api/v1/related", json={"text": text}).get_json() for text in TEXTS]
    by_schema = {
        "SearchResults": [answer for answer in answers if "hits" in answer],
        "Hit": [hit for answer in answers if "hits" in answer for hit in answer["hits"]],
        "Recommendations": [answer for answer in answers if "history" in answer],
        "RelatedToText": texts,
    }
    for name, found in by_schema.items():
        for member in SOMETIMES[name]:
            assert {member in answer for answer in found} == {True, False}, (name, member)


@pytest.mark.parametrize(
    ("method", "address", "sent", "status"),
    [
        ("get", "search?limit=many", {}, 400),
        ("get", "related?path=/nowhere", {}, 404),
        ("get", "post?path=/nowhere", {}, 404),
        ("post", "related", {"data": b"x" * 17_000_000, "content_type": "text/plain"}, 413),
        ("post", "recommend", {"data": b"x" * 70_000}, 413),
        ("post", "related", {"data": b"<p>", "content_type": "text/html"}, 415),
        ("post", "related", {"json": {"text": " "}}, 400),
        ("post", "recommend", {"data": b"{"}, 400),
    ],
)
def test_problems_have_the_one_shape_that_is_described(
    client: FlaskClient,
    document: dict[str, Any],
    method: str,
    address: str,
    sent: dict[str, Any],
    status: int,
) -> None:
    response = client.open(f"/api/v1/{address}", method=method, **sent)
    assert response.status_code == status
    operation = document["paths"][f"/api/v1/{address.partition('?')[0]}"][method]
    check_answer(document, operation, response)


def test_a_number_that_json_writes_with_a_fraction_of_nothing_is_whole(client: FlaskClient) -> None:
    body = b'{"history": ["/orchard/pears"], "limit": 2.0, "half_life_days": 1e2}'
    response = client.post("/api/v1/recommend", data=body)
    assert (response.status_code, len(response.get_json()["related"])) == (200, 2)
    refused = client.post("/api/v1/recommend", data=b'{"limit": 2.5}')
    assert refused.get_json()["detail"].endswith('not "2.5".')


def test_examples_are_what_the_api_answers(client: FlaskClient, document: dict[str, Any]) -> None:
    asked = 0
    for path, method, operation in operations(document):
        given = {p["name"]: p["example"] for p in operation.get("parameters", ()) if "example" in p}
        for media in operation["responses"]["200"]["content"].values():
            if "example" not in media:
                continue
            for kind, body in operation.get("requestBody", {"content": {None: {}}})[
                "content"
            ].items():
                if kind not in {None, "application/json"}:
                    continue
                response = client.open(
                    path, method=method, query_string=given, json=body.get("example")
                )
                answer, example = response.get_json(force=True), media["example"]
                if "took_ms" in answer:
                    answer["took_ms"] = example["took_ms"]
                assert answer == example, path
                asked += 1
    assert asked == len(OPERATIONS) - 1  # metrics are no JSON


def test_without_an_index_the_description_has_no_examples(
    make_app: Any, tmp_path: Path, document: dict[str, Any]
) -> None:
    client = make_app(index=tmp_path / "none").test_client()
    bare = fetched(client)
    assert "example" not in json.dumps(bare["paths"])
    assert list(bare["paths"]) == list(document["paths"])
    assert bare["components"] == document["components"]
    assert client.get("/api/docs").status_code == 200


class ChangingEngine:
    """An engine whose posts go away from one question to the next."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def related(self, path: str, **_: Any) -> Any:
        raise PostNotFoundError(path, ())


class BareEngine(ChangingEngine):
    """An engine over a site without posts."""

    def recent(self, **_: object) -> tuple[()]:
        return ()


@pytest.mark.parametrize("kind", [ChangingEngine, BareEngine])
def test_without_posts_to_ask_for_the_description_has_no_examples(
    make_app: Any, engine: Engine, kind: type[ChangingEngine]
) -> None:
    client = make_app(kind(engine)).test_client()
    assert "example" not in json.dumps(fetched(client)["paths"])
    assert client.get("/api/docs").status_code == 200


class CountedEngine(ChangingEngine):
    """An engine that counts what it is asked, and says which generation it has."""

    generation = "first"
    questions = 0

    def status(self) -> EngineStatus:
        return replace(self._engine.status(), generation=self.generation)

    def related(self, path: str, **given: Any) -> Any:
        self.questions += 1
        return self._engine.related(path, **given)


def test_examples_are_made_once_for_each_generation(make_app: Any, engine: Engine) -> None:
    counted = CountedEngine(engine)
    client = make_app(counted).test_client()
    for generation, questions in (("first", 1), ("first", 1), ("second", 2), ("second", 2)):
        counted.generation = generation
        readiness = fetched(client)["paths"]["/readyz"]["get"]["responses"]["200"]["content"]
        assert readiness["application/json"]["example"]["generation"] == generation
        assert client.get("/api/docs").status_code == 200
        assert counted.questions == questions


def test_what_posts_say_stays_text_on_the_page(make_app: Any, tmp_path: Path) -> None:
    hostile = '</textarea><script>alert(1)</script>" onfocus="alert(2)'
    post = f"---\npath: '/a{hostile}'\ntitle: '{hostile}'\ntags: ['{hostile}']\nsummary: '{hostile}'\n---\n"
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.md").write_text(post, encoding="utf-8")
    build_index(tmp_path / "posts", tmp_path / "index")
    page = make_app(index=tmp_path / "index").test_client().get("/api/docs").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert 'onfocus="' not in page


def test_below_a_folder_the_server_is_that_folder(client: FlaskClient) -> None:
    below = fetched(client, base_url="http://docs.example/find")
    assert below["servers"] == [{"url": "/find"}]
    assert fetched(client)["servers"] == [{"url": "/"}]


def test_a_wrong_method_is_a_problem_document(client: FlaskClient) -> None:
    response = client.post("/openapi.json")
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
