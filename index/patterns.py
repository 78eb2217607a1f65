"""Permalink patterns of generators, put into Signpost's own."""

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

from index.permalinks import unknown_placeholders

JEKYLL_STYLES: Final = {
    "": "/:categories/:year/:month/:day/:title:output_ext",
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_HUGO: Final = {
    ":slugorcontentbasename": [":own_slug", ":filename"],
    ":slugorfilename": [":own_slug", ":filename"],
    ":contentbasename": [":filename"],
    ":slug": [":own_slug", ":title"],
}
_JEKYLL: Final = {
    ":output_ext": [".html"],
    ":slugified_categories": [":categories", ""],
    ":categories": [":categories", ""],
    ":title": [":slug"],
}
_PELICAN_FIELDS: Final = {"category": ":categories", "slug": ":slug"}
_ASKED = re.compile(r"(:[a-z_]+)")
_DATE_CODES: Final = {"%Y": ":year", "%m": ":month", "%d": ":day", "%-m": ":i_month"}
_DATE_CODES_OF_MKDOCS: Final = {"yyyy": ":year", "MM": ":month", "dd": ":day"}


def of_hugo(pattern: str, section: str) -> Sequence[str]:
    """The patterns to be tried in a section for one of Hugo's; none if it can't be put so."""
    first = section.partition("/")[0]
    own = {":section": [first], ":sections": [f"{section}/:sections"]} if section else {}
    return _translated(pattern, _HUGO | own)


def of_jekyll(pattern: str) -> Sequence[str]:
    """The same for Jekyll, where `:title` is the file's name, or for the name of a style."""
    return _translated(JEKYLL_STYLES.get(pattern.strip(), pattern), _JEKYLL)


def of_hexo(pattern: str, default_category: str, *, has_dated_names: bool) -> Sequence[str]:
    """The same for Hexo, where a post has the default category if it has none of its own."""
    name = ":slug" if has_dated_names else ":filename"  # relative to _posts, with its folders
    wordings = {
        ":post_title": [":title"],
        ":category": [":categories", default_category],
        ":title": [f":sections/{name}"],
        ":name": [name],
    }
    return _translated(pattern, wordings)


def of_pelican(pattern: str, *, is_slug_of_title: bool) -> Sequence[str]:
    """The same for Pelican's `ARTICLE_URL`, such as `{date:%Y}/{slug}.html`."""
    written = re.sub(
        r"\{date:([^{}]*)\}", lambda found: _with_codes(found[1], _DATE_CODES), pattern
    )
    written = re.sub(
        r"\{(\w+)\}", lambda found: _PELICAN_FIELDS.get(found[1], ":" + found[1]), written
    )
    slugs = [":own_slug", ":title" if is_slug_of_title else ":filename"]
    return _translated(written, {":slug": slugs}) if not re.search(r"[{}%]", written) else ()


def of_mkdocs_blog(pattern: str, date_format: str) -> Sequence[str]:
    """The same for the `post_url_format` of the blog in Material for MkDocs."""
    date = _with_codes(date_format, _DATE_CODES_OF_MKDOCS)
    written = pattern.replace("{date}", date).replace("{file}", ":filename")
    written = written.replace("{categories}", ":categories").replace("{slug}", ":slug")
    slugs = [":own_slug", ":title"]
    return _translated(written, {":slug": slugs}) if "{" not in written else ()


def _translated(pattern: str, wordings: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The patterns with each of the wordings of what they ask for, in order of preference."""
    parts = _ASKED.split(pattern.strip())
    choices = product(*(wordings.get(part, [part]) for part in parts))
    patterns = ["/" + re.sub(r"/{2,}", "/", "".join(choice)).lstrip("/") for choice in choices]
    return () if any(map(unknown_placeholders, patterns)) else tuple(dict.fromkeys(patterns))


def _with_codes(written: str, codes: Mapping[str, str]) -> str:
    for code, placeholder in codes.items():
        written = written.replace(code, placeholder)
    return written
