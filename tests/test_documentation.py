"""The documentation tells the truth as far as a program can tell: links, names, examples."""

import re
from pathlib import Path

import pytest

from index.build import build_index
from index.loader import LoadOptions, load_posts
from index.post import LoadedPosts

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")]
SERVED = ("/static/", "/api/", "/search")


@pytest.fixture(scope="module")
def guide() -> LoadedPosts:
    return load_posts(ROOT / "content", LoadOptions())


def test_every_file_of_the_guide_is_a_post_without_a_problem(guide: LoadedPosts) -> None:
    assert guide.left_out == ()
    assert guide.problems == ()
    assert len(guide.posts) >= 30


def test_every_post_of_the_guide_has_what_a_list_shows(guide: LoadedPosts) -> None:
    for post in guide.posts:
        assert post.title, post.source
        assert post.summary, post.source
        assert post.date, post.source
        assert post.tags, post.source
        assert post.categories, post.source
        cover = ROOT / "search/service" / post.image.removeprefix("/")
        assert cover.is_file(), post.source


def test_links_within_the_guide_lead_to_posts_and_headings(guide: LoadedPosts) -> None:
    anchors = {post.path: {section.anchor for section in post.sections} for post in guide.posts}
    dead = [
        (post.source, link.target)
        for post in guide.posts
        for link in post.links
        if link.target.startswith(("/", "#")) and not link.target.startswith(SERVED)
        for path, _, anchor in [link.target.partition("#")]
        if (path or post.path) not in anchors
        or (anchor and anchor not in anchors[path or post.path])
    ]
    assert dead == []


def test_every_post_of_the_guide_is_led_to_by_another(guide: LoadedPosts) -> None:
    targets = {link.target.partition("#")[0] for post in guide.posts for link in post.links}
    assert {post.path for post in guide.posts} <= targets


def test_files_that_the_documents_name_are_there() -> None:
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([\w./-]+)\)", text):
            assert (ROOT / target).exists(), (document.name, target)
        for name in re.findall(r"`((?:[\w-]+/)*[\w-]+\.(?:py|js|toml))`", text):
            found = (ROOT / name).exists() or list(ROOT.glob(f"index/**/{name}"))
            assert found or list(ROOT.glob(f"search/**/{name}")), (document.name, name)


def test_the_architecture_names_every_module_that_a_post_or_query_passes() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = [*ROOT.glob("index/*.py"), *ROOT.glob("search/embedded/*.py")]
    unnamed = {module.name for module in modules if f"{module.name}`" not in text}
    assert unnamed - {"__init__.py"} == set()


def test_the_readmes_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    build_index(ROOT / "content", Path("build/index"))
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102  # the project's own example
    assert len(capsys.readouterr().out.splitlines()) >= 4
