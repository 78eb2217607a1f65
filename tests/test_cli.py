"""The command, run as a person runs it: answers, exit codes, and no traceback ever."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

POSTS = {
    "fern.md": "---\ntitle: Fern\ntags: [Shade]\n---\nGreen leaves \x1b[31mred.\n",
    "moss.md": "---\ntitle: Moss\ntags: [Shade]\n---\nGreen carpets.\n",
}


class Site:
    """A folder to run the command in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def run(
        self, *arguments: str, code: int = 0, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from search.cli import main; main()", *arguments]
        done = subprocess.run(
            command,
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "", "LANG": "C.UTF-8"},
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done

    def json(self, *arguments: str, code: int = 0, stdin: str = "") -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(
            self.run(*arguments, "--json", code=code, stdin=stdin).stdout
        )
        return answer


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.write({f"content/{name}": text for name, text in POSTS.items()})
    return site


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


def test_a_draft_can_be_piped_in_or_named_as_a_file(site: Site) -> None:
    site.run("build")
    assert site.json("related", "-", stdin="green carpets")["related"][0]["path"] == "/moss"
    site.write({"draft.txt": "green carpets"})
    assert site.json("related", "draft.txt")["related"][0]["path"] == "/moss"


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


JUDGED = {
    "queries.tsv": "qid\tkind\tquery\n1\tword\tcarpets\n2\ttypo\tzeppelin\n3\tword\tfern\n",
    "qrels.txt": "1 0 /moss 1\n2 0 /moss 2\n",
}
EVALUATE = ("evaluate", "search", "--queries", "queries.tsv", "--qrels", "qrels.txt")


def test_evaluate_prints_one_object(site: Site) -> None:
    pytest.importorskip("ir_measures", reason="ir-measures has no build for this processor")
    site.write(JUDGED)
    site.run("build")
    measures = "nDCG@10", "MRR@10", "R@100"
    found, nothing = dict.fromkeys(measures, 1), dict.fromkeys(measures, 0)
    assert site.json(*EVALUATE) == {
        "queries": 2,
        "nDCG@10": 0.5,
        "MRR@10": 0.5,
        "R@100": 0.5,
        "by_kind": {"word": {"queries": 1, **found}, "typo": {"queries": 1, **nothing}},
    }
    site.write({"queries.tsv": "query\tqid\ncarpets\t1\n", "docs.txt": "/fern\n"})
    assert site.json(*EVALUATE) == {"queries": 1, **found, "by_kind": {}}
    assert site.json(*EVALUATE, "--docs", "docs.txt") == {"queries": 1, **nothing, "by_kind": {}}


def test_evaluate_prints_a_table_and_notes_beside_it(site: Site) -> None:
    pytest.importorskip("ir_measures", reason="ir-measures has no build for this processor")
    site.write(JUDGED)
    site.run("build")
    done = site.run(*EVALUATE)
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["queries", "nDCG@10", "MRR@10", "R@100"],
        ["all", "2", "0.5000", "0.5000", "0.5000"],
        ["word", "1", "1.0000", "1.0000", "1.0000"],
        ["typo", "1", "0.0000", "0.0000", "0.0000"],
    ]
    assert done.stderr.startswith("1 of 3 queries have no relevant post")


def test_evaluate_names_the_file_and_line_that_is_wrong(site: Site) -> None:
    site.run("build")
    assert "queries.tsv: it cannot be read" in site.run(*EVALUATE, code=2).stderr
    site.write(JUDGED | {"qrels.txt": "1 0 /moss\n"})
    assert site.json(*EVALUATE, code=2)["error"].startswith("qrels.txt:1: a judgment has 4 fields")
    site.write({"qrels.txt": "9 0 /moss 1\n"})
    assert "no query of queries.tsv has a grade above 0" in site.run(*EVALUATE, code=2).stderr
    assert "There is no index" in site.run(*EVALUATE, "--index", "none", code=3).stderr


def test_evaluate_measures_related_lists_too(site: Site) -> None:
    pytest.importorskip("ir_measures", reason="ir-measures has no build for this processor")
    site.run("build")
    command = ("evaluate", "related", "--qrels", "qrels.txt")
    first = site.json("related", "/fern")["related"][0]["path"]
    site.write({"qrels.txt": f"/fern 0 {first} 1\n/gone 0 /fern 1\n"})
    found = site.json(*command)
    measures = {"nDCG@5": 0.5, "P@5": 0.1, "MRR": 0.5}
    assert {name: found[name] for name in measures} == pytest.approx(measures)
    assert found["sources"] == 2
    assert 0 < found["coverage"] <= 1
    done = site.run(*command)
    assert done.stdout.split()[:2] == ["sources", "nDCG@5"]
    assert "No post has 1 of the judged paths: /gone." in done.stderr
    site.write({"qrels.txt": "/fern 0 /moss 0\n"})
    assert "no post has a grade above 0" in site.run(*command, code=2).stderr


@pytest.mark.parametrize(
    "command",
    ["build", "serve", "search", "related", "status", "evaluate search", "evaluate related"],
)
def test_every_command_explains_itself(site: Site, command: str) -> None:
    said = site.run(*command.split(), "--help").stdout
    assert said.startswith("Usage:")
    assert len(said) > 200
