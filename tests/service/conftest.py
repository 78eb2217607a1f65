"""A small orchard's posts, a real index of them, and the service over it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from index.build import build_index
from search.engine import Engine, open_engine
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
def engine(index_dir: Path) -> Engine:
    return open_engine(index_dir)


@pytest.fixture(scope="session")
def make_app(index_dir: Path) -> MakeApp:
    """Makes the app over the orchard, or over another folder, with the given service settings."""

    def make(
        engine: Engine | None = None, *, index: Path = index_dir, base_url: str = "", **service: Any
    ) -> Flask:
        overrides = {
            "site": {"base_url": base_url},
            "index": {"dir": index},
            "service": {"rate_limit": "", **service},
        }
        return create_app(load_settings(overrides=overrides, environ={}), engine)

    return make


@pytest.fixture
def client(make_app: MakeApp) -> FlaskClient:
    return make_app().test_client()
