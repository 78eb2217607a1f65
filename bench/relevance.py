"""How good the answers are: searches and related lists on judged collections.

    python -m bench relevance --judged ../shared/relevance --corpora ../shared/corpora

Searches are measured by search/evaluate.py: a judged query that finds nothing counts zero. Kinds
of query that were written badly on purpose are compared with the same queries written cleanly,
and also asked as the search box asks while one types, with the last word open. Related lists are
judged by the links between posts, which are no part of the score: nDCG@5, with linear gains. The
documentation of Windows drivers takes some minutes to index.
"""

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from bench.queries import SEED
from index.build import BuildOptions, build_index
from index.loader import LoadOptions
from search import Engine, open_engine
from search.engine import SearchOptions
from search.evaluate import MRR, NDCG, SearchEvaluation, evaluate_search
from search.evaluate_related import NDCG_5, evaluate_related
from search.judgments import Qrels, read_paths, read_qrels, read_queries

MAX_SOURCES = 1_000
"""Of more posts than this with judged links, a sample is taken, the same one every time."""

TITLE_KIND = "title"
"""Queries that are a post's title: what they ask for is that post, first."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Posts, and what is judged of them: a folder of queries, or a file of links."""

    posts: Path
    judged: Path
    report: Callable[[Engine, Path], None]


@click.command()
@click.option("--judged", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--corpora", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--only", metavar="NAME", help="One collection. Default: all of them.")
def main(judged: Path, corpora: Path, only: str | None) -> None:
    """Print each collection's measures."""
    collections = {
        "cranfield": Collection(judged / "cranfield/posts", judged / "cranfield", _report_search),
        "npl": Collection(judged / "npl/posts", judged / "npl", _report_search),
        "cilium-site": Collection(corpora / "cilium", judged / "cilium-site", _report_search),
        "cilium-links": Collection(
            corpora / "cilium", judged / "cilium-links.qrels", _report_related
        ),
        "windows-drivers-links": Collection(
            corpora / "windows-drivers", judged / "windows-drivers-links.qrels", _report_related
        ),
    }
    if only and only not in collections:
        raise click.UsageError(f"There is no {only}. There are: {', '.join(collections)}.")
    engines: dict[Path, Engine] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, collection in collections.items():
            if only in {None, name}:
                if collection.posts not in engines:
                    engines[collection.posts] = built(collection.posts, Path(scratch) / name)
                collection.report(engines[collection.posts], collection.judged)


def built(content_dir: Path, index_dir: Path) -> Engine:
    """An engine over an index of all posts that are judged."""
    build_index(content_dir, index_dir, BuildOptions(load=everything_judged()))
    return open_engine(index_dir)


def everything_judged() -> LoadOptions:
    """Drafts are judged as well."""
    return LoadOptions(include=frozenset({"drafts"}))


def sampled(qrels: Qrels) -> Qrels:
    """The judgments of MAX_SOURCES sources at the most, the same ones every time."""
    if len(qrels) <= MAX_SOURCES:
        return qrels
    chosen = random.Random(SEED).sample(sorted(qrels), MAX_SOURCES)
    return {path: qrels[path] for path in chosen}


def _report_search(engine: Engine, folder: Path) -> None:
    """nDCG@10 overall and by kind, with what each kind is known for."""
    found = evaluated(engine, folder)
    _print(folder.name, found.overall.means[NDCG], found.overall.queries)
    clean_file = folder / "clean.tsv"
    clean = _clean_queries(clean_file) if clean_file.exists() else {}
    meant = evaluated(engine, folder, clean=clean) if clean else found
    as_typed = evaluated(engine, folder, is_typing=True) if clean else found
    kind_of = {query.qid: query.kind for query in read_queries(folder / "queries.tsv")}
    garbled = {kind_of[qid] for qid in clean}
    for kind, measured in found.by_kind.items():
        ndcg = measured.means[NDCG]
        more = ""
        if kind in garbled:
            ceiling = meant.by_kind[kind].means[NDCG]
            typed = as_typed.by_kind[kind].means[NDCG]
            more = (
                f"{ndcg / ceiling:.3f} of {ceiling:.4f} written cleanly; "
                f"{typed / ceiling:.3f} while one types"
            )
        elif kind == TITLE_KIND:
            more = f"{MRR} {measured.means[MRR]:.4f}"
        _print(f"  {kind}", ndcg, measured.queries, more)
    for note in found.notes:
        click.echo(f"  {note}", err=True)


def evaluated(
    engine: Engine, folder: Path, *, clean: dict[str, str] | None = None, is_typing: bool = False
) -> SearchEvaluation:
    """The evaluation of a folder's queries, with those in `clean` asked in its words."""
    options = SearchOptions(last_word_is_prefix=is_typing)
    docs = folder / "docs.txt"
    asked = [
        replace(query, text=(clean or {}).get(query.qid, query.text))
        for query in read_queries(folder / "queries.tsv")
    ]
    qrels = read_qrels(folder / "qrels.txt")
    kept = read_paths(docs) if docs.exists() else None
    return evaluate_search(asked, qrels, engine, kept, options=options)


def _clean_queries(file: Path) -> dict[str, str]:
    """The query that was meant, by the qid of the one that was typed."""
    rows = file.read_text(encoding="utf-8").splitlines()[1:]
    return dict(row.split("\t") for row in rows)


def _report_related(engine: Engine, qrels_file: Path) -> None:
    """nDCG@5 of the related lists, of MAX_SOURCES posts at the most."""
    found = evaluate_related(sampled(read_qrels(qrels_file)), engine)
    more = f"P@5 {found.means['P@5']:.4f}  coverage {found.coverage:.2f}"
    _print(qrels_file.stem, found.means[NDCG_5], found.sources, more)


def _print(name: str, score: float, queries: int, more: str = "") -> None:
    click.echo(f"{name:19} {score:.4f}  ({queries})  {more}".rstrip())
