"""Answers as if the links between posts were not there: for measuring lists by them.

The words of a link often are the title of the post that it leads to. Lists that are judged by the
links must not see them.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from search.embedded.engine import EmbeddedEngine
from search.embedded.following import Opened
from search.embedded.snapshot import Snapshot
from search.embedded.sortedstrings import load_array
from search.embedded.vectors import Floats, RowArrays, Rows
from search.tuning import Tuning


class LinklessEngine(EmbeddedEngine):
    """An engine that sees no links between posts; it stays with the generation that it opened."""

    def __init__(self, index_dir: Path, base_url: str | None, tuning: Tuning) -> None:
        super().__init__(index_dir, base_url, tuning)
        seen = self._following.now
        self._opened = replace(seen, snapshot=without_link_texts(seen.snapshot))

    def links(self) -> Mapping[str, tuple[str, ...]]:
        """The posts that each post links to, by canonical path."""
        documents = self._opened.snapshot.documents
        return {doc.path: doc.links for doc in documents.several(range(len(documents)))}

    def _current(self) -> Opened:
        return self._opened


def without_link_texts(snapshot: Snapshot) -> Snapshot:
    """The same snapshot with other `text` and `bodies` rows, in this process's memory.

    They are as if the links to other posts had no words. Names, terms and their inverse document
    frequencies stay.
    """
    directory, text = snapshot.vectors_dir, snapshot.vectors["text"]
    return snapshot.with_texts(
        text.with_rows(_hidden(text, directory, "text", text.idf)),
        Rows(_hidden(snapshot.bodies, directory, "bodies", text.idf)),
    )


def _hidden(rows: Rows, directory: Path, name: str, idf: Floats) -> RowArrays:
    """The rows with every use in a link taken away.

    A weight is (1 + ln uses) * idf / norm, so uses are exp(weight * norm / idf - 1).
    """
    data, indices, indptr = rows.arrays[:3]
    documents, columns = len(indptr) - 1, len(idf)
    norms = np.repeat(load_array(directory, f"{name}.norms"), np.diff(indptr))
    uses = np.exp(data * norms / idf[indices] - 1).round()
    parts = (load_array(directory, f"link_texts.{part}") for part in ("data", "indices", "indptr"))
    linked = csr_array(tuple(parts), shape=(documents, columns))
    # What the text block does not have, since it counts for nothing, is not there to be taken away.
    left = csr_array((uses, indices, indptr), shape=(documents, columns)) - linked
    left.data[left.data < 0.5] = 0  # also what was never there
    left.eliminate_zeros()
    left.data = (1 + np.log(left.data)) * idf[left.indices]
    lengths = np.sqrt(left.multiply(left).sum(axis=1))
    left.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(left.indptr))
    left.sort_indices()
    by_column = left.tocsc()
    return RowArrays(
        left.data.astype(np.float32),
        left.indices.astype(np.int32),
        left.indptr.astype(np.int64),
        by_column.data.astype(np.float32),
        by_column.indices.astype(np.int32),
        by_column.indptr.astype(np.int64),
    )
