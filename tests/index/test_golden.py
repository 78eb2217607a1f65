"""Golden pairs: a post as each generator's authors write it, and all that is to be read from it."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from index.loader import LoadOptions, load_posts
from index.permalinks import Permalinks
from index.post import LoadedPosts

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
NOW = datetime(2025, 1, 1, tzinfo=UTC)
PERMALINKS: dict[str, str | Permalinks] = {
    "jekyll": "/:categories/:year/:month/:day/:slug.html",
    "pelican": "/:slug.html",
    "hexo": Permalinks(by_folder={"_posts": ["/:year/:month/:day/:slug"]}),
    "mkdocs": Permalinks(by_folder={"blog/posts": ["/blog/:year/:month/:day/:slug"]}),
}
SITE_ROOTS = {
    "hugo": "content", "astro": "src/content", "zola": "content", "pelican": "content",
    "mkdocs": "docs", "hexo": "source",
}  # fmt: skip


def sources() -> list[Path]:
    return sorted(path for path in GOLDEN.rglob("*") if path.suffix in {".md", ".mdx", ".markdown"})


@cache
def loaded(generator: str) -> LoadedPosts:
    root = GOLDEN / generator / SITE_ROOTS.get(generator, "")
    options = LoadOptions(permalink=PERMALINKS.get(generator, ""), now=NOW)
    return load_posts(root, options)


def outcome(source: Path) -> dict[str, Any]:
    """What became of a golden file, in the shape of its expectation."""
    generator = source.relative_to(GOLDEN).parts[0]
    file = source.relative_to(GOLDEN / generator / SITE_ROOTS.get(generator, "")).as_posix()
    result = loaded(generator)
    problems = [problem.as_json() for problem in result.problems if problem.file == file]
    for post in result.posts:
        if post.source == file:
            fields = asdict(post)
            for name in ("date", "updated"):
                fields[name] = fields[name].isoformat() if fields[name] else None
            return json.loads(json.dumps({"post": fields, "problems": problems}))  # type: ignore[no-any-return]
    (left_out,) = (entry for entry in result.left_out if entry.file == file)
    return {"left_out": left_out.as_json(), "problems": problems}


def test_there_are_golden_posts_of_every_generator() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {
        "astro", "docfx", "docusaurus", "eleventy", "gatsby", "hexo", "hugo", "jekyll",
        "mkdocs", "pelican", "zola",
    }  # fmt: skip


@pytest.mark.parametrize("source", sources(), ids=lambda path: str(path.relative_to(GOLDEN)))
def test_a_post_is_read_as_its_author_meant_it(source: Path) -> None:
    expected = source.with_name(source.name + ".expected.json")
    assert expected.exists(), f"write {expected.name}: what is to be read from {source.name}"
    assert outcome(source) == json.loads(expected.read_text(encoding="utf-8"))


def test_no_expectation_is_left_without_its_post() -> None:
    orphans = [
        path
        for path in GOLDEN.rglob("*.expected.json")
        if not path.with_name(path.name.removesuffix(".expected.json")).exists()
    ]
    assert orphans == []
