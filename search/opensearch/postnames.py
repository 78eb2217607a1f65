"""What every post of a site is called, and found by: paths, aliases, titles and pins."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from search.embedded.sortedstrings import SortedStrings, load_array

Ints = npt.NDArray[np.integer[Any]]


class NamedPost(NamedTuple):
    """What can be told of a post without asking the cluster."""

    path: str
    title: str
    external_url: str


class PostNames(Sequence[NamedPost]):
    """The files that `index.opensearch.dictionaryfiles` describes; posts by their numbers."""

    def __init__(self, directory: Path) -> None:
        self.paths = SortedStrings(directory, "paths")
        self._titles = SortedStrings(directory, "titles")
        self._external_urls = SortedStrings(directory, "external_urls")
        self._by_alias = _Lookup(directory, "aliases", "alias_docs")
        self._by_title = _Lookup(directory, "title_keys", "title_docs")
        self._by_pin = _Lookup(directory, "pins", "pin_docs")

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, docnum: Any) -> Any:
        """The post with this number, from 0."""
        return NamedPost(self.paths[docnum], self._titles[docnum], self._external_urls[docnum])

    def canonical(self, path: str) -> str | None:
        """The canonical path of the post with this path or alias, slashes at its ends aside."""
        canonical = "/" + path.strip("/")
        if self.paths.place(canonical):
            return canonical
        found = self._by_alias.docnums(canonical)
        return str(self.paths[found[0]]) if found else None

    def titled(self, key: str) -> list[str]:
        """The paths of the posts whose title has this `title_key`, in order."""
        return [self.paths[docnum] for docnum in self._by_title.docnums(key)]

    def pinned(self, key: str) -> list[str]:
        """The paths of the posts that are pinned to the query with this `pin_key`, in order."""
        return [self.paths[docnum] for docnum in self._by_pin.docnums(key)]


class _Lookup:
    """Strings in order, each with the number of a post."""

    def __init__(self, directory: Path, strings: str, docs: str) -> None:
        self._strings = SortedStrings(directory, strings)
        self._docs: Ints = load_array(directory, docs)

    def docnums(self, string: str) -> list[int]:
        found: list[int] = self._docs[self._extent(string)].tolist()
        return found

    def _extent(self, string: str) -> slice:
        places = self._strings.places(string)
        return slice(places.start, places.stop)
