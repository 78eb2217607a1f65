"""What pages say in words."""

import pytest

from search.related_results import Reason, ReasonKind, RelatedPost, Rung
from search.service.wording import in_words, long_date, why_related


def _related(*reasons: tuple[ReasonKind, str], rung: Rung = "similar") -> RelatedPost:
    return RelatedPost(
        path="/a",
        url="/a",
        title="A",
        date=None,
        summary="",
        image="",
        score=0.5,
        rung=rung,
        reasons=tuple(Reason(kind, value, 0.1) for kind, value in reasons),
    )


@pytest.mark.parametrize(
    ("post", "words"),
    [
        (_related(("tag", "Maintainer")), "Both tagged Maintainer"),
        (_related(("term", "kernel"), ("term", "datapath")), "Both about kernel and datapath"),
        (
            _related(("term", "a"), ("term", "b"), ("term", "c"), ("term", "d")),
            "Both about a, b, and c",
        ),
        (
            _related(("tag", "eBPF"), ("term", "kernel"), ("tag", "XDP"), ("mention", "Hubble")),
            "Both tagged eBPF and XDP, both about kernel, both mention Hubble",
        ),
        (_related(), "Similar"),
        (_related(("tag", "Rye"), rung="series"), "From the same series"),
        (_related(rung="pinned"), "Picked by the author"),
        (_related(rung="category"), "From the same category"),
        (_related(rung="popular"), "Popular with readers"),
        (_related(("term", "kernel"), rung="recent"), "Recent"),
    ],
)
def test_a_related_post_says_why_it_is_there(post: RelatedPost, words: str) -> None:
    assert why_related(post) == words


@pytest.mark.parametrize(
    ("values", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a"] * 3, "a, a, and a")],
)
def test_lists_are_read_aloud(values: list[str], words: str) -> None:
    assert in_words(values) == words


@pytest.mark.parametrize(
    ("iso", "words"),
    [("2022-05-05", "May 5, 2022"), ("2022-12-31", "December 31, 2022"), ("soon", "soon")],
)
def test_dates_are_written_out(iso: str, words: str) -> None:
    assert long_date(iso) == words
