"""What each post is filtered, counted and sorted by."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from index.layout import UNDATED
from index.opensearch.generationfiles import Ints, Strings, load, spans, within
from index.opensearch.groupnumbers import GroupNumbers
from index.opensearch.layout import LABELS, label_listed


class Columns:
    """The folder that `index.columns` writes, read by post."""

    def __init__(self, directory: Path, numbers: GroupNumbers) -> None:
        self._labels = [_Labels(directory, name) for name in LABELS]
        self._timestamps = load(directory, "timestamps")
        self._boosts = load(directory, "boosts")
        self._is_popular = load(directory, "is_popular")
        self._numbers = numbers
        self._series_parts = load(directory, "series.parts")

    def fields_of(self, docs: Ints) -> list[dict[str, Any]]:
        """What is sent of each of a block of posts."""
        found = {doc: self._facts(doc) for doc in docs.tolist()}
        for labels in self._labels:
            for doc, fields in labels.of(docs).items():
                found[doc][labels.name] = fields
        return list(found.values())

    def _facts(self, doc: int) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "popular": bool(self._is_popular[doc]),
            "boost": float(self._boosts[doc]),
        }
        if (timestamp := int(self._timestamps[doc])) != UNDATED:
            fields["timestamp"] = timestamp
        if (series := int(self._numbers.series[doc])) >= 0:
            fields |= {"series": str(series), "series_part": int(self._series_parts[doc])}
        if (translation := int(self._numbers.translations[doc])) >= 0:
            fields["translation"] = str(translation)
        return fields


class _Labels:
    """One column of labels."""

    def __init__(self, directory: Path, name: str) -> None:
        self.name = name
        self._keys = Strings(directory, f"{name}.keys")
        self._values = Strings(directory, f"{name}.values")
        self._starts = load(directory, f"{name}.starts")
        self._docs = load(directory, f"{name}.docs")

    def of(self, docs: Ints) -> dict[int, dict[str, list[str]]]:
        """The labels of those of a block of posts that have any."""
        found: dict[int, dict[str, list[str]]] = defaultdict(lambda: {"key": [], "listed": []})
        labelled, labels = within(self._docs, self._starts, spans(docs, docs + 1))
        keys, values = self._keys.at(labels), self._values.at(labels)
        for doc, key, value in zip(labelled.tolist(), keys, values, strict=True):
            found[doc]["key"].append(key)
            found[doc]["listed"].append(label_listed(key, value))
        return found
