"""`signpost evaluate`: how good the answers are, by judged queries and posts."""

from pathlib import Path

import click

from search import terminal, terminal_reports
from search.commands.shared import (
    FOLDER,
    Command,
    engine_of,
    index_option,
    json_option,
    print_json,
    source_of,
)
from search.errors import JudgmentsError


@click.group()
def evaluate() -> None:
    """Measure how good the answers are, by what was judged."""


@evaluate.command("search", cls=Command)
@click.option(
    "--queries",
    type=FOLDER,
    required=True,
    metavar="FILE",
    help="A header line, then qid and query, with kind if there are kinds; tabs between.",
)
@click.option(
    "--qrels",
    type=FOLDER,
    required=True,
    metavar="FILE",
    help="The judgments, one a line: qid 0 path grade.",
)
@click.option(
    "--docs", type=FOLDER, metavar="FILE", help="Keep to these paths, one a line. Default: all."
)
@index_option
@json_option
@click.pass_context
def evaluate_queries(
    ctx: click.Context,
    queries: Path,
    qrels: Path,
    docs: Path | None,
    index_dir: Path | None,
    as_json: bool,
) -> None:
    """Measure searches: nDCG@10, MRR@10 and R@100, over all queries and by kind.

    A grade of 1 or more says that a post is relevant. A query that finds nothing counts zero; one
    without any relevant post is left out.
    """
    from search.evaluate import evaluate_search  # noqa: PLC0415  # only this command measures
    from search.judgments import read_paths, read_qrels, read_queries  # noqa: PLC0415

    asked, judged = read_queries(queries), read_qrels(qrels)
    kept = read_paths(docs) if docs else None
    try:
        evaluation = evaluate_search(asked, judged, engine_of(ctx, index_dir), kept)
    except ValueError:
        raise JudgmentsError(
            qrels,
            None,
            f"no query of {queries} has a grade above 0 here; give both files the same qids",
        ) from None
    if as_json:
        print_json(evaluation.as_json())
    else:
        terminal.print_evaluation(evaluation)
    terminal.print_notes(evaluation.notes)


@evaluate.command("related", cls=Command)
@click.option(
    "--qrels",
    type=FOLDER,
    metavar="FILE",
    help="The judgments, one a line: source 0 path grade, both of them paths.",
)
@click.option(
    "--own-links",
    is_flag=True,
    help="Judge by the links between the posts, which are hidden from the lists meanwhile.",
)
@click.option(
    "--tune", is_flag=True, help="Look for better weights on half of the sources, try the others."
)
@index_option
@json_option
@click.pass_context
def evaluate_lists(
    ctx: click.Context,
    qrels: Path | None,
    own_links: bool,
    tune: bool,
    index_dir: Path | None,
    as_json: bool,
) -> None:
    """Measure related lists: nDCG@5, P@5 and MRR over all sources, coverage and ILS.

    A grade of 1 or more says that readers of the source ought to be led to the post. Coverage is
    the share of all posts that any of the lists has among its first five. ILS, intra-list
    similarity, is how alike the texts within a list are.
    """
    from search import evaluate_related as measuring  # noqa: PLC0415  # only this measures
    from search.commands import judging  # noqa: PLC0415

    if (qrels is None) is not own_links:
        raise click.UsageError("Judge by a file (--qrels) or by the site's links (--own-links).")
    judged = judging.judged_lists(source_of(ctx, index_dir), qrels)
    evaluation = measuring.evaluate_related(judged.qrels, judged.engine)
    tuned = judging.tuned_weights(judged) if tune else None
    if as_json:
        print_json(evaluation.as_json() | ({"tuned": tuned.as_json()} if tuned else {}))
    else:
        terminal.print_related_evaluation(evaluation)
        if tuned:
            terminal_reports.print_tuned(tuned)
    terminal.print_notes((*judged.notes, *evaluation.notes))
