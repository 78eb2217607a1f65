"""The `signpost` command."""

import json
import os
import sys
from pathlib import Path
from typing import Any, Final

import click

from index.errors import SignpostError, StrictBuildError
from search import terminal
from search.engine import (
    DEFAULT_LIMIT,
    DEFAULT_RELATED_LIMIT,
    MAX_LIMIT,
    MAX_RELATED_LIMIT,
    Engine,
    SearchOptions,
    open_engine,
)
from search.errors import JudgmentsError, PostNotFoundError, SettingsError
from search.results import RelatedPosts
from search.settings import Settings, load_settings

DONE_WITH_PROBLEMS: Final = 1
WRONG_USE: Final = 2
COULD_NOT_BE_DONE: Final = 3

FOLDER: Final = click.Path(path_type=Path)


class _Command(click.Command):
    """A command that tells Signpost's own errors in a sentence, with the exit code that fits."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, PostNotFoundError, JudgmentsError) as error:
            _fail(ctx, error, WRONG_USE)
        except SignpostError as error:
            _fail(ctx, error, COULD_NOT_BE_DONE)


class _Group(click.Group):
    command_class = _Command


def _fail(ctx: click.Context, error: SignpostError, code: int) -> None:
    if ctx.params.get("as_json"):
        _print_json({"error": str(error)})
    else:
        click.echo(f"signpost: {error}", err=True)
    ctx.exit(code)


def _print_json(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
index_option = click.option(
    "--index", "index_dir", type=FOLDER, metavar="DIR", help="The index. Default: build/index."
)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="signpost-search", prog_name="signpost")
@click.option(
    "--config",
    type=FOLDER,
    metavar="FILE",
    help="The settings. Default: signpost.toml in this folder, if there is one.",
)
@click.pass_context
def main(ctx: click.Context, config: Path | None) -> None:
    """Search and related posts for a folder of Markdown posts.

    \b
    Make an index, then ask it, or serve it to your site:
      signpost build content
      signpost search "how do I deploy"
      signpost serve

    \b
    Exit codes: 0 done; 1 done with problems, under --strict; 2 wrong use;
    3 could not be done, and nothing was published.
    """
    ctx.obj = config


@main.command()
@click.argument("content", type=FOLDER, required=False)
@index_option
@click.option("--full", is_flag=True, help="Start over. In this version every build does.")
@click.option("--strict", is_flag=True, help="Publish nothing if any post has a problem.")
@json_option
@click.pass_context
def build(
    ctx: click.Context,
    content: Path | None,
    index_dir: Path | None,
    full: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Make the index of a folder of posts, and publish it.

    CONTENT is the folder; its default is the one in signpost.toml, or ./content. A server that is
    running goes over to the new index by itself.
    """
    from index.build import BuildOptions, build_index  # noqa: PLC0415  # scikit-learn: a second
    from index.loader import LoadOptions  # noqa: PLC0415

    del full  # every build starts over
    settings = _settings(ctx, posts={"content": content}, index={"dir": index_dir})
    options = BuildOptions(
        load=LoadOptions(
            permalink=settings.site.permalink, include=frozenset(settings.posts.include)
        ),
        base_url=settings.site.base_url,
        language=settings.site.language,
        is_strict=strict,
    )
    try:
        with terminal.build_progress() as progress:
            report = build_index(settings.posts.content, settings.index.dir, options, progress)
    except StrictBuildError as error:
        if as_json:
            _print_json(error.as_json())
        else:
            terminal.print_problems(error.problems)
            click.echo(f"signpost: {error}", err=True)
        ctx.exit(DONE_WITH_PROBLEMS)
    if as_json:
        _print_json(report.as_json())
    else:
        terminal.print_build(report, settings.index.dir)


@main.command()
@index_option
@click.option("--host", metavar="H", help="The address to listen on. Default: 127.0.0.1.")
@click.option("--port", type=int, metavar="P", help="The port to listen on. Default: 8000.")
@click.option("--workers", type=int, metavar="N", help="How many processes answer. Default: 1.")
@click.pass_context
def serve(
    ctx: click.Context,
    index_dir: Path | None,
    host: str | None,
    port: int | None,
    workers: int | None,
) -> None:
    """Serve the search, the widgets and the pages until interrupted."""
    settings = _settings(
        ctx,
        index={"dir": index_dir},
        service={"host": host, "port": port, "workers": workers},
    )
    from search.server import run_server  # noqa: PLC0415  # only this command needs a server

    os.environ |= _as_environment(ctx.obj, settings)
    run_server(settings)


