"""What the fields of a post mean, in every site generator's way of writing them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from index.dates import date_in_name, date_in_path, read_date
from index.fields import Fields, Found, as_flag, as_text, kind_of, shown
from index.frontmatter import FrontMatter
from index.groupfields import read_series, read_series_part, read_translation_key
from index.paths import default_slug, is_index, normalize_path, path_of_file
from index.permalinks import PatternValues, Permalinks, expand, has_placeholders, is_template
from index.post import Problem, SearchHints
from index.visibility import Verdict, read_verdicts

DATE_NAMES = (
    "date", "pubDate", "pubDatetime", "published_at", "publishedDate", "datePublished",
    "publishDate", "created", "created_at", "dateCreated", "ms.date", "date.created",
)  # fmt: skip
UPDATED_NAMES = (
    "lastmod", "updated", "modified", "last_modified_at", "updatedDate", "dateModified",
    "modDatetime", "updated_at", "last_update.date", "lastUpdated", "date.updated",
)  # fmt: skip
SUMMARY_NAMES = ("ogSummary", "description", "summary", "excerpt", "deck")
IMAGE_NAMES = (
    "ogImage", "image", "cover", "heroImage", "coverImage", "featuredImage", "featured_image",
    "thumbnail", "images", "ogImageUrl",
)  # fmt: skip
_IMAGE_KEYS = ("src", "url", "image", "path", "relative", "feature")
_COMPUTED_DATES = frozenset({"last modified", "created", "git last modified", "git created"})
"""Eleventy's words for "look it up yourself": no date that can be read, and no mistake."""

MAX_BOOST = 100.0
"""A larger boost would put a post above every title match; that is what `pin` is for."""

_SILENT_FOLDERS = frozenset({"_posts", "_drafts", "posts", "post", "blog", "content", "docs"})
"""Folders whose names say nothing of what is in them."""

_DATE_FOLDER = re.compile(r"\d{4}(?:[-_]\d{1,2}){0,2}(?:[-_ ].*)?|\d{2}-\d{2}-\d{4}.*")
_LANGUAGE_CODES = frozenset(
    """af ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl he hi hr hu hy id is it
    ja ka kk km ko lt lv mk ml mn mr ms my nb ne nl nn no pa pl pt ro ru si sk sl sq sr sv sw ta te
    th tr uk ur uz vi zh""".split()
)
_LANGUAGE_SUFFIX = re.compile(r"([a-z]{2})(?:-[A-Za-z]{2,4})?")
_WEB_URL = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PostFields:
    """Everything that front matter and a file's place say of a post.

    `title` may be empty: then it is for the body or the file's name to give one. `verdicts` are
    the reasons to leave the post out; `problems` what is wrong with the lesser fields.
    """

    title: str
    date: datetime | None
    updated: datetime | None
    summary: str
    image: str
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    authors: tuple[str, ...]
    aliases: tuple[str, ...]
    lang: str
    series: str
    series_part: float | None
    translation_key: str
    featured: bool
    popular: bool
    external_url: str
    related: tuple[str, ...]
    search: SearchHints
    written_path: str
    path_line: int
    path_field: str
    slug: str
    verdicts: tuple[Verdict, ...]
    problems: tuple[Problem, ...]


def read_fields(front: FrontMatter, source: str, *, is_post_folder: bool = False) -> PostFields:
    """The fields of the post in the file `source`, relative to the folder of posts.

    `is_post_folder` says that the file's folder holds nothing else that could be a post. Raises
    MalformedPostError for what leaves open whether the post may be seen: a publishing or expiry
    date, or a draft mark, that cannot be read.
    """
    fields = Fields(front, source)
    written_path, path_found = _written_path(fields)
    date_found = _date_field(fields)
    date = fields.must_be_date(date_found) if date_found else _date_of_place(written_path, source)
    uses_spaces = "_posts" in PurePosixPath(source).parts
    return PostFields(
        title=fields.text("title"),
        date=date,
        updated=_updated(fields),
        summary=fields.text(*SUMMARY_NAMES),
        image=_image(fields),
        tags=_tags(fields, uses_spaces=uses_spaces),
        categories=_categories(
            fields, source, uses_spaces=uses_spaces, is_post_folder=is_post_folder
        ),
        authors=_authors(fields),
        aliases=_paths(fields, "aliases", "alias", "redirect_from", "redirects"),
        lang=fields.text("lang", "language", "locale") or _language_of_file(source),
        series=read_series(fields),
        series_part=read_series_part(fields),
        translation_key=read_translation_key(fields),
        featured=fields.flag("featured", "isFeatured"),
        popular=fields.flag("popular", "isPopular"),
        external_url=_external_url(fields),
        related=_paths(fields, "related"),
        search=_search_hints(fields),
        written_path=written_path,
        path_line=fields.line_of(path_found) if path_found else 1,
        path_field=path_found.key if path_found else "",
        slug=fields.text("slug"),
        verdicts=read_verdicts(
            fields, source, date, fields.line_of(date_found) if date_found else 1
        ),
        problems=tuple(fields.problems),
    )


