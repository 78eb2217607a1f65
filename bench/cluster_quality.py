"""How good answers from a cluster are, beside those of the engine on this machine."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from bench.cluster_bars import Bar, print_head, print_heading, print_row
from bench.cluster_sites import Run
from bench.relevance import evaluated, sampled
from search import Engine
from search.evaluate import NDCG
from search.evaluate_related import NDCG_5, evaluate_related
from search.judgments import read_qrels

MOST_PERCENT: Final = 2.0
"""How much better or worse a cluster may do."""


class Score(NamedTuple):
    """A mean over so many queries or sources."""

    mean: float
    asked: int


class Judged(NamedTuple):
    """Posts, and what is judged of them."""

    site: str
    content: Path
    measured: str
    score: Callable[[Engine], Score]


def measure_quality(run: Run) -> list[Bar]:
    """Prints the measures of both engines on all judged collections."""
    print_heading("quality: both engines over the same posts")
    print_head("collection", "measure", "asked", "embedded", "cluster", "difference")
    bars = []
    for name, judged in _collections(run).items():
        site = run.built(judged.site, judged.content).site
        embedded, cluster = judged.score(site.embedded), judged.score(site.cluster)
        percent = 100 * (cluster.mean / embedded.mean - 1)
        means = f"{embedded.mean:.4f}", f"{cluster.mean:.4f}"
        print_row(name, judged.measured, embedded.asked, *means, f"{percent:+.2f}%")
        what = f"{judged.measured} on {name}, {embedded.asked:,} asked"
        wanted = f"within {MOST_PERCENT:g}% of the embedded engine"
        bars.append(Bar(what, f"{percent:+.2f}%", wanted, abs(percent) <= MOST_PERCENT))
    return bars


def _collections(run: Run) -> dict[str, Judged]:
    judged, corpora = run.judged, run.corpora
    cilium, large = corpora / "cilium", run.large_content
    collections = {
        name: Judged(name, judged / name / "posts", NDCG, _searches(judged / name))
        for name in ("cranfield", "npl")
    }
    collections["cilium-site"] = Judged("cilium", cilium, NDCG, _searches(judged / "cilium-site"))
    for site, content in {"cilium": cilium, run.large: large}.items():
        links = judged / f"{site}-links.qrels"
        collections[links.stem] = Judged(site, content, NDCG_5, _links(links))
    return collections


def _searches(folder: Path) -> Callable[[Engine], Score]:
    def score(engine: Engine) -> Score:
        found = evaluated(engine, folder).overall
        return Score(found.means[NDCG], found.queries)

    return score


def _links(qrels_file: Path) -> Callable[[Engine], Score]:
    def score(engine: Engine) -> Score:
        found = evaluate_related(sampled(read_qrels(qrels_file)), engine)
        return Score(found.means[NDCG_5], found.sources)

    return score
