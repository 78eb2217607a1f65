"""A small site that has all that posts can have, built, and a cluster to send it to."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest

from index.build import build_index
from index.generation import current_name, directory_of
from index.opensearch.client import Cluster, ClusterOptions
from tests.conftest import WORDS, Site, write_site
from tests.index.opensearch.changingsite import generations

LONG_NAME: Final = "-".join(WORDS * 12)

SITE: Final[Site] = {
    "kube-proxy.md": """---
title: Tuning kube-proxy
date: 2024-03-01
tags: [Networking, eBPF]
categories: [Guides]
authors: [Ada Lovelace]
aliases: [/old/proxy/, /proxy]
summary: How the proxy of a node is tuned.
search: {pin: [proxy tuning, "KUBE  proxy"], boost: 1.5, keywords: [iptables]}
---
Start with the [garden](garden.md). The kube-proxy runs on every node.

## Modes of the proxy

There is an `iptables` mode, and an ipvs mode.

```
kubectl get nodes --all
```
""",
    "garden.md": """---
title: Der Gärtner im Frühling
date: 2023-05-04T10:00:00+02:00
lang: de
tags: [networking, Garten]
featured: true
---
Führung durch den Garten, auf Französisch: français, informação. The garden of the node.
""",
    "part-1.md": "---\ntitle: Soil, part 1\ndate: 2022-01-01\nseries: Soil\n---\nSand and soil.\n",
    "part-2.md": "---\ntitle: Soil, part 2\ndate: 2022-02-01\nseries: Soil\n---\nClay and soil.\n",
    "en/dune.md": "---\ntitle: Dune\nlang: en\ntranslation_key: dune\n---\nA dune of sand.\n",
    "fr/dune.md": "---\ntitle: Dune\nlang: fr\ntranslation_key: dune\n---\nUne dune de sable.\n",
    "empty.md": "---\ntitle: '!'\n---\n",
    "東京.md": "---\ntitle: 東京の庭\nexternal_url: https://example.org/tokyo\n---\n東京の庭園。\n",
    f"{LONG_NAME[:200]}/{LONG_NAME[:200]}/{LONG_NAME[:200]}.md": "---\ntitle: Long\n---\nA path.\n",
} | {
    f"words/{n}.md": (
        f"---\ntitle: {WORDS[n % 10]} {WORDS[n // 2 % 10]}\ntags: [{WORDS[n % 3]}]\n---\n"
        + " ".join(WORDS[n * k % 10] for k in range(1, 40))
        + f"\n\n## {WORDS[n % 7]}\n\nword{n}\n"
    )
    for n in range(30)
}


@pytest.fixture(scope="session")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the published generation of SITE."""
    folder = tmp_path_factory.mktemp("site")
    build_index(write_site(folder / "posts", SITE), folder / "index")
    return directory_of(folder / "index", current_name(folder / "index"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The folders of the generations of a site that changes."""
    return tuple(generations(tmp_path_factory.mktemp("changing")))


@pytest.fixture
def options(cluster_hosts: tuple[str, ...]) -> Iterator[ClusterOptions]:
    """A cluster in which nobody else uses the alias; what is made under it is removed."""
    options = ClusterOptions(cluster_hosts, index=f"test-{uuid4().hex[:12]}", replicas=0)
    yield options
    cluster = Cluster(replace(options, timeout_ms=30_000))
    for name in cluster.aliases(f"{options.index}*"):
        cluster.delete_index(name)
    cluster.close()


@pytest.fixture
def cluster(options: ClusterOptions) -> Iterator[Cluster]:
    """The cluster of `options`."""
    cluster = Cluster(options)
    yield cluster
    cluster.close()


@pytest.fixture
def names_sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the documents that are sent or removed, as it happens."""
    names: list[str] = []
    bulk = Cluster.bulk

    def watched(self: Cluster, index: str, lines: bytes) -> Any:
        heads = [line for line in lines.splitlines() if line.startswith((b'{"index', b'{"delete'))]
        names.extend(next(iter(json.loads(head).values()))["_id"] for head in heads)
        return bulk(self, index, lines)

    monkeypatch.setattr(Cluster, "bulk", watched)
    return names
