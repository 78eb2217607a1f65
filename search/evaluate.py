"""How good an engine's answers are, by judged queries: nDCG@10, MRR@10 and R@100.

The measures are those of trec_eval, computed by ir-measures: nDCG with linear gains (Järvelin and
Kekäläinen, 2002), the reciprocal rank of the first relevant hit among ten, and the share of all
relevant posts among the first hundred hits. Relevant is what is graded 1 or more.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any, Final

from search.engine import MAX_LIMIT, MAX_OFFSET, Engine, SearchOptions
from search.judgments import JudgedQuery, Qrels
from search.measures import KnownPaths, Scores, measure, some_of

RUN_LENGTH: Final = 100
"""How many hits of each query are looked at: as deep as the deepest measure."""

NDCG: Final = "nDCG@10"
MRR: Final = "MRR@10"
RECALL: Final = "R@100"
MEASURES: Final = (NDCG, MRR, RECALL)
"""The measures by the names that they have in answers, in the order of answers."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The means over a number of queries; `means` has MEASURES, each from 0 to 1."""

    queries: int
    means: Scores

    def as_json(self) -> dict[str, Any]:
        """The number of queries and the means in one object."""
        return {"queries": self.queries, **self.means}


@dataclass(frozen=True, slots=True)
class SearchEvaluation:
    """How good the answers were.

    `overall` is over all queries that have a relevant post; those that found nothing count zero.
    `by_kind` has the same for each kind of query, in the order of the queries; it is empty where
    no query has a kind. `by_query` has each query's own scores, by qid. `notes` say in sentences
    what was left out, or is likely to be wrong.
    """

    overall: Measured
    by_kind: dict[str, Measured]
    by_query: dict[str, Scores]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What `signpost evaluate search --json` prints."""
        by_kind = {kind: measured.as_json() for kind, measured in self.by_kind.items()}
        return {**self.overall.as_json(), "by_kind": by_kind}


def evaluate_search(
    queries: Sequence[JudgedQuery],
    qrels: Qrels,
    engine: Engine,
    docs: Collection[str] | None = None,
    *,
    options: SearchOptions | None = None,
) -> SearchEvaluation:
    """How well `engine` answers `queries`, by what `qrels` says of each.

    With `docs`, hits at other paths are taken out before anything is cut off or counted. A judged
    or listed path may also be an alias. Queries without a relevant post are no part of the means.
    `options` say how to ask, as with the last word open; their limit and offset are passed over.
    Raises ValueError where that leaves no query, MeasuresMissingError where ir-measures is not
    installed.
    """
    paths = KnownPaths(engine)
    judged = [query for query in queries if _has_relevant(qrels.get(query.qid, {}))]
    if not judged:
        raise ValueError("no query has a judgment that says a post is relevant")
    kept = None if docs is None else {paths.canonical(path) for path in sorted(docs)}
    resolved = {query.qid: paths.resolved(qrels[query.qid]) for query in judged}
    runs = {query.qid: run_query(query.text, engine, kept, options) for query in judged}
    by_query = measure(resolved, runs, MEASURES)
    by_kind: dict[str, list[Scores]] = defaultdict(list)
    for query in judged:
        if query.kind:
            by_kind[query.kind].append(by_query[query.qid])
    return SearchEvaluation(
        overall=_measured(list(by_query.values())),
        by_kind={kind: _measured(scores) for kind, scores in by_kind.items()},
        by_query=by_query,
        notes=tuple(_notes(queries, qrels, len(judged), paths.missing)),
    )


def run_query(
    text: str,
    engine: Engine,
    docs: Collection[str] | None = None,
    options: SearchOptions | None = None,
) -> list[str]:
    """The paths of the first RUN_LENGTH hits, best first, of those in `docs` where it is given."""
    kept: list[str] = []
    page = replace(options or SearchOptions(), limit=MAX_LIMIT)
    for offset in range(0, MAX_OFFSET + 1, MAX_LIMIT):
        found = engine.search(text, options=replace(page, offset=offset))
        kept += [hit.path for hit in found.hits if docs is None or hit.path in docs]
        if len(kept) >= RUN_LENGTH or offset + MAX_LIMIT >= found.total:
            break
    return kept[:RUN_LENGTH]


def _has_relevant(grades: dict[str, int]) -> bool:
    return any(grade > 0 for grade in grades.values())


def _measured(scores: Sequence[Scores]) -> Measured:
    means = {name: fmean(score[name] for score in scores) for name in MEASURES}
    return Measured(len(scores), means)


def _notes(
    queries: Sequence[JudgedQuery], qrels: Qrels, judged: int, missing: Sequence[str]
) -> Iterable[str]:
    if left_out := len(queries) - judged:
        yield (
            f"{left_out} of {len(queries)} queries have no relevant post in the judgments, "
            "and are no part of the means."
        )
    asked = {query.qid for query in queries}
    if unknown := [qid for qid in qrels if qid not in asked]:
        yield (
            f"No query has {len(unknown)} of the judged qids: {some_of(unknown)}. "
            "Their judgments were passed over."
        )
    if missing:
        yield (
            f"No post has {len(missing)} of the judged or listed paths: {some_of(missing)}. "
            "Is it the right index? Were drafts left out?"
        )
