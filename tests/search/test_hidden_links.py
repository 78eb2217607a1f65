"""Measuring by a site's own links: the links are hidden from the lists, and nothing else is."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.build import BuildOptions, build_index
from index.fixedpoint import FIXED_POINT_UNIT
from index.loader import LoadOptions
from index.report import BuildReport
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.hidden_links import LinklessEngine, without_link_texts
from search.embedded.snapshot import Snapshot
from search.own_links import qrels_of_links
from search.related_tuning import RELATED_WEIGHTS, RelatedTuning
from search.tune_related import tune
from search.tuning import Tuning

SITE = {
    "kites.md": "---\ntitle: Building kites\ntags: [Air]\n---\n"
    "First read [Choosing the right wind](/wind) and the [string](/string#knots) page. "
    "Wind, wind and paper. See [elsewhere](https://example.org/wind) or [itself](/kites).\n",
    "wind.md": "---\ntitle: Choosing the right wind\ntags: [Air]\n---\nLight winds lift paper.\n",
    "string.md": "---\ntitle: Strings and knots\n---\n[wind](/wind) [wind](/wind) tears string.\n",
    "boats.md": "---\ntitle: Paper boats\n---\nPaper, folded, floats. [](/wind)\n",
}


def plain(text: str) -> str:
    """A post whose links to other posts have neither words nor targets."""
    return re.sub(r"\[[^\]]*\]\(/(?:wind|string)[^)]*\)", "", text)


def weights(snapshot: Snapshot, name: str) -> list[dict[str, float]]:
    rows, terms = snapshot.rows[name], snapshot.vectors["text"].terms
    return [
        dict(zip((terms[c] for c in row.columns.tolist()), row.weights.tolist(), strict=True))
        for row in map(rows.row, range(len(snapshot.documents)))
    ]


@pytest.mark.parametrize("name", ["text", "bodies"])
def test_hidden_vectors_have_the_terms_of_posts_without_links(
    build: Callable[..., BuildReport], tmp_path: Path, name: str
) -> None:
    build(SITE)
    hidden = without_link_texts(GenerationSnapshot.open(tmp_path / "index"))
    (tmp_path / "plain").mkdir()
    for file, text in SITE.items():
        (tmp_path / "plain" / file).write_text(plain(text), encoding="utf-8")
    build_index(tmp_path / "plain", tmp_path / "plain-index")
    expected = GenerationSnapshot.open(tmp_path / "plain-index")
    for here, there in zip(weights(hidden, name), weights(expected, name), strict=True):
        assert here.keys() == there.keys()
        assert sum(value**2 for value in here.values()) == pytest.approx(1.0, abs=1e-4)


def test_hidden_weights_are_those_of_the_formula(
    build: Callable[..., BuildReport], tmp_path: Path
) -> None:
    """In the post on kites, wind is said three times, once of them in a link."""
    build(SITE)
    seen = GenerationSnapshot.open(tmp_path / "index")
    before, after = weights(seen, "bodies")[1], weights(without_link_texts(seen), "bodies")[1]
    assert seen.documents[1].path == "/kites"
    ratio = {term: after[term] / before[term] for term in after}
    others = ratio["paper"]
    assert ratio["wind"] == pytest.approx(others * (1 + np.log(2)) / (1 + np.log(3)), rel=1e-4)
    assert {term for term in before if term not in after} == {"choos", "right", "string"}


def test_columns_are_the_same_matrix_as_rows(cilium: Path) -> None:
    hidden = without_link_texts(GenerationSnapshot.open(cilium))
    for rows in (hidden.rows["text"], hidden.rows["bodies"]):
        for docnum in range(0, len(hidden.documents), 101):
            row = rows.row(docnum)
            everything = np.arange(len(hidden.documents))
            assert rows.products(row) == pytest.approx(rows.pooled(everything).products(row))


def test_nothing_but_posts_with_links_changes(cilium: Path) -> None:
    seen = GenerationSnapshot.open(cilium)
    hidden = without_link_texts(seen)
    changed = 0
    for doc in seen.documents.several(range(len(seen.documents))):
        one, other = (s.vectors["text"].row(doc.docnum) for s in (seen, hidden))
        is_same = len(one.columns) == len(other.columns) and np.allclose(
            one.weights, other.weights, rtol=0, atol=2 * FIXED_POINT_UNIT
        )
        changed += not is_same
        assert is_same or doc.links
    assert changed > 10


def test_links_count_in_both_directions_and_no_post_is_its_own() -> None:
    assert qrels_of_links({"/b": ("/a",), "/a": ("/a", "/c"), "/d": ()}) == {
        "/a": {"/b": 1, "/c": 1},
        "/b": {"/a": 1},
        "/c": {"/a": 1},
    }


def test_weights_are_found_that_lead_to_what_was_judged(
    build: Callable[..., BuildReport], tmp_path: Path
) -> None:
    """Posts come in pairs of the same rare tag; their texts lead elsewhere."""
    files = {}
    for n in range(40):
        pair, crowd = n // 2, n % 5
        files[f"p{n:02}.md"] = (
            f"---\ntitle: Title{n}\ntags: [Pair{pair}]\n---\n" + f"crowd{crowd} herd{crowd} " * 5
        )
    build(files)
    index = tmp_path / "index"
    in_force = RelatedTuning(dict.fromkeys(RELATED_WEIGHTS, 0.0) | {"text": 1.0})
    qrels = {f"/p{n:02}": {f"/p{n ^ 1:02}": 1} for n in range(40)}
    tuned = tune(
        qrels,
        GenerationSnapshot.open(index, Tuning(related=in_force)),
        lambda related: LinklessEngine(index, None, Tuning(related=related)),
        lambda _done, _total: None,
    )
    assert tuned.weights["tags"] >= 0.25
    assert tuned.is_worth_it
    assert tuned.held_out[1] == 1.0
    assert tuned.sources == (20, 20)


def test_too_few_sources_cannot_be_halved(garden_index: Path) -> None:
    with pytest.raises(ValueError, match="too few sources"):
        tune(
            {"/soil": {"/compost": 1}},
            GenerationSnapshot.open(garden_index),
            lambda related: LinklessEngine(garden_index, None, Tuning(related=related)),
            lambda _done, _total: None,
        )


def test_a_real_site_is_measured_by_its_links(corpora: Path, tmp_path: Path) -> None:
    options = BuildOptions(load=LoadOptions(include=frozenset({"drafts"})))
    build_index(corpora / "cilium", tmp_path / "index", options)
    engine = LinklessEngine(tmp_path / "index", None, Tuning())
    assert len(qrels_of_links(engine.links())) > 20
