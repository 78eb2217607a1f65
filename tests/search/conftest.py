"""A small site about a garden, made so that each test has one reason."""

from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from search import Engine, open_engine

POSTS = {
    "compost.md": """---
title: Compost
date: 2024-03-01
tags: [Soil]
categories: [Basics]
authors: [Ada]
---
Kitchen scraps become soil. Turn the heap every week.

## Heat

A hot heap needs air. Compost steams in the cold.
""",
    "soil.md": """---
title: Soil and its life
date: 2023-05-01
tags: [Soil, Worms]
categories: [Basics]
authors: [Ada]
---
Worms move soil. A spade of compost feeds them.
""",
    "worms.md": """---
title: Worms
date: 2023-06-01
tags: [worms]
categories: [Animals]
authors: [Ben]
isPopular: true
---
They eat scraps and leave castings. Worms like the dark.
""",
    "roses.md": """---
title: Pruning roses
date: 2022-02-01
tags: [Roses]
categories: [Plants]
authors: [Ben]
---
Cut above a bud. Feed with compost after the cut.

## The kube-trellis

A kubeTrellis holds climbers; `kube-trellis` v1.14.3 holds more.
""",
    "bees.md": """---
title: A hive in the garden
date: 2024-01-01
tags: [Bees]
categories: [Animals]
authors: [Cleo]
search:
  pin: [pollination]
  keywords: [apiary]
---
Bees visit roses. Bees visit beans.
""",
    "undated.md": """---
title: Tools
tags: []
---
A spade, a fork, a hoe.
""",
}


@pytest.fixture(scope="session")
def garden_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the garden."""
    folder = tmp_path_factory.mktemp("garden")
    (folder / "posts").mkdir()
    for name, text in POSTS.items():
        (folder / "posts" / name).write_text(text, encoding="utf-8")
    options = BuildOptions(base_url="https://garden.example")
    build_index(folder / "posts", folder / "index", options)
    return folder / "index"


@pytest.fixture(scope="session")
def garden(garden_index: Path) -> Engine:
    """An engine over the garden."""
    return open_engine(garden_index)
