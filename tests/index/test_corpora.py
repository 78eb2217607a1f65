"""Real folders of posts, where they are at hand: nothing is lost, and paths are as judged."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.loader import LoadOptions, load_posts
from index.post import LoadedPosts
from index.series import find_series
from index.translations import find_translations

SHARED = Path(__file__).resolve().parents[3] / "shared"
NOW = datetime(2027, 1, 1, tzinfo=UTC)

LITTER = re.compile(
    r"\{%|%\}|:::|<BlogAuthor|<Youtube|<!--|\[!(?:NOTE|INCLUDE|IMPORTANT|div)\b|alt-text=|"
    r"^import .* from|style=\{|</(?:p|td|div|table|script)>",
    re.MULTILINE | re.IGNORECASE,
)
"""What must be in hardly any post's text; a page about such syntax may well quote it."""

MESH_SERIES = (
    "Testing Cilium Cluster Mesh installation/configuration using Helm Charts (GitOps approach)"
)


def load(name: str, include: frozenset[str] = frozenset()) -> LoadedPosts:
    folder = SHARED / "corpora" / name
    if not folder.is_dir():
        pytest.skip(f"the posts of {name} are not at hand")
    loaded = load_posts(folder, LoadOptions(include=include, now=NOW))
    assert loaded.files == len(loaded.posts) + len(loaded.left_out)
    assert all(post.title and post.path.startswith("/") for post in loaded.posts)
    assert len({post.path for post in loaded.posts}) == len(loaded.posts)
    return loaded


def judged_paths(*names: str) -> set[str]:
    """The paths in files of judgments, or of paths alone."""
    texts = [(SHARED / "relevance" / name).read_text(encoding="utf-8") for name in names]
    return {word for text in texts for word in text.split() if word.startswith("/")}


def littered(loaded: LoadedPosts) -> list[str]:
    return [post.source for post in loaded.posts if LITTER.search(post.text)]


def test_a_gatsby_blog_loads() -> None:
    loaded = load("cilium")
    assert (loaded.files, len(loaded.posts)) == (666, 665)
    assert [(each.file, each.line, each.reason) for each in loaded.left_out] == [
        (
            "10-10-2018-dns-policies/index.md",
            4,
            'draft (draft: true; include = ["drafts"] under [posts] in signpost.toml keeps it)',
        )
    ]
    assert [(each.file, each.line, each.field) for each in loaded.problems] == [
        ("2023-10-11-cilium-graduation-isovalent/index.md", 8, "externalUrl")
    ]
    assert sum(bool(post.external_url) for post in loaded.posts) == 519
    assert all(post.date for post in loaded.posts)
    assert littered(loaded) == []
    assert [(series.name, series.numbers) for series in find_series(loaded.posts)] == [
        ("Exploring eBPF", (2, 3)),
        ("Cilium Kubernetes CNI Provider Deep Dive", (1, 2, 3)),
        ("Build a managed Kubernetes cluster from scratch", (3, 4)),
        ("EKS Series", (2, 3)),
        ("Hubble Series", (1, 2)),
        ("Cilium: Installing Azure CNI powered by Cilium using Terraform", (1, 2)),
        (MESH_SERIES, (1, 2)),
        ("Créer 511 clusters Kubernetes interconnectés avec Cilium Cluster Mesh", (1, 5)),
        ("eBPF Security Observability: Top Tetragon Use Cases", (1, 2)),
        ("Hubble for Network Observability and Security", (1, 2, 3)),
    ]


def test_a_gatsby_blog_has_the_judged_paths_once_its_draft_is_let_in() -> None:
    loaded = load("cilium", frozenset({"drafts"}))
    judged = judged_paths("cilium-site/docs.txt", "cilium-site/qrels.txt", "cilium-links.qrels")
    assert judged - {post.path for post in loaded.posts} == set()


def test_a_zola_blog_loads() -> None:
    loaded = load("rust-blog")
    assert (loaded.files, len(loaded.posts)) == (754, 754)
    assert (loaded.left_out, loaded.problems) == ((), ())
    undated = [post.source for post in loaded.posts if post.date is None]
    assert undated == [
        "_index.md",
        "inside-rust/_index.md",
        "releases/_index.md",
        "releases/latest.md",
    ]
    assert find_series(loaded.posts) == ()  # versions, years and counts, but no parts
    # That post is about the very marks, and shows them in inline code.
    assert littered(loaded) == ["crates-io-development-update-2025-07/index.md"]


def test_a_docfx_site_loads() -> None:
    loaded = load("windows-drivers")
    assert (loaded.files, len(loaded.posts)) == (14384, 14379)
    assert [(each.file, each.line) for each in loaded.left_out] == [
        ("3dprint/print-schema-glossary.md", 4),
        ("kernel/clfs-terminology.md", 4),
        ("kernel/transaction-processing-terms.md", 4),
        ("nfc/glossary.md", 4),
        ("storage/glossary.md", 4),
    ]
    (reason,) = {each.reason for each in loaded.left_out}
    assert reason.startswith("unlisted (Robots: noindex, nofollow; include")
    assert loaded.problems == ()
    assert all(post.date for post in loaded.posts)
    left_out = {"/" + each.file.removesuffix(".md") for each in loaded.left_out}
    paths = {post.path for post in loaded.posts}
    assert judged_paths("windows-drivers-links.qrels") - paths - left_out == set()
    assert find_series(loaded.posts) == ()
    assert find_translations(loaded.posts) == ()
    assert len(littered(loaded)) <= len(loaded.posts) // 1000
