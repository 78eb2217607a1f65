"""Whether posts can stay in an index as they were sent, beside posts of a newer generation.

Numbers of a post that depend on the whole site are as they were when it was sent. A sample of the
posts that stay tells whether such numbers have gone far from those of the newer generation; and, as
every generation has axes of its own for the concepts of posts, how to turn those of the newer one
to the old axes (the orthogonal Procrustes problem, Schönemann 1966).
"""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.fixedpoint import FIXED_POINT_UNIT
from index.generation import DOCUMENTS_FILE, MATRIX_DIR, VECTORS_DIR
from index.opensearch.client import Cluster
from index.opensearch.generationfiles import Ints, load, open_documents
from index.opensearch.layout import document_id, unpack
from index.opensearch.postterms import Matrix
from index.opensearch.postvectors import Floats

MOST_WEIGHT_CHANGE: Final = 0.02
"""What a use of a term counts in a post that stays may be off by this share of it."""

LEAST_LIKENESS: Final = 0.8
"""The mean cosine, at the least, of the concepts that posts have with what is made of new ones. It
is 0.92 to 0.95 where posts came or went, as concepts are found from another start then, and nearly
1 otherwise."""

SAMPLE: Final = 2_000
"""Posts that are compared, at 7 KB each."""

POSTS_PER_CONCEPT: Final = 4
"""So many times as many posts have to stay as there are concepts: with fewer, what brings them near
to each other does not do so for others."""

POSTS_AT_ONCE: Final = 500


def rotation_into(cluster: Cluster, index: str, directory: Path, kept: Ints) -> Floats | None:
    """What the concepts of a generation are multiplied by to be those of posts in an index.

    `kept` are the numbers of the posts that stay there as they are. None where they are too few, or
    where what was sent of them has gone too far from what it would be now.
    """
    sample = kept[:: max(1, -(-len(kept) // SAMPLE))]
    matrix, concepts = Matrix(directory / MATRIX_DIR), load(directory / VECTORS_DIR, "concepts")
    olds, news = [], []
    for doc, record in _uses(cluster, index, directory, sample):
        weights = matrix.use_weights(doc)
        if not np.allclose(record["use_weights"], weights, rtol=MOST_WEIGHT_CHANGE, atol=0):
            return None
        olds.append(record["concepts"])
        news.append(concepts[doc])
    size = concepts.shape[1]
    if len(news) < POSTS_PER_CONCEPT * size or any(len(old) != size for old in olds):
        return None
    return _rotation(np.array(news), np.array(olds)) if size else np.eye(0)


def _rotation(new: npt.NDArray[np.int16], old: npt.NDArray[np.int16]) -> Floats | None:
    """The rotation that brings rows nearest to others; None where they are not near then."""
    rows, wanted = (array * np.float64(FIXED_POINT_UNIT) for array in (new, old))
    left, _, right = np.linalg.svd(rows.T @ wanted)
    rotation: Floats = left @ right
    with_concepts = np.count_nonzero(np.any(new, axis=1) | np.any(old, axis=1))
    cosines = np.sum((rows @ rotation) * wanted)
    return rotation if cosines >= LEAST_LIKENESS * with_concepts else None


def _uses(
    cluster: Cluster, index: str, directory: Path, docs: Ints
) -> Iterator[tuple[int, dict[str, npt.NDArray[Any]]]]:
    """The numbers of posts, and the record `uses` that an index has of each."""
    with closing(open_documents(directory / DOCUMENTS_FILE)) as database:
        for first in range(0, len(docs), POSTS_AT_ONCE):
            names = {}
            for doc in docs[first : first + POSTS_AT_ONCE].tolist():
                ((path,),) = database.execute("SELECT path FROM documents WHERE docnum = ?", (doc,))
                names[document_id(path)] = doc
            body = {
                "query": {"ids": {"values": list(names)}},
                "size": len(names),
                "stored_fields": ["uses"],
            }
            seconds = cluster.options.bulk_timeout_ms / 1000
            found = cluster.search(index, body, timeout_seconds=seconds)
            for hit in found["hits"]["hits"]:
                yield names[hit["_id"]], unpack(b64decode(hit["fields"]["uses"][0]))
