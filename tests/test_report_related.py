"""The report on lists and tags, by hand on a few posts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from index.report import BuildReport
from search.cli import main
from search.every_post import EngineSource, every_post
from search.report_related import PostFacts, TagCount, facts_of, gini, report_on


def facts(
    *related: str, tags: tuple[str, ...] = (), doubles: tuple[tuple[str, float], ...] = ()
) -> PostFacts:
    return PostFacts(related, tags, doubles)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([1, 1, 1, 1], 0.0),
        ([0, 0, 0, 4], 0.75),  # one of four has everything
        ([0, 0, 0, 0], 0.0),
        ([1, 2, 3, 4], 0.25),  # 2 * 30 / (4 * 10) - 5 / 4
        ([7], 0.0),
    ],
)
def test_gini_by_hand(counts: list[int], expected: float) -> None:
    assert gini(counts) == pytest.approx(expected)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_gini_is_the_mean_difference_by_twice_the_mean(counts: list[int]) -> None:
    total = sum(counts)
    if total:
        differences = sum(abs(a - b) for a in counts for b in counts)
        assert gini(counts) == pytest.approx(differences / (2 * len(counts) * total), abs=1e-9)


def test_who_is_led_to() -> None:
    report = report_on(
        {"/a": facts("/b", "/c"), "/b": facts("/c"), "/c": facts("/b"), "/d": facts("/b")}.items()
    )
    assert report.led_to_by_none == ("/a", "/d")
    assert report.led_to_most == (("/b", 3), ("/c", 2))
    assert report.coverage == 0.5
    assert report.gini == pytest.approx(gini([0, 3, 2, 0]))


def test_spellings_of_one_tag_stand_together_and_other_tags_do_not() -> None:
    tags = [
        ("Kubernetes", "Micro-Services", "News", "C++"),
        ("kubernetes", "microservices", "New", "C"),
        ("Kubernetes", "microservice", "Café", "Node.js"),
        ("Releases", "release", "cafe", "NodeJS"),
    ]
    report = report_on({f"/{n}": facts(tags=t) for n, t in enumerate(tags)}.items())
    assert {frozenset(tag.tag for tag in group) for group in report.tag_spellings} == {
        frozenset({"Kubernetes", "kubernetes"}),
        frozenset({"Micro-Services", "microservices", "microservice"}),
        frozenset({"Café", "cafe"}),
        frozenset({"Releases", "release"}),
        frozenset({"Node.js", "NodeJS"}),
    }
    assert report.tag_spellings[0] == (TagCount("Kubernetes", 2), TagCount("kubernetes", 1))


def test_versions_and_numbers_are_tags_of_their_own() -> None:
    tags: list[tuple[str, ...]] = [
        ("1.10", "2024-01", "Web 2.0", "ISO 27001"),
        ("11.0", "202401", "Web2.0", "ISO-27001"),
        ("110", "v1--10"),
        ("1 11", "v110"),
    ]
    report = report_on({f"/{n}": facts(tags=t) for n, t in enumerate(tags)}.items())
    assert {frozenset(tag.tag for tag in group) for group in report.tag_spellings} == {
        frozenset({"Web 2.0", "Web2.0"}),
        frozenset({"ISO 27001", "ISO-27001"}),
    }


def test_tags_on_most_posts_and_on_one() -> None:
    tags = [("All", "Half", "One"), ("All", "Half"), ("All",), ()]
    report = report_on({f"/{n}": facts(tags=t) for n, t in enumerate(tags)}.items())
    assert report.common_tags == (TagCount("All", 3),)
    assert report.single_tags == ("One",)


def test_near_duplicates_are_told_once_most_alike_first() -> None:
    report = report_on(
        {
            "/a": facts(doubles=(("/b", 0.91), ("/c", 0.97))),
            "/b": facts(doubles=(("/a", 0.91),)),
            "/c": facts(doubles=(("/a", 0.97),)),
        }.items()
    )
    assert report.near_duplicates == (("/a", "/c", 0.97), ("/a", "/b", 0.91))


def test_a_real_index_is_reported_on(build: Callable[..., BuildReport], tmp_path: Path) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    build(
        {
            "a.md": f"---\ntitle: Alpha\ntags: [Moss]\n---\n{words}\n",
            "b.md": f"---\ntitle: Alpha\ntags: [moss, Fern]\n---\n{words} more\n",
            "c.md": "---\ntitle: Gamma\n---\nSomething else.\n",
        }
    )
    source = EngineSource(tmp_path / "index")
    report = report_on(every_post(source, facts_of))
    assert [pair[:2] for pair in report.near_duplicates] == [("/a", "/b")]
    assert [[tag.tag for tag in group] for group in report.tag_spellings] == [["Moss", "moss"]]
    assert report.single_tags == ("Fern", "Moss", "moss")
    assert (report.posts, report.coverage) == (3, 1.0)


def test_the_command_tells_an_owner_and_has_all_of_it_as_json(
    build: Callable[..., BuildReport], tmp_path: Path
) -> None:
    build(
        {
            f"{n}.md": f"---\ntitle: Post {n}\ntags: [All, 'one {n}']\n---\nText {n}.\n"
            for n in range(13)
        }
    )
    index = ["--index", str(tmp_path / "index")]
    told = CliRunner().invoke(main, ["report", "related", *index])
    assert told.exit_code == 0
    assert "of 13 posts" in told.stdout
    assert "All (13)" in told.stdout
    assert "Tags on a single post (they lead nowhere): 13" in told.stdout
    assert "and 3 more; see --json" in told.stdout
    answer = json.loads(
        CliRunner().invoke(main, ["report", "related", *index, "--processes", "1", "--json"]).stdout
    )
    assert len(answer["single_tags"]) == 13
    assert answer["common_tags"] == [{"tag": "All", "posts": 13}]
