"""The `signpost` command: its commands together, and what they have in common."""

import logging
from pathlib import Path

import click

from search.commands.asking import related, search
from search.commands.building import build
from search.commands.checking import check
from search.commands.exporting import export
from search.commands.maintaining import prune, status, verify
from search.commands.measuring import evaluate
from search.commands.reporting import report
from search.commands.serving import serve
from search.commands.shared import FOLDER
from search.commands.starting import init


@click.group(
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
    Begin with the settings of your site, make an index, then ask it, or serve it:
      signpost init
      signpost build
      signpost search "how do I deploy"
      signpost serve

    \b
    Exit codes: 0 done; 1 done with problems, under --strict; 2 wrong use;
    3 could not be done, and nothing was published.
    """
    ctx.obj = config
    logging.basicConfig(format="signpost: %(message)s")  # warnings, to standard error


COMMANDS = (
    init,
    check,
    build,
    serve,
    search,
    related,
    status,
    verify,
    prune,
    evaluate,
    export,
    report,
)

for command in COMMANDS:
    main.add_command(command)
