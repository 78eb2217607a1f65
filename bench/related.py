"""Related posts beside Hugo, scikit-learn and more-like-this, on the same posts, in one run.

    python -m bench related --judged ../shared/relevance --corpora ../shared/corpora
    python -m bench related --site path/to/posts=https://www.example.org

All ways see what Signpost sees, posts as they were loaded, may choose among all posts of a site,
and are asked about the same sources. Relevant are the posts that a source links to, and those that
link to it; links take no part in any list. Hugo is left out where it is not installed; of its
settings those count that do best on the site. Speed is measured on the largest site, after all
that can be prepared. Needs some minutes, most of them for the index of the largest site. Any other
site can be measured by its own links.
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

    folder: Path
    qrels_file: Path | None = None
    base_url: str = ""


SITES: Final = (
    JudgedSite(Path("cilium"), Path("cilium-links.qrels")),
    JudgedSite(Path("rust-blog"), base_url="https://blog.rust-lang.org"),
    JudgedSite(Path("windows-drivers"), Path("windows-drivers-links.qrels")),
)

TIMED_SITE: Final = "windows-drivers"
"""The site that speed is measured on: the largest."""


@click.command()
@click.option("--judged", type=click.Path(path_type=Path, exists=True))
@click.option("--corpora", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--site",
    "other_sites",
    metavar="DIR[=BASE_URL]",
    multiple=True,
    help="Measure the posts of this folder by the links between them. May be given several times.",
)
@click.option(
    "--index-dir",
    type=click.Path(path_type=Path),
    help="Keep each site's index here, in a folder of its name, and reuse those that are there.",
)
@click.option("--only", metavar="NAME", help="One site. Default: all of them.")
def main(
    judged: Path | None,
    corpora: Path | None,
    other_sites: tuple[str, ...],
    index_dir: Path | None,
    only: str | None,
) -> None:
    """Measure related posts beside Hugo, scikit-learn and more-like-this."""
    if bool(judged) != bool(corpora) or not (judged or other_sites):
        raise click.UsageError("Give both --judged and --corpora, or a --site.")
    sites = [
        JudgedSite(Path(folder), base_url=base_url)
        for folder, _, base_url in (site.partition("=") for site in other_sites)
    ]
    if judged and corpora:
        sites += [
            site._replace(
                folder=corpora / site.folder,
                qrels_file=site.qrels_file and judged / site.qrels_file,
            )
            for site in SITES
        ]
    names = [site.folder.name for site in sites]
    if only and only not in names:
        raise click.UsageError(f"There is no {only}. There are: {', '.join(names)}.")
    click.echo(machine())
    with tempfile.TemporaryDirectory() as scratch:
        for site in sites:
            if only in {None, site.folder.name}:
                _measure(site, index_dir or Path(scratch))


def _measure(judged_site: JudgedSite, indexes: Path) -> None:
    name = judged_site.folder.name
    try:
        site = RelatedSite(judged_site.folder, indexes / name)
    except (BuildError, IndexUnavailableError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"\n{name}: {len(site.posts):,} posts")
    if judged_site.qrels_file:
        qrels = read_qrels(judged_site.qrels_file)
    else:
        qrels = links_between(site.posts, judged_site.base_url)
    settings = print_quality(site, sampled(qrels))
    if name == TIMED_SITE:
        print_speeds(site, settings)
