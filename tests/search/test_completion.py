"""Completions: their whole order, and properties of whatever is typed."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import folded_words
from index.arrays import write_strings
from index.build import build_index
from index.errors import IndexDamagedError
from index.generation import COMPLETIONS_DIR
from index.opening import open_current
from search import Engine, open_engine
from search.embedded.completion import Completer
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.sortedstrings import SortedStrings
from search.results import Suggestion


def post(title: str, day: int, tags: str = "", more: str = "", body: str = "") -> str:
    return f"---\ntitle: {title}\ndate: 2024-01-{day:02}\ntags: [{tags}]\n{more}\n---\n{body}\n"


SITE = {
    "a.md": post("Network policies", 1, "Networking", body="A network policy is for pods."),
    "b.md": post("Routes", 2, "Networking, Cluster Mesh", body="A network policy helps."),
    "c.md": post("Network maps", 3, "nets", body="The network policy of a cluster mesh."),
    "d.md": post("A new network", 4, "Netherlands", body="Our cluster mesh needs a zero trust."),
    "e.md": post("Networks at home", 5, "", "featured: true", "A cluster mesh has zero trust."),
    "f.md": post("Zero trust", 6, "Zero-Trust", body="Some zero trust helps. Go to Zermatt."),
    "g.md": post("The netting", 7, "Open source", body="A zero trust model."),
    "h.md": post("Straße über Köln", 8, "zero trust, O’Reilly"),
}


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "posts").mkdir()
    for name, text in SITE.items():
        (folder / "posts" / name).write_text(text, encoding="utf-8")
    build_index(folder / "posts", folder / "index")
    return folder / "index"


@pytest.fixture(scope="module")
def site(index_dir: Path) -> Engine:
    return open_engine(index_dir)


def offered(engine: Engine, typed: str, limit: int = 10) -> list[str]:
    found = engine.suggest(typed, limit=limit).suggestions
    return [f"{each.kind} {each.text}" for each in found]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (
            "net",  # what begins so, then what has it anywhere
            [
                "tag Networking",
                "tag Netherlands",
                "tag nets",
                "phrase network policy",
                "title Networks at home",
                "title Network maps",
                "title Network policies",
                "title The netting",
                "title A new network",
            ],
        ),
        ("network pol", ["phrase network policy", "title Network policies"]),
        ("network policie", ["title Network policies"]),
        ("policy netw", ["phrase network policy"]),  # a finished word is a whole word
        ("home netw", ["title Networks at home"]),
        ("clus", ["phrase cluster mesh"]),  # in more posts than its tag has
        ("zero-t", ["tag Zero-Trust", "title Zero trust"]),
        ("ZERO tru", ["tag Zero-Trust", "title Zero trust"]),
        ("strasse UBER", ["title Straße über Köln"]),
        ("oreil", ["tag O’Reilly"]),
        ("trust", ["tag Zero-Trust", "title Zero trust"]),
        ("zzz", []),
        ("-- ?", []),
    ],
)
def test_what_is_offered_in_which_order(site: Engine, typed: str, expected: list[str]) -> None:
    assert offered(site, typed) == expected


def test_a_phrase_counts_its_posts_and_leads_nowhere(site: Engine) -> None:
    (phrase,) = site.suggest("clus").suggestions
    assert phrase == Suggestion("cluster mesh", "phrase", None, None, 3)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("netwrok", "phrase network policy"),  # two letters changed places
        ("networc", "phrase network policy"),  # a wrong letter
        ("netork", "phrase network policy"),  # one is missing
        ("nettwor", "phrase network policy"),  # one too many
        ("ketwork", "phrase network policy"),  # even the first one
        ("netwrok pol", "phrase network policy"),
        ("network polci", "phrase network policy"),
        ("clustre me", "phrase cluster mesh"),
        ("zerro trust", "title Zero trust"),
    ],
)
def test_one_typo_is_forgiven(site: Engine, typed: str, found: str) -> None:
    assert found in offered(site, typed)


@pytest.mark.parametrize("typed", ["nett0rk", "clstre mesh", "zro trust", "netwrok polciy"])
def test_more_typos_short_words_and_numbers_are_not(site: Engine, typed: str) -> None:
    assert offered(site, typed) == []


def test_what_needs_no_correction_comes_first(site: Engine) -> None:
    first, *corrected = offered(site, "nett")
    assert first == "title The netting"
    assert corrected
    assert not any("netting" in text for text in corrected)


def test_no_more_are_offered_than_asked_for(site: Engine) -> None:
    everything = offered(site, "net")
    assert [offered(site, "net", limit) for limit in range(1, 9)] == [
        everything[:limit] for limit in range(1, 9)
    ]


TYPED = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            "net network networks policy pol zero trust the new at home ne Zero-T cluster mesh m".split()
        ),
        max_size=4,
    ).map(" ".join),
)


@given(typed=TYPED, limit=st.integers(0, 12))
def test_what_is_found_without_a_typo_has_what_was_typed(
    site: Engine, typed: str, limit: int
) -> None:
    found = site.suggest(typed, limit=limit).suggestions
    assert len(found) <= limit
    assert len({(each.kind, each.text, each.path) for each in found}) == len(found)
    *finished, last = folded_words(typed) or [""]
    has_all = [
        set(finished) <= set(words) and any(word.startswith(last) for word in words)
        for words in (folded_words(each.text) for each in found)
    ]
    assert has_all == sorted(has_all, reverse=True), "typos are forgiven last"
    if any(len(word) < 4 for word in folded_words(typed)) and len(folded_words(typed)) == 1:
        assert all(has_all)


@given(st.sampled_from(sorted(SITE)), st.data())
def test_every_title_is_found_by_any_of_its_beginnings(
    site: Engine, name: str, data: st.DataObject
) -> None:
    title = SITE[name].splitlines()[1].removeprefix("title: ")
    typed = title[: data.draw(st.integers(1, len(title)))]
    assert f"title {title}" in offered(site, typed, limit=30)


def test_the_files_are_mapped_and_damage_is_named(index_dir: Path, tmp_path: Path) -> None:
    folder = open_current(index_dir).directory / COMPLETIONS_DIR
    for file in folder.iterdir():
        assert isinstance(np.load(file, mmap_mode="r", allow_pickle=False), np.memmap)
    with pytest.raises(IndexDamagedError, match="Build the index again"):
        Completer(tmp_path, GenerationSnapshot.open(index_dir).documents)


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"))), st.text(max_size=3)
)
def test_sorted_strings_are_found_by_their_beginning(strings: list[str], prefix: str) -> None:
    ordered = sorted(strings)
    with TemporaryDirectory() as folder:
        write_strings(Path(folder), "strings", ordered)
        found = SortedStrings(Path(folder), "strings")
        assert list(found) == ordered
        extent = found.extent(prefix)
        assert found[extent.start : extent.stop] == [s for s in ordered if s.startswith(prefix)]
        assert [bool(found.place(string)) for string in [*ordered, prefix + "x"]] == [
            *[True] * len(ordered),
            prefix + "x" in ordered,
        ]


def test_the_frequent_phrases_of_a_real_site(cilium: Path) -> None:
    engine = open_engine(cilium)
    phrases = {
        (each.text.lower(), each.count)
        for typed in ("network pol", "service me", "load bal", "kernel mod")
        for each in engine.suggest(typed).suggestions
        if each.kind == "phrase"
    }
    texts = {text for text, _ in phrases}
    assert texts & {"network policy", "network policies"}
    assert {"service mesh", "load balancing"} <= texts
    assert all(count >= 3 for _, count in phrases)
