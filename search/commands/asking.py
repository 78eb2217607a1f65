"""`signpost search` and `signpost related`: questions to an index, answered in the terminal."""

from pathlib import Path

import click

from search import terminal, terminal_related
from search.commands.shared import (
    Command,
    engine_of,
    index_option,
    json_option,
    print_json,
    settings_of,
)
from search.engine import (
    DEFAULT_LIMIT,
    DEFAULT_RELATED_LIMIT,
    MAX_LIMIT,
    MAX_RELATED_LIMIT,
    Engine,
    SearchOptions,
)
from search.errors import PostNotFoundError
from search.related_results import RelatedPosts


@click.command(cls=Command)
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
    engine = engine_of(ctx, index_dir)
    results = engine.search(query, options=SearchOptions(limit=limit, explains=explain))
    if as_json:
        print_json(results.as_json())
    else:
        terminal.print_results(results, explains=explain)


@click.command(cls=Command)
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

    PATH is a post's canonical path, such as /blog/hello. FILE is a draft, in Markdown or plain
    text, and - reads one from standard input. For a draft, the tags and the internal links that it
    deserves are told as well.
    """
    answer = _related(ctx, engine_of(ctx, index_dir), source, limit)
    if as_json:
        print_json(answer.as_json())
    else:
        terminal_related.print_related(answer)


def _related(ctx: click.Context, engine: Engine, source: str, limit: int) -> RelatedPosts:
    """The list for a post's path, else for the draft in a file or on standard input."""
    from search.commands import drafting  # noqa: PLC0415  # reads Markdown: not for every question

    if source == "-":
        read = drafting.draft_of_standard_input()
    else:
        try:
            return engine.related(source, limit=limit)
        except PostNotFoundError as error:
            if not drafting.is_file(source):
                raise PostNotFoundError(source, error.nearest, may_be_file=True) from error
        read = drafting.draft_of_file(source, settings_of(ctx))
    terminal.print_notes(read.notes)
    return engine.related_to_draft(read.draft, limit=limit)
