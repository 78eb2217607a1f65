"""The keys of front matter that are known, and which of them a misspelt one was meant to be."""

from collections.abc import Collection
from typing import Final

from rapidfuzz.distance import OSA

from index.conventions import DATE_NAMES, IMAGE_NAMES, SUMMARY_NAMES, UPDATED_NAMES
from index.fields import normal_name
from index.groupfields import (
    OTHER_PART_NAMES,
    OTHER_TRANSLATION_NAMES,
    PART_NAMES,
    SERIES_NAMES,
    TRANSLATION_NAMES,
)
from index.visibility import EXPIRY_NAMES, PUBLISH_NAMES, UNLISTED_NAMES

MIN_KEY_CHARS: Final = 4
"""Shorter keys are too near to one another for a guess."""

MIN_CHARS_FOR_TWO: Final = 8
"""Keys of so many characters may be two slips away from the right one."""

_MEANT: Final = (
    "title", "path", "permalink", "aliases", "redirect_from", "slug", "tags", "categories",
    "category", "keywords", "topics", "taxonomies", "authors", "author", "lang", "language",
    "draft", "published", "status", "featured", "isFeatured", "popular", "isPopular",
    "externalUrl", "external_url", "related", "search", "robots",
    *DATE_NAMES, *UPDATED_NAMES, *SUMMARY_NAMES, *IMAGE_NAMES, *SERIES_NAMES, *PART_NAMES,
    *TRANSLATION_NAMES, *EXPIRY_NAMES, *PUBLISH_NAMES, *UNLISTED_NAMES,
)  # fmt: skip
_KNOWN_TO_GENERATORS: Final = """
    abbrlink archive archives audio autonumbering banner brand build bundle canonical cascade class
    classes codehilite comment comments content contributors copyright created_by credits custom
    date_format dates default deprecated disqus docs edit editor email event excerpts exclude extra
    feed file files footer format gallery guid header headless heading headline hero hidden hide
    icon id img index indexing intro items jumbotron kind label labels layout level license link
    linkTitle links list listed location locale main markup math mathjax menu menus mermaid meta
    metadata modified_by name nav next no_list noindex note notes order outline outputs owner page
    pages pagination param params parent part parts password photo photos pin pinned place post
    posts pre prev previous priority private project projects public publish published_by publisher
    rating read readtime redirect redirects ref references render reading_time resource resources
    review reviewed reviewer role schema script scripts section sections seo services share show
    sidebar sitemap site sort source sources speaker sponsor stage standalone state sticky style
    styles subtitle summaries syntax tag tagline team template templates text theme thumb time
    title2 toc tool top topic translation translations translator type types uid updates url
    urls version video view views website weight zone
""".split()
_KNOWN: Final = {
    normal_name(name.partition(".")[0])
    for name in (*_MEANT, *_KNOWN_TO_GENERATORS, *OTHER_PART_NAMES, *OTHER_TRANSLATION_NAMES)
}


def likely_meant(key: str, beside: Collection[str]) -> str:
    """The known key that `key` is a slip for; empty where it is known itself, or like none.

    A key that stands `beside` it in the same front matter was not meant.
    """
    name = normal_name(key)
    if name in _KNOWN or len(name) < MIN_KEY_CHARS or not name.isalpha():
        return ""
    present = {normal_name(other) for other in beside}
    most = 2 if len(name) >= MIN_CHARS_FOR_TWO else 1
    candidates = [
        (distance, meant)
        for meant in _MEANT
        if "." not in meant
        and normal_name(meant) not in present
        and (distance := OSA.distance(name, normal_name(meant), score_cutoff=most)) <= most
    ]
    return min(candidates, default=(0, ""), key=lambda each: each[0])[1]
