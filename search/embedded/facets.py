"""Filters over all posts at once, and the counts that each facet leaves."""

from typing import Final

import numpy as np

from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.labels import Mask
from search.embedded.snapshot import Snapshot
from search.engine import Filters
from search.results import FacetCount

MAX_FACET_VALUES: Final = 50
"""More values than this are a list to search in, not to choose from."""

FACETS: Final = ("tags", "categories", "authors", "year")


def filter_masks(filters: Filters, snapshot: Snapshot) -> dict[str, Mask]:
    """For each field that is filtered by, the posts that pass."""
    wanted = {
        "tags": filters.tags,
        "categories": filters.categories,
        "authors": filters.authors,
        "langs": filters.langs,
        "year": tuple(str(year) for year in filters.years),
    }
    return {name: snapshot.labels[name].mask(values) for name, values in wanted.items() if values}


def passing(matched: Mask, masks: dict[str, Mask]) -> Mask:
    """The matched posts that pass every filter."""
    return np.asarray(np.logical_and.reduce([matched, *masks.values()]))


def count_facets(
    matched: Mask, masks: dict[str, Mask], snapshot: GenerationSnapshot
) -> dict[str, tuple[FacetCount, ...]]:
    """Each facet's values with their counts among what the other fields' filters leave.

    A facet's own filter does not narrow its counts, so that a reader sees what another choice
    would give. Most first, then by value; MAX_FACET_VALUES at the most.
    """
    counted: dict[str, tuple[FacetCount, ...]] = {}
    for name in FACETS:
        others = {field: mask for field, mask in masks.items() if field != name}
        left = passing(matched, others) if others else matched
        counts = snapshot.labels[name].counts(left, MAX_FACET_VALUES)
        counted[name] = tuple(FacetCount(*pair) for pair in counts)
    return counted
