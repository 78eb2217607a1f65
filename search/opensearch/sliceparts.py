"""What a slice has of its posts, laid out as the embedded engine has it of all posts."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.analysis import fold
from index.blocks import BLOCKS
from search.embedded.concepts import Concepts
from search.embedded.groups import Groups, SeriesGroups
from search.embedded.labels import Labels, LabelValues, Mask
from search.embedded.postings import Postings
from search.embedded.sortedstrings import SortedStrings
from search.embedded.texts import TextArrays, Texts
from search.embedded.vectors import BlockRows
from search.opensearch.columnkeys import ColumnKeys
from search.opensearch.posts import Record, StoredPost

_EMPTY: Final[Record] = {}

Ints = npt.NDArray[np.integer[Any]]


class SliceLabels(Labels):
    """The values that each of some posts has in one field."""

    def __init__(self, values: LabelValues, name: str, posts: Sequence[StoredPost]) -> None:
        super().__init__(values)
        self._name = name
        self._posts = posts

    def mask(self, wanted: Sequence[str]) -> Mask:
        """The documents that have any of the wanted values, letter case and accents aside."""
        folded = frozenset(map(fold, wanted))
        has = [not folded.isdisjoint(post.labels[self._name]) for post in self._posts]
        return np.array(has, np.bool_)


def texts_of(posts: Sequence[StoredPost], postings: Postings) -> Texts:
    """The texts of those posts that came with them; the others have none."""
    first_units = postings.first_units
    first_positions = postings.unit_starts[first_units].astype(np.int64)
    text_starts = np.zeros(int(first_units[-1]) + 1, np.int64)
    word_starts = np.zeros(int(first_positions[-1]), np.uint32)
    word_bytes = np.zeros(int(first_positions[-1]), np.uint16)
    texts: list[npt.NDArray[np.uint8]] = []
    anchors: list[str] = []
    first_sections = [0]
    end = 0
    for doc, post in enumerate(posts):
        units = slice(int(first_units[doc]) + 1, int(first_units[doc + 1]) + 1)
        if record := post.records.get("texts"):
            positions = slice(*first_positions[doc : doc + 2].tolist())
            text_starts[units] = record["text_starts"][1:] + np.int64(end)
            word_starts[positions] = record["word_starts"]
            word_bytes[positions] = record["word_bytes"]
            texts.append(record["text"])
            end += len(record["text"])
            anchors += record["anchors"].tobytes().decode().split("\n")[:-1]
        else:
            text_starts[units] = end
        first_sections.append(len(anchors))
    return Texts(
        TextArrays(
            texts=np.concatenate([np.zeros(0, np.uint8), *texts]).data,
            text_starts=text_starts.data,
            word_starts=word_starts.data,
            word_bytes=word_bytes.data,
            first_sections=first_sections,
            anchors=anchors,
        ),
        postings,
    )


def rows_of(posts: Sequence[StoredPost], keys: ColumnKeys, starts: Ints) -> BlockRows:
    """The vectors of those posts that came with them; `starts` are those of the whole matrix.

    Columns that the site no longer has are left out.
    """
    records = [post.records.get("vectors", _EMPTY) for post in posts]
    lengths = [len(record["keys"]) if record else 0 for record in records]
    blocks = _joined(records, "block", np.uint8)
    columns = keys.columns(blocks, _joined(records, "keys", np.uint64))
    is_known = columns >= 0
    rows = np.repeat(np.arange(len(posts)), lengths) * len(BLOCKS) + blocks
    counts = np.bincount(rows[is_known], minlength=len(posts) * len(BLOCKS))
    return BlockRows(
        _joined(records, "weights", np.uint16)[is_known],
        columns[is_known],
        np.cumsum([0, *counts]),
        starts,
    )


def concepts_of(posts: Sequence[StoredPost]) -> Concepts:
    """The sketches and concepts of posts that came with their uses."""
    records = [post.records.get("uses", _EMPTY) for post in posts]
    lengths = np.array([len(record["sketch_keys"]) if record else 0 for record in records], np.intp)
    _, columns = np.unique(_joined(records, "sketch_keys", np.uint64), return_inverse=True)
    shape = (len(posts), max(1, int(lengths.max(initial=0))))
    terms, weights = np.zeros(shape, np.intp), np.zeros(shape, np.int64)
    is_there = np.arange(shape[1]) < lengths[:, None]
    terms[is_there] = columns
    weights[is_there] = _joined(records, "sketch_weights", np.uint16)
    known = [record["concepts"] for record in records if record]
    size = len(known[0]) if known else 0
    concepts = [record["concepts"] if record else np.zeros(size, np.int16) for record in records]
    return Concepts(terms, weights, np.array(concepts, np.int16).reshape(len(posts), size))


def groups_of(posts: Sequence[StoredPost], name: str) -> tuple[Ints, Ints, Ints]:
    """The groups of posts by one of their facts, each in the order of its parts, then of paths.

    What Groups is made of.
    """
    group_of = np.array([int(post.facts.get(name, -1)) for post in posts], np.int64)
    parts = np.array([int(post.facts.get("series_part", 0)) for post in posts], np.int64)
    docs = (
        np.lexsort((parts, group_of)) if name == "series" else np.argsort(group_of, kind="stable")
    )
    docs = docs[group_of[docs] >= 0]
    firsts = np.flatnonzero(np.diff(group_of[docs], prepend=-1))
    numbered = np.full(len(posts), -1, np.int64)
    numbered[docs] = np.repeat(np.arange(len(firsts)), np.diff(firsts, append=len(docs)))
    return numbered, np.append(firsts, len(docs)), docs


def series_of(posts: Sequence[StoredPost], names: SortedStrings) -> SeriesGroups:
    """The series that posts are parts of; `names` are those of all series of the site."""
    numbered, starts, docs = groups_of(posts, "series")
    called = [str(names[int(posts[doc].facts["series"])]) for doc in docs[starts[:-1]].tolist()]
    parts = np.array([int(post.facts.get("series_part", 0)) for post in posts], np.int64)
    return SeriesGroups((numbered, starts, docs), called, parts)


def translations_of(posts: Sequence[StoredPost]) -> Groups:
    """The posts among them that are one post in several languages."""
    return Groups(*groups_of(posts, "translation"))


def _joined(records: Sequence[Record], name: str, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *(record[name] for record in records if record)])
