"""Related posts: the whole list, its reasons, and that scores are the sum of their parts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.blocks import BLOCKS
from search import Engine, open_engine
from search.drafts import MAX_DRAFT_CHARS
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.likeness import SOURCE_TERMS, Source
from search.embedded.reasons import MAX_REASONS
from search.embedded.related import MIN_SIMILARITY
from search.embedded.snapshot import Snapshot
from search.engine import RelatedOptions
from search.errors import PostNotFoundError
from search.related_tuning import RELATED_WEIGHTS, RelatedTuning
from search.tuning import Tuning

EngineOf = Callable[[Mapping[str, str]], Engine]


def test_the_rungs_follow_each_other_and_no_post_stands_twice(engine_of: EngineOf) -> None:
    engine = engine_of(
        {
            "source.md": "---\ntitle: Lanterns\ncategories: [Light]\nrelated: [/pinned]\n---\n"
            "A lantern of brass and glass.\n",
            "pinned.md": "---\ntitle: Entirely else\n---\nOranges, lemons.\n",
            "similar.md": "---\ntitle: A brass lantern\n---\nGlass and brass make the lantern.\n",
            "same.md": "---\ntitle: Dusk\ncategories: [Light]\n---\nEvening falls.\n",
            "well.md": "---\ntitle: Anchovies\nisPopular: true\n---\nSalted fish.\n",
            "newer.md": "---\ntitle: Umbrellas\ndate: 2024-01-01\n---\nRain.\n",
            "older.md": "---\ntitle: Gravel\ndate: 2020-01-01\n---\nStones.\n",
        }
    )
    found = engine.related("/source", limit=10).related
    assert [(post.path, post.rung) for post in found] == [
        ("/pinned", "pinned"),
        ("/similar", "similar"),
        ("/same", "category"),
        ("/well", "popular"),
        ("/newer", "recent"),
        ("/older", "recent"),
    ]


def test_a_post_of_the_same_category_comes_before_any_other(engine_of: EngineOf) -> None:
    files = {
        f"light{n}.md": f"---\ntitle: Word{n}\ncategories: [Light]\ntags: [Only{n}]\n---\n"
        for n in range(3)
    }
    files["other.md"] = "---\ntitle: Other\ndate: 2024-01-01\ncategories: [Dark]\n---\n"
    found = engine_of(files).related("/light0", limit=2).related
    assert {post.path for post in found} == {"/light1", "/light2"}


def test_options_leave_out_newer_and_linked_posts(engine_of: EngineOf) -> None:
    engine = engine_of(
        {
            "a.md": "---\ntitle: Fern\ndate: 2022-01-01\n---\nSee [one](/b), [two](c.md).\n",
            "b.md": "---\ntitle: Fern\ndate: 2021-01-01\n---\nGreen.\n",
            "c.md": "---\ntitle: Fern\ndate: 2020-01-01\n---\nGreen.\n",
            "d.md": "---\ntitle: Fern\ndate: 2023-01-01\n---\nGreen.\n",
        }
    )

    def listed(options: RelatedOptions) -> set[str]:
        return {post.path for post in engine.related("/a", options=options).related}

    assert listed(RelatedOptions()) == {"/b", "/c", "/d"}
    assert listed(RelatedOptions(includes_newer=False)) == {"/b", "/c"}
    assert listed(RelatedOptions(excludes_linked=True)) == {"/d"}


def test_no_post_is_newer_than_one_without_a_date(engine_of: EngineOf) -> None:
    engine = engine_of(
        {
            "about.md": "---\ntitle: Fern\n---\nGreen.\n",
            "b.md": "---\ntitle: Fern\ndate: 2021-01-01\n---\nGreen.\n",
        }
    )
    options = RelatedOptions(includes_newer=False)
    assert [post.path for post in engine.related("/about", options=options).related] == ["/b"]
    assert [post.path for post in engine.recommend(["/about"], options=options).related] == ["/b"]
    assert [post.path for post in engine.related("/b", options=options).related] == ["/about"]


def test_two_posts_without_anything_in_common_still_lead_to_each_other(engine_of: EngineOf) -> None:
    engine = engine_of({"a.md": "---\ntitle: A\n---\n", "b.md": "---\ntitle: B\n---\n"})
    assert [post.path for post in engine.related("/a").related] == ["/b"]
    assert [post.path for post in engine.related("/b").related] == ["/a"]


def test_reasons_are_what_two_posts_share_in_the_sites_own_words(garden: Engine) -> None:
    first = garden.related("/soil").related[0]
    assert first.path == "/compost"
    assert {(reason.kind, reason.value) for reason in first.reasons} == {
        ("mention", "compost"),
        ("term", "Soil"),
        ("tag", "Soil"),
        ("category", "Basics"),
    }
    values = [reason.contribution for reason in first.reasons]
    assert values == sorted(values, reverse=True)
    assert all(value > 0 for value in values)


COMPARED = {
    "text": ("text", "text", "text"),
    "mentioned_there": ("names", "bodies", "text"),
    "mentioned_here": ("bodies", "names", "text"),
    "phrases_there": ("phrases", "said", "phrases"),
    "phrases_here": ("said", "phrases", "phrases"),
    "tags": ("tags", "tags", "tags"),
    "categories": ("categories", "categories", "categories"),
}
"""Of each weight, the source's block, the other's, and whose columns they have."""

KINDS = {
    "text": {"term", "mention"},
    "phrases": {"mention"},
    "tags": {"tag"},
    "categories": {"category"},
}


def row_of(docnum: int, block: str, snapshot: Snapshot) -> dict[int, float]:
    row = snapshot.rows[block].row(docnum)
    return dict(zip(row.columns.tolist(), row.weights.tolist(), strict=True))


def naive_parts(left: int, right: int, snapshot: Snapshot) -> dict[tuple[str, int], float]:
    """What each word, phrase and label contributes, looked up one by one."""
    ours = {name: row_of(left, here, snapshot) for name, (here, _, _) in COMPARED.items()}
    strongest = snapshot.rows["text"].row(left).strongest(SOURCE_TERMS)
    ours["text"] = dict(zip(strongest.columns.tolist(), strongest.weights.tolist(), strict=True))
    present = [name for name in RELATED_WEIGHTS if ours[name]]
    whole = sum(RELATED_WEIGHTS[name] for name in present)
    parts: dict[tuple[str, int], float] = {}
    for name in present:
        _, there, columns = COMPARED[name]
        theirs = row_of(right, there, snapshot)
        for column in ours[name].keys() & theirs.keys():
            share = RELATED_WEIGHTS[name] / whole * ours[name][column] * theirs[column]
            parts[columns, column] = parts.get((columns, column), 0.0) + share
    return parts


def naive_likeness(left: int, right: int, snapshot: Snapshot) -> float:
    """The weighted sum of products, word by word; weights add up to 1 over what the source has."""
    return sum(naive_parts(left, right, snapshot).values())


@pytest.mark.parametrize("index_name", ["garden_index", "cilium"])
def test_parts_are_those_of_a_naive_comparison(
    index_name: str, request: pytest.FixtureRequest
) -> None:
    snapshot = GenerationSnapshot.open(request.getfixturevalue(index_name))
    docnums = np.arange(0, len(snapshot.documents), 1 + len(snapshot.documents) // 12)
    for left in docnums.tolist():
        source = Source.of_document(left, snapshot)
        every, some = (source.parts_of(docnums, snapshot, count) for count in (None, 3))
        for right, parts, largest in zip(docnums.tolist(), every, some, strict=True):
            assert largest == parts[:3]
            values = [part.contribution for part in parts]
            assert values == sorted(values, reverse=True)
            found = {}
            for part in parts:
                block = BLOCKS[int(snapshot.matrix.blocks_of(np.array([part.column]))[0])]
                column = part.column - snapshot.rows[block].first_column
                found[block, column] = part.contribution
                assert part.kind in KINDS[block]
            assert len(found) == len(parts)
            assert found == pytest.approx(naive_parts(left, right, snapshot), abs=1e-6)


@pytest.mark.parametrize("index_name", ["garden_index", "cilium"])
def test_all_contributions_together_are_the_score(
    index_name: str, request: pytest.FixtureRequest
) -> None:
    index_dir: Path = request.getfixturevalue(index_name)
    engine, snapshot = open_engine(index_dir), GenerationSnapshot.open(index_dir)
    for doc in snapshot.documents.several([*range(0, len(snapshot.documents), 29), 0, 1, 2]):
        source = Source.of_document(doc.docnum, snapshot)
        for post in engine.related(doc.path).related:
            docnum = snapshot.documents.docnum(post.path)
            assert docnum is not None
            parts = source.parts_of(np.array([docnum]), snapshot)[0]
            assert post.score == pytest.approx(sum(part.contribution for part in parts), abs=1e-5)
            told = [reason.contribution for reason in post.reasons]
            assert told == sorted(told, reverse=True)
            assert {round(part.contribution, 6) for part in parts} >= set(told)


def test_explained_lists_have_every_reason(cilium: Path) -> None:
    engine = open_engine(cilium)
    path = "/blog/2022/05/05/meet-maintainer-laurent-bernaille"
    plain = engine.related(path).related
    explained = engine.related(path, options=RelatedOptions(explains=True)).related
    assert [replace(post, reasons=()) for post in explained] == [
        replace(post, reasons=()) for post in plain
    ]
    for post, with_all in zip(plain, explained, strict=True):
        parts = [reason.contribution for reason in with_all.reasons]
        assert len(parts) > MAX_REASONS >= len(post.reasons)
        assert parts == sorted(parts, reverse=True)
        assert set(post.reasons) <= set(with_all.reasons)
        assert sum(parts) == pytest.approx(post.score, abs=1e-6 * (1 + len(parts)))


def test_neighbours_are_those_of_a_naive_comparison(cilium: Path) -> None:
    by_likeness_alone = Tuning(related=RelatedTuning(mmr_lambda=1))
    engine, snapshot = (
        open_engine(cilium, tuning=by_likeness_alone),
        GenerationSnapshot.open(cilium),
    )
    documents = snapshot.documents.several(range(len(snapshot.documents)))
    for source in documents[::97]:
        scores = {
            doc.path: naive_likeness(source.docnum, doc.docnum, snapshot)
            for doc in documents
            if doc.docnum != source.docnum
        }
        found = [post for post in engine.related(source.path).related if post.rung == "similar"]
        for post in found:
            assert post.score == pytest.approx(scores.pop(post.path), abs=1e-5)
        assert max(scores.values()) <= min((post.score for post in found), default=1) + 1e-5
        assert len(found) == 5 or max(scores.values()) < MIN_SIMILARITY + 1e-6


def test_a_post_that_is_named_comes_before_one_that_only_shares_words(engine_of: EngineOf) -> None:
    engine = engine_of(
        {
            "guide.md": "---\ntitle: Rainwater barrels\n---\nWhere to put one, and how it drains.\n",
            "named.md": "---\ntitle: Dry summers\n---\nOf all things, rainwater barrels helped.\n",
            "alike.md": "---\ntitle: Gutters\n---\nWhere to put one, and how it drains well.\n",
            "other.md": "---\ntitle: Pruning\n---\nSharp shears and a ladder.\n",
        }
    )
    first, second = engine.related("/guide").related[:2]
    assert [first.path, second.path] == ["/named", "/alike"]
    assert {(reason.kind, reason.value) for reason in first.reasons} == {
        ("mention", "Rainwater barrels"),
    }
    assert {reason.kind for reason in second.reasons} == {"term"}


def test_the_interviews_of_one_series_lead_to_each_other(cilium: Path) -> None:
    first, second = (
        open_engine(cilium)
        .related("/blog/2022/05/05/meet-maintainer-laurent-bernaille")
        .related[:2]
    )
    assert {first.path, second.path} == {
        "/blog/2023/09/18/meet-maintainer-vlad-ungureanu",
        "/blog/2023/10/24/meet-maintainer-aditi-Ghag",
    }
    for post in (first, second):
        assert any((reason.kind, reason.value) == ("tag", "Maintainer") for reason in post.reasons)


def test_a_text_that_is_no_post_has_neighbours_too(garden: Engine) -> None:
    found = garden.related_to_text("What do bees want from roses? Bees want beans.")
    assert found.path is None
    first, second = found.related[:2]
    assert [first.path, second.path] == ["/bees", "/roses"]
    assert [reason.value for reason in first.reasons] == ["Bees", "beans", "roses"]
    assert [(reason.kind, reason.value) for reason in second.reasons] == [("mention", "roses")]


def test_a_long_text_is_cut_and_says_so(garden: Engine) -> None:
    found = garden.related_to_text("compost " * MAX_DRAFT_CHARS)
    assert found.notices == (f"Only the first {MAX_DRAFT_CHARS} characters of the text were read.",)
    assert found.related[0].path == "/compost"


def test_a_reason_is_no_part_of_another_one(engine_of: EngineOf) -> None:
    engine = engine_of(
        {
            "a.md": "---\ntitle: Rain-barrels in spring\n---\nFill them.\n",
            "b.md": "---\ntitle: Water\n---\nThe rain-barrels of spring, and rain-barrels again.\n",
            "c.md": "---\ntitle: Tools\n---\nA rake.\n",
        }
    )
    first = engine.related("/a").related[0]
    values = [reason.value.lower() for reason in first.reasons]
    assert values == ["rain-barrels in spring"]
    assert not [one for one in values for other in values if one != other and one in other]


def test_part_of_a_word_is_no_reason_in_another_form_either(engine_of: EngineOf) -> None:
    engine = engine_of(
        {
            "a.md": "---\ntitle: Talks at KubeCon\n---\nGo there.\n",
            "b.md": "---\ntitle: Travel\n---\nA train to KubeCon, and home from KubeCon.\n",
            "c.md": "---\ntitle: Trains\n---\nThe pros and cons of trains, and the cons of cars.\n",
        }
    )
    reasons = engine.related("/a").related[0].reasons
    assert [reason.value for reason in reasons] == ["KubeCon"]


def test_an_unknown_path_names_the_nearest_known_ones(garden: Engine) -> None:
    with pytest.raises(PostNotFoundError, match="/compst") as raised:
        garden.related("/compst")
    assert raised.value.nearest == ("/compost",)


def test_an_unknown_path_is_not_repeated_without_end(garden: Engine) -> None:
    with pytest.raises(PostNotFoundError) as raised:
        garden.related("/x" * 5_000)
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize("path", ["/compost", "compost", "/compost/"])
def test_slashes_at_the_ends_of_a_path_do_not_matter(garden: Engine, path: str) -> None:
    assert garden.related(path).path == "/compost"


def test_rows_are_unit_vectors(cilium: Path) -> None:
    snapshot = GenerationSnapshot.open(cilium)
    for docnum in range(0, len(snapshot.documents), 7):
        norm = float(np.linalg.norm(snapshot.vectors["text"].row(docnum).weights))
        assert norm == pytest.approx(1.0, abs=1e-4) or norm == 0.0
