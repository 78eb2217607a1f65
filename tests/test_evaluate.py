"""Evaluation: measures by hand and against the slow obvious way, and files that are not in form."""

import math
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Engine
from search.engine import SearchOptions
from search.errors import JudgmentsError, MeasuresMissingError
from search.evaluate import MEASURES, RUN_LENGTH, evaluate_search, run_query
from search.evaluate_related import evaluate_related
from search.judgments import JudgedQuery, read_paths, read_qrels, read_queries
from search.measures import measure

pytest.importorskip("ir_measures", reason="ir-measures has no build for this processor")

EngineOf = Callable[[Mapping[str, str]], Engine]

FERN = JudgedQuery("1", "fern")


def tied_posts(number: int) -> dict[str, str]:
    """Posts alike but for their dates, which fall from /000 on: they tie, and come in that order."""
    return {
        f"{at:03}.md": f"---\ntitle: Note\ndate: {2020 - at}-05-01\n---\nA fern.\n"
        for at in range(number)
    }


def test_the_measures_are_those_worked_out_by_hand(engine_of: EngineOf) -> None:
    engine = engine_of(tied_posts(4))
    qrels = {"1": {"/001": 3, "/002": 1, "/003": 2, "/000": 0}}
    found = evaluate_search([FERN], qrels, engine).overall
    dcg = 3 / math.log2(3) + 1 / math.log2(4) + 2 / math.log2(5)
    ideal = 3 + 2 / math.log2(3) + 1 / math.log2(4)
    assert found.queries == 1
    assert found.means == pytest.approx({"nDCG@10": dcg / ideal, "MRR@10": 1 / 2, "R@100": 1})


def test_the_example_of_the_guide_is_right() -> None:
    qrels = {"q1": {"/restore": 3, "/nightly": 1, "/move": 2}}
    scores = measure(qrels, {"q1": ["/move", "/restore", "/x", "/nightly", "/y"]}, MEASURES)
    assert round(scores["q1"]["nDCG@10"], 3) == 0.908


def test_a_query_that_finds_nothing_counts_zero(engine_of: EngineOf) -> None:
    queries = [FERN, JudgedQuery("2", "zeppelin")]
    qrels = {"1": {"/000": 1}, "2": {"/000": 1}}
    found = evaluate_search(queries, qrels, engine_of(tied_posts(1)))
    assert found.overall.queries == 2
    assert found.overall.means == {"nDCG@10": 0.5, "MRR@10": 0.5, "R@100": 0.5}
    assert found.by_query["2"] == {"nDCG@10": 0.0, "MRR@10": 0.0, "R@100": 0.0}
    assert found.notes == ()


def test_means_are_also_by_kind_in_the_order_of_the_queries(engine_of: EngineOf) -> None:
    queries = [
        JudgedQuery("1", "fern", "word"),
        JudgedQuery("2", "zeppelin", "nothing"),
        JudgedQuery("3", "note", "word"),
        JudgedQuery("4", "a fern"),
    ]
    qrels = {qid: {"/001": 1} for qid in "1234"}
    found = evaluate_search(queries, qrels, engine_of(tied_posts(2)))
    assert [(kind, part.queries) for kind, part in found.by_kind.items()] == [
        ("word", 2),
        ("nothing", 1),
    ]
    assert found.by_kind["word"].means["MRR@10"] == 0.5
    assert found.by_kind["nothing"].means["MRR@10"] == 0.0
    assert found.overall.means["MRR@10"] == pytest.approx(1.5 / 4)


def test_docs_are_kept_before_anything_is_cut(engine_of: EngineOf) -> None:
    engine = engine_of(tied_posts(130))
    last = {"1": {"/129": 1}}
    assert set(evaluate_search([FERN], last, engine).by_query["1"].values()) == {0.0}
    assert set(evaluate_search([FERN], last, engine, ["/129"]).by_query["1"].values()) == {1.0}
    assert run_query("fern", engine, {"/129", "/004", "/101"}) == ["/004", "/101", "/129"]


def test_a_run_is_a_hundred_hits_long_in_the_engines_order(engine_of: EngineOf) -> None:
    engine = engine_of(tied_posts(130))
    assert run_query("fern", engine) == [f"/{at:03}" for at in range(RUN_LENGTH)]
    odd = {f"/{at:03}" for at in range(1, 130, 2)}
    assert run_query("fern", engine, odd) == sorted(odd)
    edges = {"1": {"/099": 1}, "2": {"/100": 1}}
    found = evaluate_search([FERN, JudgedQuery("2", "fern")], edges, engine)
    assert [scores["R@100"] for scores in found.by_query.values()] == [1.0, 0.0]


