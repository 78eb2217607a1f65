"""What a browser is told so that the site can be searched from its address bar."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from index.build import build_index
from search.results import Suggestion, Suggestions
from search.service import create_app
from search.service.opensearch_description import (
    MAX_LONG_NAME_CHARS,
    MAX_SHORT_NAME_CHARS,
    browser_suggestions,
    shortened,
)
from search.settings import load_settings

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
MOZILLA = "{http://www.mozilla.org/2006/browser/search/}"


def titled(title: str, index_dir: Path, base_url: str = "") -> FlaskClient:
    overrides = {
        "site": {"title": title, "base_url": base_url},
        "index": {"dir": index_dir},
        "service": {"rate_limit": ""},
    }
    return create_app(load_settings(overrides=overrides, environ={})).test_client()


def described(client: FlaskClient, **request: Any) -> ET.Element:
    response = client.get("/opensearch.xml", **request)
    assert response.status_code == 200
    assert response.mimetype == "application/opensearchdescription+xml"
    root = ET.fromstring(response.data)  # noqa: S314  # our own
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    return root


def text_of(root: ET.Element, name: str) -> str:
    (element,) = root.findall(name)
    assert element.text
    return element.text


def url_of(root: ET.Element, media_type: str) -> str:
    (found,) = [one for one in root.findall(f"{OPENSEARCH}Url") if one.get("type") == media_type]
    return str(found.get("template"))


def test_the_search_is_where_the_description_came_from(client: FlaskClient) -> None:
    root = described(client, base_url="https://find.example:8443/")
    here = "https://find.example:8443"
    assert url_of(root, "text/html") == f"{here}/search?q={{searchTerms}}"
    suggestions = url_of(root, "application/x-suggestions+json")
    assert suggestions == f"{here}/api/v1/suggest/opensearch?q={{searchTerms}}"
    assert url_of(root, "application/opensearchdescription+xml") == f"{here}/opensearch.xml"
    assert text_of(root, f"{MOZILLA}SearchForm") == f"{here}/search"
    assert text_of(root, f"{OPENSEARCH}Image") == f"{here}/static/favicon.svg"
    assert text_of(root, f"{OPENSEARCH}InputEncoding") == "UTF-8"


def test_below_a_folder_the_search_is_there_too(client: FlaskClient) -> None:
    root = described(client, base_url="https://docs.example/find")
    assert url_of(root, "text/html") == "https://docs.example/find/search?q={searchTerms}"


def test_the_search_is_signposts_own_where_the_posts_are_elsewhere(index_dir: Path) -> None:
    root = described(titled("Orchard", index_dir, base_url="https://orchard.example"))
    assert url_of(root, "text/html") == "http://localhost/search?q={searchTerms}"


def test_what_the_templates_lead_to_answers(client: FlaskClient) -> None:
    root = described(client)
    for media_type in ("text/html", "application/x-suggestions+json"):
        url = url_of(root, media_type).replace("{searchTerms}", "caf%C3%A9%20%26%20apple")
        parts = urlsplit(url)
        response = client.get(f"{parts.path}?{parts.query}")
        assert (response.status_code, response.mimetype) == (200, media_type)
    for url in (text_of(root, f"{MOZILLA}SearchForm"), text_of(root, f"{OPENSEARCH}Image")):
        with client.get(urlsplit(url).path) as found:
            assert found.status_code == 200


@pytest.mark.parametrize(
    ("title", "short_name"),
    [
        ("Orchard", "Orchard"),
        ("Exactly sixteen!", "Exactly sixteen!"),
        ("A blog about apples and pears", "A blog about"),
        ("Orchards, and what grows in them", "Orchards, and"),
        ("Orchard life – notes of a gardener", "Orchard life"),
        ("Donaudampfschifffahrt", "Donaudampfschiff"),
        ("<b>\"Fish\" & 'chips'</b> ]]>", '<b>"Fish" &'),
        ("  Two\twords \n", "Two words"),
        ("Control\x00\x07\x1b\ufffe", "Control"),
        ("\x01", "Signpost"),
        ("", "Signpost"),
        ("果樹園の検索エンジンの名前はとても長い", "果樹園の検索エンジンの名前はとて"),
    ],
)
def test_the_name_is_the_sites_title_as_far_as_it_fits(
    index_dir: Path, title: str, short_name: str
) -> None:
    client = titled(title, index_dir)
    root = described(client)
    assert text_of(root, f"{OPENSEARCH}ShortName") == short_name
    whole = text_of(root, f"{OPENSEARCH}Description").removeprefix("Search ")
    assert text_of(root, f"{OPENSEARCH}LongName") == shortened(whole, MAX_LONG_NAME_CHARS)
    assert client.get("/").status_code == 200


@given(st.text(), st.integers(1, 60))
def test_a_shortened_title_fits_and_begins_as_the_title_does(title: str, max_chars: int) -> None:
    short = shortened(title, max_chars)
    assert len(short) <= max_chars
    assert title.startswith(short)
    assert bool(short) == bool(title)
    assert MAX_SHORT_NAME_CHARS < MAX_LONG_NAME_CHARS


@pytest.mark.parametrize("host", ['evil"><x>', "a b", "[::1]:80", "xn--bcher-kva.example"])
def test_whatever_host_is_asked_for_the_description_is_xml(client: FlaskClient, host: str) -> None:
    response = client.get("/opensearch.xml", headers={"Host": host})
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        ET.fromstring(response.data)  # noqa: S314  # our own


def test_pages_lead_to_the_description(index_dir: Path) -> None:
    client = titled('Orchard "& co"', index_dir)
    link = (
        '<link rel="search" type="application/opensearchdescription+xml" '
        'title="Orchard &#34;&amp; co&#34;" href="/opensearch.xml">'
    )
    for path in ("/", "/search?q=apple", "/orchard/pears", "/nowhere"):
        assert link in client.get(path).text


def test_completions_are_in_the_form_that_browsers_want(client: FlaskClient) -> None:
    response = client.get("/api/v1/suggest/opensearch?q=gra&limit=5")
    assert response.mimetype == "application/x-suggestions+json"
    assert json.loads(response.data) == [
        "gra",
        ["Grafting", "Grafting an old apple"],
        ["tag, 1 post", "a post"],
        ["http://localhost/search?tag=Grafting", "http://localhost/orchard/grafting"],
    ]


def test_each_host_is_answered_with_its_own_urls(client: FlaskClient) -> None:
    for host in ("a.example", "b.example", "a.example"):
        answer = client.get("/api/v1/suggest/opensearch?q=gra", base_url=f"https://{host}/")
        assert json.loads(answer.data)[3][0] == f"https://{host}/search?tag=Grafting"


def test_completions_are_those_of_the_plain_answer(client: FlaskClient) -> None:
    for query in ("a", "pr", "süß", "xyz", "", "<b>&", "{searchTerms}"):
        plain = client.get("/api/v1/suggest", query_string={"q": query}).get_json()
        typed, texts, words, urls = json.loads(
            client.get("/api/v1/suggest/opensearch", query_string={"q": query}).data
        )
        assert typed == query
        assert texts == [one["text"] for one in plain["suggestions"]]
        assert len(words) == len(urls) == len(texts)


def test_a_post_opens_on_the_site_and_a_search_on_signposts_page(index_dir: Path) -> None:
    client = titled("Orchard", index_dir, base_url="https://orchard.example")
    urls = json.loads(client.get("/api/v1/suggest/opensearch?q=gra").data)[3]
    assert urls == [
        "http://localhost/search?tag=Grafting",
        "https://orchard.example/orchard/grafting",
    ]


def test_a_completion_leads_to_what_it_says() -> None:
    search = "https://find.example/search"
    found = Suggestions(
        "r",
        "generation",
        (
            Suggestion("R & D", "tag", None, None, 1_200),
            Suggestion("rust + c", "phrase", None, None, 1),
            Suggestion("Away", "title", "/away", "https://talks.example/away", 1),
            Suggestion("Here", "title", "/süß", "/süß", 1),
            Suggestion("Hostile", "title", "/x", "java\nscript:alert(1)", 1),
            Suggestion("Broken", "title", "/y", "http://[", 1),
        ),
    )
    _, _, words, urls = browser_suggestions(found, search)
    assert words == ["tag, 1,200 posts", "phrase, 1 post", "a post", "a post", "a post", "a post"]
    assert isinstance(urls, list)
    tag, phrase, *posts = urls
    assert parse_qs(urlsplit(tag).query) == {"tag": ["R & D"]}
    assert parse_qs(urlsplit(phrase).query) == {"q": ['"rust + c"']}
    assert [unquote(post) for post in posts] == [
        "https://talks.example/away",
        "https://find.example/süß",
        search,
        search,
    ]


def test_completions_count_against_the_rate_limit_and_are_not_kept(make_app: Any) -> None:
    client = make_app(rate_limit="1/hour").test_client()
    first = client.get("/api/v1/suggest/opensearch?q=a")
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-store")
    refused = client.get("/api/v1/suggest/opensearch?q=b")
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert client.get("/opensearch.xml").status_code == 200


def test_the_description_needs_no_index(make_app: Any, tmp_path: Path) -> None:
    described(make_app(index=tmp_path / "none").test_client())


def test_hostile_posts_stay_text_in_completions(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    post = "---\ntitle: '</script><script>alert(1)</script> \"x\"'\n---\nText.\n"
    (tmp_path / "posts" / "a.md").write_text(post, encoding="utf-8")
    build_index(tmp_path / "posts", tmp_path / "index")
    response = titled("A", tmp_path / "index").get("/api/v1/suggest/opensearch?q=script")
    assert json.loads(response.data)[1] == ['</script><script>alert(1)</script> "x"']
    assert response.headers["X-Content-Type-Options"] == "nosniff"
