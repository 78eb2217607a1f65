"""Answers as if the links between posts were not there: for measuring lists by them.

The words of a link often are the title of the post that it leads to. Lists that are judged by the
links must not see them.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from index.blocks import BLOCKS, side_by_side
from search.embedded.engine import EmbeddedEngine
from search.embedded.following import Opened
from search.embedded.generationsnapshot import GenerationSnapshot
from search.embedded.sortedstrings import load_array
from search.embedded.vectors import BlockMatrix
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


def without_link_texts(snapshot: GenerationSnapshot) -> GenerationSnapshot:
    """The same snapshot with other rows of texts, bodies and what these say, in memory.

    They are as if the links to other posts had no words. Names, terms and their inverse document
    frequencies stay.
    """
    directory, idf = snapshot.vectors_dir, snapshot.vectors["text"].idf
    blocks = {block: rows.as_matrix() for block, rows in snapshot.rows.items()}
    for block in ("text", "bodies"):
        blocks[block] = _hidden(blocks[block], directory, block, idf)
    blocks["said"].data[load_array(directory, "said.is_linked")] = 0
    blocks["said"].eliminate_zeros()
    return snapshot.with_matrix(BlockMatrix(side_by_side([blocks[block] for block in BLOCKS])))


def _hidden(
    rows: csr_array[Any], directory: Path, block: str, idf: npt.NDArray[np.float32]
) -> csr_array[Any]:
    """The rows with every use in a link taken away.

    A weight is (1 + ln uses) * idf / norm, so uses are exp(weight * norm / idf - 1).
    """
    norms = np.repeat(load_array(directory, f"{block}.norms"), np.diff(rows.indptr))
    uses = np.exp(rows.data * norms / idf[rows.indices] - 1).round()
    parts = (load_array(directory, f"link_texts.{part}") for part in ("data", "indices", "indptr"))
    linked = csr_array(tuple(parts), shape=rows.shape)
    # What the text block does not have, since it counts for nothing, is not there to be taken away.
    left = csr_array((uses, rows.indices, rows.indptr), shape=rows.shape) - linked
    left.data[left.data < 0.5] = 0  # also what was never there
    left.eliminate_zeros()
    left.data = (1 + np.log(left.data)) * idf[left.indices]
    lengths = np.sqrt(left.multiply(left).sum(axis=1))
    left.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(left.indptr))
    return csr_array(left)
