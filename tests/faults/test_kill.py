"""A build killed at any moment leaves what was published, and nothing in the next one's way."""

import random
from typing import Any

from tests.faults.conftest import Builder
from tests.faults.sites import write_posts

RANDOM_KILLS = 50
NAMED_STEPS = (
    "Reading posts",
    "Writing postings",
    "Indexing",
    "Writing vectors",
    "Publishing",
)


def try_to_build(builder: Builder, mark: str, **order: Any) -> bool:
    """Whether a build that is killed has published; if not, the posts are those of before."""
    before = builder.mark()
    write_posts(builder.content, mark)
    told = builder.build(**order)
    assert told["code"] in {0, -9}
    after = builder.mark()
    assert after in {before, mark}
    assert told["code"] == -9 or after == mark
    return after == mark


def check_that_nothing_is_in_the_way(builder: Builder) -> None:
    write_posts(builder.content, "last")
    assert builder.build()["code"] == 0
    assert builder.mark() == "last"
    names = [path.name for path in (builder.index_dir / "generations").iterdir()]
    assert not any(name.startswith(".") for name in names)
    assert sorted(path.name for path in builder.index_dir.iterdir()) == [
        "CURRENT",
        "analyses",
        "build.lock",
        "generations",
    ]


def measured_build(builder: Builder) -> dict[str, Any]:
    """A build to its end with all that belongs to one: there are generations to be pruned."""
    write_posts(builder.content, "first")
    for _ in range(2):
        builder.build()
    told = builder.build()
    assert told["code"] == 0
    return told


def test_a_build_killed_at_random_moments_has_published_all_or_nothing(builder: Builder) -> None:
    duration = measured_build(builder)["seconds"]
    moments = random.Random(7)
    for number in range(RANDOM_KILLS):
        try_to_build(builder, f"mark{number}", seconds=moments.uniform(0, duration))
    check_that_nothing_is_in_the_way(builder)


def kind_of(event: str) -> str:
    return event.split(":", maxsplit=1)[0] if ":" in event else event.split(maxsplit=1)[0]


def test_a_build_killed_at_each_of_its_steps_has_published_all_or_nothing(
    builder: Builder,
) -> None:
    """At the beginning and end of each step that it tells of, and of each kind of change."""
    events = measured_build(builder)["events"]
    assert {kind_of(event) for event in events} >= {*NAMED_STEPS, "fsync", "os.rename"}
    kinds = ["", *map(kind_of, events), ""]
    steps = [
        at
        for at in range(len(events))
        if kinds[at + 1] != kinds[at] or kinds[at + 1] != kinds[at + 2]
    ]
    published = [try_to_build(builder, f"mark{at}", event=at) for at in steps]
    switch = published.index(True)
    assert switch > 0, "a build that is killed at its beginning publishes nothing"
    assert published == [False] * switch + [True] * (len(steps) - switch), "there is one switch"
    assert events[steps[switch - 1]] == "os.rename CURRENT.next"
    check_that_nothing_is_in_the_way(builder)
