"""What a person is shown of a site that was looked at."""

import click

from search.starter import Start, base_url_of, from_here
from search.terminal import count, safe


def print_start(start: Start) -> None:
    """What was found, where it was written, and what to do next."""
    site = start.site
    if site.config:
        click.echo(safe(f"Made with {site.generator}, by {from_here(site.config)}."))
    else:
        click.echo("A folder of Markdown, with no generator's configuration in sight.")
    click.echo(safe(f"  posts      {start.content}"))
    click.echo(f"  address    {safe(base_url_of(site)) or 'not known: set base_url'}")
    for folder, patterns in _patterns(start):
        click.echo(safe(f"  paths      {', or '.join(patterns)}{folder}"))
    click.echo(
        f"{count(len(start.loaded.posts), 'post')} of {count(start.loaded.files, 'file')} would be "
        f"indexed; {count(len(start.loaded.problems), 'problem')}."
    )
    for note in site.notes:
        click.echo(safe(f"Note: {note}"))
    click.echo(safe(f"Wrote {start.file}. Look it over, then: signpost build"))


def _patterns(start: Start) -> list[tuple[str, list[str]]]:
    """Where patterns hold, in words, with the patterns."""
    site = start.site
    by_folder = [
        ("" if folder == "." else f"  (in {folder})", list(patterns))
        for folder, patterns in site.permalinks.items()
    ]
    if site.permalink:
        return [("", [site.permalink]), *by_folder]
    return by_folder or [("", ["as the files are named"])]