def test_the_options_say_how_to_ask(engine_of: EngineOf) -> None:
    engine, qrels = engine_of(tied_posts(2)), {"1": {"/000": 1}}
    typed = [JudgedQuery("1", "fe")]
    assert evaluate_search(typed, qrels, engine).overall.means["MRR@10"] == 0
    asked = SearchOptions(limit=1, offset=1, sort="oldest", last_word_is_prefix=True)
    found = evaluate_search(typed, qrels, engine, options=asked)
    assert found.overall.means["MRR@10"] == 1 / 2, "the oldest first, from the first one on"


def test_a_path_may_be_an_alias_and_lack_its_slash(engine_of: EngineOf, tmp_path: Path) -> None:
    site = {"fern.md": "---\ntitle: Fern\naliases: [/old/fern]\n---\nGreen.\n"}
    qrels_file, docs_file = tmp_path / "qrels.txt", tmp_path / "docs.txt"
    qrels_file.write_text("1 0 old/fern 1\n1 0 /fern/ 2\n", encoding="utf-8")
    docs_file.write_text("old/fern\n\n", encoding="utf-8")
    found = evaluate_search([FERN], read_qrels(qrels_file), engine_of(site), read_paths(docs_file))
    assert found.by_query["1"] == {"nDCG@10": 1.0, "MRR@10": 1.0, "R@100": 1.0}
    assert found.notes == ()


def test_notes_say_what_was_left_out_and_what_looks_wrong(engine_of: EngineOf) -> None:
    queries = [FERN, JudgedQuery("2", "unjudged"), JudgedQuery("3", "only zeros")]
    qrels = {
        "1": {"/000": 1, "/gone/a": 1, "/gone/b": 1, "/gone/c": 1, "/gone/d": 2},
        "3": {"/000": 0},
        "other": {"/000": 1},
    }
    found = evaluate_search(queries, qrels, engine_of(tied_posts(1)))
    assert found.overall.queries == 1
    assert found.overall.means["R@100"] == pytest.approx(1 / 5)
    assert list(found.notes) == [
        "2 of 3 queries have no relevant post in the judgments, and are no part of the means.",
        "No query has 1 of the judged qids: other. Their judgments were passed over.",
        (
            "No post has 4 of the judged or listed paths: /gone/a, /gone/b, /gone/c, …. "
            "Is it the right index? Were drafts left out?"
        ),
    ]


def test_without_any_relevant_post_there_is_nothing_to_measure(engine_of: EngineOf) -> None:
    with pytest.raises(ValueError, match="no query has a judgment"):
        evaluate_search([FERN], {"1": {"/000": 0}}, engine_of(tied_posts(1)))


def test_where_the_measures_are_not_installed_it_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(MeasuresMissingError, match="pip install ir-measures"):
        measure({"1": {"/a": 1}}, {"1": ["/a"]}, MEASURES)


PATHS = [f"/{at}" for at in range(130)]
GRADES = st.dictionaries(st.sampled_from(PATHS), st.integers(0, 4), min_size=1, max_size=30)
RUNS = st.tuples(st.permutations(PATHS), st.integers(0, 130)).map(lambda made: made[0][: made[1]])


@given(st.dictionaries(st.sampled_from("abc"), st.tuples(GRADES, RUNS), min_size=1))
def test_the_measures_agree_with_the_slow_obvious_way(
    drawn: dict[str, tuple[dict[str, int], list[str]]],
) -> None:
    qrels = {qid: grades for qid, (grades, _) in drawn.items()}
    scores = measure(qrels, {qid: run for qid, (_, run) in drawn.items()}, MEASURES)
    assert list(scores) == list(qrels)
    for qid, (grades, run) in drawn.items():
        relevant = [path for path, grade in grades.items() if grade > 0]
        first = next((at for at, path in enumerate(run[:10], 1) if path in relevant), None)
        recalled = len(set(relevant) & set(run[:100]))
        assert scores[qid] == pytest.approx(
            {
                "nDCG@10": slow_ndcg(run[:10], grades),
                "MRR@10": 1 / first if first else 0,
                "R@100": recalled / len(relevant) if relevant else 0,
            }
        )


def slow_ndcg(run: list[str], grades: Mapping[str, int]) -> float:
    gains = [grades.get(path, 0) for path in run]
    best = sorted(grades.values(), reverse=True)[:10]
    dcg, ideal = (
        sum(gain / math.log2(rank + 1) for rank, gain in enumerate(row, start=1))
        for row in (gains, best)
    )
    return dcg / ideal if ideal else 0.0


