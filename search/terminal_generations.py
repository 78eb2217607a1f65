"""What a person is shown of generations: which there are, which are damaged, which were removed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from index.inventory import GenerationEntry, Inventory, State
from index.pruning import Pruned
from search.cluster_state import ClusterState
from search.terminal import count, safe

MAX_SHOWN_FILES: Final = 20
"""A terminal's worth; `--json` has them all."""

_STATES: Final[Mapping[State, str]] = {
    "listed": "",
    "whole": "whole",
    "damaged": "damaged",
    "other version": "made by another version of Signpost",
}


def print_generations(inventory: Inventory) -> None:
    """A line for each generation, newest first."""
    table = Table("generation", "posts", "size", "", box=None, pad_edge=False)
    for entry in inventory.generations:
        posts = "" if entry.posts is None else f"{entry.posts:,}"
        table.add_row(entry.generation, posts, decimal(entry.size_bytes), _remarks(entry))
    click.echo()
    Console(highlight=False).print(table)


def print_verified(inventory: Inventory, index_dir: Path) -> None:
    """Which generations are whole and, on standard error, what is wrong and what to do."""
    for entry in inventory.generations:
        click.echo(f"{entry.generation}  {_remarks(entry)}")
    if inventory.pointer_damage:
        click.echo(f"signpost: {safe(inventory.pointer_damage)}", err=True)
    for entry in inventory.generations:
        for damage in entry.damage[:MAX_SHOWN_FILES]:
            click.echo(f"{entry.generation}/{safe(damage.file)} {safe(damage.reason)}", err=True)
        if len(entry.damage) > MAX_SHOWN_FILES:
            click.echo(f"  and {len(entry.damage) - MAX_SHOWN_FILES} more; see --json", err=True)
    if inventory.is_sound:
        return
    if any(entry.is_current and entry.state == "whole" for entry in inventory.generations):
        advice = (
            "The published generation is whole. Remove the folder of what is damaged, or leave it "
            f"to later builds: {index_dir / 'generations'}"
        )
    else:
        advice = f"Rebuild it: signpost build --index {index_dir}"
    click.echo(f"signpost: {advice}", err=True)


def print_cluster(cluster: ClusterState) -> None:
    """What a cluster has and, on standard error, what it lacks."""
    size = decimal(cluster.size_bytes)
    posts = count(cluster.found, "post")
    click.echo(f"{safe(cluster.index)}  in the cluster: {posts}, {size}, health {cluster.health}")
    if cluster.found != cluster.posts:
        told = f"It was sent {count(cluster.posts, 'post')}, and has {cluster.found:,}"
        click.echo(f"signpost: {told}. Send them again: signpost build --full", err=True)
    elif not cluster.is_sound:
        told = "The cluster is red: parts of the index are on no node that runs"
        click.echo(f"signpost: {told}. Bring the nodes back.", err=True)


def print_pruned(pruned: Pruned) -> None:
    """What was removed, and what had to stay."""
    removed = count(len(pruned.removed), "generation")
    click.echo(f"Removed {removed}: {decimal(pruned.freed_bytes)}. {len(pruned.kept)} stay.")
    for name in pruned.in_use:
        click.echo(f"  {name} is old, but a reader has it open")


def print_pruned_cluster(removed: Sequence[str]) -> None:
    """What was removed from a cluster."""
    click.echo(f"Removed from the cluster: {', '.join(map(safe, removed)) or 'nothing'}.")


def _remarks(entry: GenerationEntry) -> str:
    remarks = ("published" if entry.is_current else "", _STATES[entry.state])
    return ", ".join(filter(None, remarks))
