"""Whether the cluster's BM25 has the factor k1 + 1 in it.

That of OpenSearch 2 has, that of OpenSearch 3 has not. The order of what is found is the same; but
scores are compared with what Signpost works out itself. The cluster is asked, as an index may have
been made by another version than the one that answers.
"""

from typing import Final

import numpy as np

from index.bm25 import idf
from index.opensearch.client import Cluster
from search.opensearch.searchrequest import SEARCH_TYPE

DEFAULT_K1: Final = 1.2
"""That of fields for which the mapping names no similarity, such as the paths of posts."""

_BETWEEN: Final = (DEFAULT_K1 + 1) ** -0.5


def has_k1_factor(cluster: Cluster, index: str, path: str, posts: int) -> bool:
    """Whether scores have the factor, by that of the post at a path, one of so many `posts`.

    A path is in one post once, so that it scores its idf: with the factor as it is, and without it
    divided by k1 + 1. Paths of posts that were changed may still count twice, which takes less off.
    Raises ClusterError.
    """
    body = {"query": {"term": {"path": path}}, "size": 1, "stored_fields": "_none_"}
    hits = cluster.search(index, body, SEARCH_TYPE)["hits"]["hits"]
    expected = float(idf(np.array(1), posts))
    return not hits or hits[0]["_score"] > expected * _BETWEEN
