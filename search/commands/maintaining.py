"""`signpost status`, `verify` and `prune`: what generations there are, and looking after them."""

from functools import partial
from pathlib import Path

import click

from index.inventory import take_inventory
from index.pruning import prune_index
from search import terminal, terminal_generations
from search.commands.shared import (
    COULD_NOT_BE_DONE,
    Command,
    engine_of,
    index_option,
    json_option,
    print_json,
    settings_of,
)


@click.command(cls=Command)
@index_option
@json_option
@click.pass_context
def status(ctx: click.Context, index_dir: Path | None, as_json: bool) -> None:
    """Say which generation is published, whether it is whole, and which others there are."""
    answer = engine_of(ctx, index_dir).status()
    inventory = take_inventory(settings_of(ctx, index={"dir": index_dir}).index.dir, verifies=False)
    if as_json:
        print_json(
            answer.as_json() | {"generations": [each.as_json() for each in inventory.generations]}
        )
    else:
        terminal.print_status(answer)
        terminal_generations.print_generations(inventory)
    if answer.is_fallback:
        ctx.exit(COULD_NOT_BE_DONE)


@click.command(cls=Command)
@index_option
@json_option
@click.pass_context
def verify(ctx: click.Context, index_dir: Path | None, as_json: bool) -> None:
    """Compare every file of every generation with its checksum.

    Damaged files are named. Ends with 3 if there are any, or if the published generation can't be
    answered from.
    """
    folder = settings_of(ctx, index={"dir": index_dir}).index.dir
    with terminal.progress_bar() as progress:
        inventory = take_inventory(folder, verifies=True, progress=partial(progress, "Verifying"))
    if as_json:
        print_json(inventory.as_json())
    else:
        terminal_generations.print_verified(inventory, folder)
    if not inventory.is_sound:
        ctx.exit(COULD_NOT_BE_DONE)


@click.command(cls=Command)
@index_option
@json_option
@click.pass_context
def prune(ctx: click.Context, index_dir: Path | None, as_json: bool) -> None:
    """Remove old generations, and what interrupted builds left.

    The newest stay, as many as keep_generations in the settings says; so do the published one and
    those that a server has open. Nothing is removed while the published one is damaged.
    """
    settings = settings_of(ctx, index={"dir": index_dir})
    pruned = prune_index(settings.index.dir, settings.index.keep_generations)
    if as_json:
        print_json(pruned.as_json())
    else:
        terminal_generations.print_pruned(pruned)
