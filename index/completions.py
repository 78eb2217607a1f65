"""Tags, phrases and titles, laid out so that what a reader types finds its continuations at once.

Each is an entry, numbered in the order in which it is offered: tags, then phrases, then titles. A
folder of arrays without objects, to be mapped into memory and shared by all who serve:

    kinds                       where each kind's entries end
    counts, docnums             posts of a tag or phrase; the post of a title, else -1
    groups, stand_ins           whose wordings they are; the entry that is shown instead
    texts.*                     tags and phrases as they are shown, by entry
    keys.*, entries_by_key      all entries' words, in alphabetical order, and whose they are
    words.*                     every word once, in alphabetical order
    postings, posting_ends      the entries that have each word

`<name>.bytes` and `<name>.ends` hold strings: UTF-8, each followed by a line feed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Final

import numpy as np

from index.analysis import fold
from index.arrays import write_array, write_strings
from index.phrases import Phrase
from index.post import Post
from index.titles import typed

NO_POST: Final = -1
"""The document number of an entry that is no title."""


@dataclass(slots=True)
class _Entries:
    """Entries as they are numbered; the wordings of one phrase, and its namesakes, are a group."""

    keys: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    docnums: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)

    def add(
        self, text: str, key: str, count: int, docnum: int = NO_POST, group: int | None = None
    ) -> int:
        """The group of a new entry: the one given, else its own."""
        group = len(self.keys) if group is None else group
        self.keys.append(key)
        self.texts.append(text)
        self.counts.append(count)
        self.docnums.append(docnum)
        self.groups.append(group)
        return group


def write_completions(
    directory: Path,
    posts: Sequence[Post],
    typed_titles: Sequence[str],
    phrases: Iterable[Phrase],
) -> None:
    """Writes the folder; posts in the order of their numbers, phrases best first.

    `typed_titles` are what `typed` makes of the titles of the posts.
    """
    entries = _Entries()
    kinds: list[int] = []
    for tag, count in _tags(posts):
        entries.add(tag, typed(tag), count)
    kinds.append(len(entries.keys))
    _add_phrases(entries, phrases)
    kinds.append(len(entries.keys))
    for docnum in _titles(posts):
        entries.add(posts[docnum].title, typed_titles[docnum], 1, docnum)
    kinds.append(len(entries.keys))
    stand_ins = _let_namesakes_stand_in(entries, kinds)

    directory.mkdir()
    arrays = {
        "kinds": kinds,
        "counts": entries.counts,
        "docnums": entries.docnums,
        "groups": entries.groups,
        "stand_ins": stand_ins,
    }
    by_key = sorted(range(len(entries.keys)), key=entries.keys.__getitem__)
    arrays["entries_by_key"] = by_key
    entries_by_word: dict[str, list[int]] = {}
    for number, key in enumerate(entries.keys):
        for word in dict.fromkeys(key.split()):
            entries_by_word.setdefault(word, []).append(number)
    words = sorted(entries_by_word)
    arrays["postings"] = [number for word in words for number in entries_by_word[word]]
    arrays["posting_ends"] = list(accumulate(len(entries_by_word[word]) for word in words))
    for name, values in arrays.items():
        write_array(directory, name, values, np.int32)
    write_strings(directory, "texts", entries.texts[: kinds[1]])
    write_strings(directory, "keys", [entries.keys[number] for number in by_key])
    write_strings(directory, "words", words)


def _tags(posts: Sequence[Post]) -> list[tuple[str, int]]:
    """Every tag in the spelling that most posts use, letter case aside; most used first."""
    uses = Counter(tag for post in posts for tag in post.tags)
    folded = {tag: fold(tag) for tag in uses}
    shown: dict[str, str] = {}
    for tag in sorted(uses, key=lambda tag: (-uses[tag], tag)):
        shown.setdefault(folded[tag], tag)
    counts = Counter(key for post in posts for key in {folded[tag] for tag in post.tags})
    tags = [(shown[key], count) for key, count in counts.items()]
    return sorted(tags, key=lambda tag: (-tag[1], tag[0]))


def _add_phrases(entries: _Entries, phrases: Iterable[Phrase]) -> None:
    """Adds each wording of each phrase, if no better phrase has it."""
    taken: set[str] = set()
    for phrase in phrases:
        group = None
        for form in phrase.forms:
            key = typed(form)
            if key not in taken:
                group = entries.add(form, key, phrase.documents, group=group)
                taken.add(key)


def _titles(posts: Sequence[Post]) -> list[int]:
    """The numbers of all posts: popular and featured ones first, then by newest, then by number."""

    def rank(docnum: int) -> tuple[bool, float, int]:
        post = posts[docnum]
        newest = -post.date.timestamp() if post.date else float("inf")
        return not (post.popular or post.featured), newest, docnum

    return sorted(range(len(posts)), key=rank)


def _let_namesakes_stand_in(entries: _Entries, kinds: Sequence[int]) -> list[int]:
    """For each entry the one to show, among those of the same words.

    A phrase gives way to the title that says it, for a search would bring that post first. Of a
    tag and a phrase the one with more posts is shown: often only few of the posts about something
    are tagged with it. Of tags that differ in signs alone, the most used is shown. A tag and a
    title both stay, for they lead to different places.
    """
    tags_end, phrases_end, end = kinds
    keys, counts, groups = entries.keys, entries.counts, entries.groups
    tags = {keys[number]: number for number in reversed(range(tags_end))}
    titles = {keys[number]: number for number in reversed(range(phrases_end, end))}
    shown = list(range(end))
    for phrase in range(tags_end, phrases_end):
        key = keys[phrase]
        tag, title = tags.get(key), titles.get(key)
        if title is not None:
            shown[phrase] = title
        elif tag is not None and counts[tag] >= counts[phrase]:
            shown[phrase] = tag
        elif tag is not None:
            tags[key] = phrase
        for namesake in (tag, title):
            if namesake is not None:
                groups[namesake] = groups[phrase]
    return [tags[key] if at < tags_end else shown[at] for at, key in enumerate(keys)]