def canonical_path(
    fields: PostFields, title: str, source: str, permalink: str | Permalinks = ""
) -> str:
    """The post's identity: the path it names, else the site's pattern, else the file's place."""
    permalinks = Permalinks(permalink) if isinstance(permalink, str) else permalink
    values = PatternValues(source, fields.date, fields.slug, title, fields.categories)
    written = fields.written_path
    if written and has_placeholders(written):
        expanded = expand(written, values)
        if expanded:
            return expanded
    elif written:
        return normalize_path(written)
    return permalinks.path_of(values) or path_of_file(source)


def title_from_name(source: str) -> str:
    """A file's name in words, for a post that has no title anywhere."""
    words = " ".join(re.split(r"[-_\s]+", default_slug(source))).strip()
    return words[:1].upper() + words[1:] if words else "Home"


def _written_path(fields: Fields) -> tuple[str, Found | None]:
    """The path, permalink or url that front matter gives in so many words, and where."""
    for name in ("path", "permalink", "url"):
        found = fields.find(name, own_only=True)
        if found is None or found.value is False:
            continue
        text = as_text(found.value)
        if text is None:
            fields.note(found, f"{shown(found.key)} must be a path, not {kind_of(found.value)}")
        elif not is_template(text):
            return text, found
    return "", None


def _date_field(fields: Fields) -> Found | None:
    """The field that says when a post is from, if one does."""
    found = fields.find(*DATE_NAMES)
    if found and isinstance(found.value, Mapping):
        found = fields.find("date.created")  # MkDocs: `date: {created: …, updated: …}`
    if found is None:
        published = fields.find("published")  # a day in some blogs, a yes or no in others
        found = published if published and as_flag(published.value) is None else None
    is_computed = found and str(found.value).strip().lower() in _COMPUTED_DATES
    return None if is_computed else found


def _date_of_place(written_path: str, source: str) -> datetime | None:
    """The day that a post's path, folders or file name tell."""
    file = PurePosixPath(source)
    return (
        date_in_path(written_path)
        or date_in_path(f"/{file.parent}/")
        or date_in_path(f"/{file.parent.name}/{file.name}")
        or date_in_name(file.name)
        or date_in_name(file.parent.name)
    )


def _updated(fields: Fields) -> datetime | None:
    found = fields.find(*UPDATED_NAMES)
    if found is None or isinstance(found.value, bool):
        return None  # `lastUpdated: false` asks a theme not to show it
    if str(found.value).strip().lower() in _COMPUTED_DATES:
        return None
    try:
        return read_date(found.value)
    except ValueError as error:
        fields.note(found, str(error))
        return None


def _image(fields: Fields) -> str:
    found = fields.find(*IMAGE_NAMES)
    if found is None:
        return ""
    value: Any = found.value
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next((value[key] for key in _IMAGE_KEYS if isinstance(value.get(key), str)), "")
    text = as_text(value)
    if text is None:
        fields.note(found, f"{shown(found.key)} must be an image's address, not {kind_of(value)}")
        return ""
    if _SCHEME.match(text) and not _WEB_URL.match(text):
        fields.note(found, f"{shown(text)} is not an image's address on the web or on this site")
        return ""
    return text


def _tags(fields: Fields, *, uses_spaces: bool) -> tuple[str, ...]:
    found = fields.find("tags", "keywords", "topics", "taxonomies.tags", "tag")
    return fields.names(found, _splitter(uses_spaces=uses_spaces)) if found else ()


