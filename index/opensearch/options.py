"""What has to be known of a cluster to talk to it, and how an index in it is laid out."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """Where a cluster is, who asks, and how generations are kept there.

    `hosts` are addresses such as `https://search-1:9200`; `index` is the alias of the published
    generation. `ca_file` has the certificates of the authorities that are trusted; without it,
    those of the system are. `timeout_ms` is how long a request may take in all, on however many
    nodes it is tried; `bulk_timeout_ms` the same for one that writes many documents.

    An index has `shards` shards and `replicas` copies of each; `refresh_seconds` is how soon what
    is written later can be found. A request to write has `bulk_mb` MiB of documents, and
    `bulk_requests` of them are under way at a time. `replicas_wait_seconds` is how long a build
    waits for the copies before it publishes without them.

    Who answers keeps `post_cache_mb` MiB of posts in memory.
    """

    hosts: tuple[str, ...]
    index: str = "posts"
    username: str = ""
    password: str = field(repr=False, default="")
    ca_file: Path | None = None
    verifies_certificates: bool = True
    timeout_ms: int = 10_000
    shards: int = 1
    replicas: int = 1
    refresh_seconds: float = 30
    bulk_mb: float = 5
    bulk_requests: int = 3
    bulk_timeout_ms: int = 60_000
    replicas_wait_seconds: float = 60
    post_cache_mb: float = 256
