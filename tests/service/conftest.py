"""A small orchard's posts, a real index of them, and the service over it, on either engine."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient

from index.build import build_index
from index.opening import open_current
from index.opensearch.client import Cluster, ClusterOptions
from index.opensearch.publishing import publish_generation
from search.chosen_engine import open_engine_of
from search.engine import Engine
from search.service import create_app
from search.settings import load_settings

POSTS = {
    "pruning.md": """\
---
path: /orchard/pruning
title: Pruning apple trees in winter
date: 2024-01-20
tags: [Apples, Pruning]
categories: [Trees]
authors: [Ada Wren]
lang: en
summary: When to cut, and where.
aliases: [/old/pruning]
---
Cut on a dry day, when the tree sleeps.

## The first cut

Take out dead wood before anything else. A sharp saw heals faster than a blunt one.
""",
    "grafting.md": """\
---
path: /orchard/grafting
title: Grafting an old apple
date: 2024-04-02
tags: [Apples, Grafting]
categories: [Trees]
authors: [Ada Wren]
lang: en
---
A scion of the old apple lives on upon young roots. Bind it well; the wood does the rest.
""",
    "pears.md": """\
---
path: /orchard/pears
title: Pears against a wall
date: 2023-09-14
tags: [Pears, Pruning]
categories: [Trees]
authors: [Tom Sedge]
lang: en
---
A warm wall ripens pears two weeks sooner, and pruning keeps them flat.
""",
    "cider.md": """\
---
path: /cellar/cider
title: Cider from windfall apples
date: 2023-10-30
tags: [Apples, Cider]
categories: [Cellar]
authors: [Tom Sedge]
lang: en
---
Press the windfall apples the same day, and let the barrel do what barrels do.
""",
    "obst.md": """\
---
path: /keller/süßmost
title: Süßmost aus Äpfeln
date: 2022-10-05
tags: [Süßmost]
categories: [Cellar]
lang: de
---
Frisch gepresst und kurz erhitzt hält sich der Süßmost ein Jahr.
""",
}

MakeApp = Callable[..., Flask]

KINDS: Final = ("embedded", "opensearch")

ASKED_OF_BOTH: Final = {
    "test_answer_cache",
    "test_api",
    "test_draft_api",
    "test_index_life",
    "test_metrics",
    "test_openapi",
    "test_openapi_schemathesis",
    "test_opensearch_description",
    "test_problems",
    "test_recommend_api",
}
"""What is told here comes from the engine; in the other files, it is the same whoever answers."""


SAME_FOR_BOTH: Final = {
    "test_a_service_that_does_otherwise_is_found_out",
    "test_a_text_is_never_cut_short_of_what_is_read",
    "test_nothing_is_found_past_the_rate_limit",
}
"""These take long, and end before an engine is asked or look at the tests themselves."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Has each test that asks an engine ask one of each kind.

    A test with a folder of its own is about an index in files, or about none.
    """
    names = metafunc.fixturenames
    if (
        "engine_kind" in names
        and "tmp_path" not in names
        and metafunc.module.__name__.rpartition(".")[2] in ASKED_OF_BOTH
        and metafunc.function.__name__ not in SAME_FOR_BOTH
    ):
        metafunc.parametrize("engine_kind", KINDS, indirect=True, scope="session")


@pytest.fixture(scope="session")
def content_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = tmp_path_factory.mktemp("orchard") / "content"
    content.mkdir()
    for name, text in POSTS.items():
        (content / name).write_text(text, encoding="utf-8")
    return content


@pytest.fixture(scope="session")
def index_dir(content_dir: Path) -> Path:
    index = content_dir.parent / "index"
    build_index(content_dir, index)
    return index


@pytest.fixture(scope="session")
def cluster_settings(
    cluster_hosts: tuple[str, ...], index_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Any]]:
    """What settings say of the cluster to which the orchard's generation was sent."""
    alias = f"orchard-{uuid.uuid4().hex[:12]}"
    with closing(Cluster(ClusterOptions(cluster_hosts, index=alias, replicas=0))) as cluster:
        name = publish_generation(open_current(index_dir).directory, cluster)
        yield {
            "kind": "opensearch",
            "hosts": cluster_hosts,
            "index": alias,
            "cache_dir": tmp_path_factory.mktemp("cache"),
        }
        cluster.delete_index(name)


@pytest.fixture(scope="session")
def engine_kind(request: pytest.FixtureRequest) -> str:
    """Which engine answers from the orchard."""
    chosen: str = getattr(request, "param", KINDS[0])
    return chosen


@pytest.fixture(scope="session")
def engine_settings(engine_kind: str, request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """The settings that choose it."""
    if engine_kind == "embedded":
        return {}
    chosen: Mapping[str, Any] = request.getfixturevalue("cluster_settings")
    return chosen


@pytest.fixture(scope="session")
def engine(engine_settings: Mapping[str, Any], index_dir: Path) -> Engine:
    overrides = {"index": {"dir": index_dir}, "engine": engine_settings}
    return open_engine_of(load_settings(overrides=overrides, environ={}))


@pytest.fixture(scope="session")
def make_app(engine_settings: Mapping[str, Any], index_dir: Path) -> MakeApp:
    """Makes the app over the orchard, or over another folder, with the given service settings."""

    def make(
        engine: Engine | None = None, *, index: Path = index_dir, base_url: str = "", **service: Any
    ) -> Flask:
        overrides = {
            "site": {"base_url": base_url},
            "index": {"dir": index},
            "engine": engine_settings if index == index_dir else {},
            "service": {"rate_limit": "", **service},
        }
        return create_app(load_settings(overrides=overrides, environ={}), engine)

    return make


@pytest.fixture
def client(make_app: MakeApp) -> FlaskClient:
    return make_app().test_client()
