"""What posts are sorted, filtered and counted by, as columns over all posts.

    timestamps[D]      seconds since 1970, UNDATED for none
    newest_rank[D]     the place of each post among all, newest first, then by path
    boosts[D]          what each post's scores are multiplied by
    is_popular[D]      whether the author calls it popular or featured
    <labels>.values.*  the distinct values, letter case and accents aside, in the order of their
                       folded forms (`<labels>.keys.*`), each in the spelling that most posts use
    <labels>.starts[V + 1], <labels>.docs    the posts of each value, rising
    <groups>.of[D]     the group of each post, counted from 0; -1 for a post in none
    <groups>.starts[G + 1], <groups>.docs    the posts of each group, in their order
    series.parts[D]    the number of each post within its series; 0 for a post in none
    series.names.*     what each series is called

Labels are tags, categories, authors, langs and year; groups are series and translations.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from index.analysis import fold
from index.arrays import write_array, write_strings
from index.layout import UNDATED
from index.post import Post
from index.series import find_series
from index.translations import find_translations


def write_columns(directory: Path, posts: Sequence[Post]) -> None:
    """Writes the columns of all posts, in the order of their numbers, to a new folder."""
    directory.mkdir()
    timestamps = [int(post.date.timestamp()) if post.date else UNDATED for post in posts]
    write_array(directory, "timestamps", timestamps, np.int64)
    write_array(directory, "newest_rank", _newest_rank(timestamps), np.int32)
    write_array(directory, "boosts", [post.search.boost for post in posts], np.float64)
    write_array(directory, "is_popular", [post.popular or post.featured for post in posts], bool)
    for name, labels in _labels(posts).items():
        write_labels(directory, name, labels)
    _write_series(directory, posts)
    _write_groups(directory, "translations", find_translations(posts), len(posts))


def write_labels(directory: Path, name: str, labels_by_document: Sequence[Sequence[str]]) -> None:
    """Writes one column of labels."""
    uses = Counter(chain.from_iterable(labels_by_document))
    spellings: dict[str, list[str]] = {}
    for label in uses:
        spellings.setdefault(fold(label), []).append(label)
    keys = sorted(spellings)
    folded = {label: key for key in keys for label in spellings[key]}
    docs: dict[str, list[int]] = {key: [] for key in keys}
    for doc, labels in enumerate(labels_by_document):
        for key in dict.fromkeys(map(folded.__getitem__, labels)):
            docs[key].append(doc)
    write_strings(directory, f"{name}.keys", keys)
    write_strings(directory, f"{name}.values", [_commonest(spellings[key], uses) for key in keys])
    starts = np.cumsum([0, *(len(docs[key]) for key in keys)])
    write_array(directory, f"{name}.starts", starts, np.int32)
    write_array(directory, f"{name}.docs", [doc for key in keys for doc in docs[key]], np.int32)


def _write_series(directory: Path, posts: Sequence[Post]) -> None:
    found = find_series(posts)
    parts = np.zeros(len(posts), np.int32)
    for series in found:
        parts[list(series.members)] = series.numbers
    write_array(directory, "series.parts", parts, np.int32)
    write_strings(directory, "series.names", [series.name for series in found])
    _write_groups(directory, "series", [series.members for series in found], len(posts))


def _write_groups(
    directory: Path, name: str, groups: Sequence[Sequence[int]], documents: int
) -> None:
    """Writes groups of documents; no document is in two."""
    group_of = np.full(documents, -1, np.int32)
    for group, members in enumerate(groups):
        group_of[list(members)] = group
    write_array(directory, f"{name}.of", group_of, np.int32)
    write_array(directory, f"{name}.starts", np.cumsum([0, *map(len, groups)]), np.int32)
    write_array(directory, f"{name}.docs", [doc for docs in groups for doc in docs], np.int32)


def _labels(posts: Sequence[Post]) -> Mapping[str, Sequence[Sequence[str]]]:
    return {
        "tags": [post.tags for post in posts],
        "categories": [post.categories for post in posts],
        "authors": [post.authors for post in posts],
        "langs": [(post.lang,) if post.lang else () for post in posts],
        "year": [(f"{post.date.year:04}",) if post.date else () for post in posts],
    }


def _newest_rank(timestamps: Sequence[int]) -> np.typing.NDArray[np.int32]:
    newest_first = sorted(range(len(timestamps)), key=lambda docnum: -timestamps[docnum])
    rank = np.empty(len(timestamps), np.int32)
    rank[newest_first] = np.arange(len(timestamps), dtype=np.int32)
    return rank


def _commonest(spellings: Iterable[str], uses: Mapping[str, int]) -> str:
    return min(spellings, key=lambda spelling: (-uses[spelling], spelling))
