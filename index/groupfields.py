"""The fields by which posts belong together: series, and translations of one post."""

import math
from typing import Final

from index.fields import Fields, Found, as_text, kind_of, name_of, shown

SERIES_NAMES: Final = ("series", "series_name", "series_title")
PART_NAMES: Final = (
    "series_order", "series_part", "series_index", "series_number", "series_weight",
    "series.order", "series.part", "series.index", "series.number",
)  # fmt: skip
OTHER_PART_NAMES: Final = ("part", "part_number", "order")
"""Read as the part only where they are numbers: some sites mean something else by them."""

TRANSLATION_NAMES: Final = ("translationKey", "translation_id", "lang_ref")
OTHER_TRANSLATION_NAMES: Final = ("ref", "page_id")
"""What Jekyll sites join translations by, and others use for whatever they like."""


def read_series(fields: Fields) -> str:
    """What the series is called that a post is part of; of several, the first. Empty for none."""
    found = fields.find(*SERIES_NAMES)
    if found is None or found.value is False:
        return ""  # `series: false` asks a theme not to show one
    value = found.value
    if isinstance(value, list):
        value = value[0] if value else None
    name = name_of(value)
    if name is None:
        fields.note(found, f"{shown(found.key)} must be a series' name, not {kind_of(value)}")
    return name or ""


def read_series_part(fields: Fields) -> float | None:
    """The number that orders a post among the parts of its series; None where it has none."""
    if fields.find(*SERIES_NAMES) is None:
        return None
    found = fields.find(*PART_NAMES)
    if found is None:
        other = fields.find(*OTHER_PART_NAMES)
        return _number(other) if other else None
    number = _number(found)
    if number is None:
        fields.note(found, f"{shown(found.key)} must be a number, such as 2 for the second part")
    return number


def read_translation_key(fields: Fields) -> str:
    """What a post has in common with its translations, and no other post has; empty for nothing."""
    if fields.find(*TRANSLATION_NAMES):
        return fields.text(*TRANSLATION_NAMES)
    other = fields.find(*OTHER_TRANSLATION_NAMES)
    return (as_text(other.value) or "") if other else ""


def _number(found: Found) -> float | None:
    if isinstance(found.value, bool) or not isinstance(found.value, (str, int, float)):
        return None
    try:
        number = float(found.value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
