"""The generators whose configuration is a program: what can be read of it without running it."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from index import patterns
from index.permalinks import WHOLE_FOLDER
from index.siteconfig import SiteConfig, read_config, web_address
from index.sites import Site, has_markdown

_GATSBY_PATH = re.compile(
    r"path:\s*(?:path\.(?:join|resolve)\(\s*__dirname\s*,\s*)?[`\"'](?:\$\{__dirname\})?/?([^`\"'${}]+)"
)
_DOCS_BASE = re.compile(r"docs:\s*\{[^{}]*?routeBasePath:\s*[\"']([^\"']*)[\"']", re.DOTALL)
_BLOG_BASE = re.compile(r"blog:\s*\{[^{}]*?routeBasePath:\s*[\"']([^\"']*)[\"']", re.DOTALL)
_BY_CODE: Final = (
    "{generator} sites work out their addresses in code, which is not run here. Compare the "
    "address of a post or two with what `signpost search` shows."
)
_COPIES: Final = (
    "Only docs/ is indexed, for there are translations or older versions of it beside it, and "
    "readers would find every page several times."
)


def scripts(name: str) -> Sequence[str]:
    """The names that a program called `name` may have."""
    return tuple(f"{name}.{suffix}" for suffix in ("js", "ts", "mjs", "cjs", "mts"))


def read_gatsby(config: SiteConfig, folder: Path) -> Site:
    """A Gatsby site: its posts are where a plugin is told to look for files."""
    places = [folder / found[1].strip("/") for found in _GATSBY_PATH.finditer(config.code)]
    with_posts = [place for place in dict.fromkeys(places) if has_markdown(place)]
    usual = [folder / name for name in ("content/blog", "content", "src/posts", "posts", "blog")]
    found = with_posts or [place for place in usual if has_markdown(place)] or [folder / "content"]
    notes: tuple[str, ...] = (_BY_CODE.format(generator="Gatsby"),)
    if len(with_posts) > 1:
        others = ", ".join(place.relative_to(folder).as_posix() for place in with_posts[1:])
        notes += (f"There are posts in {others}, too; name the folder above to have them all.",)
    return Site(
        content=found[0],
        base_url=web_address(config.literal("siteUrl"), config.literal("pathPrefix")),
        title=config.literal("title"),
        notes=notes,
    )


def read_eleventy(config: SiteConfig, folder: Path) -> Site:
    """An Eleventy site: its input folder, and what its data files say of the site."""
    content = folder / (config.literal("input") or ".")
    data = [
        read_config(place / "_data" / f"{name}.{suffix}")
        for place in (content, folder)
        for name in ("metadata", "site")
        for suffix in ("json", "js", "cjs", "mjs")
    ]
    return Site(
        content=content,
        base_url=_first(web_address(each.string("url") or each.literal("url")) for each in data),
        title=_first(each.string("title") or each.literal("title") for each in data),
        language=_first(each.string("language") or each.literal("language") for each in data),
        permalink="/:sections/:slug",
    )


def read_astro(config: SiteConfig, folder: Path) -> Site:
    """An Astro site: its collections, with the address of one whose route has another name."""
    collections = folder / "src" / "content"
    content, permalink = collections, ""
    if has_markdown(collections / "docs") and "starlight" in config.code:
        content = collections / "docs"
    elif not has_markdown(collections):
        content = folder / "src" / "pages"
    else:
        names = [path.name for path in sorted(collections.iterdir()) if has_markdown(path)]
        pages = folder / "src" / "pages"
        routes = [path.parent.relative_to(pages).as_posix() for path in pages.rglob("[[]*].astro")]
        if len(names) == 1 and len(routes) == 1 and routes[0] != names[0]:
            content = collections / names[0]
            permalink = "" if routes[0] == "." else f"/{routes[0]}/:sections/:slug"
    return Site(
        content=content,
        base_url=web_address(config.literal("site"), config.literal("base")),
        permalink=permalink,
        notes=(_BY_CODE.format(generator="Astro"),),
    )


def read_docusaurus(config: SiteConfig, folder: Path) -> Site:
    """A Docusaurus site: docs and blog, each with its own pattern."""
    docs, blog = _DOCS_BASE.search(config.code), _BLOG_BASE.search(config.code)
    docs_base = docs[1].strip("/") if docs else "docs"
    blog_base = f"/{blog[1].strip('/') if blog else 'blog'}".rstrip("/")
    has_copies = any((folder / name).is_dir() for name in ("versioned_docs", "i18n"))
    is_docs_alone = has_copies or not docs_base or not has_markdown(folder / "blog")
    by_folder: dict[str, Sequence[str]] = {}
    if is_docs_alone and has_markdown(folder / "docs"):
        content = folder / "docs"
        prefix = f"/{docs_base}" if docs_base else ""
        by_folder[WHOLE_FOLDER] = [f"{prefix}/:own_slug", f"{prefix}/:sections/:filename"]
    else:
        content = folder
        by_folder["docs"] = [f"/{docs_base}/:own_slug", f"/{docs_base}/:sections/:filename"]
        by_folder["blog"] = [f"{blog_base}/:own_slug", f"{blog_base}/:year/:month/:day/:slug"]
        by_folder["src/pages"] = ["/:sections/:filename"]
    return Site(
        content=content,
        base_url=web_address(config.literal("url"), config.literal("baseUrl")),
        title=config.literal("title"),
        language=config.literal("defaultLocale"),
        permalinks=by_folder,
        notes=(_COPIES,) if has_copies and content != folder else (),
    )


def read_pelican(config: SiteConfig, folder: Path) -> Site:
    """A Pelican site; the address that it is published at stands in a file of its own."""
    published = read_config(folder / "publishconf.py")
    is_slug_of_title = config.string("SLUGIFY_SOURCE") != "basename"
    by_folder = {}
    for name, setting, default in (
        (WHOLE_FOLDER, "ARTICLE_URL", "{slug}.html"),
        ("pages", "PAGE_URL", "pages/{slug}.html"),
    ):
        written = config.string(setting) or default
        by_folder[name] = patterns.of_pelican(written, is_slug_of_title=is_slug_of_title)
    return Site(
        content=folder / (config.string("PATH") or "content"),
        base_url=web_address(published.string("SITEURL") or config.string("SITEURL")),
        title=config.string("SITENAME"),
        language=config.string("DEFAULT_LANG"),
        permalinks={name: each for name, each in by_folder.items() if each},
    )


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")
