"""What related lists are judged by, and with which engine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from search import terminal
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.hidden_links import LinklessEngine, without_link_texts
from search.embedded.snapshot import Snapshot
from search.engine import Engine
from search.errors import JudgmentsError, NoLinksError
from search.every_post import EngineSource
from search.judgments import Qrels, read_qrels
from search.own_links import qrels_of_links
from search.related_tuning import RelatedTuning
from search.tune_related import Tuned, tune
from search.tuning import Tuning


@dataclass(frozen=True, slots=True)
class JudgedLists:
    """Judgments, the engine that is judged, and how another one is had with other weights."""

    qrels: Qrels
    engine: Engine
    open_with: Callable[[RelatedTuning], Engine]
    open_snapshot: Callable[[], Snapshot]
    notes: tuple[str, ...]


def judged_lists(source: EngineSource, qrels_file: Path | None) -> JudgedLists:
    """By the judgments of a file; without one, by the site's own links, hidden from the lists.

    Raises JudgmentsError and NoLinksError where nothing can be judged by them.
    """
    tuning = source.tuning or Tuning()

    def with_related(related: RelatedTuning) -> EngineSource:
        return replace(source, tuning=replace(tuning, related=related))

    by_local = ("Measured with the index on this machine.",) if source.cluster else ()
    if qrels_file:
        qrels = read_qrels(qrels_file)
        if not any(grade > 0 for grades in qrels.values() for grade in grades.values()):
            raise JudgmentsError(qrels_file, None, "no post has a grade above 0 here")
        return JudgedLists(
            qrels,
            source.open(),
            lambda related: with_related(related).open(),
            lambda: GenerationSnapshot.open(source.index_dir, tuning),
            (),
        )
    engine = _linkless(source)
    qrels = qrels_of_links(engine.links())
    if not qrels:
        raise NoLinksError("No post links to another one, so there is nothing to judge lists by.")
    pairs = sum(map(len, qrels.values())) // 2
    return JudgedLists(
        qrels,
        engine,
        lambda related: _linkless(with_related(related)),
        lambda: without_link_texts(GenerationSnapshot.open(source.index_dir, tuning)),
        (
            f"Judged by {terminal.count(pairs, 'pair')} of posts of which one links to the other.",
            *by_local,
        ),
    )


def tuned_weights(judged: JudgedLists) -> Tuned:
    """Weights that suit the judgments; raises NoLinksError where there are too few to tell."""
    try:
        with terminal.progress_bar() as progress:
            return tune(
                judged.qrels,
                judged.open_snapshot(),
                judged.open_with,
                lambda done, total: progress("Trying weights", done, total),
            )
    except ValueError as error:
        raise NoLinksError(f"Weights can't be tuned: {error}.") from None


def _linkless(source: EngineSource) -> LinklessEngine:
    return LinklessEngine(source.index_dir, source.base_url, source.tuning or Tuning())
