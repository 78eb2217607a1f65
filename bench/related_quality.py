"""How good related lists are beside those of others, by the links between the posts."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Final, NamedTuple

import click

from bench import hugo
from bench.related_site import COSINE, HUGO, SIGNPOST, RelatedSite
from index.links import LinkResolver
from index.post import Post
from search.engine import MAX_RELATED_LIMIT
from search.evaluate_related import MEASURES, NDCG_5
from search.judgments import Qrels
from search.measures import KnownPaths, Scores, measure

WANTED: Final[Mapping[str, float]] = {HUGO: 1.7, COSINE: 1.2}
"""How many times their nDCG@5 Signpost's is to be."""

Lists = Mapping[int, Sequence[int]]
"""Numbers of the related posts, best first, by the number of the source."""


class BestOfHugo(NamedTuple):
    """The settings that did best, and how well."""

    settings: hugo.RelatedSettings
    means: Scores


def links_between(posts: Sequence[Post], base_url: str) -> Qrels:
    """Judgments made of the posts' own links: linked posts are relevant to each other, both ways.

    `base_url` begins links that are written in full.
    """
    links = LinkResolver(posts, base_url)
    qrels: Qrels = {}
    for post in posts:
        for path in links.linked_paths(post):
            qrels.setdefault(post.path, {})[path] = 1
            qrels.setdefault(path, {})[post.path] = 1
    return qrels


def print_quality(site: RelatedSite, qrels: Qrels) -> hugo.RelatedSettings | None:
    """Prints each way's measures, and gives the settings that served Hugo best, if it is there."""
    paths = KnownPaths(site.engine)
    judged = {paths.canonical(source): paths.resolved(qrels[source]) for source in qrels}
    sources = [site.docnums[source] for source in judged if source in site.docnums]
    means = {
        name: _means(
            judged, {source: related(source, MAX_RELATED_LIMIT) for source in sources}, site.posts
        )
        for name, related in site.ways().items()
    }
    best = _best_of_hugo(site.posts, judged, sources)
    if best:
        means[HUGO] = best.means
    _print(means, len(judged))
    if best:
        click.echo(f"\nHugo did best with {best.settings}.")
    return best.settings if best else None


def _means(judged: Qrels, lists: Lists, posts: Sequence[Post]) -> Scores:
    """The means over all judged sources; one without a list counts zero."""
    runs = {
        posts[source].path: [posts[docnum].path for docnum in found]
        for source, found in lists.items()
    }
    scores = measure(judged, runs, MEASURES).values()
    return {name: fmean(score[name] for score in scores) for name in MEASURES}


def _best_of_hugo(
    posts: Sequence[Post], judged: Qrels, sources: Sequence[int]
) -> BestOfHugo | None:
    """Tries all of Hugo's settings; None, having said why, if it can't be or none was in time."""
    command = hugo.find_hugo()
    if command is None:
        click.echo(hugo.HOW_TO_INSTALL, err=True)
        return None
    tried: list[BestOfHugo] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "site"
        hugo.write_site(folder, posts, frozenset(sources))
        for settings in hugo.SETTINGS:
            if hugo.run(folder, command, settings, MAX_RELATED_LIMIT) is None:
                click.echo(f"Hugo with {settings}: {hugo.NOT_FINISHED}", err=True)
                continue
            listed = hugo.lists(folder)
            lists = {source: listed[source] for source in sources}
            tried.append(BestOfHugo(settings, _means(judged, lists, posts)))
            click.echo(f"Hugo with {settings}: {tried[-1].means[NDCG_5]:.4f}", err=True)
    return max(tried, key=lambda each: (each.means[NDCG_5], each.means["MRR"]), default=None)


def _print(means: Mapping[str, Scores], sources: int) -> None:
    click.echo(f"links between the posts, {sources:,} sources")
    click.echo(
        f"| way | {' | '.join(MEASURES)} | Signpost's {NDCG_5} beside it | wanted |\n"
        f"| --- |{' --- |' * len(MEASURES)} --- | --- |"
    )
    ours = means[SIGNPOST][NDCG_5]
    for name, scores in means.items():
        cells = " | ".join(f"{scores[measured]:.4f}" for measured in MEASURES)
        ratio = f"{ours / scores[NDCG_5]:.2f}x" if scores[NDCG_5] else "–"
        wanted = f"{WANTED[name]}x" if name in WANTED else ""
        click.echo(f"| {name} | {cells} | {ratio} | {wanted} |")
