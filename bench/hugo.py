"""Hugo's related content, over the same posts: a site written, built, and its lists read.

Hugo reads tags, categories and dates, never texts. The site is written to a folder as a user of
Hugo would have it: a file for each post, front matter in JSON, and a template that gives each page
its list. Hugo works on several pages at once, with all cores.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from index.post import Post

TIME_LIMIT_SECONDS: Final = 400
"""A run that takes longer is ended: nobody waits so long to see a post on the site."""

TAGS_WEIGHT: Final = 100
"""What Hugo's default settings give the main index, `keywords`."""

CATEGORIES_WEIGHT: Final = 80
"""Somewhat less than a tag: a category says less of a post."""

DATE_WEIGHT: Final = 10
"""What Hugo's default settings give the date."""

DEFAULT_THRESHOLD: Final = 80
"""Hugo's default: posts that match less are left out."""

HOW_TO_INSTALL: Final = "Hugo is left out: it is not installed. On Debian: apt-get install hugo"

NOT_FINISHED: Final = f"not finished after {TIME_LIMIT_SECONDS} s"

_LIST_TEMPLATE: Final = (
    "{{{{ $list := slice }}}}{{{{ if .Params.is_source }}}}"
    "{{{{ range first {limit} (site.RegularPages.Related .) }}}}"
    "{{{{ $list = $list | append .Params.docnum }}}}{{{{ end }}}}{{{{ end }}}}"
    '{{{{ dict "docnum" .Params.docnum "related" $list | jsonify }}}}'
)
_EMPTY_TEMPLATE: Final = '{{ dict "docnum" .Params.docnum "related" slice | jsonify }}'


class RelatedSettings(NamedTuple):
    """Hugo's `related` settings, as far as they are tried: the weight of each index."""

    weights: Mapping[str, int]
    threshold: int

    def __str__(self) -> str:
        return f"{', '.join(self.weights)}, threshold {self.threshold}"


_TAGS_AND_DATE: Final = {"tags": TAGS_WEIGHT, "date": DATE_WEIGHT}
_TAGS_AND_CATEGORIES: Final = {"tags": TAGS_WEIGHT, "categories": CATEGORIES_WEIGHT}

SETTINGS: Final = tuple(
    RelatedSettings(weights, threshold)
    for weights in (_TAGS_AND_DATE, _TAGS_AND_CATEGORIES, _TAGS_AND_CATEGORIES | _TAGS_AND_DATE)
    for threshold in (DEFAULT_THRESHOLD, 0)
)
"""What is tried, Hugo's default first, with tags for its `keywords`: Hugo is judged by what serves
it best. Newer posts are always let in, which the default does not: without them it did worse."""


def find_hugo() -> Path | None:
    """The command, or None where it is not installed."""
    found = shutil.which("hugo")
    return Path(found) if found else None


def write_site(folder: Path, posts: Sequence[Post], sources: Collection[int]) -> None:
    """Writes a site of `posts` to a new `folder`; those numbered in `sources` shall have lists."""
    content = folder / "content"
    content.mkdir(parents=True)
    for docnum, post in enumerate(posts):
        text = page_of(post, docnum, is_source=docnum in sources)
        (content / f"{docnum}.md").write_text(text, encoding="utf-8")


def page_of(post: Post, docnum: int, *, is_source: bool) -> str:
    """A post as a page of Hugo's: front matter and plain text."""
    front = {
        "title": post.title,
        "tags": list(post.tags),
        "categories": list(post.categories),
        "url": post.path,
        "docnum": docnum,
        "is_source": is_source,
    }
    if post.date:
        front["date"] = post.date.isoformat()
    return f"{json.dumps(front)}\n\n{_without_shortcodes(post.text)}\n"


def _without_shortcodes(text: str) -> str:
    """The text with nothing that Hugo would call a template for."""
    return text.replace("{{<", "{{ <").replace("{{%", "{{ %")


def run(folder: Path, hugo: Path, settings: RelatedSettings | None, limit: int) -> float | None:
    """Builds the site into its folder `public`, and says how many seconds that took.

    Each page is a JSON object: its `docnum` and the docnums of its `related` pages, `limit` of
    them at the most; without `settings`, none. None where it took more than TIME_LIMIT_SECONDS.
    """
    layouts = folder / "layouts/_default"
    layouts.mkdir(parents=True, exist_ok=True)
    template = _LIST_TEMPLATE.format(limit=limit) if settings else _EMPTY_TEMPLATE
    (layouts / "single.html").write_text(template, encoding="utf-8")
    (folder / "config.json").write_text(json.dumps(_config(settings)), encoding="utf-8")
    shutil.rmtree(folder / "public", ignore_errors=True)
    started = time.perf_counter()
    command = [str(hugo), "--quiet", "--source", str(folder)]
    try:
        subprocess.run(command, check=True, timeout=TIME_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:  # the process has been killed
        return None
    return time.perf_counter() - started


def lists(folder: Path) -> dict[int, list[int]]:
    """The lists of the site that was built last, by docnum."""
    files = (file for file in (folder / "public").rglob("*") if file.is_file())
    pages = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    return {page["docnum"]: page["related"] for page in pages}


def _config(settings: RelatedSettings | None) -> dict[str, object]:
    """The site's settings: nothing but the pages is made, of whatever date."""
    config: dict[str, object] = {
        "buildFuture": True,
        "buildExpired": True,
        "disableKinds": [
            "404",
            "RSS",
            "home",
            "robotsTXT",
            "section",
            "sitemap",
            "taxonomy",
            "term",
        ],
        "timeout": f"{TIME_LIMIT_SECONDS}s",
    }
    if settings:
        config["related"] = {
            "includeNewer": True,
            "threshold": settings.threshold,
            "toLower": True,
            "indices": [
                {"name": name, "weight": weight} for name, weight in settings.weights.items()
            ],
        }
    return config
