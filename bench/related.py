"""Related posts beside Hugo, scikit-learn and more-like-this, on the same posts, in one run.

    python -m bench related --judged ../shared/relevance --corpora ../shared/corpora

All ways see what Signpost sees, posts as they were loaded, may choose among all posts of a site,
and are asked about the same sources. Relevant are the posts that a source links to, and those that
link to it; links take no part in any list. Hugo is left out where it is not installed; of its
settings those count that do best on the site. Speed is measured on the largest site, after all
that can be prepared. Needs some minutes, most of them for the index of the largest site.
"""

import tempfile
from pathlib import Path
from typing import Final, NamedTuple

import click

from bench.machine import machine
from bench.related_quality import links_between, print_quality
from bench.related_site import RelatedSite
from bench.related_speed import print_speeds
from bench.relevance import sampled
from index.errors import BuildError, IndexUnavailableError
from search.judgments import read_qrels


class JudgedSite(NamedTuple):
    """A site's folder, and its file of judgments; without one, the posts' own links judge.

    `base_url` begins links between the posts that are written in full.
    """

    folder: str
    qrels_file: str = ""
    base_url: str = ""


SITES: Final = (
    JudgedSite("cilium", "cilium-links.qrels"),
    JudgedSite("rust-blog", base_url="https://blog.rust-lang.org"),
    JudgedSite("windows-drivers", "windows-drivers-links.qrels"),
)

TIMED_FOLDER: Final = "windows-drivers"
"""The site that speed is measured on: the largest."""


@click.command()
@click.option("--judged", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--corpora", type=click.Path(path_type=Path, exists=True), required=True)
@click.option(
    "--index-dir",
    type=click.Path(path_type=Path),
    help="Keep each site's index here, in a folder of its name, and reuse those that are there.",
)
@click.option("--only", metavar="NAME", help="One site. Default: all of them.")
def main(judged: Path, corpora: Path, index_dir: Path | None, only: str | None) -> None:
    """Measure related posts beside Hugo, scikit-learn and more-like-this."""
    names = [site.folder for site in SITES]
    if only and only not in names:
        raise click.UsageError(f"There is no {only}. There are: {', '.join(names)}.")
    click.echo(machine())
    with tempfile.TemporaryDirectory() as scratch:
        for site in SITES:
            if only in {None, site.folder}:
                _measure(site, judged, corpora / site.folder, index_dir or Path(scratch))


def _measure(judged_site: JudgedSite, judged: Path, content_dir: Path, indexes: Path) -> None:
    try:
        site = RelatedSite(content_dir, indexes / judged_site.folder)
    except (BuildError, IndexUnavailableError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"\n{judged_site.folder}: {len(site.posts):,} posts")
    if judged_site.qrels_file:
        qrels = read_qrels(judged / judged_site.qrels_file)
    else:
        qrels = links_between(site.posts, judged_site.base_url)
    settings = print_quality(site, sampled(qrels))
    if judged_site.folder == TIMED_FOLDER:
        print_speeds(site, settings)
