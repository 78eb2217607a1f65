"""A post as the cluster gave it: its stored fields, facts to sort and group by, and records."""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.analysis import fold
from index.layout import UNDATED
from index.opensearch.layout import FIELDS, RECORDS, unpack

Json = Mapping[str, Any]
Record = Mapping[str, npt.NDArray[Any]]

FACTS: Final = ("series", "series_part", "translation")
"""What is fetched with the stored fields of every post."""

_BYTES_OF_FIELDS: Final = 6_000
"""About what the stored fields of a post take in memory."""


@dataclass
class StoredPost:
    """`fields` are as the generation has them, `facts` those of FACTS that the post has.

    `records` are its packed arrays by name: those that were asked for so far.
    """

    fields: Json
    facts: Json
    records: dict[str, Record] = field(default_factory=dict)

    @classmethod
    def of(cls, hit: Json) -> "StoredPost":
        """The post of a hit that came with its fields."""
        given = hit["fields"]
        post = cls(
            json.loads(base64.b64decode(given[FIELDS][0])),
            {name: given[name][0] for name in FACTS if name in given},
        )
        post.add_records(given)
        return post

    def add_records(self, given: Json) -> None:
        """Takes the records that came with a hit."""
        for name in RECORDS:
            if name in given:
                self.records[name] = unpack(base64.b64decode(given[name][0]))

    @cached_property
    def path(self) -> str:
        """Its canonical path."""
        return str(self.fields["path"])

    @cached_property
    def timestamp(self) -> int:
        """Seconds since 1970; UNDATED for a post without a date."""
        date = self.fields["date"]
        return int(datetime.fromisoformat(date).timestamp()) if date else UNDATED

    @cached_property
    def labels(self) -> Mapping[str, frozenset[str]]:
        """Its tags, categories and so on, folded."""
        date, lang = self.fields["date"], self.fields["lang"]
        return {
            "tags": _folded(self.fields["tags"]),
            "categories": _folded(self.fields["categories"]),
            "authors": _folded(self.fields["authors"]),
            "langs": _folded([lang] if lang else []),
            "year": frozenset([date[:4]] if date else []),
        }

    @property
    def html(self) -> str:
        """Its body, where that record was asked for."""
        return zlib.decompress(self.records["html"]["html"].tobytes()).decode()

    @property
    def size_bytes(self) -> int:
        """About what it takes in memory."""
        arrays = (array.nbytes for record in self.records.values() for array in record.values())
        return _BYTES_OF_FIELDS + sum(arrays)


def in_order(posts: Iterable[StoredPost]) -> list[StoredPost]:
    """Posts in the order of their paths, each once."""
    by_path = {post.path: post for post in posts}
    return [by_path[path] for path in sorted(by_path)]


def newest_rank(posts: list[StoredPost]) -> npt.NDArray[np.int32]:
    """The place of each post among them, newest first, then by path; they are in that order."""
    newest_first = sorted(range(len(posts)), key=lambda at: -posts[at].timestamp)
    rank = np.empty(len(posts), np.int32)
    rank[newest_first] = np.arange(len(posts), dtype=np.int32)
    return rank


def _folded(labels: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, labels))
