"""Settings: their defaults, their places and which one wins, and what is said about mistakes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from search.errors import SettingsError
from search.settings import KEYS, Settings, load_settings
from search.settings_sources import Key

LISTS = {
    "posts.include": ["drafts", "future"],
    "service.origins": ["https://a.example"],
    "service.trusted_proxies": ["127.0.0.1/32", "10.0.0.0/8"],
    "engine.hosts": ["https://search-1:9200", "https://search-2:9200"],
}
VALUES: dict[str, Any] = {
    "site.base_url": "https://orchard.example",
    "site.permalink": "/:year/:slug",
    "site.permalinks": {"_posts": ["/:year/:slug"], "docs": ["/:own_slug", "/:sections/:slug"]},
    "site.title": "Orchard",
    "site.language": "pt-BR",
    "posts.content": "posts",
    "index.dir": "elsewhere",
    "index.keep_generations": 5,
    "index.max_shrink": 0.25,
    "index.max_memory_mb": 512,
    "engine.kind": "embedded",
    "engine.index": "blog",
    "engine.username": "signpost",
    "engine.password": "correct horse",
    "engine.password_file": "secrets/password",
    "engine.ca_file": "ca.pem",
    "engine.verify_certificates": False,
    "engine.timeout_ms": 2_000,
    "engine.shards": 3,
    "engine.replicas": 2,
    "engine.refresh_seconds": 60,
    "engine.bulk_mb": 10,
    "engine.bulk_requests": 8,
    "engine.post_cache_mb": 64,
    "engine.fallback": "embedded",
    "engine.cache_dir": "aside",
    "service.rate_limit": "20/second",
    "service.answer_cache_mb": 8,
    "service.log_format": "json",
    "service.log_requests": "all",
    "service.host": "192.0.2.7",
    "service.port": 9000,
    "service.workers": 2,
    "search.synonyms": [["k8s", "kubernetes"], ["lb", "load balancer"]],
    "search.stop_words": ["acme"],
    "search.pins": {"install": ["/guide/quick-start"]},
    "search.boosts": {"/archive": 0.5},
    "search.recency_half_life_days": 365,
    "related.weights": {"text": 0.5, "tags": 0},
    "related.mmr_lambda": 0.8,
    "related.half_life_days": 730,
    **LISTS,
}
"""A value for every key, for tests that go through all of them."""


def value_of(settings: Settings, key: Key) -> Any:
    return getattr(getattr(settings, key.section), key.name)


def file_of(folder: Path, text: str) -> Path:
    file = folder / "site.toml"
    file.write_text(text, encoding="utf-8")
    return file


def mistakes(**places: Any) -> list[str]:
    """The lines of the error that these places bring about; none where they are in order."""
    try:
        load_settings(**{"environ": {}, **places})
    except SettingsError as error:
        return str(error).split("\n")
    return []


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def test_without_any_place_the_defaults_are_in_force() -> None:
    assert load_settings(environ={}).model_dump() == {
        "site": {
            "base_url": "",
            "permalink": "",
            "permalinks": {},
            "title": "Signpost",
            "language": "en",
        },
        "posts": {"content": Path("content"), "include": ()},
        "index": {
            "dir": Path("build/index"),
            "keep_generations": 3,
            "max_shrink": 0.5,
            "max_memory_mb": 0,
        },
        "search": {
            "synonyms": (),
            "stop_words": (),
            "pins": {},
            "boosts": {},
            "recency_half_life_days": 0,
        },
        "related": {
            "weights": {
                "text": 0.22,
                "mentioned_there": 0.17,
                "mentioned_here": 0.17,
                "phrases_there": 0.18,
                "phrases_here": 0.09,
                "tags": 0.14,
                "categories": 0.03,
            },
            "mmr_lambda": 0.98,
            "half_life_days": 0,
        },
        "engine": {
            "kind": "embedded",
            "hosts": (),
            "index": "posts",
            "username": "",
            "password": SecretStr(""),
            "password_file": "",
            "ca_file": "",
            "verify_certificates": True,
            "timeout_ms": 10_000,
            "shards": 1,
            "replicas": 1,
            "refresh_seconds": 30,
            "bulk_mb": 5,
            "bulk_requests": 3,
            "post_cache_mb": 256,
            "fallback": "",
            "cache_dir": Path("build/cluster-cache"),
        },
        "service": {
            "origins": (),
            "rate_limit": "600/minute",
            "trusted_proxies": (),
            "log_format": "text",
            "log_requests": "problems",
            "answer_cache_mb": 32,
            "host": "127.0.0.1",
            "port": 8000,
            "workers": 1,
        },
    }


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings(environ={}).service.port = 1


def test_the_values_tried_here_are_for_every_key() -> None:
    assert {f"{key.section}.{key.name}" for key in KEYS} == set(VALUES)


@pytest.mark.parametrize(
    "key", [key for key in KEYS if not key.is_secret], ids=lambda key: key.in_file
)
def test_every_key_can_be_given_in_the_file_the_environment_and_the_command_line(
    key: Key, tmp_path: Path
) -> None:
    value = VALUES[f"{key.section}.{key.name}"]
    written = json.dumps(value)
    if isinstance(value, dict):
        written = ", ".join(f"{json.dumps(name)} = {json.dumps(it)}" for name, it in value.items())
        written = f"{{ {written} }}"
    text = value if isinstance(value, str) else json.dumps(value)
    in_all_places = [
        load_settings(file_of(tmp_path, f"[{key.section}]\n{key.name} = {written}\n"), environ={}),
        load_settings(environ={f"SIGNPOST_{key.section}__{key.name}".upper(): text}),
        load_settings(overrides={key.section: {key.name: value}}, environ={}),
    ]
    expected = Settings.model_validate({key.section: {key.name: value}})
    assert value_of(expected, key) != value_of(Settings(), key) or key.name == "kind"
    assert [value_of(settings, key) for settings in in_all_places] == [value_of(expected, key)] * 3


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = file_of(tmp_path, "[service]\nport = 1\nworkers = 1\nhost = 'file'\n[site]\ntitle = 'f'")
    settings = load_settings(
        file,
        overrides={"service": {"port": 3, "workers": None}},
        environ={"SIGNPOST_SERVICE__PORT": "2", "SIGNPOST_SERVICE__WORKERS": "2"},
    )
    service = settings.service
    assert (service.port, service.workers, service.host, settings.site.title) == (3, 2, "file", "f")


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["port", "workers"]), st.integers(1, 200)),
        min_size=2,
        max_size=2,
    )
)
def test_each_key_comes_from_the_strongest_place_that_has_it(given: list[dict[str, int]]) -> None:
    environment, command_line = given
    service = load_settings(
        overrides={"service": command_line},
        environ={
            f"SIGNPOST_SERVICE__{name.upper()}": str(value) for name, value in environment.items()
        },
    ).service
    wanted = {"port": 8000, "workers": 1, **environment, **command_line}
    assert {"port": service.port, "workers": service.workers} == wanted


def test_the_file_of_the_working_directory_is_read_when_none_is_named() -> None:
    Path("signpost.toml").write_text("[site]\ntitle = 'Here'\n", encoding="utf-8")
    assert load_settings(environ={}).site.title == "Here"


def test_a_named_file_is_read_in_place_of_the_default_one(tmp_path: Path) -> None:
    Path("signpost.toml").write_text("[site]\ntitle = 'Here'\n", encoding="utf-8")
    named = file_of(tmp_path, "[site]\ntitle = 'There'\n")
    assert load_settings(named, environ={}).site.title == "There"
    assert load_settings(environ={"SIGNPOST_CONFIG": str(named)}).site.title == "There"
    assert load_settings(environ={"SIGNPOST_CONFIG": ""}).site.title == "Here"
    assert load_settings(named, environ={"SIGNPOST_CONFIG": "none.toml"}).site.title == "There"


def test_the_environment_of_the_process_is_read_when_none_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.environ", {"SIGNPOST_SITE__TITLE": "Process", "HOME": "/root"})
    assert load_settings().site.title == "Process"


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert (
        load_settings(file_of(tmp_path, "\ufeff[site]\ntitle = 'B'"), environ={}).site.title == "B"
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ()),
        ("drafts", ("drafts",)),
        ("drafts, future,", ("drafts", "future")),
        ('["drafts", "expired"]', ("drafts", "expired")),
        (" []", ()),
    ],
)
def test_a_list_in_the_environment_is_json_or_has_commas(
    text: str, wanted: tuple[str, ...]
) -> None:
    assert load_settings(environ={"SIGNPOST_POSTS__INCLUDE": text}).posts.include == wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("", ""),
        ("https://orchard.example/", "https://orchard.example"),
        ("http://localhost:4321/blog//", "http://localhost:4321/blog"),
        ("https://orchard.example/a%20b", "https://orchard.example/a%20b"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_base_url_loses_its_last_slash(given: str, wanted: str) -> None:
    assert (
        load_settings(overrides={"site": {"base_url": given}}, environ={}).site.base_url == wanted
    )


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("*", "*"),
        ("https://Orchard.Example", "https://orchard.example"),
        ("https://orchard.example:443", "https://orchard.example"),
        ("http://orchard.example:80", "http://orchard.example"),
        ("http://orchard.example:443", "http://orchard.example:443"),
        ("http://[::1]:4321", "http://[::1]:4321"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(given: str, wanted: str) -> None:
    settings = load_settings(overrides={"service": {"origins": [given]}}, environ={})
    assert settings.service.origins == (wanted,)


@pytest.mark.parametrize("tag", ["de", "pt-BR", "pt_BR", "zh-Hant-TW", "german", "español", "tlh"])
def test_a_language_may_be_named_in_any_usual_way(tag: str) -> None:
    assert load_settings(environ={"SIGNPOST_SITE__LANGUAGE": tag}).site.language == tag


WRONG = [
    ("site", "base_url", "orchard.example"),
    ("site", "base_url", "ftp://orchard.example"),
    ("site", "base_url", "javascript://orchard.example"),
    ("site", "base_url", "https://"),
    ("site", "base_url", "https://orchard.example/?q="),
    ("site", "base_url", "https://orchard.example/#top"),
    ("site", "base_url", "https://me:secret@orchard.example"),
    ("site", "base_url", "https://orchard.example:99999"),
    ("site", "base_url", "https://[::1"),
    ("site", "base_url", "https://orchard .example"),
    ("site", "base_url", 'https://orchard.example/"><b>'),
    ("site", "title", 5),
    ("site", "permalink", True),
    ("site", "permalinks", "/:slug"),
    ("site", "permalinks", {"blog": 5}),
    ("site", "permalinks", {"blog": ["/:slug", ""]}),
    ("site", "language", ""),
    ("site", "language", " de"),
    ("site", "language", "d"),
    ("site", "language", "49"),
    ("site", "language", "de-"),
    ("site", "language", "de,fr"),
    ("site", "language", "Brazilian Portuguese"),
    ("site", "language", ["de", "fr"]),
    ("posts", "content", ""),
    ("posts", "content", "a\0b"),
    ("posts", "include", "drafts"),
    ("posts", "include", ["drafts", "draft"]),
    ("index", "dir", ""),
    ("index", "max_memory_mb", -1),
    ("index", "max_memory_mb", 0.5),
    ("index", "max_memory_mb", "512M"),
    ("engine", "kind", "elasticsearch"),
    ("engine", "hosts", "https://search-1:9200"),
    ("engine", "hosts", [""]),
    ("engine", "hosts", ["search-1:9200"]),
    ("engine", "hosts", ["https://search-1:9200/?pretty"]),
    ("engine", "hosts", ["https://me:secret@search-1:9200"]),
    ("engine", "index", ""),
    ("engine", "index", "Posts"),
    ("engine", "index", "my posts"),
    ("engine", "index", "-posts"),
    ("engine", "index", "_posts"),
    ("engine", "index", "+posts"),
    ("engine", "index", ".posts"),
    ("engine", "index", "posts*"),
    ("engine", "index", "a/b"),
    ("engine", "index", "posts\n"),
    ("engine", "index", "é" * 101),
    ("engine", "password_file", "a\0b"),
    ("engine", "ca_file", 5),
    ("engine", "verify_certificates", "perhaps"),
    ("engine", "timeout_ms", 0),
    ("engine", "timeout_ms", 0.5),
    ("engine", "shards", 0),
    ("engine", "shards", True),
    ("engine", "replicas", -1),
    ("engine", "refresh_seconds", 0.5),
    ("engine", "bulk_mb", 0),
    ("engine", "bulk_mb", 101),
    ("engine", "bulk_requests", 0),
    ("engine", "post_cache_mb", 0),
    ("engine", "fallback", "opensearch"),
    ("engine", "cache_dir", ""),
    ("service", "origins", ["https://orchard.example/"]),
    ("service", "origins", ["orchard.example"]),
    ("service", "origins", ["null"]),
    ("service", "origins", ["https://*.orchard.example"]),
    ("service", "rate_limit", "lots"),
    ("service", "rate_limit", "600/fortnight"),
    ("service", "rate_limit", "0/minute"),
    ("service", "rate_limit", " "),
    ("service", "trusted_proxies", ["proxy.example"]),
    ("service", "trusted_proxies", ["10.1.2.3/8"]),
    ("service", "trusted_proxies", "127.0.0.1"),
    ("service", "answer_cache_mb", -1),
    ("service", "log_format", "xml"),
    ("service", "log_requests", "some"),
    ("service", "host", ""),
    ("service", "host", "a b"),
    ("service", "port", 0),
    ("service", "port", 65536),
    ("service", "port", True),
    ("service", "port", 80.5),
    ("service", "workers", 0),
]


@pytest.mark.parametrize(("section", "name", "value"), WRONG)
def test_a_wrong_value_is_named_with_what_the_key_takes(
    section: str, name: str, value: object
) -> None:
    [message] = mistakes(overrides={section: {name: value}})
    takes = next(key.takes for key in KEYS if (key.section, key.name) == (section, name))
    assert message.startswith(f"the command line: [{section}] {name} takes {takes}, not ")


def test_a_cluster_needs_addresses() -> None:
    assert mistakes(environ={"SIGNPOST_ENGINE__KIND": "opensearch"}) == [
        '[engine] hosts is missing: with kind "opensearch", list the addresses of the cluster.'
    ]


CLUSTER = {"kind": "opensearch", "hosts": ["https://search-1:9200/"]}


def test_a_cluster_is_told_by_its_addresses(tmp_path: Path) -> None:
    file = file_of(tmp_path, "[engine]\nkind = 'opensearch'\nhosts = ['https://search-1:9200/']\n")
    engine = load_settings(file, environ={}).engine
    assert (engine.is_cluster, engine.hosts) == (True, ("https://search-1:9200",))
    assert not engine.has_fallback


def test_a_password_comes_from_the_environment_and_is_never_shown() -> None:
    engine = load_settings(
        overrides={"engine": {**CLUSTER, "username": "signpost"}},
        environ={"SIGNPOST_ENGINE__PASSWORD": "correct horse"},
    ).engine
    assert engine.password.get_secret_value() == "correct horse"
    assert "correct" not in f"{engine!r} {engine} {engine.model_dump()} {engine.model_dump_json()}"


@pytest.mark.parametrize("text", ["[engine]\npassword = 'correct horse'", "password = 5_1_5"])
def test_a_password_in_the_file_is_refused_by_saying_where_it_belongs(
    text: str, tmp_path: Path
) -> None:
    [message] = mistakes(config=file_of(tmp_path, text))
    assert "SIGNPOST_ENGINE__PASSWORD" in message
    assert "[engine] password_file" in message
    assert not re.search("correct|515|5_1_5", message)


def test_a_password_on_the_command_line_is_refused_too() -> None:
    [message] = mistakes(overrides={"engine": {"password": "correct horse"}})
    assert message.startswith("the command line: [engine] password is no setting to be written")
    assert "correct" not in message


def test_credentials_in_an_address_are_not_repeated() -> None:
    for wrong in ("https://me:sec@ret@search-1", "https://me:sec/ret@search-1:9200", "x//me:ret@y"):
        [message] = mistakes(overrides={"engine": {"hosts": [wrong, "https://search-2"]}})
        assert not re.search("me:|sec|ret", message)
        assert "//…@" in message


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        (
            {"PASSWORD": "x", "PASSWORD_FILE": "y", "USERNAME": "z"},
            "SIGNPOST_ENGINE__PASSWORD_FILE is given beside a password: keep one of the two.",
        ),
        ({"PASSWORD": "x"}, "[engine] username is missing: say whose the password is."),
        ({"PASSWORD_FILE": "y"}, "[engine] username is missing: say whose the password is."),
    ],
)
def test_what_does_not_go_together_is_named(environ: dict[str, str], wanted: str) -> None:
    given = {f"SIGNPOST_ENGINE__{name}": value for name, value in environ.items()}
    assert mistakes(overrides={"engine": CLUSTER}, environ=given) == [wanted]


def test_what_is_set_of_a_cluster_does_not_matter_to_the_embedded_engine() -> None:
    assert mistakes(environ={"SIGNPOST_ENGINE__PASSWORD": "x"}) == []


def test_a_long_wrong_value_is_cut() -> None:
    [message] = mistakes(overrides={"site": {"base_url": "x" * 10_000}})
    assert len(message) < 300


def test_everything_that_is_wrong_in_all_places_is_told_at_once(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        """\
port = 3
[site]
base-url = "https://orchard.example"
flavor = "sour"
[srvice]
port = 1
[service]
permalink = "/:slug"
workers = "many"
""",
    )
    takes = {(key.section, key.name): key.takes for key in KEYS}
    environ = {"SIGNPOST_SITE_BASE_URL": "x", "SIGNPOST_POSTS__INCLUDE": "[oops", "SIGNPOST_ZZ": ""}
    assert mistakes(config=file, environ=environ, overrides={"service": {"port": 0}}) == [
        f"{file}: port stands outside of a section; its place is [service] port.",
        f"{file}: [site] has no key base-url; the nearest is base_url.",
        f"{file}: [site] has no key flavor.",
        f"{file}: there is no section [srvice]; the nearest is [service].",
        f"{file}: [service] has no key permalink; the nearest is [site] permalink.",
        f'{file}: [service] workers takes a whole number from 1 to 256, not "many".',
        "SIGNPOST_SITE_BASE_URL: there is no such setting; the nearest is SIGNPOST_SITE__BASE_URL.",
        "SIGNPOST_ZZ: there is no such setting.",
        f'SIGNPOST_POSTS__INCLUDE takes {takes["posts", "include"]}, not "[oops".',
        "the command line: [service] port takes a whole number from 1 to 65535, not 0.",
    ]


def test_a_section_that_is_given_as_a_value_is_explained(tmp_path: Path) -> None:
    file = file_of(tmp_path, "site = 'https://orchard.example'\n")
    assert mistakes(config=file) == [
        f"{file}: site is a section: write [site], and its keys below it."
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [("[site]\ntitle = \n", "line 2, column 9"), ("[site]\ntitle = 'a'\ntitle = 'b'\n", "line 3"),
     ("[site", "end of document"), ("[site]\ntitle = 'Ad\0a'\n", "line 2, column 12")],
)  # fmt: skip
def test_a_file_that_is_not_toml_is_named_with_the_line(
    tmp_path: Path, text: str, place: str
) -> None:
    file = file_of(tmp_path, text)
    [message] = mistakes(config=file)
    assert message.startswith(f"{file}: {place}")
    assert "is not TOML" in message


def test_a_file_that_is_nested_without_end_is_named(tmp_path: Path) -> None:
    file = file_of(tmp_path, "x = " + "[" * 100_000)
    assert mistakes(config=file) == [f"{file}: is nested too deeply to be read."]


def test_a_file_in_another_encoding_is_named_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.toml"
    file.write_bytes("[site]\ntitle = 'Äpfel'\n".encode("latin-1"))
    assert mistakes(config=file) == [f"{file}: line 2: is not UTF-8 text; save the file as UTF-8."]


def test_a_named_file_that_is_not_there_is_an_error_and_so_is_a_folder(tmp_path: Path) -> None:
    missing = tmp_path / "none.toml"
    told = f"{missing}: there is no such file; name the settings file that you mean."
    assert mistakes(config=missing) == [told]
    assert mistakes(environ={"SIGNPOST_CONFIG": str(missing)}) == [told]
    assert mistakes(config=tmp_path) == [f"{tmp_path}: cannot be read (Is a directory)."]


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_whatever_is_in_the_file_it_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.mktemp("random") / "random.toml"
    file.write_bytes(content)
    assert all(line.startswith(f"{file}: ") for line in mistakes(config=file))


@given(variables=st.dictionaries(st.sampled_from([key.variable for key in KEYS]), st.text()))
def test_whatever_is_in_the_environment_it_is_read_or_named(variables: dict[str, str]) -> None:
    assert all(line.split(" ")[0] in variables for line in mistakes(environ=variables))


def test_a_value_that_holds_a_line_break_stays_on_its_line() -> None:
    assert len(mistakes(overrides={"service": {"host": "a\nb"}})) == 1
