"""Which generator makes a site, by the files in its folder and in those above."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from index.files import MARKDOWN_SUFFIXES, is_skipped
from index.siteconfig import SiteConfig, read_config

MAX_FOLDERS_UP: Final = 6
"""How far above the posts a configuration is looked for."""

_USUAL_FOLDERS: Final = ("content", "docs", "posts", "src/content", "src/posts", "blog")


@dataclass(frozen=True, slots=True)
class Site:
    """A site as far as its files tell.

    `generator` is its name, or empty for a plain folder of Markdown. `config` is the file that it
    was recognised by. `content` is the folder of posts. `permalink` and `permalinks` are as in the
    settings. `notes` are sentences for the owner about what could not be found out.
    """

    content: Path
    generator: str = ""
    config: Path | None = None
    base_url: str = ""
    title: str = ""
    language: str = ""
    permalink: str = ""
    permalinks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A generator: its name, the names of its configuration, and how a site is read from it.

    `read` gives the site in a folder, or None where the configuration is another generator's.
    """

    generator: str
    config_names: Sequence[str]
    read: Callable[[SiteConfig, Path], Site | None]


def find_site(start: Path, kinds: Sequence[Kind], *, is_content: bool) -> Site:
    """The site that the folder `start` is of, or is in.

    With `is_content`, `start` itself is the folder of posts, wherever the generator has its own.
    """
    start = start.resolve()
    for folder in islice([start, *start.parents], MAX_FOLDERS_UP + 1):
        site = _site_in(folder, kinds)
        if site:
            return replace(site, content=start) if is_content else site
        if (folder / ".git").exists():
            break
    return Site(start if is_content else _usual_content(start))


def has_markdown(folder: Path) -> bool:
    """Whether there is a Markdown file in a folder or below it."""
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not is_skipped(name)]
        if any(Path(name).suffix.lower() in MARKDOWN_SUFFIXES for name in files):
            return True
    return False


def _site_in(folder: Path, kinds: Sequence[Kind]) -> Site | None:
    for kind in kinds:
        for name in kind.config_names:
            config = folder / name
            site = kind.read(read_config(config), folder) if config.is_file() else None
            if site:
                return replace(site, generator=kind.generator, config=config)
    return None


def _usual_content(folder: Path) -> Path:
    """The folder that posts are usually in, if one is there; else the folder itself."""
    usual = (folder / name for name in _USUAL_FOLDERS)
    return next((path for path in usual if has_markdown(path)), folder)
