"""The direction of imports, read from the source: index knows nothing of search, and so on."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

READS_ONLY = {
    "index.bm25",
    "index.generation",
    "index.holds",
    "index.opening",
    "index.schema",
    "index.layout",
    "index.blocks",
    "index.keys",
    "index.rarity",
    "index.titlephrases",
    "index.fixedpoint",
    "index.analysis",
    "index.post",
    "index.errors",
}
"""What the serving side may know of the indexing side."""

READS_A_CLUSTER = {
    "index.opensearch",
    "index.opensearch.client",
    "index.opensearch.fetching",
    "index.opensearch.generations",
    "index.opensearch.layout",
    "index.opensearch.options",
}
"""The same of what the engine on a cluster may know."""

ALLOWED_PACKAGES = {
    "flask": ("search/service/",),
    "whoosh": (
        "index/analysis.py",
        "index/languages.py",
        "index/schema.py",
        "index/fulltext.py",
        "index/fulltextblocks.py",
        "index/fulltextterms.py",
    ),
    "opensearchpy": ("index/opensearch/connection.py",),
    "sklearn": ("index/vectors.py", "index/concepts.py"),
}


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute here"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_index_never_imports_search_or_flask() -> None:
    wrong = [
        (name_of(file), name)
        for file in modules("index")
        for name in imports_of(file)
        if name.split(".")[0] in {"search", "flask", "wsgi"}
    ]
    assert wrong == []


def test_serving_never_imports_what_writes() -> None:
    serving = [*modules("search/embedded", "search/service"), ROOT / "search/engine.py"]
    wrong = [
        (name_of(file), name)
        for file in serving
        for name in imports_of(file)
        if name.startswith("index.") and ".".join(name.split(".")[:2]) not in READS_ONLY
    ]
    assert wrong == []


def test_answering_from_a_cluster_never_imports_what_writes_to_it() -> None:
    wrong = [
        (name_of(file), name)
        for file in modules("search/opensearch")
        for name in imports_of(file)
        if name.startswith("index.")
        and ".".join(name.split(".")[:2]) not in READS_ONLY
        and ".".join(name.split(".")[:3]) not in READS_A_CLUSTER
    ]
    assert wrong == []


def test_the_engine_does_not_know_the_service() -> None:
    below = [*modules("search/embedded", "search/opensearch"), *(ROOT / "search").glob("[eqr]*.py")]
    wrong = [
        (name_of(file), name)
        for file in below
        for name in imports_of(file)
        if name.startswith(
            (
                "search.service",
                "search.cli",
                "search.commands",
                "search.terminal",
                "search.settings",
            )
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ALLOWED_PACKAGES)
def test_a_library_is_seen_only_where_it_belongs(package: str) -> None:
    seen = {
        name_of(file)
        for file in modules("index", "search")
        for name in imports_of(file)
        if name.split(".")[0].split("_")[0] == package
    }
    assert seen, f"nothing imports {package}: this rule checks nothing any more"
    assert [name for name in seen if not name.startswith(ALLOWED_PACKAGES[package])] == []


def test_wsgi_imports_the_service_and_nothing_else() -> None:
    assert set(imports_of(ROOT / "wsgi.py")) == {"search.service", "search.service.create_app"}
