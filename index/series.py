"""Which posts are parts of one series, and in what order.

A post belongs to the series that its front matter names. Posts that name none are a series if their
titles are alike but for the number of the part. Posts in different languages are never one series:
a series that is translated is one in each language.
"""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from index.folding import fold
from index.languages import language_tag
from index.partnumbers import NumberedTitle, read_numbered_title
from index.post import Post


@dataclass(frozen=True, slots=True)
class Series:
    """Two posts or more that are to be read one after the other.

    `members` are places in the row of posts that was asked about, in the order of the parts.
    `numbers` are the numbers of these parts, rising: those that the titles tell where all of them
    do, else 1, 2, 3.
    """

    name: str
    members: tuple[int, ...]
    numbers: tuple[int, ...]


def find_series(posts: Sequence[Post]) -> tuple[Series, ...]:
    """Every series among `posts`, in the order of the first of each; no post is in two."""
    parts = [_Part(at, post, read_numbered_title(post.title)) for at, post in enumerate(posts)]
    named: dict[_Key, list[_Part]] = {}
    alike: dict[_Key, list[_Part]] = {}
    bare: dict[_Key, list[_Part]] = {}
    for part in parts:
        groups = named if part.post.series else alike if part.title else bare
        groups.setdefault(part.key, []).append(part)
    for key, members in alike.items():
        if first := _unnumbered_first(members, bare.get(key, ())):
            members.insert(0, first)
    candidates = [*named.values(), *filter(_are_told_apart, alike.values())]
    found = [_series(members) for members in candidates if len(members) > 1]
    return tuple(sorted(found, key=lambda series: min(series.members)))


_Key: TypeAlias = tuple[str, str, int]
"""What the parts of one series share: its name, folded; the language; the total in their titles."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A post that may be part of a series, its place among all, and what its title tells."""

    at: int
    post: Post
    title: NumberedTitle | None

    @property
    def name(self) -> str:
        return self.post.series or (self.title.stem if self.title else self.post.title)

    @property
    def key(self) -> _Key:
        total = self.title.total if self.title and not self.post.series else 0
        return fold(self.name), language_tag(self.post.lang), total

    @property
    def number(self) -> float | None:
        """What orders the part: its field, else its title."""
        if self.post.series_part is not None:
            return self.post.series_part
        return self.title.number if self.title else None

    @property
    def age(self) -> tuple[bool, float, str]:
        """Sorts from the oldest to the newest, then those without a date; then by path."""
        date = self.post.date
        return date is None, date.timestamp() if date else 0.0, self.post.path


def _are_told_apart(parts: Sequence[_Part]) -> bool:
    """Whether each title of one stem has a number of its own.

    Where two have the same one, the stem is a kind of post (`Tutorial, part 1: …`) and no series.
    """
    numbers = [part.number for part in parts]
    return len(set(numbers)) == len(numbers)


def _unnumbered_first(parts: Sequence[_Part], alike: Sequence[_Part]) -> _Part | None:
    """The first part where it has no number, as nobody knew yet that there would be a second one.

    A post that is titled as the series is taken for it where it is the only one of that title, the
    others go on from 2, and all of them are younger. It gets its number here.
    """
    titles = [part.title for part in parts if part.title]
    dates = [part.post.date for part in parts]
    if len(alike) != 1 or any(title.leads for title in titles):
        return None
    if sorted(title.number for title in titles) != list(range(2, 2 + len(titles))):
        return None
    first = alike[0].post.date
    is_first = first and all(date and first < date for date in dates)
    return replace(alike[0], title=NumberedTitle(alike[0].name, 1)) if is_first else None


def _series(parts: Sequence[_Part]) -> Series:
    ordered = _ordered(parts)
    told = [part.title.number for part in ordered if part.title]
    is_told = len(told) == len(ordered) and all(one < other for one, other in pairwise(told))
    names = Counter(part.name for part in ordered)
    return Series(
        name=max(names, key=names.__getitem__),
        members=tuple(part.at for part in ordered),
        numbers=tuple(told) if is_told else tuple(range(1, 1 + len(ordered))),
    )


def _ordered(parts: Sequence[_Part]) -> list[_Part]:
    """The parts by number, then date, then path.

    A part without a number goes before the first of the numbered ones that is younger.
    """
    by_age = sorted(parts, key=lambda part: part.age)
    numbered = sorted(
        (part for part in by_age if part.number is not None), key=lambda part: part.number or 0.0
    )
    others = deque(part for part in by_age if part.number is None)
    ordered: list[_Part] = []
    for part in numbered:
        while others and others[0].age < part.age:
            ordered.append(others.popleft())
        ordered.append(part)
    return [*ordered, *others]
