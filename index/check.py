"""The check of a folder of posts, top to bottom: what an owner would want to fix in it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from index.checkfields import check_dates, check_keys, check_lengths, check_tags, check_titles
from index.checklinks import check_links
from index.findings import CheckReport, Finding
from index.loader import LoadOptions, load_posts
from index.post import LoadedPosts
from index.sources import Sources


def check_posts(
    content_dir: Path,
    options: LoadOptions,
    base_url: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> CheckReport:
    """Everything that is to be fixed in the posts of `content_dir`, in order of file and line.

    Posts are loaded as for a build with these `options`, of a site at `base_url`. `progress` is
    called after each file that is loaded. Raises ContentNotFoundError as a build does.
    """
    started = time.monotonic()
    loaded = load_posts(content_dir, options, progress)
    sources = Sources(content_dir, loaded, options)
    findings = [
        *_problems_of_loading(loaded),
        *check_titles(loaded.posts, sources),
        *check_dates(loaded.posts, sources),
        *check_tags(loaded.posts, sources),
        *check_lengths(loaded.posts, sources),
        *check_keys(loaded.posts, sources),
        *check_links(loaded.posts, sources, base_url),
    ]
    return CheckReport(
        files=loaded.files,
        posts=len(loaded.posts),
        findings=tuple(sorted(findings, key=lambda each: (each.file, each.line, each.reason))),
        seconds=time.monotonic() - started,
    )


def _problems_of_loading(loaded: LoadedPosts) -> Iterator[Finding]:
    """What the loader has found already, told apart by kind."""
    left_out = {(entry.file, entry.line, entry.reason) for entry in loaded.left_out}
    for problem in loaded.problems:
        if problem.reason.startswith("same path as "):
            kind = "same-path"
        elif " is not a date" in problem.reason or "could be one of two days" in problem.reason:
            kind = "date"
        elif (problem.file, problem.line, problem.reason) in left_out:
            kind = "left-out"
        else:
            kind = "field"
        yield Finding(problem.file, problem.line, kind, problem.reason, problem.field)
