"""Which part a title says it is, and what it is a part of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.partnumbers import MAX_TITLE_CHARS, NumberedTitle, read_numbered_title


@pytest.mark.parametrize(
    ("title", "stem", "number"),
    [
        ("Deep dive (Part 2)", "Deep dive", 2),
        ("Deep dive, Part II: Maps", "Deep dive", 2),
        ("Deep dive - part two", "Deep dive", 2),
        ("Deep dive — Part. 1", "Deep dive", 1),
        ("Deep dive Pt.2", "Deep dive", 2),
        ("DEEP DIVE, PART XIV", "DEEP DIVE", 14),
        ("Deep dive: episode 3", "Deep dive", 3),
        ("Deep dive, Ep. #30: Maps", "Deep dive", 30),
        ("Deep dive, part 2 of 3", "Deep dive", 2),
        ("Deep dive (part 2/3) - Maps", "Deep dive", 2),
        ("Deep dive #4", "Deep dive", 4),
        ("Deep dive (#4): Maps", "Deep dive", 4),
        ("Deep Series Part 2. All of it: Maps", "Deep Series", 2),
        ("Deep dive into HTTP/2, part 3", "Deep dive into HTTP/2", 3),
        ("1.10 and beyond, part 3", "1.10 and beyond", 3),
        ("Mon été avec eux (Partie 2)", "Mon été avec eux", 2),
        ("Einführung, Teil 3", "Einführung", 3),
        ("Guía rápida, parte 1", "Guía rápida", 1),
        ("Введение, часть 2", "Введение", 2),
        ("入門 第2回", "入門", 2),
        ("React入門（二）", "React入門", 2),  # noqa: RUF001
        ("深入淺出 第十二章：地圖", "深入淺出", 12),  # noqa: RUF001
        ("深く潜る（Part ２）：地図", "深く潜る", 2),  # noqa: RUF001
        ("[지도] 그래프 3편 — 길", "[지도] 그래프", 3),
    ],
)  # fmt: skip
def test_a_part_is_seen_with_what_it_is_part_of(title: str, stem: str, number: int) -> None:
    assert read_numbered_title(title) == NumberedTitle(stem, number)


@pytest.mark.parametrize("title", ["Deep dive 2/5", "Deep dive (2 of 5)", "Deep dive [2/5]: Maps"])
def test_a_number_of_a_total_is_a_part_of_so_many(title: str) -> None:
    assert read_numbered_title(title) == NumberedTitle("Deep dive", 2, total=5)


@pytest.mark.parametrize(
    "title", ["Part 3: Deep dive", "#3: Deep dive", "Episode three – Deep dive"]
)
def test_a_part_may_lead(title: str) -> None:
    assert read_numbered_title(title) == NumberedTitle("Deep dive", 3, leads=True)


@pytest.mark.parametrize(
    "title",
    [
        "Cilium 1.9", "Cilium 1.10", "KubeCon 2022", "HTTP/2 in 5 minutes", "Top 10 tools",
        "24/7 support", "Remembering 9/8", "State of 2023/24", "Deep dive, part 2.1",
        "Deep dive, parts 1-3", "Deep dive, part 1-3", "The part I love: maps", "World War II",
        "C#4", "Issue #1234", "Part 2", "#4", "Part 2: 2024", "Deep dive, part vv", "Compartment 2",
        "Deep dive, part 2-the maps", "eBPF Summit Day 1 Recap", "Single Root I/O", "",
        "Episode 40 Networking with guests", "Deep dive, part " + "9" * 400,
    ],
)  # fmt: skip
def test_versions_years_and_counts_are_no_parts(title: str) -> None:
    assert read_numbered_title(title) is None


@given(st.text(max_size=80), st.integers(1, 39), st.sampled_from(["part", "Teil", "épisode"]))
def test_any_title_reads_the_same_with_its_number_in_roman(
    subtitle: str, number: int, word: str
) -> None:
    tens, ones = divmod(number, 10)
    numeral = "X" * tens + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][ones]
    titles = [f"Deep dive, {word} {written}: {subtitle}" for written in (str(number), numeral)]
    assert read_numbered_title(titles[0]) == read_numbered_title(titles[1])
    assert read_numbered_title(titles[0]) == NumberedTitle("Deep dive", number)


@given(st.text(alphabet="part #()/1290of:二第回 -", max_size=MAX_TITLE_CHARS))
def test_the_stem_of_any_title_is_cut_from_it(title: str) -> None:
    found = read_numbered_title(title)
    if found:
        assert found.stem in " ".join(title.split())
        assert found.number >= 0
