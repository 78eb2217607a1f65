"""`signpost status`, `verify` and `prune`: what generations there are, and looking after them."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import click

from index.errors import IndexNotFoundError
from index.generation import generation_names
from index.inventory import Inventory, take_inventory
from index.lock import build_lock
from index.pruning import prune_index
from search import terminal, terminal_generations
from search.chosen_engine import cluster_options_of, open_engine_of
from search.cluster_state import look_at_cluster, prune_cluster
from search.commands.shared import (
    COULD_NOT_BE_DONE,
    Command,
    index_option,
    json_option,
    print_json,
    settings_of,
)
from search.settings import Settings


@click.command(cls=Command)
@index_option
@json_option
@click.pass_context
def status(ctx: click.Context, index_dir: Path | None, as_json: bool) -> None:
    """Say which generation is published, whether it is whole, and which others there are."""
    settings = settings_of(ctx, index={"dir": index_dir})
    answer = open_engine_of(settings).status()
    inventory = _inventory(settings, verifies=False)
    cluster_index = ""
    if answer.engine == "opensearch":
        from index.opensearch.layout import index_name  # noqa: PLC0415  # NumPy: a while

        cluster_index = index_name(settings.engine.index, answer.generation)
    if as_json:
        generations = [each.as_json() for each in inventory.generations]
        cluster = {"cluster_index": cluster_index} if cluster_index else {}
        print_json(answer.as_json() | cluster | {"generations": generations})
    else:
        terminal.print_status(answer, cluster_index)
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
    answered from. Where a cluster answers, its posts are counted too.
    """
    settings = settings_of(ctx, index={"dir": index_dir})
    with terminal.progress_bar() as progress:
        inventory = _inventory(settings, verifies=True, progress=partial(progress, "Verifying"))
    is_sound = inventory.is_sound or (settings.engine.is_cluster and not inventory.generations)
    told = inventory.as_json() | {"is_sound": is_sound}
    if not as_json and inventory.generations:
        terminal_generations.print_verified(inventory, settings.index.dir)
    if settings.engine.is_cluster:
        cluster = look_at_cluster(cluster_options_of(settings))
        is_sound = is_sound and cluster.is_sound
        told |= {"is_sound": is_sound, "cluster": cluster.as_json()}
        if not as_json:
            terminal_generations.print_cluster(cluster)
    if as_json:
        print_json(told)
    if not is_sound:
        ctx.exit(COULD_NOT_BE_DONE)


def _inventory(
    settings: Settings,
    *,
    verifies: bool,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Inventory:
    """The generations on this machine, of which a cluster needs none."""
    try:
        return take_inventory(settings.index.dir, verifies=verifies, progress=progress)
    except IndexNotFoundError:
        if not settings.engine.is_cluster:
            raise
        return Inventory(None, "", ())


@click.command(cls=Command)
@index_option
@json_option
@click.pass_context
def prune(ctx: click.Context, index_dir: Path | None, as_json: bool) -> None:
    """Remove old generations, and what interrupted builds left.

    The newest stay, as many as keep_generations in the settings says; so do the published one and
    those that a server has open. Nothing is removed while the published one is damaged. Where a
    cluster answers, the same is done there.
    """
    settings = settings_of(ctx, index={"dir": index_dir})
    keep = settings.index.keep_generations
    has_local = not settings.engine.is_cluster or bool(generation_names(settings.index.dir))
    pruned = prune_index(settings.index.dir, keep) if has_local else None
    told = pruned.as_json() if pruned else {}
    if pruned and not as_json:
        terminal_generations.print_pruned(pruned)
    if settings.engine.is_cluster:
        with build_lock(settings.index.dir) if has_local else nullcontext():
            removed = prune_cluster(cluster_options_of(settings), keep)
        told |= {"cluster_removed": removed}
        if not as_json:
            terminal_generations.print_pruned_cluster(removed)
    if as_json:
        print_json(told)
