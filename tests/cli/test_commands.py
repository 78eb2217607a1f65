"""The command, run as a person runs it: answers, exit codes, and no traceback ever."""

import re

import pytest

from tests.cli.conftest import Site


def test_builds_then_finds_then_relates(site: Site) -> None:
    built = site.json("build")
    assert (built["files"], built["posts"], built["left_out"]) == (2, 2, [])
    found = site.json("search", "carpets")
    assert [hit["path"] for hit in found["hits"]] == ["/moss"]
    assert found["generation"] == built["generation"]
    related = site.json("related", "/fern")
    assert [post["path"] for post in related["related"]] == ["/moss"]
    assert site.json("status")["posts"] == 2


def test_plain_output_is_for_reading(site: Site) -> None:
    built = site.run("build")
    assert built.stdout.startswith("Published 2 posts of 2 files in ")
    assert "Reading posts: 2 of 2" in built.stderr
    found = site.run("search", "green")
    assert "2 posts in" in found.stdout
    assert "Fern" in found.stdout
    assert "\x1b" not in found.stdout, "what a post says must not steer the terminal"
    assert "tag: Shade" in site.run("related", "/fern").stdout
    assert "Nothing found." in site.run("search", "zeppelin").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["search", "x"], 3, "There is no index in build/index. Make one: signpost build"),
        (["build", "nowhere"], 3, "There is no folder nowhere"),
        (["build", "content/fern.md"], 3, "is not a folder"),
        (["--config", "no.toml", "build"], 2, "no.toml"),
        (["search"], 2, "Missing argument 'QUERY'"),
        (["search", "x", "--limit", "0"], 2, "0 is not in the range"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    site: Site, arguments: list[str], code: int, said: str
) -> None:
    assert said in site.run(*arguments, code=code).stderr


def test_an_unknown_path_names_the_nearest(site: Site) -> None:
    site.run("build")
    assert "Nearest known: /fern" in site.run("related", "/fren", code=2).stderr
    assert site.json("related", "/fren", code=2)["error"].startswith("There is no post at /fren")


def test_strict_exits_with_one_and_publishes_nothing(site: Site) -> None:
    site.write({"content/broken.md": "---\ntitle: x\n"})
    refused = site.json("build", "--strict", code=1)
    assert refused["generation"] is None
    assert refused["problems"][0]["file"] == "broken.md"
    assert (
        "broken.md:1: the front matter is not closed"
        in site.run("build", "--strict", code=1).stderr
    )
    site.run("search", "green", code=3)
    assert site.json("build")["posts"] == 2


def test_settings_come_from_the_file_and_the_command_line_wins(site: Site) -> None:
    site.write(
        {
            "signpost.toml": '[site]\nbase_url = "https://x.example"\n[index]\ndir = "from-file"\n'
            '[posts]\ncontent = "other"\n',
            "other/only.md": "---\ntitle: Only\n---\nHere.\n",
        }
    )
    assert site.json("build")["posts"] == 1
    assert (site.folder / "from-file" / "CURRENT").exists()
    assert site.json("search", "only")["hits"][0]["url"] == "https://x.example/only"
    assert site.json("build", "content", "--index", "given")["posts"] == 2
    site.write({"signpost.toml": "[site]\nbase_ulr = 'x'\n"})
    assert "base_url" in site.run("build", code=2).stderr


def test_posts_that_name_no_language_are_read_in_that_of_the_site(site: Site) -> None:
    site.write({"content/bauen.md": "---\ntitle: Bauen\n---\nViele Möglichkeiten.\n"})
    site.json("build")
    assert site.json("search", "möglich")["hits"] == []
    site.write({"signpost.toml": '[site]\nlanguage = "de"\n'})
    site.json("build")
    assert [hit["path"] for hit in site.json("search", "möglich")["hits"]] == ["/bauen"]
    site.write({"signpost.toml": '[site]\nlanguage = ""\n'})
    assert "takes the language of posts" in site.run("build", code=2).stderr


def test_explain_shows_the_parts_of_a_score(site: Site) -> None:
    site.write({"content/fern-2.md": "---\ntitle: Red\nsearch: {boost: 0.5}\n---\nGreen fern.\n"})
    site.run("build")
    hits = site.json("search", "green fern", "--explain")["hits"]
    assert [hit.get("missing", []) for hit in hits] == [[], [], ["fern"]]
    for hit in hits:
        assert sum(hit["explanation"].values()) == pytest.approx(hit["score"])
    assert min(hits[1]["explanation"].values()) < 0, "the halved boost takes away"
    assert all(
        "explanation" not in hit
        for hit in site.json("search", "green fern", "--limit", "1")["hits"]
    )
    shown = re.findall(
        r"    score (\S+) = (.*)", site.run("search", "green fern", "--explain").stdout
    )
    assert [score for score, _ in shown] == [f"{hit['score']:.3f}" for hit in hits]
    for (_, parts), hit in zip(shown, hits, strict=True):
        read = re.findall(r"(?:^|([+-]) )(.+?) ([\d.]+)(?: |$)", parts)
        signed = {name: -float(size) if sign == "-" else float(size) for sign, name, size in read}
        assert signed == pytest.approx(hit["explanation"], abs=0.0005)
        added = [part for part in signed.values() if part > 0]
        assert list(signed.values())[: len(added)] == sorted(added, reverse=True)


def test_a_hit_of_filters_alone_has_a_score_without_parts(site: Site) -> None:
    site.run("build")
    assert site.run("search", "tag:shade", "--explain").stdout.count("    score 0.000\n") == 2
    assert "score" not in site.run("search", "green").stdout


@pytest.mark.parametrize(
    "command",
    [
        "init",
        "check",
        "build",
        "serve",
        "search",
        "related",
        "status",
        "verify",
        "prune",
        "evaluate search",
        "evaluate related",
        "export related",
        "report related",
    ],
)
def test_every_command_explains_itself(site: Site, command: str) -> None:
    said = site.run(*command.split(), "--help").stdout
    assert said.startswith("Usage:")
    assert len(said) > 200


def test_a_build_says_that_nothing_has_changed_and_full_builds_anyway(site: Site) -> None:
    site.write({"content/broken.md": "---\ntitle: B\n"})
    first = site.json("build")
    again = site.json("build")
    assert again["is_unchanged"]
    assert {**again, "seconds": 0, "is_unchanged": False} == {**first, "seconds": 0}
    said = site.run("build")
    assert said.stdout.startswith("Nothing has changed: 2 posts of 3 files")
    assert first["generation"] in said.stdout
    assert "broken.md:1: " in said.stderr
    full = site.json("build", "--full")
    assert not full["is_unchanged"]
    assert full["generation"] != first["generation"]
    refused = site.json("build", "--strict", code=1)
    assert [problem["file"] for problem in refused["problems"]] == ["broken.md"]
