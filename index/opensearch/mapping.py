"""The settings and the mapping of an index in a cluster.

Everything that the cluster looks words up by is made of tokens that Signpost's own analysis made:
the cluster takes them apart at TERM_SEPARATOR, and changes nothing.
"""

from typing import Any, Final

from index import analysis
from index.errors import ClusterVersionError
from index.generation import Manifest
from index.opensearch.layout import (
    CLUSTER_FORMAT,
    FEATURE_SATURATION,
    FIELDS,
    LABELS,
    POSITION_MARK,
    RECORDS,
    TERM_MARK,
    TERM_SCALE,
    TERM_SEPARATOR,
)
from index.opensearch.options import ClusterOptions
from index.schema import BM25_K1, SCHEMA_VERSION

MAX_TERM_CHARS: Final = 400
MAX_POSITION_CHARS: Final = 4_000
MAX_KEYWORD_CHARS: Final = 8_000
"""Longer values can't be looked up: Lucene keeps none of more than 32,766 bytes."""

MAX_RESULT_WINDOW: Final = 10_200
"""How many hits of one search can be asked for: as deep as readers may page, and a page more."""

SENDING_SETTINGS: Final = {
    "index.number_of_replicas": 0,
    "index.refresh_interval": "-1",
    "index.translog.durability": "async",
    "index.routing.allocation.enable": "new_primaries",
}
"""What an index has while it is filled: nobody asks for anything in it, and it may be lost.

It stays on the node that it is on. One that moves, or is copied, has what is written meanwhile sent
to the other node from what the first one has kept of it; and documents are not kept whole.
"""


def index_body(manifest: Manifest, options: ClusterOptions) -> dict[str, Any]:
    """What an index for a generation is made with."""
    return {"settings": _settings(options), "mappings": mapping(manifest)}


def clone_body(alias: str) -> dict[str, Any]:
    """What a copy of an index is made with that is to be filled further, under an alias."""
    settings = SENDING_SETTINGS | {
        "index.max_result_window": MAX_RESULT_WINDOW,
        "index.blocks.write": None,
    }
    return {"settings": settings, "aliases": {alias: {}}}


def served_settings(options: ClusterOptions) -> dict[str, Any]:
    """What an index has once it is filled, in place of SENDING_SETTINGS."""
    return {
        "index.number_of_replicas": options.replicas,
        "index.refresh_interval": f"{round(options.refresh_seconds * 1000)}ms",
        "index.translog.durability": "request",
        "index.routing.allocation.enable": "all",
    }


def check_meta(meta: dict[str, Any], index: str) -> None:
    """Raises ClusterVersionError unless this version of Signpost can read an index."""
    known = _versions()
    if {name: meta.get(name) for name in known} != known:
        raise ClusterVersionError(
            f"The index {index} in the cluster was made by another version of Signpost. "
            "Rebuild it: signpost build --full"
        )


def _versions() -> dict[str, Any]:
    return {
        "format": CLUSTER_FORMAT,
        "schema_version": SCHEMA_VERSION,
        "fingerprint": analysis.fingerprint(),
    }


def meta(manifest: Manifest, changed_posts: int = 0) -> dict[str, Any]:
    """What an index tells of itself.

    `changed_posts` is how many posts have been added, removed or changed since the index was last
    made of all posts: so many times, what others had was carried over.
    """
    return _versions() | {
        "generation": manifest.generation,
        "created_at": manifest.created_at,
        "posts": manifest.counts.posts,
        "changed_posts": changed_posts,
    }


def mapping(manifest: Manifest) -> dict[str, Any]:
    """The mapping of a generation's index."""
    label = {"properties": {"key": _KEYWORD, "listed": _KEYWORD}}
    return {
        "dynamic": "strict",
        "_meta": meta(manifest),
        "_source": {"enabled": False, "recovery_source_enabled": False},
        "properties": {
            "kind": {"type": "keyword"},
            "digest": {"type": "keyword", "index": False},
            "path": _KEYWORD,
            "aliases": _KEYWORD,
            "title_key": _KEYWORD,
            "pins": _KEYWORD,
            "series": {"type": "keyword"},
            "series_part": {"type": "integer"},
            "translation": {"type": "keyword"},
            "linked": _KEYWORD,
            "timestamp": {"type": "long"},
            "popular": {"type": "boolean"},
            "boost": {"type": "double"},
            "terms": _weighted("weighted"),
            "row": _text("positions", "row"),
            "title_row": _text("positions", "row"),
            "title_terms": _text("docs", "terms"),
            "features": _weighted("even"),
            FIELDS: _BINARY,
            "name": {"type": "keyword"},
            "number": {"type": "integer"},
            "size": {"type": "long"},
            "sha256": {"type": "keyword", "index": False},
            "data": _BINARY,
        }
        | dict.fromkeys(LABELS, label)
        | dict.fromkeys(RECORDS, _BINARY),
    }


def _settings(options: ClusterOptions) -> dict[str, Any]:
    return SENDING_SETTINGS | {
        "index.number_of_shards": options.shards,
        "index.max_result_window": MAX_RESULT_WINDOW,
        "index.similarity.weighted": {"type": "BM25", "k1": BM25_K1 * TERM_SCALE, "b": 0.0},
        "index.similarity.even": {"type": "BM25", "k1": FEATURE_SATURATION, "b": 0.0},
        "analysis": {
            "tokenizer": {
                "terms": _tokenizer(MAX_TERM_CHARS),
                "row": _tokenizer(MAX_POSITION_CHARS),
            },
            "filter": {
                "weight": {"type": "delimited_term_freq", "delimiter": TERM_MARK},
                "position": {
                    "type": "pattern_capture",
                    "preserve_original": False,
                    "patterns": [f"([^{POSITION_MARK}]+)"],
                },
            },
            "analyzer": {
                "terms": {"type": "custom", "tokenizer": "terms"},
                "weighted_terms": {"type": "custom", "tokenizer": "terms", "filter": ["weight"]},
                "row": {"type": "custom", "tokenizer": "row", "filter": ["position"]},
            },
        },
    }


def _tokenizer(max_chars: int) -> dict[str, Any]:
    return {
        "type": "char_group",
        "tokenize_on_chars": [TERM_SEPARATOR],
        "max_token_length": max_chars,
    }


def _text(index_options: str, analyzer: str) -> dict[str, Any]:
    return {
        "type": "text",
        "analyzer": analyzer,
        "search_analyzer": "terms",
        "index_options": index_options,
        "norms": False,
    }


def _weighted(similarity: str) -> dict[str, Any]:
    """Words that come with how often they are to count."""
    return {
        "type": "text",
        "analyzer": "weighted_terms",
        "search_analyzer": "terms",
        "similarity": similarity,
        "index_options": "freqs",
        "norms": False,
    }


_KEYWORD: Final = {"type": "keyword", "ignore_above": MAX_KEYWORD_CHARS}
_BINARY: Final = {"type": "binary", "store": True}
