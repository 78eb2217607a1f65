"""Lines of most posts count for nothing, and no others."""

from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from index.analyzed import analyze
from index.boilerplate import Boilerplate
from index.post import Post, Section
from index.storedpost import StoredPost
from search import Engine

FOOTER = "Printed by the Orchard Press. All rights reserved under the apple licence."


def post_of(number: int, *lines: str, summary: str = "") -> StoredPost:
    section = Section(title="", anchor="", level=0, text="\n".join(lines))
    post = Post(f"/{number}", f"{number}.md", f"T{number}", summary=summary, sections=(section,))
    return analyze(post).stored


@pytest.mark.parametrize(("with_footer", "is_boilerplate"), [(6, True), (5, True), (4, False)])
def test_a_line_of_half_of_the_posts_is_boilerplate(with_footer: int, is_boilerplate: bool) -> None:
    posts = [post_of(n, f"line {n}", *[FOOTER] * (n < with_footer)) for n in range(10)]
    terms = Boilerplate(posts).terms(posts[0])
    assert bool(terms) == is_boilerplate


def test_a_line_of_two_posts_is_what_they_have_in_common() -> None:
    posts = [post_of(1, FOOTER), post_of(2, FOOTER)]
    assert Boilerplate(posts).terms(posts[0]) == {}


def test_every_use_is_counted_in_its_field_and_those_of_other_lines_are_not() -> None:
    posts = [post_of(n, "pear pear", f"pear {n}", "pear pear", summary="pear") for n in range(3)]
    assert Boilerplate(posts).terms(posts[0]) == {
        "summary": Counter({"pear": 1}),
        "body": Counter({"pear": 4}),
    }


EngineOf = Callable[[Mapping[str, str]], Engine]

SUBJECTS = ("bees", "compost", "gates", "hedges", "kettles", "lanterns", "mills", "oranges")


def similar_pairs(engine: Engine) -> set[tuple[str, str]]:
    return {
        (path, post.path)
        for path in (f"/{subject}" for subject in SUBJECTS)
        for post in engine.related(path, limit=20).related
        if post.rung == "similar"
    }


def test_a_footer_makes_no_neighbours(engine_of: EngineOf) -> None:
    plain = {f"{s}.md": f"---\ntitle: {s.title()}\n---\nAbout {s}.\n" for s in SUBJECTS}
    footed = {name: f"{text}\n{FOOTER}\n" for name, text in plain.items()}
    assert similar_pairs(engine_of(footed)) == set()


def test_a_footer_that_is_a_little_different_each_time_makes_no_neighbours_either(
    engine_of: EngineOf,
) -> None:
    subjects = [f"{one}{two}" for one in SUBJECTS[:4] for two in SUBJECTS[:4]]
    site = {
        f"{s}.md": f"---\ntitle: {s.title()}\n---\nAbout {s}, and {s} once more.\n\n"
        f"Page {n}. {FOOTER}\n"
        for n, s in enumerate(subjects)
    }
    engine = engine_of(site)
    rungs = {post.rung for s in subjects for post in engine.related(f"/{s}", limit=20).related}
    assert rungs == {"recent"}


def test_what_the_footed_posts_say_themselves_still_makes_neighbours(engine_of: EngineOf) -> None:
    site = {f"{s}.md": f"---\ntitle: {s.title()}\n---\nOf {s}.\n\n{FOOTER}\n" for s in SUBJECTS}
    site["hive.md"] = f"---\ntitle: A hive\n---\nBees live in it.\n\n{FOOTER}\n"
    first = engine_of(site).related("/hive").related[0]
    assert (first.path, first.rung) == ("/bees", "similar")
    assert {reason.value for reason in first.reasons} == {"Bees"}
