"""Whether readers are meant to find a post: drafts, unlisted, future and expired ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal

from index.errors import MalformedPostError
from index.fields import Fields, Found, as_flag, as_text, shown

Kind = Literal["excluded", "pageless", "drafts", "unlisted", "expired", "future"]

INCLUDABLE: frozenset[str] = frozenset({"drafts", "expired", "future", "unlisted"})
"""The kinds that a setting can let in."""

EXPIRY_NAMES = ("expiryDate", "expires", "expirationDate", "unpublishDate", "expires_at")
PUBLISH_NAMES = ("publishDate",)

_REDIRECT_NAMES = ("redirect_to", "redirect_url")
"""Of a Jekyll plugin, and of DocFX."""

UNLISTED_NAMES = (
    "unlisted", "noindex", "robotsNoIndex", "search_exclude", "excludeFromSearch",
    "excludeSearch", "bookSearchExclude", "searchHidden", "eleventyExcludeFromCollections",
    "seo.noindex",
)  # fmt: skip
_UNLISTED_WHEN_OFF = ("search", "pagefind", "in_search_index")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reason to leave a post out, on the line of the field that gives it.

    `at`, where there is one, is the moment from which (`expired`) or until which (`future`) it
    holds; without one it always does.
    """

    kind: Kind
    reason: str
    line: int = 1
    at: datetime | None = None

    def holds(self, include: frozenset[str], now: datetime) -> bool:
        """Whether the post is to be left out, at a moment and with some kinds let in."""
        if self.kind in include & INCLUDABLE:
            return False
        if self.at is None:
            return True
        return self.at > now if self.kind == "future" else self.at <= now


def next_change(
    verdicts: Iterable[Verdict], include: frozenset[str], now: datetime
) -> datetime | None:
    """The first moment after `now` at which one of these begins or ceases to hold, if any does."""
    moments = (
        verdict.at
        for verdict in verdicts
        if verdict.at and verdict.kind not in include & INCLUDABLE
    )
    return min((moment for moment in moments if moment > now), default=None)


def read_verdicts(
    fields: Fields, source: str, date: datetime | None, date_line: int
) -> tuple[Verdict, ...]:
    """Every reason to leave the post in `source` out, the most telling first.

    `date` is the one shown, from the line `date_line`. Raises MalformedPostError for a draft mark
    or an expiry or publishing date that cannot be read: a post that may have to stay unseen is not
    shown on a guess.
    """
    return (
        *_excluded(fields),
        *_pageless(fields),
        *_sends_on(fields),
        *_draft(fields, source),
        *_unlisted(fields),
        *_expired(fields),
        *_future(fields, date, date_line),
    )


def _excluded(fields: Fields) -> Iterator[Verdict]:
    found = fields.find("search.exclude")
    if found and as_flag(found.value):
        yield Verdict("excluded", "excluded by its own search.exclude", fields.line_of(found))
    elif found and as_flag(found.value) is None:
        fields.note(found, f"{shown(found.key)} must be true or false")


def _pageless(fields: Fields) -> Iterator[Verdict]:
    for name in ("permalink", "render", "build.render", "headless"):
        found = fields.find(name)
        if found is None:
            continue
        is_off = found.value is False or str(found.value) == "never"
        is_headless = name == "headless" and as_flag(found.value)
        if is_headless or (is_off and name != "headless"):
            reason = f"has no page of its own ({_written(found)})"
            yield Verdict("pageless", reason, fields.line_of(found))


def _sends_on(fields: Fields) -> Iterator[Verdict]:
    found = fields.find(*_REDIRECT_NAMES, own_only=True)
    if found and not isinstance(found.value, bool):
        reason = f"only sends readers on to another page ({found.key})"
        yield Verdict("pageless", reason, fields.line_of(found))


def _draft(fields: Fields, source: str) -> Iterator[Verdict]:
    found = fields.find("draft", "isDraft")
    if found and _must_be_flag(fields, found):
        yield _kept_by("drafts", f"draft ({_written(found)}", fields.line_of(found))
    for name in ("published", "publish"):
        found = fields.find(name)
        if found and as_flag(found.value) is False:
            yield _kept_by("drafts", f"draft ({_written(found)}", fields.line_of(found))
    found = fields.find("status")
    if found and str(found.value).strip().lower() in {"draft", "skip"}:
        yield _kept_by("drafts", f"draft ({_written(found)}", fields.line_of(found))
    if "_drafts" in PurePosixPath(source).parent.parts:
        yield _kept_by("drafts", "draft (it is in a _drafts folder", 1)


def _unlisted(fields: Fields) -> Iterator[Verdict]:
    for found in _unlisted_by(fields):
        yield _kept_by("unlisted", f"unlisted ({_written(found)}", fields.line_of(found))


def _unlisted_by(fields: Fields) -> Iterator[Found]:
    """The fields that keep a post out of lists and search."""
    for name in UNLISTED_NAMES:
        found = fields.find(name)
        if found and fields.flag(name):
            yield found
    for name in _UNLISTED_WHEN_OFF:
        found = fields.find(name)
        if found and as_flag(found.value) is False:
            yield found
    robots = fields.find("robots")
    if robots and "noindex" in str(robots.value).lower():
        yield robots
    status = fields.find("status")
    if status and str(status.value).strip().lower() == "hidden":
        yield status
    listed = fields.find("build.list")
    if listed and (listed.value is False or str(listed.value) == "never"):
        yield listed


def _expired(fields: Fields) -> Iterator[Verdict]:
    found = fields.find(*EXPIRY_NAMES)
    if found:
        at = fields.must_be_date(found)
        reason = f"expired on {at:%Y-%m-%d} ({found.key}"
        yield _kept_by("expired", reason, fields.line_of(found), at)


def _future(fields: Fields, date: datetime | None, date_line: int) -> Iterator[Verdict]:
    """A publishing date of its own counts for more than the date shown."""
    found = fields.find(*PUBLISH_NAMES)
    at = fields.must_be_date(found) if found else date
    if at:
        reason = f"dated in the future, {at:%Y-%m-%d}"
        line = fields.line_of(found) if found else date_line
        yield _kept_by("future", f"{reason} (build again then; ", line, at)


def _kept_by(kind: Kind, reason: str, line: int, at: datetime | None = None) -> Verdict:
    """A verdict whose reason ends with the setting that would let the post in."""
    joint = "" if reason.endswith("; ") else "; "
    setting = f'include = ["{kind}"] under [posts] in signpost.toml keeps it)'
    return Verdict(kind, f"{reason}{joint}{setting}", line, at)


def _written(found: Found) -> str:
    """A field and its value as one would write them."""
    value = str(found.value).lower() if isinstance(found.value, bool) else as_text(found.value)
    return f"{found.key}: {value}"


def _must_be_flag(fields: Fields, found: Found) -> bool:
    is_on = as_flag(found.value)
    if is_on is None:
        raise MalformedPostError(
            f"{shown(found.key)} must be true or false, or nobody can tell if readers may see this",
            line=fields.line_of(found),
            field=found.key,
        )
    return is_on
