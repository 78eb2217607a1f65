"""The generators whose configuration is data: what each says of its site, by its documentation."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from index import patterns
from index.permalinks import WHOLE_FOLDER
from index.scriptedgenerators import (
    read_astro,
    read_docusaurus,
    read_eleventy,
    read_gatsby,
    read_pelican,
    scripts,
)
from index.siteconfig import SiteConfig, read_config, web_address
from index.sites import Kind, Site, has_markdown

_HEXO_KEYS: Final = ("source_dir", "public_dir", "new_post_name", "skip_render")
_HUGO_NAMES: Final = tuple(
    f"{place}{name}.{suffix}"
    for place, name in (
        ("", "hugo"),
        ("config/_default/", "hugo"),
        ("config/_default/", "config"),
        ("", "config"),
    )
    for suffix in ("toml", "yaml", "yml", "json")
)
_UNTRANSLATABLE: Final = (
    "The permalink {pattern} asks for something that Signpost can't know. "
    "Compare the address of a post or two, and see the guide on paths and permalinks."
)


def _hugo(config: SiteConfig, folder: Path) -> Site | None:
    if config.get("base_url") or not config.values or config.get("source_dir"):
        return None  # Zola has a config.toml, too
    is_named_after_it = config.file.stem == "hugo" or config.file.parent.name == "_default"
    if not is_named_after_it and config.get("baseURL") is None:
        return None
    by_folder, notes = {}, []
    for name, pattern in _hugo_permalinks(config).items():
        section = name.strip("/")
        by_folder[section or WHOLE_FOLDER] = patterns.of_hugo(pattern, section)
        if not by_folder[section or WHOLE_FOLDER]:
            notes.append(_UNTRANSLATABLE.format(pattern=pattern))
    return Site(
        content=folder / (config.string("contentDir") or "content"),
        base_url=web_address(config.string("baseURL")),
        title=config.string("title"),
        language=config.string("defaultContentLanguage") or config.string("languageCode"),
        permalink="/:sections/:own_slug",
        permalinks={section: each for section, each in by_folder.items() if each},
        notes=tuple(notes),
    )


def _hugo_permalinks(config: SiteConfig) -> Mapping[str, str]:
    """The patterns of sections: all of them, or those for pages where kinds are told apart."""
    table = config.get("permalinks")
    pages = config.get("permalinks", "page")
    chosen = pages if isinstance(pages, Mapping) else table if isinstance(table, Mapping) else {}
    return {str(name): value for name, value in chosen.items() if isinstance(value, str)}


def _zola(config: SiteConfig, folder: Path) -> Site | None:
    if not config.string("base_url"):
        return None
    return Site(
        content=folder / "content",
        base_url=web_address(config.string("base_url")),
        title=config.string("title"),
        language=config.string("default_language"),
        permalink="/:sections/:slug",
    )


def _jekyll(config: SiteConfig, folder: Path) -> Site:
    written = config.string("permalink")
    posts = patterns.of_jekyll(written)
    by_folder = {"_posts": posts} | _jekyll_collections(config)
    return Site(
        content=folder / (config.string("source") or "."),
        base_url=web_address(config.string("url"), config.string("baseurl")),
        title=config.string("title"),
        language=config.string("lang"),
        permalinks={name: each for name, each in by_folder.items() if each},
        notes=() if posts else (_UNTRANSLATABLE.format(pattern=written),),
    )


def _jekyll_collections(config: SiteConfig) -> dict[str, Sequence[str]]:
    """The patterns of the collections that have pages, which lie in folders with an underscore."""
    collections = config.get("collections")
    by_folder = {}
    for name, options in collections.items() if isinstance(collections, Mapping) else ():
        if name != "posts" and isinstance(options, Mapping) and options.get("output") is True:
            pattern = str(options.get("permalink") or "/:collection/:path:output_ext")
            for asked, known in (
                (":collection", name),
                (":path", ":sections/:filename"),
                (":name", ":slug"),
            ):
                pattern = pattern.replace(asked, known)
            by_folder[f"_{name}"] = patterns.of_jekyll(pattern)
    return by_folder


def _hexo(config: SiteConfig, folder: Path) -> Site | None:
    package = read_config(folder / "package.json")
    is_hexo = any(config.get(key) is not None for key in _HEXO_KEYS)
    if not is_hexo and not package.get("dependencies", "hexo"):
        return None
    written = config.string("permalink") or ":year/:month/:day/:title/"
    posts = patterns.of_hexo(
        written,
        config.string("default_category") or "uncategorized",
        has_dated_names=":day" in config.string("new_post_name"),
    )
    language = config.get("language")
    return Site(
        content=folder / (config.string("source_dir") or "source"),
        base_url=web_address(config.string("url")),
        title=config.string("title"),
        language=str(language[0])
        if isinstance(language, list) and language
        else str(language or ""),
        permalinks={"_posts": posts} if posts else {},
        notes=() if posts else (_UNTRANSLATABLE.format(pattern=written),),
    )


def _mkdocs(config: SiteConfig, folder: Path) -> Site:
    blog = _mkdocs_blog(config)
    by_folder, notes = {}, []
    if blog is not None:
        home = str(blog.get("blog_dir") or "blog").strip("./")
        posts = str(blog.get("post_dir") or "{blog}/posts").replace("{blog}", home).strip("/")
        written = f"{home}/{blog.get('post_url_format') or '{date}/{slug}'}"
        date_format = str(blog.get("post_url_date_format") or "yyyy/MM/dd")
        translated = patterns.of_mkdocs_blog(written, date_format)
        if translated:
            by_folder[posts] = translated
        else:
            notes.append(_UNTRANSLATABLE.format(pattern=written))
    has_folder_addresses = config.get("use_directory_urls") is not False
    return Site(
        content=folder / (config.string("docs_dir") or "docs"),
        base_url=web_address(config.string("site_url")),
        title=config.string("site_name"),
        language=config.string("theme", "language"),
        permalink="" if has_folder_addresses else "/:folders/:basename.html",
        permalinks=by_folder,
        notes=tuple(notes),
    )


def _mkdocs_blog(config: SiteConfig) -> Mapping[str, Any] | None:
    """The options of the blog plugin; None where it is not in use."""
    plugins = config.get("plugins")
    for plugin in plugins if isinstance(plugins, list) else [plugins]:
        if isinstance(plugin, str) and plugin.removeprefix("material/") == "blog":
            return {}
        for name, options in plugin.items() if isinstance(plugin, Mapping) else ():
            if str(name).removeprefix("material/") == "blog":
                return options if isinstance(options, Mapping) else {}
    return None


def _docfx(config: SiteConfig, folder: Path) -> Site:
    content = config.get("build", "content")
    entries = [entry for entry in content or () if isinstance(entry, Mapping)]
    places = [(str(entry.get("src") or "."), str(entry.get("dest") or ".")) for entry in entries]
    with_posts = [each for each in places if has_markdown(folder / each[0])]
    source, target = with_posts[0] if len(with_posts) == 1 else (".", ".")
    is_learn = (folder / ".openpublishing.publish.config.json").exists() or (
        folder.parent / ".openpublishing.publish.config.json"
    ).exists()
    prefix = "/" + target.strip("./")
    suffix = "" if is_learn else ".html"
    is_plain = is_learn and prefix == "/"
    return Site(
        content=folder / source,
        base_url=web_address(config.string("build", "sitemap", "baseUrl")),
        title=config.string("build", "globalMetadata", "_appTitle"),
        permalink="" if is_plain else f"{prefix.rstrip('/')}/:folders/:basename{suffix}",
    )


KINDS: Final = (
    Kind("Docusaurus", scripts("docusaurus.config"), read_docusaurus),
    Kind("Gatsby", scripts("gatsby-config"), read_gatsby),
    Kind("Eleventy", (".eleventy.js", *scripts("eleventy.config")), read_eleventy),
    Kind("Astro", scripts("astro.config"), read_astro),
    Kind("Pelican", ("pelicanconf.py",), read_pelican),
    Kind("MkDocs", ("mkdocs.yml", "mkdocs.yaml"), _mkdocs),
    Kind("DocFX", ("docfx.json",), _docfx),
    Kind("Zola", ("zola.toml", "config.toml"), _zola),
    Kind("Hugo", _HUGO_NAMES, _hugo),
    Kind("Hexo", ("_config.yml", "_config.yaml"), _hexo),
    Kind("Jekyll", ("_config.yml", "_config.yaml", "_config.toml"), _jekyll),
)
"""Every generator that is known, in the order in which they are looked for: Zola before Hugo and
Hexo before Jekyll, whose files have the same names."""
