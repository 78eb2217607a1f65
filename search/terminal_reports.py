"""What a person is shown of exports and reports: the counts first, then examples."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click
from rich.console import Console
from rich.table import Table

from search.evaluate_related import NDCG_5
from search.related_diff import ListChange, RelatedDiff
from search.report_related import RelatedReport
from search.terminal import count, safe

if TYPE_CHECKING:
    from search.tune_related import Tuned  # scipy: as long as all other commands take to start

MAX_SHOWN: Final = 10
"""A terminal's worth of each kind; `--json` has them all."""

Item = TypeVar("Item")


def print_exported(posts: int, out: Path, seconds: float) -> None:
    """What was written."""
    click.echo(f"Wrote {count(posts, 'list')} to {out} in {seconds:.1f} s.")


def print_diff(diff: RelatedDiff) -> None:
    """Which lists differ from those of an earlier export, and how."""
    click.echo(
        f"{count(len(diff.changed), 'list')} changed, {diff.unchanged:,} the same, "
        f"{len(diff.new):,} new, {len(diff.gone):,} gone."
    )
    _print_some("New posts", diff.new, str)
    _print_some("Posts that are gone", diff.gone, str)
    _print_some("Changed lists", diff.changed, _change)


def _change(change: ListChange) -> str:
    lines = [change.path]
    lines += [f"    + {path}" for path in change.entered]
    lines += [f"    - {path}" for path in change.left]
    lines += [f"    ~ {path} moved" for path in change.moved]
    return "\n  ".join(lines)


def print_report(report: RelatedReport) -> None:
    """What the related lists of a site come to, and what its owner may put right."""
    led_to = report.posts - len(report.led_to_by_none)
    click.echo(
        f"{led_to:,} of {count(report.posts, 'post')} ({report.coverage:.0%}) are in the list of "
        f"some other post. Gini {report.gini:.2f}: 0 would be each as often as any other, 1 always "
        "the same post."
    )
    _print_some(
        "Led to by no other post (link to them, or pin them with related)",
        report.led_to_by_none,
        str,
    )
    _print_some(
        "Led to most often",
        report.led_to_most,
        lambda entry: f"{entry[1]:>4} lists  {entry[0]}",
    )
    _print_some(
        "Nearly the same text (merge them, or leave one out of the index)",
        report.near_duplicates,
        lambda pair: f"{pair[2]:.2f}  {pair[0]}\n        {pair[1]}",
    )
    _print_some(
        "Tags that may be one tag (settle on one spelling)",
        report.tag_spellings,
        lambda group: ", ".join(f"{tag.tag} ({tag.posts:,})" for tag in group),
    )
    _print_some(
        "Tags on most posts (they tell no post from another)",
        report.common_tags,
        lambda tag: f"{tag.tag} ({tag.posts:,})",
    )
    _print_some("Tags on a single post (they lead nowhere)", report.single_tags, str)


def print_tuned(tuned: "Tuned") -> None:
    """What other weights come to, and how to have them if they are worth it."""
    table = Table("", "sources", "in force", "tuned", box=None, pad_edge=False)
    halves = (("tuned on", tuned.fitted), ("held out", tuned.held_out))
    for (name, pair), sources in zip(halves, tuned.sources, strict=True):
        table.add_row(name, f"{sources:,}", *(f"{value:.4f}" for value in pair))
    click.echo(f"\n{NDCG_5} with other weights:")
    Console(highlight=False).print(table)
    if not tuned.is_worth_it:
        click.echo("\nOn posts that were held out the weights in force are as good. Keep them.")
        return
    weights = ", ".join(f"{name} = {weight:g}" for name, weight in tuned.weights.items())
    click.echo("\nBetter on posts that were held out, too. In signpost.toml:")
    click.echo(f"\n[related]\nweights = {{ {weights} }}")


def _print_some(heading: str, items: Sequence[Item], shown: Callable[[Item], str]) -> None:
    """A heading and the first of the items; nothing where there are none."""
    if not items:
        return
    click.echo(f"\n{heading}: {len(items):,}")
    for item in items[:MAX_SHOWN]:
        lines = shown(item).split("\n")
        click.echo("  " + "\n".join(safe(line) for line in lines))
    if len(items) > MAX_SHOWN:
        click.echo(f"  and {len(items) - MAX_SHOWN:,} more; see --json")
