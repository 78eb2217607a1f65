"""`signpost init`: a settings file for a site that is there."""

from functools import partial
from pathlib import Path

import click

from search import terminal, terminal_sites
from search.commands.shared import FOLDER, Command, json_option, print_json
from search.settings_sources import DEFAULT_CONFIG
from search.starter import Start, exists_already, from_here, settings_text, write_settings


@click.command(cls=Command)
@click.argument("content", type=FOLDER, required=False)
@click.option("--force", is_flag=True, help="Replace the settings file that is there.")
@json_option
@click.pass_context
def init(ctx: click.Context, content: Path | None, force: bool, as_json: bool) -> None:
    """Look at a site and write a signpost.toml for it.

    CONTENT is the folder of posts; without it, the site's generator tells, as far as its
    configuration can be read. Nothing of the site is run or changed.
    """
    from index.generators import KINDS  # noqa: PLC0415  # the parser of Markdown: a while
    from index.loader import LoadOptions, load_posts  # noqa: PLC0415
    from index.permalinks import Permalinks  # noqa: PLC0415
    from index.sites import find_site  # noqa: PLC0415

    file = ctx.obj or DEFAULT_CONFIG
    if file.exists() and not force:
        raise exists_already(file)
    site = find_site(content or Path(), KINDS, is_content=content is not None)
    options = LoadOptions(Permalinks(site.permalink, site.permalinks))
    with terminal.progress_bar() as progress:
        loaded = load_posts(site.content, options, partial(progress, "Reading posts"))
    start = Start(file, site, from_here(site.content), loaded)
    write_settings(file, settings_text(site, start.content), may_replace=force)
    if as_json:
        print_json(start.as_json())
    else:
        terminal_sites.print_start(start)
