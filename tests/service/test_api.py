"""The endpoints: what they answer, and how they read their parameters."""

import json
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from search.engine import Engine, Filters, RelatedOptions, SearchOptions
from search.service.parameters import RecommendParameters, RelatedParameters

ENDPOINTS = (
    "/api/v1/search",
    "/api/v1/suggest",
    "/api/v1/related",
    "/api/v1/post",
    "/api/v1/recommend",
)
PARAMETERS = (
    "q limit offset sort tag category author year lang prefix explain path include_newer "
    "exclude_linked page since category series half_life_days history"
).split()

reuses_client = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def hit_paths(response: TestResponse) -> list[str]:
    assert response.status_code == 200
    return [hit["path"] for hit in response.get_json()["hits"]]


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "took_ms"}


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("q=apple", SearchOptions()),
        ("q=apple&limit=1&offset=1", SearchOptions(limit=1, offset=1)),
        ("q=apple&sort=oldest", SearchOptions(sort="oldest")),
        ("q=apple&explain=1", SearchOptions(explains=True)),
        ("q=prun&prefix=true", SearchOptions(last_word_is_prefix=True)),
        (
            "q=apple&tag=Cider&tag=grafting&category=Trees&author=Ada+Wren&year=2024&lang=en",
            SearchOptions(
                filters=Filters(
                    tags=("Cider", "grafting"),
                    categories=("Trees",),
                    authors=("Ada Wren",),
                    years=(2024,),
                    langs=("en",),
                )
            ),
        ),
    ],
)
def test_search_answers_what_the_engine_answers_to_those_options(
    client: FlaskClient, engine: Engine, query: str, options: SearchOptions
) -> None:
    words = "prun" if "q=prun" in query else "apple"
    answer = client.get(f"/api/v1/search?{query}").get_json()
    wanted = json.loads(json.dumps(engine.search(words, options=options).as_json()))
    assert wanted["hits"]
    assert timeless(answer) == timeless(wanted)


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        ("tag=cider", ["/cellar/cider"]),
        ("category=Cellar", ["/cellar/cider", "/keller/süßmost"]),
        ("author=Tom+Sedge", ["/cellar/cider", "/orchard/pears"]),
        ("year=2022&year=2024", ["/orchard/grafting", "/orchard/pruning", "/keller/süßmost"]),
        ("lang=de", ["/keller/süßmost"]),
    ],
)
def test_each_filter_by_itself_lists_the_posts_that_pass_it_newest_first(
    client: FlaskClient, filters: str, paths: list[str]
) -> None:
    assert hit_paths(client.get(f"/api/v1/search?{filters}")) == paths


def test_repeated_filters_are_alternatives_and_different_ones_are_wanted_together(
    client: FlaskClient,
) -> None:
    both = client.get("/api/v1/search?q=apple&tag=cider&tag=grafting&sort=newest")
    assert hit_paths(both) == ["/orchard/grafting", "/cellar/cider"]
    narrowed = client.get("/api/v1/search?q=apple&tag=cider&tag=grafting&category=Cellar")
    assert hit_paths(narrowed) == ["/cellar/cider"]


def test_a_limit_of_zero_fetches_the_counts_only(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=apple&limit=0").get_json()
    assert answer["hits"] == []
    assert answer["total"] == 3
    assert {"value": "Trees", "count": 2} in answer["facets"]["categories"]


@pytest.mark.parametrize("query", ["", "?q=", "?q=+%20", "?q=&limit=&sort=&tag=&year=&prefix="])
def test_no_query_and_empty_parameters_are_no_error(client: FlaskClient, query: str) -> None:
    assert hit_paths(client.get(f"/api/v1/search{query}")) == []


def test_an_explanation_comes_only_when_asked_for(client: FlaskClient) -> None:
    plain = client.get("/api/v1/search?q=cider&explain=0").get_json()["hits"][0]
    explained = client.get("/api/v1/search?q=cider&explain=1").get_json()["hits"][0]
    assert "explanation" not in plain
    parts = explained["explanation"]
    assert sum(parts.values()) == pytest.approx(explained["score"], rel=1e-4)


def test_suggest_answers_what_the_engine_suggests(client: FlaskClient, engine: Engine) -> None:
    answer = client.get("/api/v1/suggest?q=app&limit=2").get_json()
    assert answer["suggestions"]
    assert answer == json.loads(json.dumps(engine.suggest("app", limit=2).as_json()))


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", RelatedOptions()),
        ("&limit=1", RelatedOptions(limit=1)),
        ("&include_newer=0", RelatedOptions(includes_newer=False)),
        ("&exclude_linked=TRUE&include_newer=1", RelatedOptions(excludes_linked=True)),
        ("&since=2023-10", RelatedOptions(since=date(2023, 10, 1))),
        ("&lang=en&category=trees", RelatedOptions(langs=("en",), categories=("trees",))),
        ("&series=first&half_life_days=30", RelatedOptions(series="first", half_life_days=30)),
    ],
)
def test_related_answers_what_the_engine_answers_to_those_options(
    client: FlaskClient, engine: Engine, query: str, options: RelatedOptions
) -> None:
    answer = client.get(f"/api/v1/related?path=/orchard/pruning{query}").get_json()
    wanted = engine.related("/orchard/pruning", options=options).as_json()
    assert answer["related"]
    assert answer == json.loads(json.dumps(wanted))


