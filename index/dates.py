"""Dates as people and generators write them, read without guessing."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

MIN_YEAR, MAX_YEAR = 1000, 9000
"""Years outside are slips of the keyboard, and would not survive a change of time zone."""

_MONTHS = "january february march april may june july august september october november december"
_MONTH_NUMBERS = {name[:3]: number for number, name in enumerate(_MONTHS.split(), 1)}
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_TIME = (
    r"(?:(?:\s*,)?(?:\s+(?:at\s+)?|t)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?(?:\s*(?P<half>[ap])\.?m\.?)?"
    r"\s*(?P<zone>z|(?:gmt|utc)?[+-]\d{2}:?\d{2}|[+-]\d{2}|[a-z]{2,4})?(?:\s*\([^()]{1,40}\))?)?"
)
_FORMS = tuple(
    re.compile(_WEEKDAY + form + _TIME, re.IGNORECASE | re.ASCII)
    for form in (
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<year>\d{4})(?:-(?P<month>\d{2}))?",
        rf"{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})",
        rf"{_DAY}[\s-]+(?:of\s+)?{_MONTH},?[\s-]+(?P<year>\d{{4}})",
        r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second_part>\d{1,2})(?P=mark)(?P<year>\d{4})",
    )
)
# JavaScript's own way, with the year after the time: "Thu May 05 2022 17:00:00 GMT+0200 (CEST)"
# is the fourth form; C's is this one, "Thu May  5 17:00:00 2022".
_C_FORM = re.compile(
    _WEEKDAY + rf"{_MONTH}\s+{_DAY}"
    r"\s+(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})"
    r"(?:\s+(?P<zone>[a-z]{1,4}|[+-]\d{4}))?\s+(?P<year>\d{4})",
    re.IGNORECASE | re.ASCII,
)
MAX_DATE_CHARS = 80

_ZONE_HOURS = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "cet": 1, "cest": 2}
_ZONE_HOURS |= {"eet": 2, "eest": 3, "msk": 3, "jst": 9, "edt": -4, "est": -5, "cdt": -5}
_ZONE_HOURS |= {"cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8}

_NAME_DATE = re.compile(r"(?P<year>\d{4})[-_](?P<month>\d{2})[-_](?P<day>\d{2})(?=[-_ .T]|$)")
_NAME_DAY_FIRST = re.compile(r"(?P<first>\d{2})-(?P<second_part>\d{2})-(?P<year>\d{4})(?=[-_ ]|$)")
_PATH_DATE = re.compile(r"(?:^|/)(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?=[/-]|$)")
_NAME_IN_YEAR = re.compile(r"(?:^|/)(?P<year>\d{4})/(?P<month>\d{2})-(?P<day>\d{2})(?=[-_ /.]|$)")


def read_date(value: Any) -> datetime:
    """The aware time that a front matter value means; midnight UTC where only a day is given.

    A year or a month alone is its first day.
    With slashes, the month comes first (01/10/2024 is January 10) unless it cannot be one; with
    dots, the day. Raises ValueError, whose text says what is wrong and how to write it.
    """
    if isinstance(value, datetime):
        return _aware(value)
    if isinstance(value, date):
        return _aware(datetime(value.year, value.month, value.day, tzinfo=UTC))
    if not isinstance(value, str):
        raise ValueError(f"{_shown(value)} is not a date; write it as 2022-05-31")
    text = " ".join(value[: MAX_DATE_CHARS + 1].split())
    try:
        return _aware(_read_text(text))
    except (ValueError, OverflowError) as error:
        if isinstance(error, _AmbiguousDateError):
            raise ValueError(str(error)) from None
        raise ValueError(f"{_shown(value)} is not a date; write it as 2022-05-31") from None


def date_in_path(path: str) -> datetime | None:
    """The day in a path such as /blog/2025/06/26/name, or 2025/06-26-name; None without one."""
    return _day_or_none(_PATH_DATE.search(path)) or _day_or_none(_NAME_IN_YEAR.search(path))


def date_in_name(name: str) -> datetime | None:
    """The day that a file or folder name begins with: 2022-05-05-name, or 26-05-2022-name.

    None where there is no such day, or where day and month could be either way round.
    """
    found = _NAME_DATE.match(name)
    if found:
        return _day_or_none(found)
    found = _NAME_DAY_FIRST.match(name)
    if not found:
        return None
    first, second = int(found["first"]), int(found["second_part"])
    is_clear = first == second or max(first, second) > 12 >= min(first, second)
    return _day(int(found["year"]), min(first, second), max(first, second)) if is_clear else None


def without_date(name: str, folder: str = "") -> str:
    """A file or folder name without the date at its front; the name itself if it is all date.

    In a `folder` that is a year, a month and a day at the front are its date.
    """
    found = _NAME_DATE.match(name) or _NAME_DAY_FIRST.match(name)
    in_year = _NAME_IN_YEAR.match(f"{folder}/{name}")
    if found is None and in_year is None:
        return name
    end = found.end() if found else in_year.end() - len(folder) - 1 if in_year else 0
    return name[end:].lstrip("-_ .") or name


class _AmbiguousDateError(ValueError):
    """Day and month could be either way round."""


def _read_text(text: str) -> datetime:
    if len(text) > MAX_DATE_CHARS:
        raise ValueError(text)
    for form in (*_FORMS, _C_FORM):
        found = form.fullmatch(text)
        if found:
            return _from_parts(found, text)
    raise ValueError(text)


def _from_parts(found: re.Match[str], text: str) -> datetime:
    parts = found.groupdict()
    if parts.get("first"):
        month, day = _month_and_day(int(parts["first"]), int(parts["second_part"]), found, text)
    else:
        name = parts.get("name")
        month = _MONTH_NUMBERS[name.lower()] if name else int(parts.get("month") or 1)
        day = int(parts.get("day") or 1)
    hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
    if parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if parts["half"].lower() == "p" else 0)
    return datetime(
        int(parts["year"]),
        month,
        day,
        hour,
        minute,
        int(parts["second"] or 0),
        int((parts.get("fraction") or "0")[:6].ljust(6, "0")),
        tzinfo=_zone(parts["zone"]),
    )


def _month_and_day(first: int, second: int, found: re.Match[str], text: str) -> tuple[int, int]:
    """Which of two numbers is the month, by the mark between them."""
    mark = found["mark"]
    is_clear = first == second or max(first, second) > 12
    if is_clear:
        return min(first, second), max(first, second)
    if mark == "-":
        raise _AmbiguousDateError(
            f'"{text}" could be one of two days; write it with the year first, as 2022-05-31'
        )
    return (first, second) if mark == "/" else (second, first)


def _zone(written: str | None) -> timezone:
    if not written:
        return UTC
    lowered = written.lower()
    if lowered in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[lowered]))
    offset = re.fullmatch(r"(?:gmt|utc)?([+-])(\d{2}):?(\d{2})?", lowered)
    if not offset:
        raise ValueError(written)
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    if minutes == 0:
        return UTC
    return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))


def _aware(value: datetime) -> datetime:
    if not MIN_YEAR <= value.year <= MAX_YEAR:
        raise ValueError(f"the year {value.year} is out of range; write it as 2022-05-31")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _day_or_none(found: re.Match[str] | None) -> datetime | None:
    if found is None:
        return None
    return _day(int(found["year"]), int(found["month"]), int(found["day"]))


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return _aware(datetime(year, month, day, tzinfo=UTC))
    except ValueError:
        return None


def _shown(value: Any) -> str:
    """A value as it is quoted in an error, cut to a line."""
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'