@main.command()
@click.argument("query")
@index_option
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_LIMIT),
    default=DEFAULT_LIMIT,
    show_default=True,
    metavar="N",
    help="How many posts at the most.",
)
@json_option
@click.option("--explain", is_flag=True, help="Show what each score is made of.")
@click.pass_context
def search(
    ctx: click.Context, query: str, index_dir: Path | None, limit: int, as_json: bool, explain: bool
) -> None:
    """Find the posts that match QUERY, best first.

    \b
    words            all of them, in any order
    "exact phrase"   these words side by side
    -word            without it
    a OR b           either
    tag:x category:x author:x title:x before:2024-05 after:2023
    """
    engine = _engine(ctx, index_dir)
    results = engine.search(query, options=SearchOptions(limit=limit, explains=explain))
    if as_json:
        _print_json(results.as_json())
    else:
        terminal.print_results(results, explains=explain)


@main.command()
@click.argument("source", metavar="PATH|FILE|-")
@index_option
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_RELATED_LIMIT),
    default=DEFAULT_RELATED_LIMIT,
    show_default=True,
    metavar="N",
    help="How many posts at the most.",
)
@json_option
@click.pass_context
def related(
    ctx: click.Context, source: str, index_dir: Path | None, limit: int, as_json: bool
) -> None:
    """Find what to read next after a post, or after any text.

    PATH is a post's canonical path, such as /blog/hello. FILE is any text file, and - is standard
    input: a draft, a paragraph.
    """
    answer = _related(_engine(ctx, index_dir), source, limit)
    if as_json:
        _print_json(answer.as_json())
    else:
        terminal.print_related(answer)


@main.command()
@index_option
@json_option
@click.pass_context
def status(ctx: click.Context, index_dir: Path | None, as_json: bool) -> None:
    """Say which generation is published, and whether it is whole."""
    answer = _engine(ctx, index_dir).status()
    if as_json:
        _print_json(answer.as_json())
    else:
        terminal.print_status(answer)


@main.group(cls=_Group)
def evaluate() -> None:
    """Measure how good the answers are, by judged queries."""


@evaluate.command("search")
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
        evaluation = evaluate_search(asked, judged, _engine(ctx, index_dir), kept)
    except ValueError:
        raise JudgmentsError(
            qrels,
            None,
            f"no query of {queries} has a grade above 0 here; give both files the same qids",
        ) from None
    if as_json:
        _print_json(evaluation.as_json())
    else:
        terminal.print_evaluation(evaluation)
    terminal.print_notes(evaluation.notes)


def _settings(ctx: click.Context, **given: dict[str, Any]) -> Settings:
    return load_settings(ctx.obj, given)


def _engine(ctx: click.Context, index_dir: Path | None) -> Engine:
    settings = _settings(ctx, index={"dir": index_dir})
    return open_engine(
        settings.index.dir,
        base_url=settings.site.base_url or None,
        tuning=settings.search.tuning,
    )


def _related(engine: Engine, source: str, limit: int) -> RelatedPosts:
    """The list for a post's path, else for the text of a file or of standard input."""
    if source == "-":
        return engine.related_to_text(sys.stdin.buffer.read().decode(errors="replace"), limit=limit)
    try:
        return engine.related(source, limit=limit)
    except PostNotFoundError:
        if not Path(source).is_file():
            raise
    text = Path(source).read_text(encoding="utf-8", errors="replace")
    return engine.related_to_text(text, limit=limit)


def _as_environment(config: Path | None, settings: Settings) -> dict[str, str]:
    """What the server's own processes need, to load the same settings."""
    chosen = {"SIGNPOST_INDEX__DIR": str(settings.index.dir)}
    return chosen | ({"SIGNPOST_CONFIG": str(config)} if config else {})