@pytest.mark.parametrize("parameters", [RelatedParameters, RecommendParameters])
def test_all_reasons_can_be_asked_for(
    parameters: type[RelatedParameters | RecommendParameters],
) -> None:
    given = MultiDict({"path": "/orchard/pears", "explain": "1"})
    assert parameters.from_arguments(given).options == RelatedOptions(explains=True)


def test_related_leaves_newer_posts_out_when_asked_to(client: FlaskClient) -> None:
    def dates(query: str) -> list[str]:
        answer = client.get(f"/api/v1/related?path=/orchard/pruning{query}").get_json()
        return [item["date"] for item in answer["related"]]

    assert "2024-04-02" in dates("")
    assert all(date <= "2024-01-20" for date in dates("&include_newer=false"))


@pytest.mark.parametrize("path", ["/orchard/pruning", "orchard/pruning", "/old/pruning"])
def test_post_is_found_by_its_path_and_its_aliases(client: FlaskClient, path: str) -> None:
    post = client.get("/api/v1/post", query_string={"path": path}).get_json()
    assert post["path"] == "/orchard/pruning"
    assert post["title"] == "Pruning apple trees in winter"
    assert post["date"] == "2024-01-20"
    assert {"title": "The first cut", "anchor": "the-first-cut"} in post["sections"]
    assert "html" not in post


def test_urls_begin_with_the_base_url_that_is_set(make_app: Any) -> None:
    client = make_app(base_url="https://orchard.example/").test_client()
    hit = client.get("/api/v1/search?q=cider").get_json()["hits"][0]
    assert hit["url"].startswith("https://orchard.example/cellar/cider")


def test_json_is_one_line_of_utf_8_with_keys_in_the_documented_order(client: FlaskClient) -> None:
    response = client.get("/api/v1/search", query_string={"q": "süßmost"})
    text = response.data.decode("utf-8")
    assert response.mimetype == "application/json"
    assert text.count("\n") == 1
    assert text.endswith("}\n")
    assert "Süßmost aus Äpfeln" in text
    assert list(json.loads(text)) == [
        "query", "corrected", "missing", "total", "took_ms", "generation", "hits", "facets",
    ]  # fmt: skip
    assert list(json.loads(text)["facets"]) == ["tags", "categories", "authors", "year"]


@pytest.mark.parametrize(
    ("url", "parameter", "takes"),
    [
        ("search?limit=abc", "limit", 'from 0 (counts only) to 100, not "abc"'),
        ("search?limit=101", "limit", "from 0 (counts only) to 100"),
        ("search?limit=-1", "limit", "from 0 (counts only) to 100"),
        ("search?limit=1_0", "limit", "a whole number"),
        ("search?limit=5.0", "limit", "a whole number"),
        ("search?limit=٣", "limit", "a whole number"),
        ("search?limit=" + "9" * 5000, "limit", "99…"),
        ("search?offset=-1", "offset", "from 0 to 10000"),
        ("search?offset=10001", "offset", "from 0 to 10000"),
        ("search?sort=best", "sort", "relevance, newest or oldest"),
        ("search?year=x", "year", 'a year such as 2024, up to 50 times, not "x"'),
        ("search?year=2024&year=0", "year", 'not "0"'),
        ("search?year=20240", "year", 'not "20240"'),
        ("search?prefix=maybe", "prefix", "1 or true, 0 or false"),
        ("search?explain=2", "explain", "1 or true, 0 or false"),
        ("search?" + "tag=x&" * 51, "tag", "not 51 values"),
        ("suggest?limit=0", "limit", "from 1 to 100"),
        ("related?path=/orchard/pears&limit=0", "limit", "from 1 to 50"),
        ("related?path=/orchard/pears&limit=51", "limit", "from 1 to 50"),
        ("related?path=/orchard/pears&include_newer=no", "include_newer", "0 or false"),
        ("related", "path", "is needed"),
        ("post?path=", "path", "is needed"),
    ],
)
def test_a_bad_parameter_is_named_with_what_it_takes(
    client: FlaskClient, url: str, parameter: str, takes: str
) -> None:
    response = client.get(f"/api/v1/{url}")
    answer = response.get_json()
    assert response.status_code == 400
    assert answer["parameter"] == parameter
    assert answer["detail"].startswith(f"The parameter {parameter} ")
    assert takes in answer["detail"]
    assert len(answer["detail"]) < 250


