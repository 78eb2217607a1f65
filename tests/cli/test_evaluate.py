"""`signpost evaluate`: judgments from files and from links, tables, and what is wrong with them."""

from itertools import pairwise

import pytest

from tests.cli.conftest import Site

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


LINKED = {
    f"content/{name}.md": f"---\ntitle: {name.title()}\n---\nSee [this]({to}). {name} moss, dew.\n"
    for name, to in pairwise([f"leaf{n}" for n in range(12)] + ["leaf0"])
}


def test_a_sites_own_links_are_judgments(site: Site) -> None:
    pytest.importorskip("ir_measures", reason="ir-measures has no build for this processor")
    site.run("build")
    command = ("evaluate", "related", "--own-links")
    assert "No post links to another one" in site.run(*command, code=3).stderr
    site.write({name: text.replace("](", "](/") for name, text in LINKED.items()})
    site.run("build")
    found = site.json(*command)
    assert found["sources"] == 12
    assert {"nDCG@5", "P@5", "MRR", "coverage", "ILS"} < found.keys()
    done = site.run(*command)
    assert "Judged by 12 pairs of posts" in done.stderr
    tuned = site.run(*command, "--tune")
    assert "tuned on" in tuned.stdout
    assert "held out" in tuned.stdout


def test_judgments_come_from_a_file_or_from_links(site: Site) -> None:
    site.run("build")
    for wrong in ((), ("--own-links", "--qrels", "qrels.txt")):
        said = site.run("evaluate", "related", *wrong, code=2).stderr
        assert "--own-links" in said
        assert "--qrels" in said
