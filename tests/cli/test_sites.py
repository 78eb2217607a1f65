"""`init` and `check`, run as a person runs them: on every golden site, and on what goes wrong."""

import shutil
import tomllib
from pathlib import Path

import pytest

from search.settings import load_settings
from tests.cli.conftest import Site

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
GENERATORS = sorted(path.name for path in GOLDEN.iterdir())


@pytest.fixture
def empty(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.mark.parametrize("name", GENERATORS)
def test_init_writes_settings_that_a_build_goes_by(empty: Site, name: str) -> None:
    shutil.copytree(GOLDEN / name, empty.folder, dirs_exist_ok=True)
    start = empty.json("init")
    assert start["generator"].lower() == name
    assert start["problems"] == 0
    settings = load_settings(empty.folder / "signpost.toml", environ={})
    assert settings.posts.content.as_posix() == start["content"]
    assert settings.site.base_url == start["base_url"]
    assert settings.site.permalink == start["permalink"]
    assert {name: list(each) for name, each in settings.site.permalinks.items()} == (
        start["permalinks"]
    )
    built = empty.json("build")
    assert built["posts"] == start["posts"] > 0
    status = empty.json("check")
    assert status["posts"] == start["posts"]


def test_init_says_what_it_found_and_what_comes_next(empty: Site) -> None:
    shutil.copytree(GOLDEN / "hexo", empty.folder, dirs_exist_ok=True)
    said = empty.run("init").stdout
    assert said.startswith("Made with Hexo, by _config.yml.\n  posts      source\n")
    assert "4 posts of 12 files would be indexed; 0 problems.\n" in said
    assert said.endswith("Wrote signpost.toml. Look it over, then: signpost build\n")
    written = (empty.folder / "signpost.toml").read_text(encoding="utf-8")
    assert written.startswith("# Settings of Signpost for the posts of a site made with Hexo.\n")
    assert tomllib.loads(written)["service"]["origins"] == ["https://tide.example"]


def test_init_leaves_settings_that_are_there(site: Site) -> None:
    site.write({"signpost.toml": "# mine\n"})
    refused = site.run("init", code=3)
    assert refused.stderr == (
        "signpost: signpost.toml is there already and was left as it is; --force replaces it.\n"
    )
    assert (site.folder / "signpost.toml").read_text(encoding="utf-8") == "# mine\n"
    assert "--force" in site.json("init", code=3)["error"]
    assert site.json("init", "--force")["posts"] == 2
    assert "[posts]" in (site.folder / "signpost.toml").read_text(encoding="utf-8")


def test_init_takes_a_folder_and_a_file_that_are_named(empty: Site) -> None:
    empty.write({"a/site/hugo.toml": "title = 'H'\n", "a/site/content/posts/b.md": "# B"})
    start = empty.json("--config", "a/mine.toml", "init", "a/site/content/posts")
    assert (start["file"], start["content"]) == ("a/mine.toml", "a/site/content/posts")
    assert (start["generator"], start["config"]) == ("Hugo", "a/site/hugo.toml")
    assert not (empty.folder / "signpost.toml").exists()
    assert [path.name for path in (empty.folder / "a").iterdir()] == ["mine.toml", "site"] or (
        sorted(path.name for path in (empty.folder / "a").iterdir()) == ["mine.toml", "site"]
    )


def test_init_of_a_plain_folder_says_that_nothing_is_known(site: Site) -> None:
    said = site.run("init").stdout
    assert "with no generator's configuration in sight" in said
    assert "not known: set base_url" in said
    assert site.json("build")["posts"] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["init", "nowhere"], "There is no folder"),
        (["--config", "no/such/folder.toml", "init"], "could not be written"),
    ],
)
def test_init_that_cannot_be_done_writes_nothing(
    site: Site, arguments: list[str], said: str
) -> None:
    before = sorted(site.folder.rglob("*"))
    assert said in site.run(*arguments, code=3).stderr
    assert sorted(site.folder.rglob("*")) == before


HOSTILE = "title: \"x\\n[site]\\u0007 '''\"\nurl: 'https://x.example/\"<>'\nlang: '../../x'\n"


def test_what_a_configuration_says_stays_text(empty: Site) -> None:
    empty.write({"_config.yml": HOSTILE, "_posts/2024-01-01-a.md": "# A"})
    empty.run("init")
    settings = load_settings(empty.folder / "signpost.toml", environ={})
    assert "[site]" in settings.site.title
    assert (settings.site.base_url, settings.site.language) == ("", "en")


def test_check_tells_what_to_fix_by_kind_file_and_line(site: Site) -> None:
    site.write(
        {
            "content/fern.md": "---\ntitle: Fern\ntags: [shade]\n---\n" + "Green \x1b[31m. " * 12,
            "content/moss.md": "---\ntitel: Moss\ntags: [Shade]\n---\n\n[x](gone.md)\n",
        }
    )
    done = site.run("check")
    assert done.stdout.startswith("5 things to fix in 2 posts of 2 files:\n")
    lines = done.stdout.splitlines()
    assert "Links within the site that lead nowhere:" in lines
    assert '  moss.md:6: leads to no post: "gone.md"' in lines
    assert '  moss.md:2: no field "titel" is known; did you mean title?' in lines
    assert "\x1b" not in done.stdout
    assert not (site.folder / "build").exists(), "a check builds nothing"
    answer = site.json("check")
    assert sum(answer["by_kind"].values()) == len(answer["problems"]) == 5
    places = [(each["file"], each["line"]) for each in answer["problems"]]
    assert places == sorted(places)


def test_check_is_strict_where_it_is_asked_to_be(site: Site) -> None:
    assert site.json("check")["problems"], "both posts are short"
    assert site.json("check", "--strict", code=1)["problems"]
    text = "Enough words for a reader to find this post by, and for a check to be content with.\n"
    site.write({"content/fern.md": f"# Fern\n\n{text}", "content/moss.md": f"# Moss\n\n{text}"})
    assert site.run("check", "--strict").stdout == "Nothing to fix in 2 posts of 2 files.\n"


def test_check_shows_ten_of_a_kind_or_all(site: Site) -> None:
    site.write({f"content/{n:02}.md": f"# Post {n}\n\n[x](gone-{n}.md)\n" for n in range(12)})
    site.write({f"content/same/{n}.md": f"# Same {n}\n\n[x](lost.md)\n" for n in range(3)})
    links = site.run("check", "content").stdout.partition("lead nowhere:\n")[2].split("\n\n")[0]
    assert links.count("\n") == 10
    assert "  and 3 more; see --all or --json" in links
    everything = site.run("check", "--all").stdout
    assert everything.count("leads to no post") == 15
    assert 'same/0.md:3: leads to no post: "lost.md"\n' in everything


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check", "nowhere"], 3, "There is no folder nowhere"),
        (["check", "--frob"], 2, "No such option"),
        (["--config", "no.toml", "check"], 2, "no.toml"),
    ],
)
def test_check_that_cannot_be_done_is_said_in_a_sentence(
    site: Site, arguments: list[str], code: int, said: str
) -> None:
    assert said in site.run(*arguments, code=code).stderr
