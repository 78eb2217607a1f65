"""A real blog: engines answer its readers' queries alike."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import pytest

from search import Engine, open_engine
from search.drafts import Draft
from search.engine import RelatedOptions
from search.results import SearchResults
from tests.engine_contract.conftest import Host

FIRST_SHARE: Final = 0.9
"""At least so many answers begin with the same post."""

QUERIES: Final = """
Why is the kernel community replacing iptables with BPF?
Deep Dive into Cilium Multi-cluster
From War Games to Network Policies
How DB Schenker Migrated from Calico to Cilium
cilium joins the CNCF
service mesh
transparent encryption
load balancing
runtime security
multi-cluster
hubble observability
CNI migration
prometheus metrics
zero trust
kube-proxy
XDP
bpf_redirect_peer
v1.14
cilium 1.0.0-rc4
kube-proxy replacement
"network policy"
"service mesh" -istio
tag:security ebpf
after:2023 tetragon
cilum network polcy
elasticsaerch security
tetragon user story
wireguard encryption
benchmark calico vs cilium
layer 4 load balancer
what is the performance of ebpf compared to iptables
how do I migrate from another cni
mutual authentication
istio OR envoy sidecar
egress gateway static ip
gateway api
bandwidth manager latency
ipv6 big tcp
kafka policies
mainten
""".strip().splitlines()


@pytest.fixture(scope="session")
def cilium_engine(cilium: Path, host: Host) -> Engine:
    """The engine under test over the Cilium blog."""
    host.publish(cilium)
    return host.open(cilium)


@pytest.fixture(scope="session")
def cilium_embedded(cilium: Path) -> Engine:
    """The embedded engine over the same index."""
    return open_engine(cilium)


def agreement(pairs: Iterable[tuple[list[str], list[str]]]) -> tuple[float, float]:
    """How many of the pairs of lists begin alike, and the share that lists have in common."""
    firsts, overlaps = [], []
    for found, expected in pairs:
        firsts.append(found[:1] == expected[:1])
        longest = max(len(found), len(expected))
        overlaps.append(len({*found} & {*expected}) / longest if longest else 1.0)
    return sum(firsts) / len(firsts), sum(overlaps) / len(overlaps)


def assert_agree(
    pairs: Iterable[tuple[list[str], list[str]]], record: Callable[[str, object], None]
) -> None:
    """Asserts that enough begin alike, and puts both shares into the test's report."""
    firsts, overlap = agreement(pairs)
    record("same_first", round(firsts, 4))
    record("overlap_at_10", round(overlap, 4))
    assert firsts >= FIRST_SHARE, f"first alike: {firsts:.3f}, overlap at 10: {overlap:.3f}"


def paths(results: SearchResults) -> list[str]:
    return [hit.path for hit in results.hits]


def test_queries_find_the_same(
    cilium_engine: Engine,
    cilium_embedded: Engine,
    record_property: Callable[[str, object], None],
) -> None:
    answers = [(cilium_engine.search(query), cilium_embedded.search(query)) for query in QUERIES]
    assert_agree(((paths(found), paths(other)) for found, other in answers), record_property)
    for query, (found, other) in zip(QUERIES, answers, strict=True):
        assert (found.total, found.corrected) == (other.total, other.corrected), query
        assert (found.missing, found.facets) == (other.missing, other.facets), query


def test_posts_lead_to_the_same(
    cilium_engine: Engine,
    cilium_embedded: Engine,
    record_property: Callable[[str, object], None],
) -> None:
    options = RelatedOptions(limit=10)
    every = list(cilium_embedded.paths())
    sources = every[:: max(1, len(every) // 40)]

    def related(engine: Engine, path: str) -> list[str]:
        return [post.path for post in engine.related(path, options=options).related]

    assert_agree(
        ((related(cilium_engine, path), related(cilium_embedded, path)) for path in sources),
        record_property,
    )


def test_texts_and_histories_lead_to_the_same(
    cilium_engine: Engine,
    cilium_embedded: Engine,
    record_property: Callable[[str, object], None],
) -> None:
    def lists(engine: Engine) -> list[list[str]]:
        recent = [post.path for post in cilium_embedded.recent(limit=20)]
        histories = [recent[at : at + 4] for at in range(0, 20, 4)]
        answers = [engine.recommend(history, limit=10).related for history in histories]
        answers += [
            engine.related_to_draft(Draft(query, title=query), limit=10).related
            for query in QUERIES[:20]
        ]
        return [[post.path for post in answer] for answer in answers]

    pairs = zip(lists(cilium_engine), lists(cilium_embedded), strict=True)
    assert_agree(pairs, record_property)


def test_explained_reasons_add_up_to_the_score(cilium_engine: Engine) -> None:
    options = RelatedOptions(limit=10, explains=True)
    for path in list(cilium_engine.paths())[::97]:
        for post in cilium_engine.related(path, options=options).related:
            parts = [reason.contribution for reason in post.reasons]
            assert sum(parts) == pytest.approx(post.score, abs=1e-6 * (1 + len(parts)))


def test_every_title_finds_its_post_first(cilium_engine: Engine) -> None:
    for post in cilium_engine.recent(limit=40):
        results = cilium_engine.search(post.title, limit=3)
        assert results.corrected is None
        titled = {hit.path for hit in results.hits if hit.title == post.title}
        assert results.hits[0].path in titled, post.title
