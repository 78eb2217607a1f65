"""The fields of a post as JSON, and back; its sections and HTML are kept elsewhere."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from index.post import Link, Post, SearchHints

_DATES: Final = ("date", "updated")
_TUPLES: Final = ("tags", "categories", "authors", "aliases", "related")
_LEFT_OUT: Final = ("sections", "html")


def post_to_json(post: Post) -> bytes:
    """The fields of a post, those that have their default left out."""
    values: dict[str, Any] = {}
    for name in Post.__dataclass_fields__:
        value = getattr(post, name)
        if name not in _LEFT_OUT and value != Post.__dataclass_fields__[name].default:
            values[name] = value
    for name in _DATES:
        if name in values:
            values[name] = values[name].isoformat()
    if post.search == SearchHints():
        del values["search"]
    else:
        values["search"] = asdict(post.search)
    if post.links:
        values["links"] = [(link.target, link.text) for link in post.links]
    return json.dumps(values, separators=(",", ":")).encode()


def post_from_json(data: bytes) -> Post:
    """The post that these are the fields of, without sections and HTML."""
    fields = json.loads(data)
    for name in _DATES:
        if name in fields:
            fields[name] = datetime.fromisoformat(fields[name])
    for name in _TUPLES:
        if name in fields:
            fields[name] = tuple(fields[name])
    if "links" in fields:
        fields["links"] = tuple(Link(target, text) for target, text in fields["links"])
    if "search" in fields:
        hints = fields["search"]
        fields["search"] = SearchHints(
            hints["boost"], tuple(hints["pin"]), tuple(hints["keywords"])
        )
    return Post(**fields)