def _categories(
    fields: Fields, source: str, *, uses_spaces: bool, is_post_folder: bool
) -> tuple[str, ...]:
    found = fields.find("categories")
    if found:
        return fields.names(found, _splitter(uses_spaces=uses_spaces))
    found = fields.find("category", "taxonomies.categories")
    if found:
        return fields.names(found, _splitter(uses_spaces=False))
    folder = _first_folder(source)
    is_own_folder = is_post_folder and is_index(source) and len(PurePosixPath(source).parts) == 2
    says_nothing = folder.lower() in _SILENT_FOLDERS or _DATE_FOLDER.fullmatch(folder)
    return () if not folder or is_own_folder or says_nothing else (folder,)


def _authors(fields: Fields) -> tuple[str, ...]:
    found = fields.find("authors", "author", "byline")
    return fields.names(found, _split_names) if found else ()


def _paths(fields: Fields, *names: str) -> tuple[str, ...]:
    """A field of paths, canonical; from a list, or from one text."""
    found = fields.find(*names)
    if found is None or isinstance(found.value, bool):
        return ()  # `related: false` asks a theme not to show its own list
    value = found.value if isinstance(found.value, list) else [found.value]
    texts = [
        as_text(item.get("path") or item.get("url") if isinstance(item, dict) else item)
        for item in value
        if item is not None
    ]
    if None in texts:
        fields.note(found, f"{shown(found.key)} must be a list of paths")
    return tuple(dict.fromkeys(normalize_path(text) for text in texts if text))


def _external_url(fields: Fields) -> str:
    found = fields.find("externalUrl", "external_url") or fields.find("link", own_only=True)
    if found is None:
        return ""
    text = as_text(found.value)
    if text and _WEB_URL.match(text):
        return text
    if found.key != "link":
        fields.note(found, f"{shown(found.key)} must be an address that begins with https://")
    return ""


def _search_hints(fields: Fields) -> SearchHints:
    found = fields.find("search")
    if found is None or isinstance(found.value, bool):
        return SearchHints()
    if not isinstance(found.value, dict):
        if as_flag(found.value) is None:
            fields.note(found, '"search" must be a group of fields: boost, pin, keywords, exclude')
        return SearchHints()
    pin = fields.find("search.pin")
    keywords = fields.find("search.keywords")
    return SearchHints(
        boost=_boost(fields),
        pin=fields.names(pin, lambda text: [text]) if pin else (),
        keywords=fields.names(keywords, _split_at_commas) if keywords else (),
    )


def _boost(fields: Fields) -> float:
    found = fields.find("search.boost")
    if found is None:
        return 1.0
    try:
        boost = float(found.value) if isinstance(found.value, (str, int, float)) else -1.0
    except (ValueError, OverflowError):
        boost = -1.0
    if isinstance(found.value, bool) or not 0 < boost <= MAX_BOOST:
        fields.note(
            found, f"{shown(str(found.value))} is no boost; give a number up to {MAX_BOOST:g}"
        )
        return 1.0
    return boost


def _splitter(*, uses_spaces: bool) -> Any:
    return _split_at_spaces if uses_spaces else _split_at_commas


def _split_at_commas(text: str) -> list[str]:
    return text.split(",")


def _split_at_spaces(text: str) -> list[str]:
    """Jekyll's way: words apart are tags apart, unless there are commas."""
    return text.split(",") if "," in text else text.split()


def _split_names(text: str) -> list[str]:
    """Authors apart by semicolons where there are any (Pelican's `Hopper, Grace; …`)."""
    return text.split(";") if ";" in text else text.split(",")


def _first_folder(source: str) -> str:
    parts = PurePosixPath(source).parts
    return (as_text(parts[0]) or "") if len(parts) > 1 else ""


def _language_of_file(source: str) -> str:
    """`fr` of a file `name.fr.md`, as Hugo has it."""
    suffixes = PurePosixPath(source).suffixes
    found = _LANGUAGE_SUFFIX.fullmatch(suffixes[-2][1:]) if len(suffixes) > 1 else None
    return found[0] if found and found[1] in _LANGUAGE_CODES else ""
