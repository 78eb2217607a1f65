"""Checks of what front matter says: titles, dates, tags and keys; and of how much there is to find.

Each gives the findings of one kind, in no certain order.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from index.conventions import DATE_NAMES, UPDATED_NAMES, title_from_name
from index.fields import shown
from index.findings import Finding
from index.keynames import likely_meant
from index.paths import is_index
from index.post import Post
from index.sources import Sources

MIN_TEXT_CHARS: Final = 60
"""Letters and digits that a post needs to be found by more than its title: about ten words."""

MAX_SLIP_SHARE: Final = 0.1
MAX_SLIP_POSTS: Final = 10
MIN_SLIP_POSTS: Final = 3
"""A key is no slip but the site's own word where it is in more than this share of the posts, or in
more than ten of them; three posts may have been copied from one another anywhere."""

_H1 = re.compile(r"^(?: {0,3}#[ \t]+\S|<h1|.*\S.*\n {0,3}=+[ \t]*$)", re.MULTILINE | re.IGNORECASE)
_TAG_NAMES = ("tags", "keywords", "topics", "taxonomies.tags", "tag")
_CATEGORY_NAMES = ("categories", "category", "taxonomies.categories")


def check_titles(posts: Sequence[Post], sources: Sources) -> Iterator[Finding]:
    """Posts without a title, and those with the title of another in the same language."""
    by_title: dict[tuple[str, str], list[Post]] = defaultdict(list)
    for post in sorted(posts, key=lambda post: post.source):
        by_title[" ".join(post.title.casefold().split()), post.lang].append(post)
        if _has_no_title(post, sources):
            yield Finding(post.source, 1, "no-title", f"no title; called {shown(post.title)} here")
    for first, *others in by_title.values():
        for post in others:
            line = _line_of_title(post, sources)
            reason = f"the same title as {first.source}: {shown(post.title)}"
            yield Finding(post.source, line, "same-title", reason, "title")


def check_dates(posts: Sequence[Post], sources: Sources) -> Iterator[Finding]:
    """Dates in the future, of posts that are left out for them and of those that are let in."""
    now = sources.options.now
    for page in sources.unseen:
        if page.verdict.kind == "future" and page.verdict.at:
            reason = f"dated {page.verdict.at:%Y-%m-%d}, in the future; left out until a build then"
            yield Finding(page.post.source, page.verdict.line, "date", reason, "date")
    for post in posts:
        for name, date, names in (
            ("dated", post.date, DATE_NAMES), ("updated", post.updated, UPDATED_NAMES),
        ):  # fmt: skip
            if date and date > now:
                line = sources.of(post.source).line_of(*names)
                reason = f"{name} {date:%Y-%m-%d}, in the future"
                yield Finding(post.source, line, "date", reason, "date")


def check_tags(posts: Sequence[Post], sources: Sources) -> Iterator[Finding]:
    """Tags and categories that other posts write with other capitals, by where they are rarer."""
    for kind, names in (("tag", _TAG_NAMES), ("category", _CATEGORY_NAMES)):
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        labels = [post.tags if kind == "tag" else post.categories for post in posts]
        for each in labels:
            for label in each:
                spellings[label.casefold()][label] += 1
        usual = {
            key: min(counts, key=lambda label: (-counts[label], label))
            for key, counts in spellings.items()
            if len(counts) > 1
        }
        for post, each in zip(posts, labels, strict=True):
            for label in each:
                other = usual.get(label.casefold(), label)
                if other != label and sources.of(post.source).fields.find(*names):
                    times = spellings[label.casefold()][other]
                    reason = f"{kind} {shown(label)} is {shown(other)} in {_posts(times)}"
                    line = sources.of(post.source).line_of(*names)
                    yield Finding(post.source, line, "tag-case", reason, names[0])


def check_lengths(posts: Sequence[Post], sources: Sources) -> Iterator[Finding]:
    """Posts of fewer than MIN_TEXT_CHARS; not those that lead elsewhere or to what is below."""
    parents = {"/", *(post.path.rpartition("/")[0] for post in posts)}
    for post in posts:
        leads_on = post.external_url or (is_index(post.source) and post.path in parents)
        texts = [post.summary, post.text, *(section.code for section in post.sections)]
        chars = sum(map(str.isalnum, "".join(texts)))
        if chars < MIN_TEXT_CHARS and not leads_on:
            line = sources.of(post.source).front.body_line
            reason = (
                f"{_letters(chars)} of text; hardly to be found with fewer than {MIN_TEXT_CHARS}"
            )
            yield Finding(post.source, line, "short", reason)


def check_keys(posts: Sequence[Post], sources: Sources) -> Iterator[Finding]:
    """Keys of the front matter that no generator knows, and that are nearly one that is known."""
    keys = [[str(key) for key in sources.of(post.source).front.metadata] for post in posts]
    uses = Counter(key for each in keys for key in each)
    most = max(MIN_SLIP_POSTS, min(MAX_SLIP_POSTS, MAX_SLIP_SHARE * len(posts)))
    for post, each in zip(posts, keys, strict=True):
        for key in each:
            meant = likely_meant(key, each) if uses[key] <= most else ""
            if meant:
                line = sources.of(post.source).front.line_of(key)
                reason = f"no field {shown(key)} is known; did you mean {meant}?"
                yield Finding(post.source, line, "key", reason, key)


def _has_no_title(post: Post, sources: Sources) -> bool:
    if post.title != title_from_name(post.source):
        return False
    source = sources.of(post.source)
    return source.fields.find("title") is None and not _H1.search(source.front.body)


def _line_of_title(post: Post, sources: Sources) -> int:
    source = sources.of(post.source)
    if source.fields.find("title"):
        return source.line_of("title")
    heading = _H1.search(source.front.body)
    before = source.front.body.count("\n", 0, heading.start()) if heading else 0
    return source.front.body_line + before if heading else 1


def _posts(number: int) -> str:
    return f"{number:,} post{'' if number == 1 else 's'}"


def _letters(number: int) -> str:
    return f"{number} letter{'' if number == 1 else 's'}" if number else "no letter"