def test_of_several_values_the_first_counts_where_one_is_taken(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=cider&q=pears&limit=1&limit=oops").get_json()
    assert answer["query"] == "cider"


def test_a_parameter_that_is_not_known_is_passed_over(client: FlaskClient) -> None:
    plain = client.get("/api/v1/search?q=apple").get_json()
    tracked = client.get("/api/v1/search?q=apple&utm_source=letter&page=x").get_json()
    assert timeless(tracked) == timeless(plain)


@given(query=st.text(max_size=200))
@reuses_client
def test_nothing_that_a_reader_types_is_an_error(client: FlaskClient, query: str) -> None:
    for endpoint in ("/api/v1/search", "/api/v1/suggest"):
        response = client.get(endpoint, query_string={"q": query})
        assert response.status_code == 200
        assert response.get_json()["query"] == query.encode("utf-8", "replace").decode()


@given(
    endpoint=st.sampled_from(ENDPOINTS),
    pairs=st.lists(st.tuples(st.sampled_from(PARAMETERS), st.text(max_size=12)), max_size=8),
)
@reuses_client
def test_whatever_the_parameters_the_answer_is_one_of_the_documented_ones(
    client: FlaskClient, endpoint: str, pairs: list[tuple[str, str]]
) -> None:
    query = urlencode(pairs, errors="replace")
    response = client.get(f"{endpoint}?{query}")
    answer = response.get_json()
    assert response.status_code in {200, 400, 404}
    if response.status_code == 400:
        assert answer["parameter"] in PARAMETERS
    if response.status_code == 404:
        assert isinstance(answer["nearest"], list)


@given(raw=st.binary(max_size=100))
@reuses_client
def test_an_address_of_random_bytes_is_no_failure(client: FlaskClient, raw: bytes) -> None:
    query = "".join(f"%{byte:02x}" if byte % 3 else chr(byte % 94 + 33) for byte in raw)
    assert client.get(f"/api/v1/search?q={query.replace('#', '')}").status_code in {200, 400}


def test_the_tag_of_an_answer_brings_304_until_the_request_is_another(client: FlaskClient) -> None:
    first = client.get("/api/v1/search?q=apple&tag=Cider&limit=5")
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert first.headers["Cache-Control"] == "no-cache"

    same = client.get("/api/v1/search?limit=5&tag=Cider&q=apple", headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["ETag"] == tag

    for other in ("search?q=apple&limit=5", "search?q=apples&tag=Cider&limit=5", "suggest?q=apple"):
        response = client.get(f"/api/v1/{other}", headers={"If-None-Match": tag})
        assert response.status_code == 200
        assert response.headers["ETag"] != tag


def test_defaults_written_out_are_the_same_request(client: FlaskClient) -> None:
    short = client.get("/api/v1/search?q=apple")
    long = client.get("/api/v1/search?sort=relevance&offset=0&q=apple&limit=10&prefix=0&x=y")
    assert short.headers["ETag"] == long.headers["ETag"]


def test_the_same_request_of_another_site_has_another_tag(make_app: Any) -> None:
    tags = {
        make_app(base_url=url).test_client().get("/api/v1/search?q=apple").headers["ETag"]
        for url in ("", "https://one.example", "https://two.example")
    }
    assert len(tags) == 3


def test_a_tag_that_matches_anything_does_not_hide_that_a_post_is_missing(
    client: FlaskClient,
) -> None:
    headers = {"If-None-Match": "*"}
    assert client.get("/api/v1/post?path=/nowhere", headers=headers).status_code == 404


def test_head_answers_as_get_without_the_body(client: FlaskClient) -> None:
    got = client.get("/api/v1/post?path=/cellar/cider")
    head = client.head("/api/v1/post?path=/cellar/cider")
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == got.headers["ETag"]
