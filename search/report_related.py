"""What the owner of a site should know about its related lists and its tags."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

from index.analysis import fold
from search.engine import Engine

SHOWN: Final = 5
"""The report is about so many posts of each list: those that a widget shows."""

MOST_LED_TO: Final = 10
"""So many of the posts that are recommended most often are named."""

COMMON_TAG_SHARE: Final = 0.5
"""A tag of more of the posts than this tells none of them from others, and counts for nothing."""

MIN_PLURAL_CHARS: Final = 5
"""In shorter tags, such as `news`, an `s` at the end is hardly that of a plural."""

_JOINERS = re.compile(r"(?<![\d\s_\-./&])[\s_\-./&]+|[\s_\-./&]++(?!\d)")
"""What may stand between words or not. Between digits it tells tags apart, as 1.10 from 11.0."""


class PostFacts(NamedTuple):
    """What the report wants to know of a post: the paths in its list, its tags, its doubles."""

    related: tuple[str, ...]
    tags: tuple[str, ...]
    near_duplicates: tuple[tuple[str, float], ...]


class TagCount(NamedTuple):
    """A tag as it is written, and how many posts have it."""

    tag: str
    posts: int


@dataclass(frozen=True, slots=True)
class RelatedReport:
    """What the lists of a site come to.

    `coverage` is the share of posts that are in any list. `gini` says how unevenly posts are
    recommended: 0 where all are equally often, near 1 where it is always the same few.
    `led_to_by_none` are in no list, in order of path; `led_to_most` in most, with their numbers.
    `near_duplicates` are pairs of paths with the cosine of their texts, most alike first. Tags in
    one group of `tag_spellings` are likely to be one; `common_tags` are on most posts,
    `single_tags` on one each.
    """

    posts: int
    coverage: float
    gini: float
    led_to_by_none: tuple[str, ...]
    led_to_most: tuple[tuple[str, int], ...]
    near_duplicates: tuple[tuple[str, str, float], ...]
    tag_spellings: tuple[tuple[TagCount, ...], ...]
    common_tags: tuple[TagCount, ...]
    single_tags: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints; tags with their numbers as objects."""
        answer = asdict(self)
        answer["led_to_most"] = [{"path": path, "lists": lists} for path, lists in self.led_to_most]
        answer["near_duplicates"] = [
            {"path": one, "other": other, "cosine": cosine}
            for one, other, cosine in self.near_duplicates
        ]
        answer["tag_spellings"] = [[tag._asdict() for tag in group] for group in self.tag_spellings]
        answer["common_tags"] = [tag._asdict() for tag in self.common_tags]
        return answer


def facts_of(engine: Engine, path: str) -> PostFacts:
    """What the report wants to know of the post at `path`."""
    related = engine.related(path, limit=SHOWN).related
    return PostFacts(
        related=tuple(post.path for post in related),
        tags=engine.post(path).tags,
        near_duplicates=tuple(engine.near_duplicates(path)),
    )


def report_on(facts: Iterable[tuple[str, PostFacts]]) -> RelatedReport:
    """The report on all posts of a site, given by path: one at the least."""
    by_path = dict(facts)
    lists = Counter(path for post in by_path.values() for path in post.related)
    most = sorted(lists, key=lambda path: (-lists[path], path))[:MOST_LED_TO]
    tags = Counter(tag for post in by_path.values() for tag in set(post.tags))
    counted = [TagCount(tag, tags[tag]) for tag in sorted(tags, key=lambda tag: (-tags[tag], tag))]
    return RelatedReport(
        posts=len(by_path),
        coverage=len(lists) / len(by_path),
        gini=gini([lists[path] for path in by_path]),
        led_to_by_none=tuple(sorted(by_path.keys() - lists.keys())),
        led_to_most=tuple((path, lists[path]) for path in most),
        near_duplicates=_pairs(by_path),
        tag_spellings=_spellings(counted),
        common_tags=tuple(t for t in counted if t.posts > COMMON_TAG_SHARE * len(by_path)),
        single_tags=tuple(t.tag for t in counted if t.posts == 1),
    )


def gini(counts: Sequence[int]) -> float:
    """The Gini coefficient, 0 for equal counts.

    2 * sum(i * x_i) / (n * sum(x)) - (n + 1) / n, with x rising and i from 1 (Gini 1912, as in
    Damgaard and Weiner 2000); 0 where all counts are 0.
    """
    n, total = len(counts), sum(counts)
    if not total:
        return 0.0
    ranked = sum(rank * count for rank, count in enumerate(sorted(counts), start=1))
    return 2 * ranked / (n * total) - (n + 1) / n


def _pairs(by_path: dict[str, PostFacts]) -> tuple[tuple[str, str, float], ...]:
    """Each pair of near-duplicates once."""
    pairs = {
        (min(path, other), max(path, other)): round(cosine, 4)
        for path, post in by_path.items()
        for other, cosine in post.near_duplicates
    }
    return tuple(
        (one, other, cosine)
        for (one, other), cosine in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _spellings(tags: Sequence[TagCount]) -> tuple[tuple[TagCount, ...], ...]:
    """Tags that differ in letter case, accents, joiners or a plural only, most used first."""
    groups: defaultdict[str, list[TagCount]] = defaultdict(list)
    for tag in tags:
        groups[_plainest(tag.tag)].append(tag)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _plainest(tag: str) -> str:
    plain = _JOINERS.sub("", fold(tag)) or tag
    return plain.removesuffix("s") if len(plain) >= MIN_PLURAL_CHARS else plain