def written(folder: Path, content: str | bytes) -> Path:
    file = folder / "file"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_queries_go_by_the_names_of_the_columns(tmp_path: Path) -> None:
    text = '\ufeffQuery\tnote\tqid \tKIND\r\n"a\x0b fern\t\t1\ttopic\r\n\r\n moss \tx\tq 2\t\r\n'
    assert read_queries(written(tmp_path, text)) == (
        JudgedQuery("1", '"a\x0b fern', "topic"),
        JudgedQuery("q 2", "moss", ""),
    )


def test_qrels_are_by_query_with_canonical_paths(tmp_path: Path) -> None:
    text = "1 0 /a 3\n1\tQ0\tb/  -1 \n\n2 0 /a 0\n1 0 a/ 3\n"
    assert read_qrels(written(tmp_path, text)) == {"1": {"/a": 3, "/b": -1}, "2": {"/a": 0}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "1: the header has no column qid; write qid and query"),
        ("\n1\tfern\n", "2: the header has no column qid"),
        ("qid query\n1 fern\n", "1: the header has no column qid"),
        ("qid\ttext\n1\tfern\n", "1: the header has no column query"),
        ("qid\tquery\tquery\n", "1: two columns of the header have the same name"),
        ("qid\tquery\n\n", "1: there is no query after the header"),
        ("qid\tquery\n1\n", "2: the header has 2 columns and this line 1; write qid, query"),
        ("qid\tquery\n1\ta\tb\n", "2: the header has 2 columns and this line 3"),
        ("qid\tquery\n\n\tfern\n", "3: the column qid is empty"),
        ("qid\tquery\n1\t \n", "2: the column query is empty"),
        ("qid\tquery\n1\ta\n1\tb\n", "3: the qid 1 is here for the second time"),
        (b"\xef\xbb\xbfqid\tquery\n\xff\n", "2: this is not UTF-8"),
    ],
)
def test_malformed_queries_are_named_with_file_and_line(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    file = written(tmp_path, content)
    with pytest.raises(JudgmentsError, match=re.escape(f"{file}:{said}")):
        read_queries(file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("\n", "1: there is no judgment"),
        ("1 0 /a 1\n1 /a 1\n", "2: a judgment has 4 fields, not 3; write qid 0 path grade"),
        ("1 0 /a b 1\n", "1: a judgment has 4 fields, not 5"),
        ("1 0 /a 1.5\n", "1: the grade '1.5' is not a whole number"),
        ("1 0 /a 1\n\n1 0 a 2\n", "3: /a is judged twice for the query 1, as 1 and as 2"),
        (b"1 0 /a 1\n1 0 /\xe9 1\n", "2: this is not UTF-8"),
    ],
)
def test_malformed_qrels_are_named_with_file_and_line(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    file = written(tmp_path, content)
    with pytest.raises(JudgmentsError, match=re.escape(f"{file}:{said}")):
        read_qrels(file)


def test_a_file_that_is_not_there_or_lists_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(JudgmentsError, match=r"none\.txt: it cannot be read: No such file"):
        read_paths(tmp_path / "none.txt")
    with pytest.raises(JudgmentsError, match="1: there is no path; write one a line"):
        read_paths(written(tmp_path, " \n"))


RELATED_SITE = {
    "fern.md": "---\ntitle: Ferns\ndate: 2024-03-01\n---\nFerns want shade.\n",
    "shade.md": "---\ntitle: Shade\ndate: 2024-02-01\n---\nIn the shade, ferns do well.\n",
    "moss.md": "---\ntitle: Moss\ndate: 2024-01-01\n---\nMoss wants water, and shade.\n",
    "tools.md": "---\ntitle: Tools\ndate: 2023-01-01\n---\nA rake.\n",
}


def test_related_lists_are_measured_as_by_hand(engine_of: EngineOf) -> None:
    engine = engine_of(RELATED_SITE)
    assert [post.path for post in engine.related("/fern").related] == ["/shade", "/moss", "/tools"]
    qrels = {"/fern": {"/moss": 1, "/tools": 1, "/shade": 0}, "/gone": {"/fern": 1}}
    found = evaluate_related(qrels, engine)
    dcg = 1 / math.log2(3) + 1 / math.log2(4)
    ideal = 1 + 1 / math.log2(3)
    assert found.sources == 2
    assert found.means == pytest.approx(
        {"nDCG@5": dcg / ideal / 2, "P@5": 2 / 5 / 2, "MRR": 1 / 2 / 2}
    )
    assert found.coverage == 3 / 4
    assert len(found.notes) == 1
    assert "/gone" in found.notes[0]


def test_lists_without_any_relevant_post_cannot_be_measured(engine_of: EngineOf) -> None:
    with pytest.raises(ValueError, match="no source"):
        evaluate_related({"/fern": {"/moss": 0}}, engine_of(RELATED_SITE))
