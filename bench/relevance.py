"""How good the answers are: nDCG@10 of searches, nDCG@5 of related lists, on judged collections.

    python -m bench relevance --judged ../shared/relevance --corpora ../shared/corpora

A judged query that finds nothing counts zero. Related lists are judged by the links between posts,
which are no part of the score.
"""

import csv
import math
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from index.build import BuildOptions, build_index
from index.loader import LoadOptions
from search import Engine, open_engine

Qrels = dict[str, dict[str, int]]


@click.command()
@click.option("--judged", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--corpora", type=click.Path(path_type=Path, exists=True), required=True)
def main(judged: Path, corpora: Path) -> None:
    """Print a line for each collection."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("cranfield", "npl"):
            engine = _built(judged / name / "posts", Path(scratch) / name)
            _report(name, _search_scores(engine, judged / name, None))
        engine = _built(corpora / "cilium", Path(scratch) / "cilium")
        docs = set((judged / "cilium-site" / "docs.txt").read_text().split())
        _report("cilium-site", _search_scores(engine, judged / "cilium-site", docs))
        qrels = _read_qrels(judged / "cilium-links.qrels")
        _report(
            "cilium-links", {"all": [_related_ndcg(engine, *source) for source in qrels.items()]}
        )


def _built(content_dir: Path, index_dir: Path) -> Engine:
    everything_judged = LoadOptions(include=frozenset({"drafts"}))
    build_index(content_dir, index_dir, BuildOptions(load=everything_judged))
    return open_engine(index_dir)


def _search_scores(engine: Engine, folder: Path, only: set[str] | None) -> dict[str, list[float]]:
    """nDCG@10 of each query, by kind."""
    qrels = _read_qrels(folder / "qrels.txt")
    scores: dict[str, list[float]] = defaultdict(list)
    with (folder / "queries.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            hits = engine.search(row["query"], limit=100).hits
            paths = [hit.path for hit in hits if only is None or hit.path in only]
            scores[row.get("kind") or "all"].append(ndcg(paths, qrels.get(row["qid"], {}), 10))
    return scores


def _related_ndcg(engine: Engine, path: str, judged: dict[str, int]) -> float:
    return ndcg([item.path for item in engine.related(path, limit=5).related], judged, 5)


def ndcg(ranked: Sequence[str], judged: dict[str, int], cutoff: int) -> float:
    """Normalized discounted cumulative gain with linear gains (Järvelin and Kekäläinen, 2002)."""
    ideal = _dcg(sorted(judged.values(), reverse=True)[:cutoff])
    return _dcg(judged.get(path, 0) for path in ranked[:cutoff]) / ideal if ideal else 0.0


def _dcg(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _read_qrels(file: Path) -> Qrels:
    qrels: Qrels = defaultdict(dict)
    for line in file.read_text(encoding="utf-8").splitlines():
        qid, _, docid, grade = line.split()
        qrels[qid][docid] = int(grade)
    return qrels


def _report(name: str, scores: dict[str, list[float]]) -> None:
    every = [score for kind in scores.values() for score in kind]
    click.echo(f"{name:15} {sum(every) / len(every):.4f}  ({len(every)} judged)")
    if len(scores) > 1:
        for kind, values in sorted(scores.items()):
            click.echo(f"  {kind:17} {sum(values) / len(values):.4f}  ({len(values)})")
